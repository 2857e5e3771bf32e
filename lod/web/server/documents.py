"""Every IRI of the base: its document as JSON-LD, Turtle, N-Triples or a page, negotiated or by ending."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from lod.compression import gzip_decompress
from lod.web.http import negotiation
from lod.web.http.headers import MEDIA, links
from lod.web.http.responses import respond, text_response
from lod.web.index.reader import IndexedDocument
from lod.web.pages import Language
from lod.web.server.site import Site
from lod.web.server.target import RequestTarget, targets

VARY = "Accept, Accept-Language, Accept-Encoding"
"""What an answer depends on whose address says neither format nor language."""

_OFFERED = {media.partition(";")[0]: form for form, media in MEDIA.items()} | {"application/json": "jsonld"}
_LANGUAGES = tuple(Language)


class Chosen(NamedTuple):
    """A document, the format and language in which it is sent, the page of its list."""

    held: IndexedDocument
    form: str
    language: Language
    page: int


async def document(request: Request, site: Site) -> Response:
    """Answer for any path under the base."""
    path = request.path_params["path"]
    found = _found(site, path)
    if found is None:
        return await missing(request, site, path)
    target, held = found
    accept = negotiation.header(request, "accept")
    form = target.form or _OFFERED.get(negotiation.best(accept, tuple(_OFFERED)) or "")
    if form is None:
        return not_acceptable(site, held)
    chosen = Chosen(held, form, language_of(request, target), target.page)
    if held.kind == "tombstone":
        return await _gone(site, chosen, path)
    body = await _page(site, chosen) if form == "html" else site.index.data(held, form)
    if body is None:
        return await missing(request, site, path)
    headers = _headers(site, chosen, is_negotiated=target.form is None)
    name = f"{held.id}-{form}" + (f"-{chosen.language}-{chosen.page}" if form == "html" else "")
    return respond(request, site.body(body, name, is_gzip=form != "html"), headers)


def wants_page(accept: str) -> bool:
    """Say whether a page is wanted rather than data."""
    return _OFFERED.get(negotiation.best(accept, tuple(_OFFERED)) or "html") == "html"


def language_of(request: Request, target: RequestTarget) -> Language:
    """Give the language of a page: the one its address says, else the one that is wanted most."""
    accept = negotiation.header(request, "accept-language")
    return Language(target.language or negotiation.language(accept, _LANGUAGES))


def not_acceptable(site: Site, held: IndexedDocument) -> Response:
    """Answer 406, and list what there is."""
    listed = "".join(f"\n{site.root}{held.path}.{form} {media}" for form, media in MEDIA.items())
    return text_response(406, f"expected one of these media types in Accept:{listed}", {"Vary": VARY})


async def missing(request: Request, site: Site, path: str) -> Response:
    """Answer 404: with a page to those who want one, else with a sentence."""
    accept = negotiation.header(request, "accept")
    if negotiation.best(accept, ("text/plain", "text/html")) != "text/html":
        return text_response(404, "there is nothing at this address", {"Vary": VARY})
    language = language_of(request, RequestTarget(path))
    body = await site.made(lambda: site.pages.error(404, language, path))
    headers = {"Content-Type": MEDIA["html"], "Vary": VARY, "Content-Language": language}
    return Response(body, 404, headers)


async def _gone(site: Site, chosen: Chosen, path: str) -> Response:
    """Answer 410 for what was published once: with a page, or with what its tombstone says."""
    headers = {"Content-Type": MEDIA[chosen.form], "Vary": VARY}
    if chosen.form != "html":
        return Response(gzip_decompress(site.index.data(chosen.held, chosen.form)), 410, headers)
    body = await site.made(lambda: site.pages.error(410, chosen.language, path))
    return Response(body, 410, {**headers, "Content-Language": chosen.language})


def _found(site: Site, path: str) -> tuple[RequestTarget, IndexedDocument] | None:
    for target in targets(path):
        held = site.index.document(target.path)
        if held:
            return target, held
    return None


async def _page(site: Site, chosen: Chosen) -> bytes | None:
    def made() -> str | None:
        return site.pages.document(chosen.held, chosen.language, chosen.page)

    page = await site.made(made)
    return page.encode() if page is not None else None


def _headers(site: Site, chosen: Chosen, *, is_negotiated: bool) -> dict[str, str]:
    held, form = chosen.held, chosen.form
    said = {"Content-Type": MEDIA[form], "Link": links(held, form, site.root)}
    said["Vary"] = VARY if is_negotiated else "Accept-Encoding"
    if is_negotiated:
        ending = chosen.language.suffix if form == "html" else f".{form}"
        said["Content-Location"] = f"{site.root}{held.path}{ending}"
    if form == "html":
        said["Content-Language"] = chosen.language
    return said
