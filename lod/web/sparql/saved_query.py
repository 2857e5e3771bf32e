"""The page of a saved query: fields for its parameters and its result, which other formats have too."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lod.errors import Misused
from lod.formats import HTML
from lod.query import SavedQuery, cookbook, read_only
from lod.query.engine import PAGE
from lod.query.messages import QueryJob, ResultPage
from lod.web.http import negotiation
from lod.web.http.negotiation import accepts_gzip, list_header
from lod.web.sparql import formats
from lod.web.sparql.endpoint import run
from lod.web.sparql.file_response import file_response
from lod.web.sparql.pages import SparqlService, editor, refusal_response
from lod.web.sparql.request import QUERY, RequestRefused

_ROWS, _GRAPH = ("csv", "json"), ("ttl", "jsonld")
_NO_VALUES = {"lang", "format"}


async def saved_query(request: Request, service: SparqlService) -> Response:
    """Answer with a saved query: the page of its result, the result in another format, or its text."""
    query = cookbook().get(request.path_params["name"])
    try:
        if query is None:
            raise RequestRefused(404, "there is no saved query of this name")
        accept = negotiation.list_header(request, "accept")
        wants_text = negotiation.best_media_type(accept, (HTML.media_type, QUERY)) == QUERY
        return await _respond(request, service, query, wants_text=wants_text)
    except negotiation.HeaderTooLong as error:
        return refusal_response(request, service, RequestRefused(400, str(error)))
    except RequestRefused as refusal:
        return refusal_response(request, service, refusal)


async def _respond(
    request: Request, service: SparqlService, query: SavedQuery, *, wants_text: bool
) -> Response:
    values = {name: value for name, value in request.query_params.items() if name not in _NO_VALUES}
    context: dict[str, Any] = {"text": query.rebase(service.base), "query": query, "values": values}
    form = request.query_params.get("format")
    try:
        text = _bind(query, values, service.base)
    except Misused as error:
        if wants_text or form:
            raise RequestRefused(400, str(error)) from None
        return editor(request, service, status=400, error=str(error), **context)
    if wants_text and not form:
        return Response(text, headers={"Content-Type": QUERY, "Vary": "Accept"})
    context |= {"text": text, "downloads": _GRAPH if _is_graph(text) else _ROWS}
    if form:
        return await _file(request, service, text, form)
    if _needs_values(query) and not values:
        return editor(request, service, **context)
    try:
        file = await run(request, service, _job(text, PAGE))
    except RequestRefused as refusal:
        return editor(request, service, status=refusal.status, error=refusal.message, **context)
    with file:
        file.seek(0)
        return editor(
            request, service, result=msgspec.msgpack.decode(file.read(), type=ResultPage), **context
        )


async def _file(request: Request, service: SparqlService, text: str, form: str) -> Response:
    """Answer with the result in a format of rows or of graphs."""
    available = formats.GRAPH if _is_graph(text) else formats.ROWS
    if form not in available or form == HTML.name:
        names = ", ".join(name for name in available if name != HTML.name)
        raise RequestRefused(400, f"format: expected one of {names}")
    file = await run(request, service, _job(text, form))
    headers = {"Content-Type": available[form].content_type, "Cache-Control": "no-store"}
    return file_response(file, headers, is_gzip=accepts_gzip(list_header(request, "accept-encoding")))


def _job(text: str, form: str) -> QueryJob:
    is_union = not read_only.names_its_graphs(text)
    return QueryJob(query=text, is_union=is_union, rows_format=form, graph_format=form)


def _is_graph(text: str) -> bool:
    return read_only.check(text) in read_only.GRAPH_FORMS


def _needs_values(query: SavedQuery) -> bool:
    return any(parameter.default is None for parameter in query.parameters)


def _bind(query: SavedQuery, values: Mapping[str, str], base: str) -> str:
    """Return the query without its header; its example values if it needs values and there are none."""
    text = query.rebase(base) if _needs_values(query) and not values else query.bind(values, base)
    return re.sub(r"\A(?:#[^\n]*\n)+", "", text)
