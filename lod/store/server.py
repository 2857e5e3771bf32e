"""Loading into a server: into staging graphs, compared there, moved to their places, compared again."""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice, product
from typing import Any

from pyoxigraph import Literal, Quad, QueryResultsFormat, QuerySolutions, parse_query_results

from lod.errors import Busy, StoreFailed, quote
from lod.formats import RDF, RESULTS
from lod.progress import Progress, counted
from lod.store.client import StoreClient
from lod.store.dialects import DIALECTS, StoreKind
from lod.store.graph_digests import GraphDigests, StoredGraphs, compare, graph_of, statement
from lod.store.release_graphs import ReleaseGraphs

STAGING = "urn:lod:staging:"
"""The prefix of the IRIs of graphs while they are loaded."""

_CLAIM = f"{STAGING}load"
"""The graph, and the subject in it, that records which load may move graphs."""

_QUADS_PER_REQUEST = 20_000
"""About 4 MB."""

_ROWS = 5_000
"""About the most rows of a result: Virtuoso truncates results silently, after 10,000 rows by default."""
_GRAPHS_PER_QUERY = 100
_JSON = RESULTS["json"].media_type
_HEXADECIMAL = "0123456789abcdef"


class StoreServer:
    """One load into one server.

    A load that begins takes the server over from one under way, which looks the same as one that was killed.
    Each has staging graphs of its own, and moves none once the server is no longer its own.
    """

    def __init__(self, client: StoreClient, kind: StoreKind, progress: Progress) -> None:
        self._client = client
        self._dialect = DIALECTS[kind]
        self._reader = StoreReader(client, self._dialect.query)
        self._progress = progress
        self._token = secrets.token_hex(8)
        self._staging = f"{STAGING}{self._token}:"

    def load(self, contents: ReleaseGraphs) -> StoredGraphs:
        """Replace all graphs under a release's base by those of the release; leave all others alone.

        Raise StoreFailed if the store refuses, or does not hold what it was given; in the staging graphs this
        is found before anything is moved. Raise Busy if another load has begun meanwhile.
        """
        self._clear(STAGING)
        self._claim()
        try:
            expected = self._stage(contents)
            self._check_ownership()
            self._compare(contents, expected, self._staging)
            self._move(contents.base, expected.graphs)
            stored = self._compare(contents, expected, "")
        finally:
            with contextlib.suppress(StoreFailed):
                self._clear(STAGING if self._owns_server() else self._staging)
        return stored.summary()

    def _claim(self) -> None:
        """Take the server over for this load."""
        claim = f'{{ GRAPH <{_CLAIM}> {{ <{_CLAIM}> <{STAGING}by> "{self._token}" }} }}'
        self._update([f"DROP SILENT GRAPH <{_CLAIM}>", f"INSERT DATA {claim}"], "claiming")

    def _owns_server(self) -> bool:
        return any(self._token in text for _, text in self._reader.triples({_CLAIM: 1}))

    def _check_ownership(self) -> None:
        """Raise Busy if another load has taken the server over."""
        if not self._owns_server():
            raise Busy(f"{self._client.address}: another load has begun meanwhile; this one stops here")

    def _clear(self, prefix: str) -> None:
        graphs = self._reader.graphs(prefix)
        self._update([f"DROP SILENT GRAPH <{graph}>" for graph in graphs], "clearing")

    def _stage(self, contents: ReleaseGraphs) -> GraphDigests:
        digests = GraphDigests()
        quads = counted(contents.quads(), "staging", len(contents), self._progress)
        if self._dialect.accepts_quads:
            while piece := list(islice(quads, _QUADS_PER_REQUEST)):
                self._send_quads(piece, digests)
        else:
            for graph, members in groupby(quads, key=graph_of):
                while piece := list(islice(members, _QUADS_PER_REQUEST)):
                    self._send_triples(graph, piece, digests)
        return digests

    def _send_quads(self, piece: Iterable[Quad], digests: GraphDigests) -> None:
        lines = (f"{text} <{self._staging}{graph}> .\n" for graph, text in _statements(piece, digests))
        self._client.post(
            self._dialect.data,
            data="".join(lines).encode(),
            headers={"Content-Type": RDF["nq"].media_type},
        )

    def _send_triples(self, graph: str, piece: Iterable[Quad], digests: GraphDigests) -> None:
        lines = (f"{text} .\n" for _, text in _statements(piece, digests))
        self._client.post(
            self._dialect.data,
            params={self._dialect.graph_parameter: self._staging + graph},
            data="".join(lines).encode(),
            headers={"Content-Type": RDF["ttl"].media_type},
        )

    def _move(self, base: str, graphs: list[str]) -> None:
        """Move the new graphs to their places, and drop the graphs under the base that no longer exist."""
        obsolete = self._reader.graphs(base).keys() - set(graphs)
        moves = [f"MOVE GRAPH <{self._staging}{graph}> TO GRAPH <{graph}>" for graph in graphs]
        drops = [f"DROP SILENT GRAPH <{graph}>" for graph in sorted(obsolete)]
        self._update([*moves, *drops], "moving", before=self._check_ownership)

    def _update(self, operations: list[str], stage: str, before: Callable[[], None] = lambda: None) -> None:
        size = self._dialect.moves_per_request or len(operations) or 1
        for start in range(0, len(operations), size):
            update = " ;\n".join(operations[start : start + size])
            before()
            self._client.post(self._dialect.update, repeatable=False, data={"update": update})
            self._progress(stage, min(start + size, len(operations)), len(operations))

    def _compare(self, contents: ReleaseGraphs, expected: GraphDigests, prefix: str) -> GraphDigests:
        counts = self._reader.graphs(prefix + contents.base)
        stored = GraphDigests()
        rows = self._reader.triples(counts)
        stage = "comparing, staged" if prefix else "comparing"
        for graph, text in counted(rows, stage, expected.triples, self._progress):
            stored.add(graph.removeprefix(prefix), text)

        def in_store(graph: str) -> set[str]:
            name = prefix + graph
            return {text for _, text in self._reader.triples({name: counts.get(name, 0)})}

        compare(self._client.address, expected, stored, contents.statements, in_store)
        return stored


class StoreReader:
    """Reads the graphs of a server and their triples by SPARQL, in portions that no store truncates."""

    def __init__(self, client: StoreClient, path: str) -> None:
        self._client = client
        self._path = path

    def graphs(self, prefix: str) -> dict[str, int]:
        """Return the graphs whose IRIs begin with a prefix, each with its number of triples."""
        start = f"FILTER(STRSTARTS(STR(?g), {Literal(prefix)}))"
        pattern = f"GRAPH ?g {{ ?s ?p ?o }} {start}"
        counted = self._rows(f"SELECT (COUNT(DISTINCT ?g) AS ?n) {{ {pattern} }}", "n")
        total = sum(int(n.value) for (n,) in counted)
        graphs = {}
        for portion in _portions("?g", total):
            query = f"SELECT ?g (COUNT(*) AS ?n) {{ {pattern} {portion} }} GROUP BY ?g"
            graphs.update({graph.value: int(n.value) for graph, n in self._rows(query, "g", "n")})
        if len(graphs) != total:
            raise StoreFailed(
                f"{self._client.address}: expected {total} graphs, as counted by it, found {len(graphs)}"
            )
        return graphs

    def triples(self, graphs: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        """Yield each triple of some graphs, after its graph; these come with their numbers of triples."""
        names: list[str] = []
        total = 0
        for graph, count in sorted(graphs.items()):
            if names and (total + count > _ROWS or len(names) == _GRAPHS_PER_QUERY):
                yield from self._triples(names, total)
                names, total = [], 0
            names.append(graph)
            total += count
        if names:
            yield from self._triples(names, total)

    def _triples(self, graphs: list[str], total: int) -> Iterator[tuple[str, str]]:
        named = " ".join(f"<{graph}>" for graph in graphs)
        for portion in _portions("?s", total):
            query = f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {named} }} GRAPH ?g {{ ?s ?p ?o {portion} }} }}"
            for graph, *terms in self._rows(query, "g", "s", "p", "o"):
                yield graph.value, " ".join(map(str, terms))

    def _rows(self, query: str, *names: str) -> Iterator[list[Any]]:
        answer = self._client.post(self._path, data={"query": query}, headers={"Accept": _JSON})
        try:
            for row in _solutions(answer.content):  # in no variable, which a traceback would keep alive
                terms = [row[name] for name in names]
                if None in terms:
                    raise ValueError("a row without a value for each variable")
                yield terms
        except (SyntaxError, ValueError, KeyError) as error:
            raise StoreFailed(
                f"{self._client.address}: expected the results of a query as JSON, "
                f"found {quote(str(error), 100)}"
            ) from None


def _statements(quads: Iterable[Quad], digests: GraphDigests) -> Iterator[tuple[str, str]]:
    for quad in quads:
        graph, text = graph_of(quad), statement(quad)
        digests.add(graph, text)
        yield graph, text


def _solutions(answer: bytes) -> QuerySolutions:
    """Parse a result, which may only be freed in this thread; raise ValueError if it has no rows."""
    results = parse_query_results(answer, QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        raise ValueError("a boolean")  # noqa: TRY004 - a fault of the store, not of the caller
    return results


def _portions(variable: str, total: int) -> Iterator[str]:
    """Yield filters that divide IRIs into portions by their digests: each IRI passes exactly one."""
    digits = 0
    while total > _ROWS * len(_HEXADECIMAL) ** digits:
        digits += 1
    for start in product(_HEXADECIMAL, repeat=digits):
        yield f'FILTER(STRSTARTS(MD5(STR({variable})), "{"".join(start)}"))' if start else ""
