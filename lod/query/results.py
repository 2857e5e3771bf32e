"""The result of a query, rows or triples, and its output formats.

pyoxigraph is imported where it is used: the command line needs only the names of the formats at first.
"""

import enum
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lod.errors import Misused, StoreFailed
from lod.formats import RESULTS

if TYPE_CHECKING:
    import pyoxigraph as ox

    Cell: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None


class OutputFormat(enum.StrEnum):
    """A format of a result on the command line."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    TURTLE = "turtle"


_JSON, _NTRIPLES = "SPARQL results in JSON", "N-Triples"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """SPARQL 1.1 results in JSON, or N-Triples if the query constructs a graph."""

    body: bytes
    is_graph: bool
    prefixes: dict[str, str]
    warning: str | None = None
    """A sentence for the reader, if the result may not be what the query meant."""

    def serialize(self, form: OutputFormat) -> bytes:
        """Return rows in a SPARQL 1.1 results format, or a graph as sorted Turtle.

        Raise Misused if the format is not one of rows, or not one of a graph; StoreFailed if the result is
        incomplete.
        """
        if self.is_graph:
            if form is not OutputFormat.TURTLE:
                raise Misused(f"this query constructs a graph, which --format {form} cannot hold; use turtle")
            return self._turtle()
        if form not in (OutputFormat.CSV, OutputFormat.TSV, OutputFormat.JSON):
            raise Misused(f"this query returns rows, which --format {form} cannot hold; use csv, tsv or json")
        if form is OutputFormat.JSON:
            self.rows()
            return self.body
        with suppress(SyntaxError, ValueError):
            return _serialize_rows(self._parse(), form)
        raise _incomplete(_JSON)

    def rows(self) -> "tuple[list[str], list[tuple[Cell, ...]]]":
        """Return the names of the columns, and the rows; a cell without a value is None.

        The result of ASK is one cell of a column `answer`.
        """
        with suppress(SyntaxError, ValueError):
            return _rows(self._parse())
        raise _incomplete(_JSON)

    def _parse(self) -> "ox.QuerySolutions | ox.QueryBoolean":
        """Parse what only this thread may free: it must not be kept alive by a traceback that others see."""
        import pyoxigraph as ox

        return ox.parse_query_results(self.body, ox.QueryResultsFormat.JSON)

    def _turtle(self) -> bytes:
        import pyoxigraph as ox

        try:
            triples = [quad.triple for quad in ox.parse(self.body, ox.RdfFormat.N_TRIPLES)]
        except (SyntaxError, ValueError):
            raise _incomplete(_NTRIPLES) from None
        unique = sorted(set(triples), key=str)
        return ox.serialize(unique, format=ox.RdfFormat.TURTLE, prefixes=self.prefixes) or b""


def _serialize_rows(results: "ox.QuerySolutions | ox.QueryBoolean", form: OutputFormat) -> bytes:
    import pyoxigraph as ox

    if isinstance(results, ox.QueryBoolean):
        return b"true\n" if results else b"false\n"
    return results.serialize(format=ox.QueryResultsFormat.from_media_type(RESULTS[form].media_type)) or b""


def _rows(results: "ox.QuerySolutions | ox.QueryBoolean") -> "tuple[list[str], list[tuple[Cell, ...]]]":
    import pyoxigraph as ox

    if isinstance(results, ox.QueryBoolean):
        return ["answer"], [(ox.Literal("true" if results else "false"),)]
    return [variable.value for variable in results.variables], [tuple(row) for row in results]


def _incomplete(expected: str) -> StoreFailed:
    return StoreFailed(f"the answer is not complete: expected {expected}")


def text(cell: "Cell") -> str:
    """Return a cell as people read it: the text of a literal, a whole IRI, or nothing for no value."""
    if cell is None:
        return ""
    import pyoxigraph as ox

    return str(cell) if isinstance(cell, ox.Triple) else cell.value
