"""The pages of the endpoint: the query editor with the cookbook, the table of results, errors, and assets.

`make web` puts the files of the editor, Yasgui, next to those of the page itself.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lod.errors import escape_unprintable
from lod.formats import CONTENT_TYPES, HTML, TEXT
from lod.query import SavedQuery, columns, cookbook, read_only
from lod.query.cookbook import ParameterType
from lod.query.messages import ResultPage
from lod.release import digest
from lod.web.http import negotiation
from lod.web.http.headers import content_security_policy
from lod.web.sparql import formats
from lod.web.sparql.request import RequestRefused, SparqlRequest
from lod.web.sparql.workers import Workers

TEMPLATES = Path(__file__).with_name("templates")
_ASSETS = Path(__file__).with_name("assets")
_LANGUAGES = ("fr", "en")
_IDENTIFIER = re.compile(r"QANR5L([0-9]+)(QE|QG|QOSD)([0-9]+)")
_POLICY = content_security_policy(styles="'self' 'unsafe-inline'", fonts="'self' data:")
"""The editor sets inline styles and has a font in its style sheet."""
_INPUT_TYPES = {ParameterType.NUMBER: "number", ParameterType.IRI: "url", ParameterType.DAY: "date"}
"""The types of form fields; the field of any other parameter is a text field."""

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
    """A function that renders a template within the layout of all pages of the site."""

    def __call__(self, title: str, template: str, language: str, **values: Any) -> str:
        """Return the page as HTML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparqlService:
    """What the endpoint needs: the workers over a store, the base of its IRIs, the layout of its pages.

    `tag` changes with the data; `address` is the public address of the site, `root` its path.
    """

    workers: Workers
    base: str
    render: Render
    tag: str
    address: str
    root: str = "/"


def results(request: Request, service: SparqlService, parsed: SparqlRequest, body: bytes) -> Response:
    """Answer with the editor and the first rows of a result."""
    page = msgspec.msgpack.decode(body, type=ResultPage)
    is_graph = read_only.check(parsed.query or "") in read_only.GRAPH_FORMS
    available = formats.GRAPH if is_graph else formats.ROWS
    is_posted = request.method == "POST"  # then the address has no query to run again
    downloads = [name for name in available if name != HTML.name and not is_posted]
    return editor(
        request, service, language=parsed.language, text=parsed.query, result=page, downloads=downloads
    )


def refusal_response(request: Request, service: SparqlService, refusal: RequestRefused) -> Response:
    """Answer with the reason of a refusal: in the editor for browsers, otherwise as plain text."""
    headers = {"Cache-Control": "no-store", **refusal.headers}
    accept = negotiation.list_header(request, "accept")
    try:
        wants_page = negotiation.best_media_type(accept, (TEXT, HTML.media_type)) == HTML.media_type
    except negotiation.HeaderTooLong:
        wants_page = False
    if wants_page:
        text = request.query_params.get("query", _EXAMPLE)
        response = editor(request, service, text=text, status=refusal.status, error=refusal.message)
        response.headers.update(headers)
        return response
    headers["Content-Type"] = CONTENT_TYPES["txt"]
    lines = "\n".join(escape_unprintable(line) for line in refusal.message.split("\n"))
    return Response(lines + "\n", refusal.status, headers)


def editor(
    request: Request, service: SparqlService, *, status: int = 200, language: str | None = None, **values: Any
) -> Response:
    """Answer with the page of the editor, or of a saved query: fields for parameters, results, an error."""
    language = _language(request, language)
    context = {
        "text": _EXAMPLE,
        "error": None,
        "result": None,
        "query": None,
        "values": {},
        "downloads": [],
    } | values
    body = service.render(
        _title(context["query"], language),
        "saved_query.html" if context["query"] else "query.html",
        language,
        root=service.root,
        cookbook=list(cookbook().values()),
        input_types=_INPUT_TYPES,
        headings=columns(language),
        question_path=_question_path,
        today=date.today().isoformat(),
        asset=partial(_asset_address, service.root),
        address=partial(_address, service),
        here={each: _with_parameter(request, lang=each) for each in _LANGUAGES},
        download=lambda form: _with_parameter(request, format=form),
        **context,
    )
    headers = {
        "Content-Type": HTML.content_type,
        "Content-Language": language,
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Language",
    }
    return Response(body, status, headers)


def _question_path(text: str) -> str | None:
    """Return the path of the question whose official identifier a text is."""
    match = _IDENTIFIER.fullmatch(text)
    return f"an/{match[1]}/{match[2].lower()}/{match[3]}" if match else None


def _language(request: Request, name: str | None) -> str:
    name = name or request.query_params.get("lang")
    if name in _LANGUAGES:
        return name
    try:
        return negotiation.best_language(negotiation.list_header(request, "accept-language"), _LANGUAGES)
    except negotiation.HeaderTooLong:
        return _LANGUAGES[0]


def _title(query: SavedQuery | None, language: str) -> str:
    if query is None:
        return "SPARQL"
    return query.title if language == "fr" else query.title_en


def _with_parameter(request: Request, **parameter: str) -> str:
    """Return the address of the request with another value of a parameter."""
    return f"{request.url.path}?{urlencode({**request.query_params, **parameter})}"


def _address(service: SparqlService, iri: str) -> str:
    """Return the address to link to for an IRI: on this site if it is one of its data; never a script."""
    if iri.startswith(service.base):
        return service.root + iri.removeprefix(service.base).lstrip("/")
    return iri if iri.startswith(("http://", "https://", "urn:")) else f"#{quote(iri)}"


def asset(name: str) -> Path | None:
    """Return the asset of a name; None if there is none, as in a checkout without `make web`."""
    for folder in (_ASSETS, _ASSETS / "vendor"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name == name and path.is_file():
                return path
    return None


def _asset_address(root: str, name: str) -> str:
    """Return the address of an asset, which changes with its content."""
    return f"{root}assets/{name}?v={_asset_version(name)}"


@cache
def _asset_version(name: str) -> str:
    path = asset(name)
    return digest(path)[:12] if path else "0"
