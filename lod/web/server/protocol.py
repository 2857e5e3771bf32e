"""The HTTP protocol of the server, with limits of size and time that uvicorn's own lacks."""

import asyncio
import math
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 32 * 1024
"""The size of the request line and the headers."""
MAX_HEAD_SECONDS = 20.0
"""The time within which the request line and the headers must arrive."""
MAX_BODY_SECONDS = 60.0
"""The time within which the body of a request must arrive, even if nothing reads it."""
MAX_STALL_SECONDS = 30.0
"""The time within which a client must read some of a response."""

_MIN_READ_BYTES = 16 * 1024
"""How much counts as some of a response."""
_TOO_LARGE = b"the headers of this request are too large\n"
_TOO_LARGE_RESPONSE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(_TOO_LARGE), _TOO_LARGE)
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose request is too slow or has too large headers, or whose client stops reading.

    A connection that is closed with data to send would otherwise wait for its client for ever.
    """

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._expect_head()
        self._is_paused = False
        self._unread = math.inf
        self._stall_check = self.loop.call_later(MAX_STALL_SECONDS, self._check_stall)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers."""
        self._cancel_deadline()
        self._stall_check.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process data, or answer 431 if the headers have become too large."""
        if self._is_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and b"\r\n\r\n" not in data[:MAX_HEAD_BYTES]:
                self._cancel_deadline()
                self.transport.write(_TOO_LARGE_RESPONSE)
                self.transport.close()
                return
        elif not self._deadline and self.cycle.response_complete:
            self._expect_head()  # the parser reports no blank lines before a request
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Wait for the end of the headers."""
        super().on_message_begin()
        if not self._is_head:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """Wait for the end of the body."""
        self._cancel_deadline()
        super().on_headers_complete()
        self._close_after(MAX_BODY_SECONDS)

    def on_message_complete(self) -> None:
        """Stop waiting: the request is complete."""
        self._cancel_deadline()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Note that the client reads more slowly than the server writes."""
        self._is_paused, self._unread = True, math.inf
        super().pause_writing()

    def resume_writing(self) -> None:
        """Note that the client has caught up."""
        self._is_paused = False
        super().resume_writing()

    def _expect_head(self) -> None:
        self._is_head, self._head_bytes = True, 0
        self._close_after(MAX_HEAD_SECONDS)

    def _close_after(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._close)

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _cancel_deadline(self) -> None:
        self._is_head = False
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _check_stall(self) -> None:
        """Abort the connection if its client has read nothing of a response since the last check."""
        unread: float = math.inf
        if self._is_paused or self.transport.is_closing():
            unread = self.transport.get_write_buffer_size()
            if unread > self._unread - _MIN_READ_BYTES:
                self.transport.abort()
                return
        self._unread = unread
        self._stall_check = self.loop.call_later(MAX_STALL_SECONDS, self._check_stall)
