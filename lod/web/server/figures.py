"""The pages of « Chiffres » and the overdue questions, and their tables as CSV, JSON and SVG."""

import re

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import CONTENT_TYPES, HTML
from lod.web.http.responses import respond
from lod.web.pages import Language
from lod.web.server import documents
from lod.web.server.documents import VARY, RequestTarget, language_of
from lod.web.server.site import Site

_ADDRESS = re.compile(
    r"(?P<path>[^.]+)(?:\.(?P<page>[1-9][0-9]{0,5}))?(?P<english>\.en)?(?:\.(?P<form>html|csv|json|svg))?"
)


async def figures(request: Request, site: Site) -> Response:
    """Answer with a page, or with a table or chart as a file."""
    path = request.url.path.removeprefix(site.root)
    match = _ADDRESS.fullmatch(path)
    if match is None:
        return await documents.not_found(request, site, path)
    form, number = match["form"] or "html", int(match["page"] or 1)
    fixed = match["form"] and ("en" if match["english"] else "fr")
    language = language_of(request, RequestTarget(match["path"], language=fixed))
    body = await site.run_in_thread(lambda: _body(site, match["path"], form, language, number))
    if body is None:
        return await documents.not_found(request, site, path)
    headers = {"Content-Type": HTML.content_type if form == "html" else CONTENT_TYPES[form], "Vary": VARY}
    if form in ("html", "svg"):
        headers["Content-Language"] = language
    return respond(request, site.page_body(body, f"{match['path']}-{number}-{language}-{form}"), headers)


def _body(site: Site, path: str, form: str, language: Language, number: int) -> bytes | None:
    if form != "html":
        return site.pages.figures_file(path, form, language) if number == 1 else None
    page = site.pages.figures(path, language, number)
    return page.encode() if page else None
