"""Run a query: on a store or a release on this machine, in a process of its own, or on a remote endpoint.

Also finds the base IRI of the data that a query is about: the manifest of a release has it, or the store into
which a release was loaded.
"""

import contextlib
import enum
import tempfile
import time
from pathlib import Path

from lod.checksums import STORE_CHECKSUMS, are_whole
from lod.definitions import DEFAULT_BASE
from lod.errors import Misused, StoreFailed, quote
from lod.iri import Iris, SharedGraph
from lod.progress import Progress, silent
from lod.query import read_only
from lod.query.limits import Limits, OutOfMemory, OutOfTime
from lod.query.messages import QueryJob
from lod.query.release_store import release_store
from lod.query.results import QueryResult, text
from lod.release import Release
from lod.release.manifest import MANIFEST
from lod.store import TDB2

DEFAULT_LIMITS = Limits()

_ONTOLOGY = Iris().graph(SharedGraph.ONTOLOGY).removeprefix(DEFAULT_BASE)
_ONTOLOGY_GRAPHS = f"""SELECT ?graph WHERE {{
  GRAPH ?graph {{ <{DEFAULT_BASE}ontology> a <http://www.w3.org/2002/07/owl#Ontology> }}
}}"""
"""The ontology has the same IRI under every base; the name of its graph begins with the base."""


class PlaceKind(enum.Enum):
    """The kinds of folders that can be queried, each with the name of a file that no other kind has."""

    RELEASE = MANIFEST
    STORE = "CURRENT"  # of RocksDB, in every Oxigraph store
    TDB2 = "tdb.lock"


def ask(
    query: str,
    place: str,
    limits: Limits = DEFAULT_LIMITS,
    *,
    trust: bool = False,
    progress: Progress = silent,
) -> QueryResult:
    """Return the result of a query.

    The place is the address of an endpoint or of its server, the folder of a store or of a release, or the
    folder above one of these; a TDB2 folder may have `tdb2:` before it. At its first query a release is
    loaded into a store in the user's cache, which does not count against the limits. Raise Misused if the
    query is not valid or not read-only, StoreFailed if it was not answered within its limits, CheckFailed if
    the release is damaged; with `trust`, its checksums are not compared.
    """
    try:
        form = read_only.check(query, allow_service=limits.allow_service)
    except read_only.CallsOut as error:
        raise Misused(f"{error}; --allow-service permits it") from None
    is_graph = form in read_only.GRAPH_FORMS
    warning = None
    if is_address(place):
        from lod.query import endpoint

        body, warning = endpoint.ask(query, place, is_graph=is_graph, seconds=limits.seconds)
    else:
        folder, kind = locate(place)
        if kind is PlaceKind.RELEASE:
            release = Release(folder, trust=trust)
            release.check_files(release.loaded_files, progress)
            with release_store(release, progress) as store:
                body = _run_locally(query, store, PlaceKind.STORE, limits, is_graph=is_graph)
        else:
            if not trust:
                _check_store(folder)
            body = _run_locally(query, folder, kind, limits, is_graph=is_graph)
    return QueryResult(body=body, is_graph=is_graph, prefixes=read_only.prefixes(query), warning=warning)


def _check_store(folder: Path) -> None:
    if (folder / STORE_CHECKSUMS).is_file() and not are_whole(folder / STORE_CHECKSUMS):
        raise StoreFailed(f"{folder}: this store is damaged; load the release again")


def is_address(place: str) -> bool:
    """Return whether a place is the address of an endpoint rather than a folder."""
    return place.startswith(("http://", "https://"))


def _run_locally(query: str, folder: Path, kind: PlaceKind, limits: Limits, *, is_graph: bool) -> bytes:
    try:
        if kind is PlaceKind.TDB2:
            from lod.query import tdb2

            return tdb2.ask(query, folder, limits, is_graph=is_graph)
        return _run_in_worker(query, folder, limits)
    except OutOfTime:
        raise OutOfTime(limits, "; simplify the query or raise --timeout") from None
    except OutOfMemory:
        raise OutOfMemory(limits, "; simplify the query or raise --memory") from None


def locate(place: str) -> tuple[Path, PlaceKind]:
    """Return the folder of a store or release, and which of them it is; raise Misused if it is neither."""
    path = Path(place.removeprefix(TDB2))
    kinds = [PlaceKind.TDB2] if place.startswith(TDB2) else list(PlaceKind)
    for folder in (path, path / "current"):
        for kind in kinds:
            if (folder / kind.value).is_file():
                return folder.resolve(), kind
    raise Misused(f"{place}: expected a store, a release or the address of an endpoint, found none")


def _run_in_worker(query: str, folder: Path, limits: Limits) -> bytes:
    """Run a query in a worker process of its own; return JSON results or N-Triples."""
    from lod.query.worker_process import WorkerProcess

    job = QueryJob(query=query, is_union=not read_only.names_its_graphs(query))
    deadline = time.monotonic() + limits.seconds
    worker = WorkerProcess.start(folder, limits, seconds=limits.seconds)
    with contextlib.closing(worker), tempfile.TemporaryFile() as out:
        worker.answer(job, out, max(deadline - time.monotonic(), 0.001))
        out.seek(0)
        return out.read()


def base(place: str, expected: str | None = None, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the base IRI of a store or release; if unknown, the expected one, else the default.

    Raise Misused if the expected base is not valid or not that of the data.
    """
    fallback = Iris(DEFAULT_BASE if expected is None else expected).base
    actual = None if is_address(place) else _base_of_folder(place, limits)
    if actual and expected not in (None, actual):
        raise Misused(f"{place} was published under --base {actual}, not {quote(fallback)}")
    return actual or fallback


def _base_of_folder(place: str, limits: Limits) -> str | None:
    try:
        folder, kind = locate(place)
    except Misused:  # running the query reports it
        return None
    if kind is PlaceKind.RELEASE:
        return Release(folder).manifest.base
    return _base_of_store(folder, limits)


def _base_of_store(folder: Path, limits: Limits) -> str | None:
    """Return the base of the release in a store; None if it has none, or several."""
    _, rows = ask(_ONTOLOGY_GRAPHS, str(folder), limits).rows()
    graphs = [text(graph) for (graph,) in rows]
    bases = {graph.removesuffix(_ONTOLOGY) for graph in graphs if graph.endswith(_ONTOLOGY)}
    return bases.pop() if len(bases) == 1 else None
