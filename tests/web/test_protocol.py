"""Connections of clients that send or read too slowly are closed."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from lod.web.server import protocol

LARGE = 1 << 23


async def respond(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Answer with as many bytes as the path says, without reading a body."""
    body = b"x" * int(scope["path"].strip("/"))
    head = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name, seconds in (("MAX_HEAD_SECONDS", 1), ("MAX_BODY_SECONDS", 1), ("MAX_STALL_SECONDS", 0.5)):
        monkeypatch.setattr(protocol, name, seconds)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        respond, http=protocol.BoundedProtocol, lifespan="off", log_level="critical", timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def open_request(port: int, head: str) -> socket.socket:
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", port))
    link.sendall(head.encode())
    return link


def drip(link: socket.socket, piece: bytes, seconds: float) -> None:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        link.sendall(piece)
        time.sleep(0.1)


@pytest.mark.parametrize(
    "request_start",
    [
        "GET /1 HTTP/1.1\r\nHost: a\r\nX: ",
        "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n",
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    ids=["head", "body after the answer", "blank lines after the answer"],
)
def test_a_client_that_sends_a_request_too_slowly_is_disconnected(port: int, request_start: str) -> None:
    piece = b"\r\n" if request_start.endswith("a\r\n\r\n") else b"a"
    with open_request(port, request_start) as link, pytest.raises(OSError, match=r"Broken pipe|reset"):
        drip(link, piece, seconds=5)


@pytest.mark.parametrize("how", ["keep-alive", "close"])
def test_a_client_that_does_not_read_the_response_is_disconnected(port: int, how: str) -> None:
    with open_request(port, f"GET /{LARGE} HTTP/1.1\r\nHost: a\r\nConnection: {how}\r\n\r\n") as link:
        time.sleep(3)
        read = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := link.recv(1 << 16):
                read += len(piece)
        assert read < LARGE


def test_a_client_that_reads_slowly_gets_the_whole_response(port: int) -> None:
    size = 1 << 21
    with open_request(port, f"GET /{size} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") as link:
        read, began = 0, time.monotonic()
        while piece := link.recv(1 << 14):
            read += len(piece)
            time.sleep(0.02)
        assert read > size
        assert time.monotonic() - began > 2 * protocol.MAX_STALL_SECONDS
