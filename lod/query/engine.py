"""The query engine, Oxigraph: opens a store, answers a query.

Only a worker process uses it: a query may exhaust the memory or crash the engine.
"""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import pyoxigraph as ox

from lod.errors import Misused, StoreFailed, escape_unprintable
from lod.formats import RDF, RESULTS
from lod.query import read_only
from lod.query.messages import PageCell, QueryJob, ResultPage
from lod.query.syntax_errors import explain

PAGE = "page"
_MAX_VALUE_LENGTH = 10_000
"""The characters of a value that a page shows."""
_MAX_PAGE_LENGTH = 1 << 20
"""The characters after which a page has no further row."""
_MAX_REASON_LENGTH = 400
"""The characters of the sentence about a query that is not valid: a query may have prefixes of any length."""
_CELL_LENGTH = 40
"""The characters of markup that each cell adds to a page, even an empty one."""
_UNKNOWN_FUNCTION = re.compile(r"The custom function (<\S+>) is not supported")
_STRING = "http://www.w3.org/2001/XMLSchema#string"

_Results = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


def open_store(folder: Path) -> ox.Store:
    """Open a store on disk read-only; raise StoreFailed if Oxigraph cannot open it."""
    try:
        return ox.Store.read_only(str(folder))
    except OSError as error:
        raise StoreFailed(f"{folder} cannot be opened as an Oxigraph store: {one_line(error)}") from None


def answer(store: ox.Store, job: QueryJob, out: BinaryIO) -> None:
    """Write the answer to a query that has been checked to be read-only.

    Raise Misused if it is not valid SPARQL 1.1, StoreFailed if the engine fails.
    """
    try:
        _write(_evaluate(store, job), job, out)
        out.flush()
    except SyntaxError as error:
        reason = escape_unprintable(explain(job.query, str(error))[:_MAX_REASON_LENGTH])
        raise Misused(f"not a valid SPARQL 1.1 query: {reason}") from None
    except (RuntimeError, ValueError) as error:
        if unknown := _UNKNOWN_FUNCTION.search(str(error)):
            raise Misused(f"{unknown[1]} is not a function of SPARQL 1.1") from None
        raise StoreFailed(f"the query engine failed: {one_line(error)}") from None


def _evaluate(store: ox.Store, job: QueryJob) -> _Results:
    if job.default_graphs is None and job.named_graphs is None:
        return store.query(job.query, use_default_graph_as_union=job.is_union)
    return store.query(
        job.query,
        default_graph=[ox.NamedNode(iri) for iri in job.default_graphs or []],
        named_graphs=[ox.NamedNode(iri) for iri in job.named_graphs or []],
    )


def _write(results: _Results, job: QueryJob, out: BinaryIO) -> None:
    is_graph = isinstance(results, ox.QueryTriples)
    if (job.graph_format if is_graph else job.rows_format) == PAGE:
        out.write(msgspec.msgpack.encode(_page(results, job.max_rows)))
    elif not isinstance(results, ox.QueryTriples):
        media_type = RESULTS[job.rows_format].media_type
        results.serialize(out, format=ox.QueryResultsFormat.from_media_type(media_type))
    elif job.graph_format == "ttl":
        prefixes = read_only.prefixes(job.query)
        ox.serialize(results, out, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    else:
        media_type = RDF[job.graph_format].media_type
        results.serialize(out, format=ox.RdfFormat.from_media_type(media_type))


def _page(results: _Results, max_rows: int) -> ResultPage:
    if isinstance(results, ox.QueryBoolean):
        return ResultPage(names=["answer"], rows=[[PageCell(value="true" if results else "false")]])
    if isinstance(results, ox.QueryTriples):
        names = ["subject", "predicate", "object"]
    else:
        names = [variable.value for variable in results.variables]
    rows: Iterator[ox.QuerySolution | ox.Triple] = iter(results)
    page = list(_page_rows(rows, max_rows))
    return ResultPage(names=names, rows=page, has_more=next(rows, None) is not None)


def _page_rows(
    rows: Iterator[ox.QuerySolution | ox.Triple], max_rows: int
) -> Iterator[list[PageCell | None]]:
    """Yield the first rows, fewer if they are wide: the process that renders the page has no memory limit."""
    length = 0
    for row in itertools.islice(rows, max_rows):
        cells = [_cell(term) for term in row]
        yield cells
        length += sum(_CELL_LENGTH + (len(cell.value) if cell else 0) for cell in cells)
        if length > _MAX_PAGE_LENGTH:
            return


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> PageCell | None:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        is_plain = term.language is not None or datatype == _STRING
        value = _shorten(term.value)
        return PageCell(value=value, language=term.language, datatype=None if is_plain else datatype)
    if isinstance(term, ox.NamedNode):
        return PageCell(value=_shorten(term.value), is_iri=len(term.value) <= _MAX_VALUE_LENGTH)
    return PageCell(value=_shorten(str(term)))


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_VALUE_LENGTH else text[:_MAX_VALUE_LENGTH] + "…"


def one_line(error: Exception) -> str:
    """Return an engine's message in one short line."""
    return escape_unprintable(" ".join(str(error).split())[:200])
