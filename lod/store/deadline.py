"""HTTP requests that end by a deadline, however slowly a server sends, and answers of bounded size."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Retry

_CHUNK_BYTES = 2**16


class AnswerTooLong(requests.RequestException):
    """An answer has more bytes than is allowed."""


class _Cut(Exception):
    """The deadline has passed; unlike an OSError, this is no reason to try again."""


class DeadlineSession(requests.Session):
    """Sends one request at a time.

    Timeouts of sockets begin anew with each byte. So at the deadline the connection is cut, from another
    thread, and whoever waits for it goes on.
    """

    def __init__(self, retry: Retry | int = 0) -> None:
        super().__init__()
        self._line = _Line()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self._line, retry))

    @contextlib.contextmanager
    def deadline(self, at: float) -> Iterator[None]:
        """Raise requests.Timeout unless the block ends by a time of the monotonic clock."""
        self._line.is_cut = False
        timer = threading.Timer(max(at - time.monotonic(), 0), self._line.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (_Cut, OSError, ValueError):  # those of requests are OSErrors
            if not self._line.is_cut:
                raise
            raise requests.Timeout from None
        finally:
            timer.cancel()
        if self._line.is_cut:  # what ends with the connection looks as if it were complete
            raise requests.Timeout


def read_body(answer: requests.Response, most: int) -> bytes:
    """Read the body of a streamed answer; raise AnswerTooLong if it has more bytes."""
    body = bytearray()
    for chunk in answer.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > most:
            raise AnswerTooLong
    return bytes(body)


class _Line:
    """The connection in use, which can be cut."""

    def __init__(self) -> None:
        self.is_cut = False
        self._copy: socket.socket | None = None

    def __del__(self) -> None:
        if self._copy:
            self._copy.close()

    def note(self, connected: socket.socket) -> None:
        """Note a new connection, even before its encryption begins; raise _Cut if it comes too late."""
        if self._copy:
            self._copy.close()
        self._copy = connected.dup()
        if self.is_cut:
            connected.close()
            raise _Cut

    def cut(self) -> None:
        """End the connection in use, and allow no other one."""
        self.is_cut = True
        if self._copy:
            with contextlib.suppress(OSError):  # it has ended
                self._copy.shutdown(socket.SHUT_RDWR)


class _Adapter(HTTPAdapter):
    """Opens connections that a line notes, directly or to a proxy."""

    def __init__(self, line: _Line, retry: Retry | int) -> None:
        self._line = line
        super().__init__(max_retries=retry)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Have direct connections noted."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._line)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Have connections to a proxy noted."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _pools(self._line)
        return manager


def _pools(line: _Line) -> dict[str, type]:
    """Return the classes of pools, by scheme, whose connections are noted."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            line.note(connected)
            return connected

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            line.note(connected)
            return connected

    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain}),
        "https": type("EncryptedPool", (HTTPSConnectionPool,), {"ConnectionCls": Encrypted}),
    }
