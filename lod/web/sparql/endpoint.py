"""The SPARQL endpoint: SPARQL 1.1 Protocol over the workers, and the page for people (RFC 9110, no more)."""

import asyncio
import hashlib
import re
import tempfile
from typing import IO

from starlette.requests import Request
from starlette.responses import Response

from lod.errors import Misused, StoreFailed
from lod.query import read_only
from lod.query.jobs import QueryJob
from lod.query.worker_process import EngineCrashed, OutOfTime
from lod.web.http.negotiation import header
from lod.web.http.responses import CACHED, has_tag
from lod.web.sparql import formats, pages, service_description
from lod.web.sparql.pages import Service
from lod.web.sparql.request import RequestRefused, SparqlRequest, check_graphs, parse_request
from lod.web.sparql.sending import sent
from lod.web.sparql.workers import Overloaded

_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
"""What gives another value each time, whatever stands before its bracket."""


async def sparql(request: Request, service: Service) -> Response:
    """Answer a request to the endpoint: a query, or without one what the endpoint is."""
    try:
        response = await _answered(request, service_description)
    except RequestRefused as refusal:
        response = pages.refused(request, service_description, refusal)
    response.headers.setdefault("Vary", "Accept, Accept-Language")
    return response


async def _answered(request: Request, service: Service) -> Response:
    asked = await parse_request(request, service_description.base)
    if asked.query is None:
        return _described(request, service_description, asked)
    form, kind = await asyncio.to_thread(_checked, request, asked, service_description.base)
    return await _queried(request, service_description, asked, (form, kind))


def _described(request: Request, of: Service, asked: SparqlRequest) -> Response:
    form = formats.chosen(formats.GRAPH, header(request, "accept"), asked.form)
    if form == formats.PAGE:
        return pages.editor(request, of, language=asked.language)
    headers = {"Content-Type": formats.GRAPH[form], "Cache-Control": CACHED}
    return Response(service_description.description(of.base, form), headers=headers)


def _checked(request: Request, asked: SparqlRequest, base: str) -> tuple[str, str]:
    """Give the format of the answer and its media type; raise Refusal if the query is not for here."""
    query = asked.query or ""
    try:
        is_graph = read_only.check(query) in ("CONSTRUCT", "DESCRIBE")
    except (read_only.Writes, read_only.CallsOut) as error:
        raise RequestRefused(403, str(error)) from None
    except Misused as error:
        raise RequestRefused(400, str(error)) from None
    check_graphs(tuple(read_only.graphs(query)), base)
    offered = formats.GRAPH if is_graph else formats.ROWS
    form = formats.chosen(offered, header(request, "accept"), asked.form)
    return form, offered[form]


async def _queried(
    request: Request, service: Service, asked: SparqlRequest, chosen: tuple[str, str]
) -> Response:
    form, media = chosen
    order = _order(asked, form)
    headers = {"Content-Type": media, "Cache-Control": "no-store"}
    if request.method != "POST" and not _CHANGING.search(order.query):
        headers |= {"Cache-Control": CACHED, "ETag": _tag(service_description, asked, form)}
        if has_tag(request, headers["ETag"]):
            return Response(
                status_code=304, headers={k: v for k, v in headers.items() if k != "Content-Type"}
            )
    file = await _run(request, service_description, order)
    if form == formats.PAGE:
        with file:
            file.seek(0)
            return pages.results(request, service_description, asked, file.read())
    return sent(file, headers)


def _order(asked: SparqlRequest, form: str) -> QueryJob:
    query = asked.query or ""
    names_graphs = bool(asked.default_graphs or asked.named_graphs)
    written = "page" if form == formats.PAGE else form
    return QueryJob(
        query=query,
        is_union=not read_only.names_its_graphs(query),
        default_graphs=list(asked.default_graphs) if names_graphs else None,
        named_graphs=list(asked.named_graphs) if names_graphs else None,
        rows=written,
        graph=written,
    )


def _tag(service: Service, asked: SparqlRequest, form: str) -> str:
    """Give what is another if the data, the query or the format is another."""
    said = repr((service_description.tag, asked.query, asked.default_graphs, asked.named_graphs, form))
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


async def _run(request: Request, service: Service, order: QueryJob) -> IO[bytes]:
    """Give the file that holds the answer; who leaves before it is there frees the worker."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who sends it
    answering = asyncio.create_task(service_description.workers.ask(order, out))
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise RequestRefused(400, "expected somebody who waits for the answer")
        answering.result()
    except BaseException as error:
        out.close()
        if isinstance(error, StoreFailed | Misused):
            raise _refusal(error) from None
        raise
    finally:
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)
    return out


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refusal(error: StoreFailed | Misused) -> RequestRefused:
    if isinstance(error, Misused | EngineCrashed):
        return RequestRefused(400, str(error))
    if isinstance(error, OutOfTime):
        return RequestRefused(504, str(error))
    return RequestRefused(503, str(error), {"Retry-After": "5" if isinstance(error, Overloaded) else "60"})
