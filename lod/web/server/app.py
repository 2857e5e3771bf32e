"""The ASGI application: its routes, error handlers and lifespan."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from lod import web
from lod.compression import gzip_compress
from lod.formats import CONTENT_TYPES, is_compressible
from lod.iri import DUMPS
from lod.web.http.cross_origin import options_response
from lod.web.http.headers import ALWAYS
from lod.web.http.negotiation import HeaderTooLong, accepts_gzip, list_header
from lod.web.http.responses import compress, text_response
from lod.web.index.full_text import DATABASE_DAMAGED
from lod.web.pages.comparison_table import FIGURES, OVERDUE
from lod.web.server import api, files, pages
from lod.web.server.documents import NOT_FOUND
from lod.web.server.figures import figures
from lod.web.server.middleware import METRICS_CONTENT_TYPE, HeadersAndMetricsMiddleware, Metrics
from lod.web.server.release_reloader import ReleaseReloader
from lod.web.server.result_table import result_table
from lod.web.server.site import Site
from lod.web.sparql.endpoint import sparql
from lod.web.sparql.pages import SparqlService, asset
from lod.web.sparql.request import POST_TYPES
from lod.web.sparql.saved_query import saved_query

Endpoint = Callable[[Request, Site], Awaitable[Response]]

_FIGURES = (f"{FIGURES}/", f"{FIGURES}.", OVERDUE)
_ASSETS = Path(web.__file__).with_name("assets")
_ASSET_TYPES = {f".{ending}": CONTENT_TYPES[ending] for ending in ("css", "js", "svg", "png")}
_IMMUTABLE = "public, max-age=31536000, immutable"


def application(reloader: ReleaseReloader) -> Starlette:
    """Return the application that serves the release of a reloader, beneath the path of its address."""
    metrics = Metrics()

    def route(path: str, endpoint: Endpoint, name: str, methods: Sequence[str] = ("GET",)) -> Route:
        async def respond(request: Request) -> Response:
            request.scope["route_name"] = name
            if request.method == "OPTIONS":
                return options_response(request, methods, POST_TYPES if "POST" in methods else None)
            response = await endpoint(request, reloader.site)
            compress(request, response)
            return response

        return Route(path, respond, methods=[*methods, "OPTIONS"], name=name)

    async def health(_request: Request, site: Site) -> Response:
        is_answering = site.is_answering
        text = json.dumps(
            {"release": site.release.manifest.release, "sound": reloader.is_sound and is_answering}
        )
        headers = {"Cache-Control": "no-store"}
        code = 200 if is_answering else 503
        return Response(text, code, headers, media_type=CONTENT_TYPES["json"])

    async def prometheus(_request: Request, site: Site) -> Response:
        is_sound = reloader.is_sound and site.is_answering
        text = metrics.text(site.release, is_sound=is_sound)
        return Response(text, media_type=METRICS_CONTENT_TYPE)

    async def context(request: Request, site: Site) -> Response:
        return files.release_file(request, site, "context.jsonld")

    async def context_version(request: Request, site: Site) -> Response:
        return files.release_file(request, site, f"context/{request.path_params['name']}")

    sparql_methods = ["GET", "POST"] if reloader.site.sparql else ["GET"]
    routes: list[BaseRoute] = [
        route("/", pages.home, "page"),
        route("/assets/{name}", _asset, "asset"),
        route("/sparql", _sparql_endpoint(sparql), "sparql", sparql_methods),
        route("/requetes/{name}", _sparql_endpoint(saved_query), "sparql"),
        route("/api/questions", api.questions, "api"),
        route("/api/questions.csv", result_table, "api"),
        route("/api/openapi.json", api.openapi, "api"),
        route("/context.jsonld", context, "file"),
        route("/context/{name}", context_version, "file"),
        route(f"/{DUMPS}{{path:path}}", files.dump, "file"),
        route(f"/{FIGURES}", figures, "page"),
        *(route(f"/{each}{{path:path}}", figures, "page") for each in _FIGURES),
        route("/recherche", pages.search, "search"),
        route("/search", pages.search, "search"),
        route("/questions.atom", pages.atom, "feed"),
        route("/sitemap.xml", pages.sitemap, "feed"),
        route("/sitemap-{number:int}.xml", pages.sitemap, "feed"),
        route("/robots.txt", pages.robots, "feed"),
        route("/.well-known/void", pages.void, "document"),
        route("/healthz", health, "health"),
        route("/metrics", prometheus, "metrics"),
        route("/{path:path}", pages.path, "document"),
    ]
    root = reloader.site.root.rstrip("/")
    app = Starlette(
        routes=[Mount(root, routes=routes), Route(root, _add_slash)] if root else routes,
        middleware=[Middleware(HeadersAndMetricsMiddleware, metrics=metrics)],
        exception_handlers={
            HeaderTooLong: _header_too_long,
            HTTPException: _http_error,
            Exception: _internal_error(reloader),
        },
        lifespan=_lifespan(reloader),
    )
    app.router.redirect_slashes = False  # its redirects trust the Host header
    return app


def _lifespan(
    reloader: ReleaseReloader,
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await reloader.start()
        task = asyncio.create_task(reloader.watch())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await reloader.close()

    return lifespan


def _sparql_endpoint(endpoint: Callable[[Request, SparqlService], Awaitable[Response]]) -> Endpoint:
    async def respond(request: Request, site: Site) -> Response:
        service = site.sparql
        if service is None:
            return text_response(404, "this site has no SPARQL endpoint")
        return await endpoint(request, service)

    return respond


async def _add_slash(request: Request) -> Response:
    """Redirect from the path of the site without its last slash."""
    return Response(status_code=308, headers={"Location": f"{request.scope['path']}/"})


async def _asset(request: Request, _site: Site) -> Response:
    """Answer with an asset; its name is looked up in a list, never joined to a path."""
    name = request.path_params["name"]
    path = next((each for each in _ASSETS.iterdir() if each.name == name), None) or asset(name)
    if path is None or path.suffix not in _ASSET_TYPES:
        return text_response(404, NOT_FOUND)
    headers = {
        "Content-Type": _ASSET_TYPES[path.suffix],
        "Cache-Control": _IMMUTABLE,
        "Vary": "Accept-Encoding",
    }
    if is_compressible(headers["Content-Type"]) and accepts_gzip(list_header(request, "accept-encoding")):
        return Response(_compressed_asset(path), headers={**headers, "Content-Encoding": "gzip"})
    return Response(path.read_bytes(), headers=headers)


@cache
def _compressed_asset(path: Path) -> bytes:
    return gzip_compress(path.read_bytes())


async def _header_too_long(_request: Request, error: Exception) -> Response:
    return text_response(400, str(error))


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this class
    methods = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))  # from a set, unordered
    return text_response(error.status_code, error.detail, {"Allow": methods} if methods else None)


def _internal_error(reloader: ReleaseReloader) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return what answers 500 without details, which are in the log; of a damaged index, a new one is built.

    This response bypasses the middleware, so it has the headers of every response itself.
    """

    async def respond(_request: Request, error: Exception) -> Response:
        if isinstance(error, DATABASE_DAMAGED):
            reloader.site.distrust_index()
        return text_response(500, "internal server error; it has been logged", ALWAYS)

    return respond
