"""Documents: every IRI of the base as data in several formats or as a page, negotiated or by ending."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lod.compression import gzip_decompress
from lod.errors import quote as quote_value
from lod.formats import DOCUMENT_DATA, DOCUMENTS, HTML, RDF, TEXT, by_media_type
from lod.web.http import negotiation
from lod.web.http.headers import links
from lod.web.http.responses import respond, text_response
from lod.web.index.reader import STORED, IndexedDocument
from lod.web.pages import Language
from lod.web.server.site import Site, paris_day

VARY = "Accept, Accept-Language, Accept-Encoding"
"""The Vary header of responses whose format and language are negotiated."""
AS_OF = "au"
"""The parameter for the page of a question as of a past day."""
NOT_FOUND = "nothing is published at this address"

_MOVED = {"/": "", ".json": f".{RDF['jsonld'].name}"}
"""Endings of addresses that nothing has, and those that stand for them."""
_BY_MEDIA_TYPE = by_media_type(DOCUMENTS.values())
_LANGUAGES = tuple(Language)
_PAGE = re.compile(r"(?P<path>.+?)(?:\.(?P<page>[1-9][0-9]{0,5}))?(?P<english>\.en)?\.html", re.DOTALL)
_DATA = re.compile(rf"(?P<path>.+)\.(?P<format>{'|'.join(DOCUMENT_DATA)})", re.DOTALL)


class RequestTarget(NamedTuple):
    """The path of a document, and the format, language and page of its list that its ending fixes."""

    path: str
    format: str | None = None
    language: str | None = None
    page: int = 1


def targets(path: str) -> Iterator[RequestTarget]:
    """Yield the possible meanings of a path, the most likely first.

    `jeu/questions.ttl` is the data set in Turtle and also the name of one of its files;
    `logiciel/lod/0.1.2.html` is the page of a version, and could be the second page of another one.
    """
    if match := _PAGE.fullmatch(path):
        language = "en" if match["english"] else "fr"
        if match["page"]:
            yield RequestTarget(f"{match['path']}.{match['page']}", "html", language)
            yield RequestTarget(match["path"], "html", language, int(match["page"]))
        else:
            yield RequestTarget(match["path"], "html", language)
    if match := _DATA.fullmatch(path):
        yield RequestTarget(match["path"], match["format"])
    yield RequestTarget(path)


class _Representation(NamedTuple):
    """A document in one format and language, and the page of its list."""

    document: IndexedDocument
    format: str
    language: Language
    page: int
    day: date | None = None
    """The day as of which a question is shown; None for today."""


async def document(request: Request, site: Site) -> Response:
    """Answer any path under the base."""
    path = request.path_params["path"]
    match = _find(site, path)
    if match is None:
        return _moved(site, path) or await not_found(request, site, path)
    target, indexed = match
    form = target.format or _negotiated_format(negotiation.list_header(request, "accept"))
    if form is None:
        return _not_acceptable(site, indexed)
    day = _day(request, indexed, form)
    representation = _Representation(indexed, form, language_of(request, target), target.page, day)
    if indexed.kind == "tombstone":
        return await _gone(site, representation, path)
    body = await (_page if form == "html" else _data)(site, representation)
    if body is None:
        return await not_found(request, site, path)
    headers = _headers(site, representation, is_negotiated=target.format is None)
    name = f"{indexed.id}-{form}"
    if form == "html":
        name += f"-{representation.language}-{target.page}" + (f"-{day}" if day else "")
        return respond(request, site.page_body(body, name), headers)
    return respond(request, site.body(body, name, is_gzip=True), headers)


def _day(request: Request, indexed: IndexedDocument, form: str) -> date | None:
    """Return the day as of which a question is asked for; answer 400 if that cannot be shown."""
    days = request.query_params.getlist(AS_OF)
    if not days:
        return None
    if indexed.kind != "question" or form != "html":
        raise HTTPException(400, f"{AS_OF}: only the page of a question can be shown as of a day")
    found, expected = ", ".join(days), f"{AS_OF}: expected one day such as 2026-05-01, not after today"
    try:
        day = date.fromisoformat(found)
    except ValueError:
        day = None
    if day is None or day.isoformat() != found or day > paris_day():
        raise HTTPException(400, f"{expected}; found {quote_value(found)}")
    return day


def _moved(site: Site, path: str) -> Response | None:
    """Redirect from an address that clients make of another one: with a slash at its end, or « .json »."""
    for ending, instead in _MOVED.items():
        stem = path.removesuffix(ending)
        if stem != path and _find(site, stem):
            return Response(status_code=308, headers={"Location": f"{site.root}{quote(stem)}{instead}"})
    return None


def prefers_page(accept: str) -> bool:
    """Return whether a client prefers a page to data."""
    return _negotiated_format(accept) == "html"


def language_of(request: Request, target: RequestTarget) -> Language:
    """Return the language of a page: that of its address, else the negotiated one."""
    accept = negotiation.list_header(request, "accept-language")
    return Language(target.language or negotiation.best_language(accept, _LANGUAGES))


async def not_found(request: Request, site: Site, path: str) -> Response:
    """Answer 404, with a page for browsers and a sentence for other clients."""
    accept = negotiation.list_header(request, "accept")
    if negotiation.best_media_type(accept, (TEXT, HTML.media_type)) != HTML.media_type:
        return text_response(404, NOT_FOUND, {"Vary": VARY})
    language = language_of(request, RequestTarget(path))
    body = await site.run_in_thread(lambda: site.pages.error(404, language, path))
    headers = {"Content-Type": HTML.content_type, "Vary": VARY, "Content-Language": language}
    return Response(body, 404, headers)


def _negotiated_format(accept: str) -> str | None:
    best = negotiation.best_media_type(accept, tuple(_BY_MEDIA_TYPE))
    return _BY_MEDIA_TYPE[best].name if best else None


def _not_acceptable(site: Site, indexed: IndexedDocument) -> Response:
    """Answer 406 with a list of the available formats."""
    formats = "".join(
        f"\n{site.root}{indexed.path}.{each.name} {each.content_type}" for each in DOCUMENTS.values()
    )
    return text_response(406, f"{negotiation.NOT_ACCEPTABLE}:{formats}", {"Vary": VARY})


async def _gone(site: Site, representation: _Representation, path: str) -> Response:
    """Answer 410 for a withdrawn document, with a page or its tombstone."""
    form, language = representation.format, representation.language
    headers = {"Content-Type": DOCUMENTS[form].content_type, "Vary": VARY}
    if form != "html":
        return Response(gzip_decompress(await _data(site, representation)), 410, headers)
    body = await site.run_in_thread(lambda: site.pages.error(410, language, path))
    return Response(body, 410, {**headers, "Content-Language": language})


def _find(site: Site, path: str) -> tuple[RequestTarget, IndexedDocument] | None:
    for target in targets(path):
        indexed = site.index.document(target.path)
        if indexed:
            return target, indexed
    return None


async def _page(site: Site, representation: _Representation) -> bytes | None:
    document, language, day = representation.document, representation.language, representation.day

    def render() -> str | None:
        if day:
            return site.pages.question_on_day(document, language, day)
        return site.pages.document(document, language, representation.page)

    page = await site.run_in_thread(render)
    return page.encode() if page is not None else None


async def _data(site: Site, representation: _Representation) -> bytes:
    """Return a document, compressed with gzip; a thread converts it to a format that is not stored."""
    indexed, form = representation.document, representation.format
    if form in STORED:
        return site.index.data(indexed, form)
    return await site.run_in_thread(lambda: site.index.data(indexed, form))


def _headers(site: Site, representation: _Representation, *, is_negotiated: bool) -> dict[str, str]:
    indexed, form = representation.document, representation.format
    headers = {"Content-Type": DOCUMENTS[form].content_type, "Link": links(indexed, form, site.root)}
    headers["Vary"] = VARY if is_negotiated else "Accept-Encoding"
    if is_negotiated:
        ending = representation.language.suffix if form == "html" else f".{form}"
        as_of = f"?{AS_OF}={representation.day}" if representation.day else ""
        headers["Content-Location"] = f"{site.root}{indexed.path}{ending}{as_of}"
    if form == "html":
        headers["Content-Language"] = representation.language
    return headers
