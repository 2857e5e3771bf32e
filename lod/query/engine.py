"""The engine: a store opened, a query answered. Only to be used in a process that may die of it."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import pyoxigraph as ox

from lod.errors import Misused, StoreFailed, escape_unprintable
from lod.query import read_only
from lod.query.jobs import Cell, QueryJob, ResultPage

PAGE = "page"
GRAPH = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""The formats in which a graph is written, by their short names."""

_ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_LONG = 10_000
"""The characters of a value that a page shows."""
_FULL = 1 << 20
"""The characters after which a page takes no further row."""
_CELL = 40
"""The characters that a cell counts for, even if it is empty."""
_UNKNOWN = re.compile(r"The custom function (<\S+>) is not supported")
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def opened(folder: Path) -> ox.Store:
    """Open a store on disk to read; raise StoreFailed if it is none."""
    try:
        return ox.Store.read_only(str(folder))
    except OSError as error:
        raise StoreFailed(f"{folder}: expected a store of Oxigraph, found {brief(error)}") from None


def answer(store: ox.Store, asked: QueryJob, out: BinaryIO) -> None:
    """Write the answer to a query; the caller sees that it merely reads.

    Raise Misused if it is no query, StoreFailed if the engine fails at it.
    """
    try:
        _write(_results(store, asked), asked, out)
        out.flush()
    except SyntaxError as error:
        raise Misused(f"expected a query in SPARQL 1.1, found an {brief(error)}") from None
    except (RuntimeError, ValueError) as error:
        if unknown := _UNKNOWN.search(str(error)):
            raise Misused(f"expected functions of SPARQL 1.1, found {unknown[1]}") from None
        raise StoreFailed(f"the query was not answered: {brief(error)}") from None


def _results(store: ox.Store, asked: QueryJob) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    if asked.default_graphs is None and asked.named_graphs is None:
        return store.query(asked.query, use_default_graph_as_union=asked.is_union)
    return store.query(
        asked.query,
        default_graph=[ox.NamedNode(iri) for iri in asked.default_graphs or []],
        named_graphs=[ox.NamedNode(iri) for iri in asked.named_graphs or []],
    )


def _write(
    results: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean, asked: QueryJob, out: BinaryIO
) -> None:
    if (asked.graph if isinstance(results, ox.QueryTriples) else asked.rows) == PAGE:
        out.write(msgspec.msgpack.encode(_page(results, asked.most)))
    elif not isinstance(results, ox.QueryTriples):
        results.serialize(out, format=_ROWS[asked.rows])
    elif asked.graph == "ttl":
        prefixes = read_only.prefixes(asked.query)
        ox.serialize(results, out, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    else:
        results.serialize(out, format=GRAPH[asked.graph])


def _page(results: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean, most: int) -> ResultPage:
    if isinstance(results, ox.QueryBoolean):
        return ResultPage(names=["answer"], rows=[[Cell(value="true" if results else "false")]])
    if isinstance(results, ox.QueryTriples):
        names = ["subject", "predicate", "object"]
    else:
        names = [variable.value for variable in results.variables]
    rows: Iterator[ox.QuerySolution | ox.Triple] = iter(results)
    first = list(_first(rows, most))
    return ResultPage(names=names, rows=first, has_more=next(rows, None) is not None)


def _first(rows: Iterator[ox.QuerySolution | ox.Triple], most: int) -> Iterator[list[Cell | None]]:
    """Give so many rows, fewer if they are wide: whoever writes the page has no limits of his own."""
    taken = 0
    for row in itertools.islice(rows, most):
        cells = [_cell(term) for term in row]
        yield cells
        taken += sum(_CELL + (len(cell.value) if cell else 0) for cell in cells)
        if taken > _FULL:
            return


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Cell | None:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        is_plain = term.language is not None or datatype == _STRING
        words = _cut(term.value)
        return Cell(value=words, language=term.language, datatype=None if is_plain else datatype)
    if isinstance(term, ox.NamedNode):
        return Cell(value=_cut(term.value), is_iri=len(term.value) <= _LONG)
    return Cell(value=_cut(str(term)))


def _cut(words: str) -> str:
    return words if len(words) <= _LONG else words[:_LONG] + "…"


def brief(error: Exception) -> str:
    """Give what an engine says of an error in one short line."""
    return escape_unprintable(" ".join(str(error).split())[:200])
