"""Whatever waits for a server ends in time, however slowly or however much the server sends."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from lod import Summary
from lod.errors import StoreFailed
from lod.query import Limits, ask, endpoint
from lod.store import StoreKind, client, load

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
SECONDS = 0.6
"""The deadline; a byte comes every tenth of it."""
SOON = 8.0
"""Seconds within which it must have taken effect, on any machine."""


class RawServer:
    """Sends bytes to whoever connects, and a further piece again and again until it is closed."""

    def __init__(self, first: bytes, then: bytes, pause: float) -> None:
        self._first, self._then, self._pause = first, then, pause
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                link, _ = self._listener.accept()
                threading.Thread(target=self._send, args=(link,), daemon=True).start()

    def _send(self, link: socket.socket) -> None:
        with link, suppress(OSError):
            link.sendall(self._first)
            while not self._ended.wait(self._pause):
                link.sendall(self._then)

    def close(self) -> None:
        self._ended.set()
        self._listener.close()


@pytest.fixture
def serving() -> Iterator[Callable[[bytes, bytes, float], RawServer]]:
    servers: list[RawServer] = []

    def start(first: bytes, then: bytes, pause: float) -> RawServer:
        servers.append(RawServer(first, then, pause))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


Start = Callable[[bytes, bytes, float], RawServer]
DRIPS = {
    "the status": (b"", b"H"),
    "the headers": (HEAD, b"X-Slow: 1\r\n"),
    "a body of known length": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "a body until the connection ends": (HEAD + b"Connection: close\r\n\r\n", b" "),
    "a body in chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.parametrize("drip", DRIPS)
def test_a_load_ends_by_its_deadline_though_a_server_sends_byte_after_byte(
    drip: str, serving: Start, sample_release: Summary
) -> None:
    server, start = serving(*DRIPS[drip], SECONDS / 10), time.monotonic()
    with pytest.raises(StoreFailed, match=r"did not answer within 0\.6 seconds; --timeout gives it more"):
        load(sample_release.path, f"http://127.0.0.1:{server.port}", kind=StoreKind.OXIGRAPH, timeout=SECONDS)
    assert time.monotonic() - start < SOON


@pytest.mark.parametrize("drip", DRIPS)
def test_a_query_ends_by_its_deadline_though_a_server_sends_byte_after_byte(
    drip: str, serving: Start
) -> None:
    server, start = serving(*DRIPS[drip], SECONDS / 10), time.monotonic()
    with pytest.raises(StoreFailed, match=r"no answer within 0\.6 s; simplify the query or raise --timeout"):
        ask("ASK { ?s ?p ?o }", f"http://127.0.0.1:{server.port}", Limits(seconds=SECONDS))
    assert time.monotonic() - start < SOON


def test_a_server_that_begins_to_encrypt_byte_by_byte_is_abandoned(serving: Start) -> None:
    server, start = serving(b"\x16\x03\x03\x40\x00", b"\x02", SECONDS / 10), time.monotonic()
    with closing(server), pytest.raises(StoreFailed, match=r"no answer within 0\.6 s"):
        ask("ASK { ?s ?p ?o }", f"https://127.0.0.1:{server.port}", Limits(seconds=SECONDS))
    assert time.monotonic() - start < SOON


ENDLESS = DRIPS["a body in chunks"][0], b"400\r\n" + b" " * 1024 + b"\r\n"


def test_a_load_ends_where_an_answer_has_no_end(
    serving: Start, sample_release: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", 1 << 20)
    server = serving(*ENDLESS, 0)
    with pytest.raises(StoreFailed, match="the store sent more than 1 MB in one answer"):
        load(sample_release.path, f"http://127.0.0.1:{server.port}", kind=StoreKind.OXIGRAPH, timeout=60)


def test_a_query_ends_where_an_answer_has_no_end(serving: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "MAX_ANSWER_BYTES", 1 << 20)
    server = serving(*ENDLESS, 0)
    with pytest.raises(StoreFailed, match="the answer is larger than 1 MB; simplify the query"):
        ask("ASK { ?s ?p ?o }", f"http://127.0.0.1:{server.port}", Limits(seconds=60))
