"""The pages of SPARQL for people: the editor with the cookbook, the table of results, what went wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lod.errors import Misused, escape_unprintable
from lod.query import read_only
from lod.query.cookbook import SavedQuery, cookbook
from lod.query.jobs import ResultPage
from lod.query.parameters import ParameterType
from lod.web.http import negotiation
from lod.web.http.headers import policy
from lod.web.sparql import editor as files
from lod.web.sparql import formats
from lod.web.sparql.request import QUERY, RequestRefused, SparqlRequest
from lod.web.sparql.workers import Workers

_LANGUAGES = ("fr", "en")
_POLICY = policy(styles="'self' 'unsafe-inline'", fonts="'self' data:")
"""The editor sets styles of its own."""

_EXAMPLE = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <http://schema.org/>

SELECT ?identifier ?title ?day
WHERE {
  ?question a schema:Question ;
    dcterms:identifier ?identifier ;
    dcterms:title ?title ;
    dcterms:issued ?day .
}
ORDER BY DESC(?day) ?identifier
LIMIT 20
"""


class Render(Protocol):
    """What puts a template of a page into the frame that all pages have."""

    def __call__(self, title: str, template: str, language: str, **values: Any) -> str:
        """Give the page as HTML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the endpoint answers from: the workers over a store, the base of its IRIs, how its pages are made.

    `tag` is another if the data are another, `root` the path under which the site lies.
    """

    workers: Workers
    base: str
    page: Render
    tag: str
    root: str = "/"


async def saved(request: Request, service: Service) -> Response:
    """Answer with a query of the cookbook: in the editor, its parameters filled in, or as it is."""
    query = cookbook().get(request.path_params["name"])
    accept = negotiation.header(request, "accept")
    if query is None:
        return refused(request, service, RequestRefused(404, "there is no query of this name"))
    values = {name: value for name, value in request.query_params.items() if name != "lang"}
    shown: dict[str, Any] = {"text": query.under(service.base), "query": query, "values": values}
    try:
        wants_text = negotiation.best(accept, ("text/html", QUERY)) == QUERY
        text = _filled(query, values, service.base)
    except negotiation.TooMuch as error:
        return refused(request, service, RequestRefused(400, str(error)))
    except Misused as error:
        if wants_text:
            return refused(request, service, RequestRefused(400, str(error)))
        return editor(request, service, status=400, error=str(error), **shown)
    if wants_text:
        return Response(text, headers={"Content-Type": QUERY, "Vary": "Accept"})
    return editor(request, service, **shown | {"text": text})


def editor(
    request: Request, service: Service, *, status: int = 200, language: str | None = None, **values: Any
) -> Response:
    """Answer with the page of the editor: a query, the fields of its parameters, results, an error."""
    spoken = _language(request, language)
    shown = {
        "text": _EXAMPLE,
        "error": None,
        "found": None,
        "query": None,
        "values": {},
        "downloads": [],
    } | values
    body = service.page(
        _title(shown["query"], spoken),
        "query.html",
        spoken,
        root=service.root,
        cookbook=list(cookbook().values()),
        inputs=_INPUTS,
        asset=partial(files.address, service.root),
        address=partial(_address, service),
        here={each: _again(request, lang=each) for each in _LANGUAGES},
        again=lambda form: _again(request, format=form),
        **shown,
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": spoken,
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Language",
    }
    return Response(body, status, headers)


def results(request: Request, service: Service, asked: SparqlRequest, body: bytes) -> Response:
    """Answer with the page of the editor and the first rows of an answer."""
    found = msgspec.msgpack.decode(body, type=ResultPage)
    offered = (
        formats.GRAPH if read_only.check(asked.query or "") in ("CONSTRUCT", "DESCRIBE") else formats.ROWS
    )
    is_posted = request.method == "POST"  # then its address has no query to ask again
    downloads = [form for form in offered if form != formats.PAGE and not is_posted]
    return editor(
        request, service, language=asked.language, text=asked.query, found=found, downloads=downloads
    )


def refused(request: Request, service: Service, refusal: RequestRefused) -> Response:
    """Say in one sentence why there is no answer; on the page of the editor to those who see that."""
    headers = {"Cache-Control": "no-store", **refusal.headers}
    accept = negotiation.header(request, "accept")
    try:
        wants_page = negotiation.best(accept, ("text/plain", "text/html")) == "text/html"
    except negotiation.TooMuch:
        wants_page = False
    if wants_page:
        text = request.query_params.get("query", _EXAMPLE)
        response = editor(request, service, text=text, status=refusal.status, error=refusal.says)
        response.headers.update(headers)
        return response
    headers["Content-Type"] = "text/plain; charset=utf-8"
    lines = "\n".join(escape_unprintable(line) for line in refusal.says.split("\n"))
    return Response(lines + "\n", refusal.status, headers)


_INPUTS = {ParameterType.NUMBER: "number", ParameterType.IRI: "url"}
"""What a parameter is typed into, if it is not any text."""


def _language(request: Request, named: str | None) -> str:
    named = named or request.query_params.get("lang")
    if named in _LANGUAGES:
        return named
    try:
        return negotiation.language(negotiation.header(request, "accept-language"), _LANGUAGES)
    except negotiation.TooMuch:
        return _LANGUAGES[0]


def _again(request: Request, **changed: str) -> str:
    """Give the address of this page with a parameter changed."""
    values = {**request.query_params, **changed}
    return f"{request.url.path}?{urlencode(values)}"


def _address(service: Service, iri: str) -> str:
    """Give the address of a thing: on this site if it is one of this data; none that a browser would run."""
    if iri.startswith(service.base):
        return service.root + iri.removeprefix(service.base).lstrip("/")
    return iri if iri.startswith(("http://", "https://", "urn:")) else f"#{quote(iri)}"


def _title(query: SavedQuery | None, language: str) -> str:
    if query is None:
        return "SPARQL"
    return query.title if language == "fr" else query.title_en


def _filled(query: SavedQuery, values: Mapping[str, str], base: str) -> str:
    """Fill in what is given; without any value a query that needs one comes with its example."""
    needs = any(parameter.default is None for parameter in query.parameters)
    text = query.under(base) if needs and not values else query.bound(values, base)
    return re.sub(r"\A(?:#[^\n]*\n)+", "", text)
