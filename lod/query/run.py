"""Run a query: on a store or a release on this machine, in a worker process, or on a remote endpoint.

Also finds the base IRI of the data that a query is about: the manifest of a release has it, or the store into
which a release was loaded.
"""

import contextlib
import tempfile
import time
from pathlib import Path

from lod.definitions import DEFAULT_BASE
from lod.errors import Misused, quote
from lod.iri import Iris
from lod.query import read_only
from lod.query.messages import Limits, QueryJob
from lod.query.results import QueryResult, text
from lod.release import Release
from lod.release.manifest import MANIFEST

DEFAULT_LIMITS = Limits()

_STORE = "CURRENT"
"""A file of every Oxigraph store on disk: RocksDB's."""
_ONTOLOGY = Iris().graph("ontologie").removeprefix(DEFAULT_BASE)
_ONTOLOGY_GRAPHS = f"""SELECT ?graph WHERE {{
  GRAPH ?graph {{ <{DEFAULT_BASE}ontology> a <http://www.w3.org/2002/07/owl#Ontology> }}
}}"""
"""The ontology has the same IRI under every base; the name of its graph begins with the base."""


def ask(query: str, place: str, limits: Limits = DEFAULT_LIMITS) -> QueryResult:
    """Return the result of a query.

    The place is the address of an endpoint, the folder of a store or of a release, or the folder above one of
    these. Loading a release counts against the limits. Raise Misused if the query is not valid or not
    read-only, StoreFailed if it was not answered within its limits, CheckFailed if the release is damaged.
    """
    try:
        form = read_only.check(query, allow_service=limits.allow_service)
    except read_only.CallsOut as error:
        raise Misused(f"{error}; --allow-service permits it") from None
    is_graph = form in read_only.GRAPH_FORMS
    if is_address(place):
        from lod.query import endpoint

        body = endpoint.ask(query, place, is_graph=is_graph, seconds=limits.seconds)
    else:
        folder, is_release = locate(Path(place))
        body = _run(_job(query), folder, limits, is_release=is_release)
    return QueryResult(body=body, is_graph=is_graph, prefixes=read_only.prefixes(query))


def is_address(place: str) -> bool:
    """Return whether a place is the address of an endpoint rather than a folder."""
    return place.startswith(("http://", "https://"))


def locate(place: Path) -> tuple[Path, bool]:
    """Return the folder of a store or release, and whether it is a release; raise Misused if neither."""
    for folder in (place, place / "current"):
        is_release = (folder / MANIFEST).is_file()
        if is_release or (folder / _STORE).is_file():
            return folder.resolve(), is_release
    raise Misused(f"{place}: expected a store, a release or the address of an endpoint, found none")


def _job(query: str) -> QueryJob:
    return QueryJob(query=query, is_union=not read_only.names_its_graphs(query))


def _run(job: QueryJob, folder: Path, limits: Limits, *, is_release: bool) -> bytes:
    """Run a query in a worker process of its own; return JSON results or N-Triples."""
    from lod.query.worker_process import OutOfMemory, OutOfTime, WorkerProcess

    deadline = time.monotonic() + limits.seconds
    try:
        worker = WorkerProcess.start(folder, limits, is_release=is_release, seconds=limits.seconds)
        with contextlib.closing(worker), tempfile.TemporaryFile() as out:
            worker.answer(job, out, max(deadline - time.monotonic(), 0.001))
            out.seek(0)
            return out.read()
    except OutOfTime as error:
        raise OutOfTime(f"{error}; simplify the query or raise --timeout") from None
    except OutOfMemory as error:
        raise OutOfMemory(f"{error}; simplify the query or raise --memory") from None


def base(place: str, expected: str | None = None, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the base IRI of a store or release; if unknown, the expected one, else the default.

    Raise Misused if the expected base is not valid or not that of the data.
    """
    fallback = Iris(DEFAULT_BASE if expected is None else expected).base
    actual = None if is_address(place) else _base_of_folder(Path(place), limits)
    if actual and expected not in (None, actual):
        raise Misused(f"{place} was published under --base {actual}, not {quote(fallback)}")
    return actual or fallback


def _base_of_folder(place: Path, limits: Limits) -> str | None:
    try:
        folder, is_release = locate(place)
    except Misused:  # running the query reports it
        return None
    return Release(folder).manifest.base if is_release else _base_of_store(folder, limits)


def _base_of_store(folder: Path, limits: Limits) -> str | None:
    """Return the base of the release in a store; None if it has none, or several."""
    _, rows = ask(_ONTOLOGY_GRAPHS, str(folder), limits).rows()
    graphs = [text(graph) for (graph,) in rows]
    bases = {graph.removesuffix(_ONTOLOGY) for graph in graphs if graph.endswith(_ONTOLOGY)}
    return bases.pop() if len(bases) == 1 else None
