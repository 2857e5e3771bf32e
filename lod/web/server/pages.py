"""The pages that are about no IRI: the home page, lists, the search, the feed, the site map."""

from starlette.requests import Request
from starlette.responses import Response

from lod.errors import BadValue
from lod.web import feed
from lod.web.http.headers import MEDIA
from lod.web.http.negotiation import header
from lod.web.http.responses import refused, respond, text_response
from lod.web.index.search_parameters import parse_filter
from lod.web.pages import LISTS, Language
from lod.web.server import documents
from lod.web.server.documents import VARY, language_of
from lod.web.server.paging import DEEPEST, number
from lod.web.server.site import Site
from lod.web.server.target import RequestTarget, targets


async def home(request: Request, site: Site) -> Response:
    """Answer with the home page; with the catalogue to those who want data."""
    accept = header(request, "accept")
    if not documents.wants_page(accept):
        request.path_params["path"] = "catalogue"
        return await documents.document(request, site)
    return await _page(request, site, RequestTarget("index"))


async def path(request: Request, site: Site) -> Response:
    """Answer for any path: a list, or what the release says of it."""
    for target in targets(request.path_params["path"]):
        if target.path in ("index", *LISTS) and target.form in ("html", None):
            return await _page(request, site, target)
    return await documents.document(request, site)


async def _page(request: Request, site: Site, target: RequestTarget) -> Response:
    language = language_of(request, target)

    def made() -> str | None:
        if target.path == "index":
            return site.pages.home(language) if target.page == 1 else None
        return site.pages.listing(target.path, language, target.page)

    body = await site.made(made)
    if body is None:
        return await documents.missing(request, site, target.path)
    name = f"{target.path}-{target.page}-{language}"
    headers = {"Content-Type": MEDIA["html"], "Content-Language": language, "Vary": VARY}
    return respond(request, site.body(body.encode(), name), headers)


async def search(request: Request, site: Site) -> Response:
    """Answer with the questions that the parameters describe."""
    language = Language.EN if request.url.path.endswith("search") else Language.FR
    given = dict(request.query_params)
    try:
        page = number(given.pop("page", "1"), "page", DEEPEST)
        body = await site.made(lambda: site.pages.search(parse_filter(given, site.index), language, page))
    except BadValue as error:
        return refused(error)
    response = Response(body, headers={"Content-Type": MEDIA["html"], "Content-Language": language})
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


async def atom(request: Request, site: Site) -> Response:
    """Answer with the feed of the newest questions."""
    body = await site.made(lambda: feed.atom_feed(site.index, site.address))
    headers = {"Content-Type": "application/atom+xml", "Vary": "Accept-Encoding"}
    return respond(request, site.body(body, "atom"), headers)


async def sitemap(request: Request, site: Site) -> Response:
    """Answer with a file of the site map."""
    name = request.url.path.rpartition("/")[2]

    def made() -> bytes | None:
        files = feed.sitemaps(site.index, site.address)
        return next((write() for each, write in files if each == name), None)

    body = await site.made(made)
    if body is None:
        return await documents.missing(request, site, name)
    headers = {"Content-Type": "application/xml", "Vary": "Accept-Encoding"}
    return respond(request, site.body(body, name), headers)


async def robots(_request: Request, site: Site) -> Response:
    """Tell robots where the site map is, and that searches and queries are for people."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {site.root}{path}" for path in ("recherche", "search", "sparql", "api/")]
    return text_response(200, "\n".join([*lines, f"Sitemap: {site.address}sitemap.xml"]))
