"""Where a release is loaded: a folder, a TDB2 folder, or a server."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lod.errors import Misused, quote
from lod.progress import Progress, silent
from lod.release import Release
from lod.store.dialects import StoreKind, detect
from lod.versioned_dir import CURRENT, current_of_release

TIMEOUT = 600.0
"""Seconds that a store may take to answer, unless told otherwise."""

TDB2 = "tdb2:"
"""What stands before the folder of a TDB2 database."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a store holds of a release, as it was read back from it."""

    release: str
    store: str
    kind: str
    triples: int
    graphs: int
    digest: str

    def as_json(self) -> dict[str, Any]:
        """Give the summary for programs."""
        return asdict(self)


def load(
    release: Path,
    into: str | None = None,
    *,
    kind: StoreKind | None = None,
    timeout: float = TIMEOUT,
    progress: Progress = silent,
) -> Loaded:
    """Load a release into a store, in place of what it holds of an earlier one.

    `into` is a folder for an embedded store (by default `store` beside the releases), `tdb2:` and a folder,
    or the address of a server, which `kind` tells of. Raise StoreFailed if the store refuses, or does not
    hold what it was given.
    """
    from lod.store import embedded, jena
    from lod.store.client import StoreClient
    from lod.store.release_graphs import ReleaseGraphs
    from lod.store.server import StoreServer

    contents = ReleaseGraphs(opened := Release(release))
    into = _beside(opened) if into is None else into
    if kind is not None and not _ADDRESS.match(into):
        raise Misused(
            f"--kind tells of a server: it needs its address behind --into, found {quote(into, 200)}"
        )
    if into.startswith(TDB2):
        place, name = into.removeprefix(TDB2), "tdb2"
        tally = jena.load(contents, Path(place), progress)
    elif _ADDRESS.match(into):
        wire = StoreClient(into, timeout=timeout)
        place = wire.address
        name = kind or detect(wire)
        tally = StoreServer(wire, name, progress).load(contents)
    else:
        place, name = into, "embedded"
        tally = embedded.load(contents, Path(place), progress)
    return Loaded(
        release=contents.release,
        store=place,
        kind=name,
        triples=tally.triples,
        graphs=len(tally.graphs),
        digest=tally.digest,
    )


def loaded(release: Release, folder: Path, progress: Progress = silent) -> Path:
    """Give the embedded store of a release in a folder of stores, loaded if it is not the current one.

    Raise as `load` does.
    """
    name = release.manifest.release
    if current_of_release(folder, name) is None:
        load(release.folder, str(folder), progress=progress)
    return (folder / CURRENT).resolve()


def _beside(release: Release) -> str:
    if release.output_folder is None:
        raise Misused(f"{release.folder}: this release is in no folder of releases; say --into")
    return str(release.output_folder / "store")
