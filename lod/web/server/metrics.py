"""What the server counts, as Prometheus reads it."""

from collections.abc import MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "lod_requests", "Requests answered, by route and status.", ("route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "lod_request_seconds",
            "How long answers took, by route.",
            ("route",),
            registry=registry,
            buckets=_SECONDS,
        )
        self._release = Gauge(
            "lod_release_info", "The release that is served.", ("release",), registry=registry
        )
        self._sound = Gauge(
            "lod_release_sound", "1 unless the newest release could not be opened.", registry=registry
        )

    def answered(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """Count an answer, by the name of the route, of which there are few."""
        route = scope.get("route_name", "none")
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, release: str, *, is_sound: bool) -> bytes:
        """Write all counters."""
        self._release.clear()
        self._release.labels(release).set(1)
        self._sound.set(is_sound)
        return generate_latest(self._registry)
