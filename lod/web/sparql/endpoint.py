"""The SPARQL endpoint: the SPARQL 1.1 Protocol over worker processes, and its Service Description."""

import asyncio
import hashlib
import re
import tempfile
from typing import IO

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from lod.errors import Misused, StoreFailed
from lod.formats import HTML, RDF, RESULTS, Format
from lod.query import read_only
from lod.query.engine import PAGE
from lod.query.limits import AnswerTooLarge, OutOfMemory, OutOfTime
from lod.query.messages import QueryJob
from lod.query.worker_process import EngineCrashed
from lod.web.http.negotiation import accepts_gzip, list_header
from lod.web.http.responses import CACHED, compressed_tag, matches_tag
from lod.web.sparql import formats, pages
from lod.web.sparql.file_response import file_response
from lod.web.sparql.pages import SparqlService
from lod.web.sparql.request import RequestRefused, SparqlRequest, check_graphs, parse_request
from lod.web.sparql.workers import Overloaded

_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
"""The functions that return another value each time, whatever is written before their bracket."""
_RESULT_TYPES = tuple(form.media_type for form in RESULTS.values())
"""The media types that only clients with a query name."""


async def sparql(request: Request, service: SparqlService) -> Response:
    """Answer a query, or describe the endpoint if there is none."""
    try:
        response = await _respond(request, service)
    except RequestRefused as refusal:
        response = pages.refusal_response(request, service, refusal)
    response.headers.setdefault("Vary", "Accept, Accept-Language, Accept-Encoding")
    return response


async def _respond(request: Request, service: SparqlService) -> Response:
    parsed = await parse_request(request, service.base)
    if parsed.query is None:
        return _description_response(request, service, parsed)
    # in a thread: the checks read the whole query several times
    form = await asyncio.to_thread(_check, request, parsed, service.base)
    return await _query_response(request, service, parsed, form)


def _description_response(request: Request, service: SparqlService, parsed: SparqlRequest) -> Response:
    """Describe the endpoint, unless the client expects the answer to a query.

    Clients repeat a POST as GET without its body after a redirect with status 301 or 302.
    """
    accept = list_header(request, "accept")
    names_results = any(each in accept.lower() for each in _RESULT_TYPES)
    if request.method == "POST" or parsed.has_graphs or names_results:
        raise RequestRefused(400, "the request has no query; after a redirect, send it to the new address")
    form = formats.negotiate(formats.GRAPH, accept, parsed.formats)
    if form is HTML:
        return pages.editor(request, service, language=parsed.language)
    headers = {"Content-Type": form.content_type, "Cache-Control": CACHED}
    return Response(service_description(service, form.name), headers=headers)


def _check(request: Request, parsed: SparqlRequest, base: str) -> Format:
    """Return the format of the answer; raise RequestRefused if the query is not allowed."""
    query = parsed.query or ""
    try:
        is_graph = read_only.check(query) in read_only.GRAPH_FORMS
    except (read_only.IsUpdate, read_only.CallsOut) as error:
        raise RequestRefused(403, str(error)) from None
    except Misused as error:
        raise RequestRefused(400, str(error)) from None
    check_graphs(tuple(read_only.graphs(query)), base)
    available = formats.GRAPH if is_graph else formats.ROWS
    return formats.negotiate(available, list_header(request, "accept"), parsed.formats)


async def _query_response(
    request: Request, service: SparqlService, parsed: SparqlRequest, form: Format
) -> Response:
    job = _job(parsed, form)
    headers = {"Content-Type": form.content_type, "Cache-Control": "no-store"}
    if request.method != "POST" and not _VOLATILE.search(job.query):
        headers |= {"Cache-Control": CACHED, "ETag": _entity_tag(service, parsed, form)}
        for tag in (headers["ETag"], compressed_tag(headers["ETag"])):
            if matches_tag(request, tag):
                del headers["Content-Type"]
                return Response(status_code=304, headers={**headers, "ETag": tag})
    file = await run(request, service, job)
    if form is HTML:
        with file:
            file.seek(0)
            return pages.results(request, service, parsed, file.read())
    return file_response(file, headers, is_gzip=accepts_gzip(list_header(request, "accept-encoding")))


def _job(parsed: SparqlRequest, form: Format) -> QueryJob:
    query = parsed.query or ""
    output = PAGE if form is HTML else form.name
    return QueryJob(
        query=query,
        is_union=not read_only.names_its_graphs(query),
        default_graphs=list(parsed.default_graphs) if parsed.has_graphs else None,
        named_graphs=list(parsed.named_graphs) if parsed.has_graphs else None,
        rows_format=output,
        graph_format=output,
    )


def _entity_tag(service: SparqlService, parsed: SparqlRequest, form: Format) -> str:
    """Return a tag that differs whenever the data, the query or the format does."""
    key = repr((service.tag, parsed.query, parsed.default_graphs, parsed.named_graphs, form.name))
    return f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'


async def run(request: Request, service: SparqlService, job: QueryJob) -> IO[bytes]:
    """Return a file with the answer; stop the query if the client disconnects."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
    answer = asyncio.create_task(service.workers.answer(job, out))
    disconnect = asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait({answer, disconnect}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise RequestRefused(400, "the client has disconnected")
        answer.result()
    except BaseException as error:
        await _cancel(answer, disconnect)
        out.close()  # only now: before, its number could still be sent to a worker
        if isinstance(error, StoreFailed | Misused):
            raise _refusal(error) from None
        raise
    await _cancel(disconnect)
    return out


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _disconnect(request: Request) -> None:
    """Return when the client has disconnected."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refusal(error: StoreFailed | Misused) -> RequestRefused:
    if isinstance(error, Misused | EngineCrashed):
        return RequestRefused(400, str(error))
    if isinstance(error, Overloaded):
        return RequestRefused(503, str(error), {"Retry-After": "5"})
    message = f"{error}; ask for less, for example with LIMIT"
    if isinstance(error, OutOfTime):
        return RequestRefused(504, message)
    if not isinstance(error, OutOfMemory | AnswerTooLarge):
        message = "the query could not be answered"  # the cause is of no use to a client
    return RequestRefused(503, message, {"Retry-After": "60"})


_PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "formats": "http://www.w3.org/ns/formats/",
    "dcterms": "http://purl.org/dc/terms/",
}
_DESCRIPTION = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX formats: <http://www.w3.org/ns/formats/>
PREFIX dcterms: <http://purl.org/dc/terms/>

<sparql> a sd:Service ;
  dcterms:title "Questions parlementaires : point d'accès SPARQL"@fr ,
    "Parliamentary questions: SPARQL endpoint"@en ;
  sd:endpoint <%s> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat
    formats:SPARQL_Results_JSON , formats:SPARQL_Results_XML , formats:SPARQL_Results_CSV ,
    formats:SPARQL_Results_TSV , formats:Turtle , formats:N-Triples , formats:RDF_XML , formats:JSON-LD ;
  sd:defaultDataset <sparql#dataset> .

<sparql#dataset> a sd:Dataset ;
  dcterms:title "L'union de tous les graphes"@fr , "The union of all graphs"@en ;
  sd:defaultGraph <sparql#graph> .

<sparql#graph> a sd:Graph .
"""


def service_description(service: SparqlService, form: str) -> bytes:
    """Return the SPARQL 1.1 Service Description of the endpoint.

    Its names begin with the base of the data; `sd:endpoint` is its public address, which nothing redirects.
    """
    text = _DESCRIPTION % f"{service.address}sparql"
    triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE, base_iri=service.base)]
    media_type = RDF[form].media_type
    return ox.serialize(triples, format=ox.RdfFormat.from_media_type(media_type), prefixes=_PREFIXES) or b""
