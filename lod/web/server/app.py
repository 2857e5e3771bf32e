"""The application: which address is answered by whom."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from lod import web as laid_out
from lod.web.http.headers import ALWAYS, ENDINGS
from lod.web.http.negotiation import TooMuch
from lod.web.http.responses import text_response
from lod.web.server import api, files, pages
from lod.web.server.metrics import MEDIA, Metrics
from lod.web.server.middleware import HeadersAndMetricsMiddleware
from lod.web.server.release_reloader import ReleaseReloader
from lod.web.server.site import Site
from lod.web.sparql import editor
from lod.web.sparql.endpoint import sparql
from lod.web.sparql.pages import Service, saved

Endpoint = Callable[[Request, Site], Awaitable[Response]]

_ASSETS = Path(laid_out.__file__).with_name("assets")
_KINDS = {f".{ending}": ENDINGS[ending] for ending in ("css", "js", "svg")}
_FOREVER = "public, max-age=31536000, immutable"


def application(current: ReleaseReloader) -> Starlette:
    """Make the application that serves what is current."""
    metrics = Metrics()

    async def healthy(_request: Request, site: Site) -> Response:
        said = {"release": site.release.manifest.release, "sound": current.is_sound}
        return Response(
            json.dumps(said), media_type="application/json", headers={"Cache-Control": "no-store"}
        )

    async def counted(_request: Request, site: Site) -> Response:
        text = metrics.text(site.release.manifest.release, is_sound=current.is_sound)
        return Response(text, media_type=MEDIA)

    async def context(request: Request, site: Site) -> Response:
        return files.send(request, site, "context.jsonld")

    def route(path: str, endpoint: Endpoint, name: str, methods: Sequence[str] = ("GET",)) -> Route:
        async def answered(request: Request) -> Response:
            request.scope["route_name"] = name
            return await endpoint(request, current.site)

        return Route(path, answered, methods=methods, name=name)

    routes: list[BaseRoute] = [
        route("/", pages.home, "page"),
        route("/assets/{name}", _asset, "asset"),
        route("/sparql", _queries(sparql), "sparql", ["GET", "POST"]),
        route("/requetes/{name}", _queries(saved), "sparql"),
        route("/api/questions", api.questions, "api"),
        route("/api/openapi.json", api.openapi, "api"),
        route("/context.jsonld", context, "file"),
        route("/dumps/{path:path}", files.file, "file"),
        route("/recherche", pages.search, "search"),
        route("/search", pages.search, "search"),
        route("/questions.atom", pages.atom, "feed"),
        route("/sitemap.xml", pages.sitemap, "feed"),
        route("/sitemap-{number:int}.xml", pages.sitemap, "feed"),
        route("/robots.txt", pages.robots, "feed"),
        route("/healthz", healthy, "health"),
        route("/metrics", counted, "metrics"),
        route("/{path:path}", pages.path, "document"),
    ]
    root = current.site.root.rstrip("/")
    app = Starlette(
        routes=[Mount(root, routes=routes), Route(root, _beneath)] if root else routes,
        middleware=[Middleware(HeadersAndMetricsMiddleware, metrics=metrics)],
        exception_handlers={TooMuch: _too_much, HTTPException: _refused, Exception: _failed},
        lifespan=_watching(current),
    )
    app.router.redirect_slashes = False  # it leads to whatever Host says
    return app


def _watching(
    current: ReleaseReloader,
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await current.start()
        task = asyncio.create_task(current.watch())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await current.close()

    return lifespan


def _queries(endpoint: Callable[[Request, Service], Awaitable[Response]]) -> Endpoint:
    async def answered(request: Request, site: Site) -> Response:
        service = site.queries
        return (
            await endpoint(request, service)
            if service
            else text_response(404, "this site answers no queries")
        )

    return answered


async def _beneath(request: Request) -> Response:
    """Lead from the path of the site without its last slash to the site."""
    return Response(status_code=308, headers={"Location": f"{request.scope['path']}/"})


async def _asset(request: Request, _site: Site) -> Response:
    """Answer with a file of the pages, of those that there are: no path is put together."""
    asked = request.path_params["name"]
    place = next((each for each in _ASSETS.iterdir() if each.name == asked), None) or editor.file(asked)
    if place is None or place.suffix not in _KINDS:
        return text_response(404, "there is nothing at this address")
    return Response(
        place.read_bytes(), headers={"Content-Type": _KINDS[place.suffix], "Cache-Control": _FOREVER}
    )


async def _too_much(_request: Request, error: Exception) -> Response:
    return text_response(400, str(error))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - this is what it is registered for
    methods = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))  # they come from a set
    return text_response(error.status_code, error.detail, {"Allow": methods} if methods else None)


async def _failed(_request: Request, _error: Exception) -> Response:
    """Answer when the fault is ours: what happened is in the log, and not for strangers.

    This is sent around the guard, which adds nothing to it.
    """
    return text_response(500, "this server has made a mistake; it has been noted", ALWAYS)
