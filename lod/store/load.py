"""Load a release into a store: a folder, a TDB2 folder, or a server."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lod.checksums import STORE_CHECKSUMS, are_whole
from lod.errors import Misused, quote
from lod.progress import Progress, silent
from lod.release import Release
from lod.store.dialects import StoreKind, detect
from lod.versioned_dir import CURRENT, current_of_release

TIMEOUT = 600.0
"""Seconds that a store may take to answer, by default."""

TDB2 = "tdb2:"
"""The prefix of the folder of a TDB2 database."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a store holds of a release, as read back from it."""

    release: str
    store: str
    kind: str
    triples: int
    graphs: int
    digest: str

    def as_json(self) -> dict[str, Any]:
        """Return the summary as JSON."""
        return asdict(self)


def load(
    release: Release | Path,
    into: str | None = None,
    *,
    kind: StoreKind | None = None,
    timeout: float = TIMEOUT,
    progress: Progress = silent,
) -> Loaded:
    """Load a release, or the one in a folder, into a store, in place of an earlier release.

    `into` is a folder for an embedded store (by default `store` beside the releases), `tdb2:` and a folder,
    or the address of a server of this kind. A folder whose store is of this release and undamaged stays as it
    is, unless the release is used without comparing its files. Raise StoreFailed if the store refuses, or
    does not hold what it was given; CheckFailed if the release is not as it was published.
    """
    from lod.store import embedded, jena
    from lod.store.client import StoreClient
    from lod.store.release_graphs import ReleaseGraphs
    from lod.store.server import StoreServer

    opened = release if isinstance(release, Release) else Release(release)
    opened.check_files(opened.loaded_files, progress)
    contents = ReleaseGraphs(opened)
    into = _default_folder(opened) if into is None else into
    if kind is not None and not _ADDRESS.match(into):
        raise Misused(f"--kind applies to a server, whose address --into must give, found {quote(into, 200)}")
    if into.startswith(TDB2):
        place, name = into.removeprefix(TDB2), "tdb2"
        stored = jena.load(contents, Path(place), progress)
    elif _ADDRESS.match(into):
        client = StoreClient(into, timeout=timeout)
        place = client.address
        name = kind or detect(client)
        stored = StoreServer(client, name, progress).load(contents)
    else:
        place, name = into, "embedded"
        stored = embedded.load(contents, Path(place), progress)
    return Loaded(
        release=contents.release,
        store=place,
        kind=name,
        triples=stored.triples,
        graphs=stored.graphs,
        digest=stored.digest,
    )


def loaded(release: Release, folder: Path, progress: Progress = silent) -> Path:
    """Return the embedded store of a release in a folder of stores.

    Load it if it is not the current one, or is damaged.
    """
    current = current_of_release(folder, release.manifest.release)
    if current is None or not are_whole(current / STORE_CHECKSUMS):
        load(release, str(folder), progress=progress)
    return (folder / CURRENT).resolve()


def _default_folder(release: Release) -> str:
    if release.output_folder is None:
        raise Misused(f"{release.folder}: this release is in no folder of releases; specify --into")
    return str(release.output_folder / "store")
