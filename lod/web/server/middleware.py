"""The middleware of the server: headers of every response, and metrics for Prometheus."""

import contextlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.datastructures import MutableHeaders

from lod.errors import LodError
from lod.release import Release, load_state, written_at
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
        self._written = Gauge(
            "lod_release_written_timestamp_seconds", "When the release was written.", registry=registry
        )
        self._checked = Gauge(
            "lod_mirror_checked_timestamp_seconds",
            "When an update last found the mirror to have all that its sources have; 0 if none did.",
            registry=registry,
        )

    def count_response(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """Count a response by the name of its route, of which there are few."""
        route = scope.get("route_name", "none")
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, release: Release, *, is_sound: bool) -> bytes:
        """Return all metrics in the text format of Prometheus, with the times of a release and its mirror."""
        self._release.clear()
        self._release.labels(release.manifest.release).set(1)
        self._sound.set(is_sound)
        self._set_times(release)
        return generate_latest(self._registry)

    def _set_times(self, release: Release) -> None:
        """Set the times of a release and its mirror; what cannot be read keeps its value, and grows old."""
        with contextlib.suppress(OSError, LodError):
            self._written.set(written_at(release.folder).timestamp())
            checked = load_state(release.output_folder).checked if release.output_folder else None
            self._checked.set(checked.timestamp() if checked else 0)


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
