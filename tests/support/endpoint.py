"""An application with the SPARQL endpoint and its pages in a plain frame, for the tests of these."""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lod.definitions import DEFAULT_BASE
from lod.query import Limits
from lod.web.server.metrics import Metrics
from lod.web.server.middleware import HeadersAndMetricsMiddleware
from lod.web.sparql import editor
from lod.web.sparql.endpoint import sparql
from lod.web.sparql.pages import Service, saved
from lod.web.sparql.workers import Workers

_FRAME = """<!doctype html>
<html lang="{{ language }}">
<head><meta charset="utf-8"><title>{{ title }}</title>{% block head %}{% endblock %}</head>
<body><main>{% block content %}{% endblock %}</main></body>
</html>
"""
_TEMPLATES = jinja2.Environment(
    loader=jinja2.ChoiceLoader(
        [jinja2.DictLoader({"page.html": _FRAME}), jinja2.FileSystemLoader(editor.TEMPLATES)]
    ),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


def page(title: str, template: str, language: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(title=title, language=language, **values)


def application(store: Path, limits: Limits, number: int) -> Starlette:
    """Make the application over a store; its workers live as long as it does."""
    workers = Workers(store, limits, number=number)
    service = Service(workers=workers, base=DEFAULT_BASE, page=page, tag="1")

    @contextlib.asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        await workers.start()
        yield
        await workers.close()

    async def ask(request: Request) -> Response:
        return await sparql(request, service)

    async def fill(request: Request) -> Response:
        return await saved(request, service)

    async def asset(request: Request) -> Response:
        found = editor.file(request.path_params["name"])
        return FileResponse(found) if found else Response(status_code=404)

    routes = [
        Route("/sparql", ask, methods=["GET", "POST"]),
        Route("/requetes/{name}", fill),
        Route("/assets/{name}", asset),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(HeadersAndMetricsMiddleware, metrics=Metrics())], lifespan=alive
    )


def from_environment() -> Starlette:
    """Make the application for a server started with what is to be served in its environment."""
    limits = Limits(seconds=float(os.environ["ENDPOINT_SECONDS"]), megabytes=512)
    return application(Path(os.environ["ENDPOINT_STORE"]), limits, int(os.environ["ENDPOINT_WORKERS"]))
