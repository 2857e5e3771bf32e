"""The embedded store: Oxigraph on disk, loaded in bulk, read back, then made current in one step."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from lod.checksums import STORE_CHECKSUMS, write_checksums
from lod.progress import Progress, counted
from lod.store.release_graphs import GraphDigests, ReleaseGraphs, compare, graph_of, statement
from lod.versioned_dir import VersionedDirectory

_CHANGING = {"LOCK", "LOG"}
"""The files of a store that have no data."""


def load(contents: ReleaseGraphs, folder: Path, progress: Progress) -> GraphDigests:
    """Load a release into a folder of stores and make it the current one.

    Raise StoreFailed if it reads back otherwise; the current store then stays current.
    """
    with VersionedDirectory.locked(folder, "stores", "another load holds this folder") as stores:
        fresh = stores.staging / "store"
        expected = _fill(fresh, contents, progress)
        stored = GraphDigests(
            counted(Store.read_only(str(fresh)), "reading back", expected.triples, progress)
        )

        def in_store(graph: str) -> set[str]:
            quads = Store.read_only(str(fresh)).quads_for_pattern(None, None, None, NamedNode(graph))
            return {statement(quad) for quad in quads}

        compare(str(folder), expected, stored, contents.statements, in_store)
        names = {path.name for path in fresh.iterdir()} - _CHANGING
        write_checksums(fresh / STORE_CHECKSUMS, names)
        stores.publish_numbered(fresh, contents.release)
    return stored


def _fill(folder: Path, contents: ReleaseGraphs, progress: Progress) -> GraphDigests:
    digests = GraphDigests()
    store = Store(str(folder))

    def digested() -> Iterator[Quad]:
        for quad in counted(contents.quads(), "loading", len(contents), progress):
            digests.add(graph_of(quad), statement(quad))
            yield quad

    store.bulk_extend(digested())
    store.flush()
    store.optimize()
    return digests
