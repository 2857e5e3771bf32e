"""The server's HTTP protocol, with limits that uvicorn's own has not: of headers, of time."""

import asyncio
import math
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 32 * 1024
"""The bytes that a request may have before its body."""
LONGEST_HEAD = 20.0
"""The seconds that they may take to come."""
LONGEST_BODY = 60.0
"""The seconds that the body may take, whoever reads it; the application may allow less."""
LONGEST_STALL = 30.0
"""The seconds in which some of an answer must have been read."""

_LEAST_READ = 16 * 1024
"""The bytes that count as some of an answer."""
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 37\r\nConnection: close\r\n\r\nthe headers of this request are large"
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose request has no end in time, or more headers than anybody needs.

    Cuts off who does not read the answer: a connection that is closed would wait for that for ever.
    """

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._waiting: asyncio.TimerHandle | None = None
        self._expect_head()
        self._is_paused = False
        self._unread = math.inf
        self._looking = self.loop.call_later(LONGEST_STALL, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the head of the request has grown too large."""
        if self._is_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD and b"\r\n\r\n" not in data[:LARGEST_HEAD]:
                self._stop_waiting()
                self.transport.write(_TOO_LARGE)
                self.transport.close()
                return
        elif not self._waiting and self.cycle.response_complete:
            self._expect_head()  # of blank lines before a request nobody else takes note
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Wait for the head of the request to be whole."""
        super().on_message_begin()
        if not self._is_head:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        self._stop_waiting()
        super().on_headers_complete()
        self._wait(LONGEST_BODY)

    def on_message_complete(self) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Begin to look whether the answer is read."""
        self._is_paused, self._unread = True, math.inf
        super().pause_writing()

    def resume_writing(self) -> None:
        """Take note that it is."""
        self._is_paused = False
        super().resume_writing()

    def _expect_head(self) -> None:
        self._is_head, self._head = True, 0
        self._wait(LONGEST_HEAD)

    def _wait(self, seconds: float) -> None:
        self._waiting = self.loop.call_later(seconds, self._close)

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _stop_waiting(self) -> None:
        self._is_head = False
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _look(self) -> None:
        """Cut the connection if somebody should read an answer and has not since the last look."""
        unread: float = math.inf
        if self._is_paused or self.transport.is_closing():
            unread = self.transport.get_write_buffer_size()
            if unread > self._unread - _LEAST_READ:
                self.transport.abort()
                return
        self._unread = unread
        self._looking = self.loop.call_later(LONGEST_STALL, self._look)
