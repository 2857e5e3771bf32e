"""An application with only the SPARQL endpoint and its pages, in a plain layout, for their tests."""

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
from lod.web.pages.language import Formatter, Label, Language
from lod.web.server.middleware import HeadersAndMetricsMiddleware, Metrics
from lod.web.sparql.endpoint import sparql
from lod.web.sparql.pages import TEMPLATES, SparqlService, asset
from lod.web.sparql.saved_query import saved_query
from lod.web.sparql.workers import Workers

_LAYOUT = """<!doctype html>
<html lang="{{ language }}">
<head><meta charset="utf-8"><title>{{ title }}</title>{% block head %}{% endblock %}</head>
<body><main>{% block content %}{% endblock %}</main></body>
</html>
"""
_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.ChoiceLoader(
        [jinja2.DictLoader({"page.html": _LAYOUT}), jinja2.FileSystemLoader(TEMPLATES)]
    ),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


class _Links:
    """Labels and URLs without an index."""

    def label(self, iri: str) -> Label:
        return Label(text=iri)

    def page(self, path: str) -> str:
        return f"/{path}.html"


def render(title: str, template: str, language: str, **values: Any) -> str:
    fmt = Formatter(Language(language))
    layout = {"title": title, "language": language, "fmt": fmt, "words": fmt.words, "links": _Links()}
    return _ENVIRONMENT.get_template(template).render(**layout, **values)


def application(store: Path, limits: Limits, number: int) -> Starlette:
    """Return the application over a store; its workers start and end with it."""
    workers = Workers(store, limits, number=number)
    service = SparqlService(
        workers=workers, base=DEFAULT_BASE, render=render, tag="1", address="http://localhost/"
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await workers.start()
        yield
        await workers.close()

    async def query(request: Request) -> Response:
        return await sparql(request, service)

    async def saved(request: Request) -> Response:
        return await saved_query(request, service)

    async def send_asset(request: Request) -> Response:
        path = asset(request.path_params["name"])
        return FileResponse(path) if path else Response(status_code=404)

    routes = [
        Route("/sparql", query, methods=["GET", "POST"]),
        Route("/requetes/{name}", saved),
        Route("/assets/{name}", send_asset),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(HeadersAndMetricsMiddleware, metrics=Metrics())],
        lifespan=lifespan,
    )


def from_environment() -> Starlette:
    """Return the application for a server process that is configured by environment variables."""
    limits = Limits(seconds=float(os.environ["ENDPOINT_SECONDS"]), megabytes=512, answer_megabytes=64)
    return application(Path(os.environ["ENDPOINT_STORE"]), limits, int(os.environ["ENDPOINT_WORKERS"]))
