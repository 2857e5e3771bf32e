"""What holds for every answer: headers that protect readers, who may read from elsewhere, what is counted."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from starlette.datastructures import MutableHeaders

from lod.web.http.headers import ALWAYS
from lod.web.server.metrics import Metrics

Message: TypeAlias = MutableMapping[str, Any]
Application: TypeAlias = Callable[..., Awaitable[None]]

_METHODS = "GET, HEAD, POST, OPTIONS"
_PREFLIGHT = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


class HeadersAndMetricsMiddleware:
    """Stands around the application."""

    def __init__(self, app: Application, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Answer as the application does, with the headers that every answer has."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await _preflight(sent)
            else:
                await self._app(scope, receive, sent)
        finally:
            self._metrics.answered(scope, status, time.perf_counter() - began)


async def _preflight(send: Callable[[Message], Awaitable[None]]) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in _PREFLIGHT.items()]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
