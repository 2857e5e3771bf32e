"""Reading a server back by SPARQL, in portions that every store answers whole."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from lod.errors import StoreFailed, quote
from lod.store.client import StoreClient

_ROWS = 5_000
"""About how many rows an answer may have: Virtuoso cuts answers in silence, after 10,000 by default."""
_NAMES = 100
"""How many graphs are asked of at once."""
_JSON = "application/sparql-results+json"
_HEXADECIMAL = "0123456789abcdef"


class StoreReader:
    """Asks a server for its graphs and their triples."""

    def __init__(self, wire: StoreClient, path: str) -> None:
        self._wire = wire
        self._path = path

    def graphs(self, prefix: str) -> dict[str, int]:
        """Give the graphs whose IRI begins so, each with its number of triples."""
        start = f"FILTER(STRSTARTS(STR(?g), {Literal(prefix)}))"
        pattern = f"GRAPH ?g {{ ?s ?p ?o }} {start}"
        counted = self._rows(f"SELECT (COUNT(DISTINCT ?g) AS ?n) {{ {pattern} }}", "n")
        total = sum(int(n.value) for (n,) in counted)
        found = {}
        for part in _parts("?g", total):
            query = f"SELECT ?g (COUNT(*) AS ?n) {{ {pattern} {part} }} GROUP BY ?g"
            found.update({graph.value: int(n.value) for graph, n in self._rows(query, "g", "n")})
        if len(found) != total:
            raise StoreFailed(
                f"{self._wire.address}: expected {total} graphs, as the store counts them, found {len(found)}"
            )
        return found

    def triples(self, graphs: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        """Read the graphs that are given with their number of triples: each triple with its graph."""
        names: list[str] = []
        total = 0
        for graph, count in sorted(graphs.items()):
            if names and (total + count > _ROWS or len(names) == _NAMES):
                yield from self._triples(names, total)
                names, total = [], 0
            names.append(graph)
            total += count
        if names:
            yield from self._triples(names, total)

    def _triples(self, graphs: list[str], total: int) -> Iterator[tuple[str, str]]:
        named = " ".join(f"<{graph}>" for graph in graphs)
        for part in _parts("?s", total):
            query = f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {named} }} GRAPH ?g {{ ?s ?p ?o {part} }} }}"
            for graph, *terms in self._rows(query, "g", "s", "p", "o"):
                yield graph.value, " ".join(map(str, terms))

    def _rows(self, query: str, *names: str) -> Iterator[list[Any]]:
        answer = self._wire.post(self._path, data={"query": query}, headers={"Accept": _JSON})
        try:
            for row in _solutions(answer.content):  # in no variable, which the traceback of an error keeps
                terms = [row[name] for name in names]
                if None in terms:
                    raise ValueError("a row with a gap")
                yield terms
        except (SyntaxError, ValueError, KeyError) as error:
            raise StoreFailed(
                f"{self._wire.address}: expected the results of a query as JSON, "
                f"found {quote(str(error), 100)}"
            ) from None


def _solutions(answer: bytes) -> QuerySolutions:
    """Parse an answer into what may only be freed in this thread; raise ValueError if it has no rows."""
    found = parse_query_results(answer, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise ValueError("yes or no")  # noqa: TRY004 - it is the store that says so
    return found


def _parts(variable: str, total: int) -> Iterator[str]:
    """Give conditions that part what there is into portions: each IRI meets one, by its digest."""
    digits = 0
    while total > _ROWS * len(_HEXADECIMAL) ** digits:
        digits += 1
    for start in product(_HEXADECIMAL, repeat=digits):
        yield f'FILTER(STRSTARTS(MD5(STR({variable})), "{"".join(start)}"))' if start else ""
