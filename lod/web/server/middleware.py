"""The middleware of the server: headers of every response, and metrics for Prometheus."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.datastructures import MutableHeaders

from lod.web.http.headers import ALWAYS

Message: TypeAlias = MutableMapping[str, Any]
Application: TypeAlias = Callable[..., Awaitable[None]]

METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds that a response takes."""


class Metrics:
    """The metrics of one server."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "lod_requests", "Responses, by route and status.", ("route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "lod_request_seconds",
            "The time until a response is sent, by route.",
            ("route",),
            registry=registry,
            buckets=_BUCKETS,
        )
        self._release = Gauge(
            "lod_release_info", "The release that is served.", ("release",), registry=registry
        )
        self._sound = Gauge(
            "lod_release_sound", "1, or 0 if the newest release could not be opened.", registry=registry
        )

    def count_response(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """Count a response by the name of its route, of which there are few."""
        route = scope.get("route_name", "none")
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, release: str, *, is_sound: bool) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        self._release.clear()
        self._release.labels(release).set(1)
        self._sound.set(is_sound)
        return generate_latest(self._registry)


class HeadersAndMetricsMiddleware:
    """ASGI middleware that adds the headers of every response and counts responses."""

    def __init__(self, app: Application, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Pass a request on to the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            self._metrics.count_response(scope, status, time.perf_counter() - start)
