"""The pages that are not about one IRI: home, lists and search; the feed, the site map and robots.txt."""

from starlette.requests import Request
from starlette.responses import Response

from lod.errors import BadValue
from lod.formats import CONTENT_TYPES, HTML, TEXT
from lod.web import feed
from lod.web.http.negotiation import best_media_type, list_header
from lod.web.http.responses import bad_parameter, respond, text_response
from lod.web.index.search_parameters import parse_filter
from lod.web.pages import LISTS, Language
from lod.web.server import documents
from lod.web.server.api import MAX_PAGE, parse_number
from lod.web.server.documents import VARY, RequestTarget, language_of, targets
from lod.web.server.site import Site


async def home(request: Request, site: Site) -> Response:
    """Answer with the home page, or with the catalogue to clients that prefer data."""
    if not documents.prefers_page(list_header(request, "accept")):
        request.path_params["path"] = "catalogue"
        return await documents.document(request, site)
    return await _page(request, site, RequestTarget("index"))


async def path(request: Request, site: Site) -> Response:
    """Answer any path with a list of resources or with a document."""
    for target in targets(request.path_params["path"]):
        if target.path in ("index", *LISTS) and target.format in ("html", None):
            return await _page(request, site, target)
    return await documents.document(request, site)


async def _page(request: Request, site: Site, target: RequestTarget) -> Response:
    language = language_of(request, target)

    def render() -> str | None:
        if target.path == "index":
            return site.pages.home(language) if target.page == 1 else None
        return site.pages.listing(target.path, language, target.page)

    body = await site.run_in_thread(render)
    if body is None:
        return await documents.not_found(request, site, target.path)
    name = f"{target.path}-{target.page}-{language}"
    headers = {"Content-Type": HTML.content_type, "Content-Language": language, "Vary": VARY}
    return respond(request, site.page_body(body.encode(), name), headers)


async def search(request: Request, site: Site) -> Response:
    """Answer with a page of the questions that match the parameters."""
    language = Language.EN if request.url.path.endswith("search") else Language.FR
    parameters = dict(request.query_params)
    try:
        page = parse_number(parameters.pop("page", "1"), "page", MAX_PAGE)
        body = await site.run_in_thread(
            lambda: site.pages.search(parse_filter(parameters, site.index), language, page)
        )
    except BadValue as error:
        return await _bad_search(request, site, error, language)
    headers = {"Content-Type": HTML.content_type, "Content-Language": language}
    return Response(body, headers={**headers, "Cache-Control": "public, max-age=60"})


async def _bad_search(request: Request, site: Site, error: BadValue, language: Language) -> Response:
    """Answer 400, with a page for browsers and a sentence for other clients."""
    accept = list_header(request, "accept")
    if best_media_type(accept, (TEXT, HTML.media_type)) != HTML.media_type:
        return bad_parameter(error)
    detail = f"{error.place}: {error}" if error.place else str(error)
    body = await site.run_in_thread(lambda: site.pages.error(400, language, request.url.path, detail))
    headers = {"Content-Type": HTML.content_type, "Content-Language": language, "Cache-Control": "no-store"}
    return Response(body, 400, headers)


async def atom(request: Request, site: Site) -> Response:
    """Answer with the Atom feed of the newest questions."""
    body = await site.run_in_thread(lambda: feed.atom_feed(site.index, site.address))
    headers = {"Content-Type": CONTENT_TYPES["atom"], "Vary": "Accept-Encoding"}
    return respond(request, site.body(body, "atom"), headers)


async def sitemap(request: Request, site: Site) -> Response:
    """Answer with a file of the site map."""
    name = request.url.path.rpartition("/")[2]

    def write() -> bytes | None:
        files = feed.sitemaps(site.index, site.address)
        return next((write_file() for each, write_file in files if each == name), None)

    body = await site.run_in_thread(write)
    if body is None:
        return await documents.not_found(request, site, name)
    headers = {"Content-Type": CONTENT_TYPES["xml"], "Vary": "Accept-Encoding"}
    return respond(request, site.body(body, name), headers)


async def void(_request: Request, site: Site) -> Response:
    """Lead from the address at which clients look for a description of data (VoID, section 7.2) to ours."""
    return Response(status_code=302, headers={"Location": f"{site.root}catalogue"})


async def robots(_request: Request, site: Site) -> Response:
    """Answer with robots.txt: the site map, and the paths that robots must not follow."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {site.root}{path}" for path in ("recherche", "search", "sparql", "api/")]
    return text_response(200, "\n".join([*lines, f"Sitemap: {site.address}sitemap.xml"]))
