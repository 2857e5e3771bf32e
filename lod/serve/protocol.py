"""The server's HTTP protocol, with limits that uvicorn's own has not: of headers, and of their time."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 32 * 1024
"""The bytes that a request may have before its body."""
LONGEST_HEAD = 20.0
"""The seconds that they may take to come."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 37\r\nConnection: close\r\n\r\nthe headers of this request are large"
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose request has no end in time, or more headers than anybody needs."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._head = 0
        self._waiting: asyncio.TimerHandle | None = None
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the head of the request has grown too large."""
        if self._waiting:
            self._head += len(data)
            if self._head > LARGEST_HEAD and b"\r\n\r\n" not in data[:LARGEST_HEAD]:
                self._stop_waiting()
                self.transport.write(_TOO_LARGE)
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Wait for the head of the request to be whole."""
        super().on_message_begin()
        if not self._waiting:
            self._head = 0
            self._wait()

    def on_headers_complete(self) -> None:
        """Wait no longer: the application limits how long a body may take."""
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(LONGEST_HEAD, self._close)

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
