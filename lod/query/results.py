"""What a query gave: rows or triples, and how they are written for people and programs."""

from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from lod.errors import Misused, StoreFailed
from lod.query.output_format import OutputFormat

Cell = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None

_RESULTS = {
    OutputFormat.CSV: ox.QueryResultsFormat.CSV,
    OutputFormat.TSV: ox.QueryResultsFormat.TSV,
    OutputFormat.JSON: ox.QueryResultsFormat.JSON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """What was answered: SPARQL 1.1 results as JSON, or N-Triples if the query makes a graph."""

    body: bytes
    is_graph: bool
    prefixes: dict[str, str]
    warning: str | None = None
    """What whoever reads the answer should know of how it came about, in a sentence."""

    def written(self, form: OutputFormat) -> bytes:
        """Write the answer as SPARQL 1.1 says for the format, or its graph as sorted Turtle.

        Raise Misused if rows are asked of a graph or a graph of rows, StoreFailed if the answer is not whole.
        """
        if self.is_graph:
            if form is not OutputFormat.TURTLE:
                raise Misused(f"expected --format turtle for a query that makes a graph, found {form}")
            return self._turtle()
        if form not in _RESULTS:
            raise Misused(f"expected --format csv, tsv or json for a query that gives rows, found {form}")
        if form is OutputFormat.JSON:
            self.rows()
            return self.body
        with suppress(SyntaxError, ValueError):
            return _serialised(self._results(), form)
        raise _torn("SPARQL results as JSON")

    def rows(self) -> tuple[list[str], list[tuple[Cell, ...]]]:
        """Give the names of the columns and the rows, a cell that has no value as None.

        The answer to ASK is one cell of a column `answer`.
        """
        with suppress(SyntaxError, ValueError):
            return _read(self._results())
        raise _torn("SPARQL results as JSON")

    def _results(self) -> ox.QuerySolutions | ox.QueryBoolean:
        """Parse what may only be freed in this thread: no error that others see may hold it."""
        return ox.parse_query_results(self.body, ox.QueryResultsFormat.JSON)

    def _turtle(self) -> bytes:
        try:
            triples = [quad.triple for quad in ox.parse(self.body, ox.RdfFormat.N_TRIPLES)]
        except (SyntaxError, ValueError):
            raise _torn("N-Triples") from None
        unique = sorted(set(triples), key=str)
        return ox.serialize(unique, format=ox.RdfFormat.TURTLE, prefixes=self.prefixes) or b""


def _serialised(results: ox.QuerySolutions | ox.QueryBoolean, form: OutputFormat) -> bytes:
    if isinstance(results, ox.QueryBoolean):
        return b"true\n" if results else b"false\n"
    return results.serialize(format=_RESULTS[form]) or b""


def _read(results: ox.QuerySolutions | ox.QueryBoolean) -> tuple[list[str], list[tuple[Cell, ...]]]:
    if isinstance(results, ox.QueryBoolean):
        return ["answer"], [(ox.Literal("true" if results else "false"),)]
    return [variable.value for variable in results.variables], [tuple(row) for row in results]


def _torn(expected: str) -> StoreFailed:
    return StoreFailed(f"expected {expected}, found an answer that is not whole")


def words(cell: Cell) -> str:
    """Give a cell as people read it: the words of a literal, the whole of an IRI, nothing for no value."""
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, ox.Triple) else cell.value
