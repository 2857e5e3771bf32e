"""A running server withstands hostile clients, and a new release drops no request."""

import contextlib
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from lod import Options, Summary, build_release
from lod.errors import NotReadOrWritten
from lod.web.server import protocol, run
from tests.conftest import SAMPLES
from tests.support.server import Served, served
from tests.support.waiting import until

QUESTION = "an/17/qe/90001.jsonld"


@pytest.fixture(scope="module")
def server(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(varied_release.path, tmp_path_factory.mktemp("site")) as running:
        yield running


def send(server: Served, data: bytes, seconds: float = 5) -> bytes:
    """Send bytes as they are; return all that the server sends until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as link:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            link.sendall(data)
        answer = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while piece := link.recv(65536):
                answer += piece
        return answer


def statuses(answer: bytes) -> list[int]:
    return [int(line.split()[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
SMUGGLED = [
    b"POST /an HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET,
    b"POST /an HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + GET,
    b"POST /an HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    b"POST /an HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /an HTTP/1.1\r\nHost: a\r\nContent-Length: 6_0\r\n\r\n" + b"a" * 60,
    b"POST /an HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    b"POST /an HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"GET /an HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /an HTTP/9.9\r\nHost: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /an\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
]


@pytest.mark.parametrize("data", SMUGGLED, ids=range(len(SMUGGLED)))
def test_an_ambiguous_request_is_refused_and_nothing_after_it_is_answered(
    server: Served, data: bytes
) -> None:
    found = statuses(send(server, data))
    assert len(found) == 1
    assert 400 <= found[0] < 500


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"a" * protocol.MAX_HEAD_BYTES + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 10_000 + b"\r\n",
        b"GET /" + b"a" * 2 * protocol.MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 100_000,
    ],
    ids=["long", "many", "address", "endless"],
)
def test_a_flood_of_headers_is_431(server: Served, head: bytes) -> None:
    assert statuses(send(server, head)) in ([431], [])  # or the connection is reset while it is still sending
    assert server.get("healthz").status_code == 200


def test_the_size_of_the_headers_is_counted_for_each_request(server: Served) -> None:
    with requests.Session() as session:
        for _ in range(20):
            headers = {"X-Much": "a" * (protocol.MAX_HEAD_BYTES // 2)}
            assert session.get(server.address + "healthz", headers=headers, timeout=10).status_code == 200


def test_slow_clients_do_not_delay_others(server: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(250)]
    try:
        for link in slow:
            link.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        slow += [socket.create_connection(("127.0.0.1", server.port)) for _ in range(120)]
        for link in slow[250:]:
            link.sendall(b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nqu")
        began = time.monotonic()
        assert server.get(QUESTION).status_code == 200
        assert time.monotonic() - began < 5
    finally:
        for link in slow:
            link.close()


def test_clients_that_disconnect_leave_no_file_open(server: Served) -> None:
    folder = Path(f"/proc/{server.process.pid}/fd")
    server.get("dumps/questions.nq", Connection="close")
    before = len(list(folder.iterdir()))
    for _ in range(50):
        link = socket.create_connection(("127.0.0.1", server.port))
        link.sendall(b"GET /dumps/questions.nq HTTP/1.1\r\nHost: a\r\n\r\n")
        link.close()
    until(lambda: len(list(folder.iterdir())) <= before)


def test_memory_does_not_grow_with_requests(server: Served) -> None:
    def resident() -> int:
        lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    with requests.Session() as session:
        for n in range(1500):
            session.get(server.address + QUESTION, timeout=10)
            if n == 300:
                before = resident()
    assert resident() < before * 1.1


def test_a_new_release_is_served_without_dropping_a_request(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build_release([SAMPLES / "pages"], out, Options())
    failed, seen, stop = list[str](), set[str](), threading.Event()

    def ask(server: Served) -> None:
        with requests.Session() as session:
            while not stop.is_set():
                response = session.get(server.address + QUESTION, timeout=10)
                if response.status_code != 200:
                    failed.append(f"{response.status_code} {response.text}")
                seen.add(response.headers["etag"])

    with served(out / "current", tmp_path / "site") as server:
        asking = [threading.Thread(target=ask, args=(server,)) for _ in range(4)]
        for thread in asking:
            thread.start()
        second = build_release([SAMPLES / "pages", SAMPLES / "json"], out, Options())
        assert first.release != second.release
        await_release(server, second.release)
        until(lambda: len(seen) == 2)
        stop.set()
        for thread in asking:
            thread.join()
    assert failed == []
    assert len(seen) == 2


def test_a_damaged_release_is_logged_and_the_old_one_served(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build_release([SAMPLES / "pages"], out, Options())
    log = tmp_path / "log"
    with log.open("w") as err, served(out / "current", tmp_path / "site", err=err) as server:
        broken = out / "releases" / "broken"
        shutil.copytree(first.path, broken)
        manifest = (broken / "manifest.json").read_text()
        (broken / "manifest.json").write_text(manifest.replace(first.release, "broken"))
        (broken / "questions.jsonld").write_text("[\n")
        fresh = out / ".fresh"
        fresh.symlink_to(broken)
        fresh.replace(out / "current")
        until(lambda: server.get("healthz").json() == {"release": first.release, "sound": False})
        assert "questions.jsonld: expected the" in log.read_text()
        assert "lod_release_sound 0.0" in server.get("metrics").text
        assert server.get(QUESTION).status_code == 200


def test_a_port_in_use_is_one_sentence() -> None:
    with run.listen("127.0.0.1", 0) as first, pytest.raises(NotReadOrWritten) as caught:
        run.listen("127.0.0.1", first.getsockname()[1])
    assert re.fullmatch(
        r"cannot listen on 127\.0\.0\.1:[0-9]+: Address already in use; use another --port or --host",
        str(caught.value),
    )


def test_the_printed_address_is_that_on_this_machine(varied_release: Summary, tmp_path: Path) -> None:
    world = ("--no-sparql", "--address", "https://data.example.org/questions/")
    with served(varied_release.path, tmp_path, *world) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/questions/", server.address)
        assert server.get(QUESTION).status_code == 200


def await_release(server: Served, release: str) -> None:
    until(lambda: bool(server.get("healthz").json()["release"] == release))
