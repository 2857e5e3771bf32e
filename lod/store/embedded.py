"""The embedded store: Oxigraph on disk, loaded in bulk, read back, then made current in one step."""

from pathlib import Path
from typing import IO, cast

import msgspec
from pyoxigraph import NamedNode, RdfFormat, Store

from lod.checksums import STORE_CHECKSUMS, are_whole, write_checksums
from lod.progress import Progress
from lod.store.graph_digests import GraphDigests, LineDigests, StoredGraphs, compare, statement
from lod.store.release_graphs import ReleaseGraphs
from lod.versioned_dir import VersionedDirectory, current_of_release, replace_file

SUMMARY = "loaded.json"
"""The file in the folder of a store that tells what it holds."""
_CHANGING = {"LOCK", "LOG"}
"""The files of a store that have no data."""


def load(contents: ReleaseGraphs, folder: Path, progress: Progress) -> StoredGraphs:
    """Load a release into a folder of stores and make it the current one, unless it is and is undamaged.

    Raise StoreFailed if it reads back otherwise; the current store then stays current.
    """
    if contents.is_compared and (held := _held(folder, contents.release)) is not None:
        return held
    with VersionedDirectory.locked(folder, "stores", "another load holds this folder") as stores:
        fresh = stores.staging / "store"
        expected = _fill(fresh, contents, progress)
        stored = _read_back(fresh, expected.triples, progress)
        if expected.differing(stored):  # perhaps only because the release spells them otherwise
            expected = GraphDigests(contents.quads())

        def in_store(graph: str) -> set[str]:
            quads = Store.read_only(str(fresh)).quads_for_pattern(None, None, None, NamedNode(graph))
            return {statement(quad) for quad in quads}

        compare(str(folder), expected, stored, contents.statements, in_store)
        summary = stored.summary()
        replace_file(fresh / SUMMARY, msgspec.json.encode(summary))
        names = {path.name for path in fresh.iterdir()} - _CHANGING
        write_checksums(fresh / STORE_CHECKSUMS, names)
        stores.publish_numbered(fresh, contents.release)
    return summary


def _held(folder: Path, release: str) -> StoredGraphs | None:
    """Return what the current store of a folder holds, if it is of this release and undamaged."""
    current = current_of_release(folder, release)
    if current is None or not are_whole(current / STORE_CHECKSUMS):
        return None
    try:
        return msgspec.json.decode((current / SUMMARY).read_bytes(), type=StoredGraphs)
    except (OSError, msgspec.DecodeError):  # one that an earlier version has made
        return None


def _fill(folder: Path, contents: ReleaseGraphs, progress: Progress) -> GraphDigests:
    store = Store(str(folder))
    digests = contents.fill(store, progress)
    store.flush()
    store.optimize()
    return digests


def _read_back(folder: Path, triples: int, progress: Progress) -> GraphDigests:
    digests = GraphDigests()
    lines = LineDigests(digests, "reading back", triples, progress)
    Store.read_only(str(folder)).dump(cast("IO[bytes]", lines), RdfFormat.N_QUADS)
    lines.close()
    return digests
