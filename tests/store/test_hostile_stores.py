"""A store that fails, refuses, lies or hangs is reported in one sentence, without the password."""

import http.server
import logging
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Store

from lod import Summary
from lod.errors import Misused, StoreFailed
from lod.store import StoreKind, load
from lod.store.server import STAGING
from tests.conftest import Freed

SECRET = "geheim-geheim"
ROW_WITH_A_GAP = b'{"head":{"vars":["n"]},"results":{"bindings":[{}]}}'
Fault = Callable[["Request"], None]
"""A fault: handles a request in place of the store."""


class Request(http.server.BaseHTTPRequestHandler):
    """A request to a small store that behaves like Oxigraph, except for the next fault."""

    server: "HostileStore"
    server_version = "Oxigraph/0"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(200)

    def do_POST(self) -> None:
        self.server.requests_received.append((self.path, self.headers.get("Authorization", "")))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.fault(self.path)
        if fault:
            fault(self)
        elif self.path.startswith("/store"):
            self.server.take(body)
            self.answer(204)
        elif self.path == "/update":
            self.server.store.update(parse_qs(body.decode())["update"][0])
            self.answer(204)
        else:
            self.answer(200, self.server.found(parse_qs(body.decode())["query"][0]))

    def answer(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class HostileStore(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """An in-memory store whose next responses can be faults."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.store = Store()
        self.requests_received: list[tuple[str, str]] = []
        self.faults: dict[str, list[Fault | None]] = {}
        self.always: dict[str, Fault] = {}
        self.drops: Callable[[bytes], bytes] = bytes
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fault(self, path: str) -> Fault | None:
        name = path.partition("?")[0]
        waiting = self.faults.get(name)
        return waiting.pop(0) if waiting else self.always.get(name)

    def found(self, query: str) -> bytes:
        """Answer a query; its result is freed in this thread, even if the client is gone."""
        found = self.store.query(query)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        return found.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""

    def take(self, quads: bytes) -> None:
        self.store.load(self.drops(quads), format=RdfFormat.N_QUADS)


@pytest.fixture
def hostile() -> Iterator[HostileStore]:
    with HostileStore() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of the waits, none of which takes place."""
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    return waits


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOD_STORE_USER", "zoé")
    monkeypatch.setenv("LOD_STORE_PASSWORD", SECRET)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    return lambda request: request.answer(code, body, **headers)


def hang(request: Request) -> None:
    request.server.ended.wait()
    request.close_connection = True


def close(request: Request) -> None:
    request.close_connection = True


def cut(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(b'{"head": {"vars": ["n"]}, "results"')
    request.close_connection = True


def refused(hostile: HostileStore, release: Summary, timeout: float = 20) -> str:
    with pytest.raises(StoreFailed) as told:
        load(release.path, hostile.address, timeout=timeout)
    assert told.value.exit_code == 8
    message = str(told.value)
    assert message.startswith(hostile.address)
    assert "\n" not in message
    assert SECRET not in message
    return message


def test_the_test_store_works_without_faults(hostile: HostileStore, sample_release: Summary) -> None:
    assert load(sample_release.path, hostile.address).triples == len(hostile.store)


@pytest.mark.parametrize("path", ["/store", "/query", "/update"])
@pytest.mark.parametrize("code", [429, 503])
def test_a_request_to_a_busy_store_is_retried_after_the_stated_seconds(
    hostile: HostileStore, sample_release: Summary, slept: list[float], path: str, code: int
) -> None:
    hostile.faults[path] = [status(code, Retry_After="7"), status(code), status(code, Retry_After="99999")]
    load(sample_release.path, hostile.address)
    assert slept[0] == 7
    assert 0 < slept[1] <= 60
    assert slept[2] == 60


def test_an_update_that_may_have_been_processed_is_not_sent_twice(
    hostile: HostileStore, sample_release: Summary
) -> None:
    for fault in (status(500, b"out of order"), close):
        hostile.faults["/update"] = [None, fault]
        hostile.requests_received.clear()
        refused(hostile, sample_release)
        updates = [path for path, _ in hostile.requests_received if path == "/update"]
        assert len(updates) == 3  # the claim, the move that failed, and the removal of what was staged
        assert len(hostile.store) == 0


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (status(401, WWW_Authenticate="Basic realm=x"), "requires a valid user and password"),
        (status(401, WWW_Authenticate='Digest realm="x", nonce="y", qop="auth"'), "requires a valid user"),
        (status(401), "requires a valid user and password"),
        (status(403), "does not allow this user to write"),
        (status(404), "has nothing at this address"),
        (status(413), "accepts no request of this size"),
        (status(429), r"was busy 6 times \(429\)"),
        (status(503), r"was busy 6 times \(503\)"),
        (status(500, b"no\x1b[31m space\n left"), r"failed \(500\): « no\\x1b\[31m space left »"),
        (status(500), r"failed \(500\)$"),
        (
            status(301, Location="http://127.0.0.1:1/x"),
            "redirects to another address; use « http://127.0.0.1:1/x »",
        ),
        (close, "closed the connection"),
        (cut, "cut its answer short"),
        (status(200, b"<html>it works</html>"), "expected the results of a query as JSON"),
        (status(200, b'{"head": {}, "boolean": true}'), "expected the results of a query as JSON"),
        (status(200, ROW_WITH_A_GAP), "found « a row without a value for each variable »"),
    ],
)
def test_each_failure_is_reported_in_one_sentence(
    hostile: HostileStore, sample_release: Summary, caplog: pytest.LogCaptureFixture, fault: Fault, why: str
) -> None:
    caplog.set_level(logging.DEBUG)
    hostile.always["/query"] = fault
    assert re.search(why, refused(hostile, sample_release))
    assert SECRET not in caplog.text


def test_the_error_of_a_failure_can_be_freed_by_any_thread(
    hostile: HostileStore, sample_release: Summary, freed_elsewhere: Freed
) -> None:
    hostile.always["/query"] = status(200, ROW_WITH_A_GAP)
    refused(hostile, sample_release)
    assert freed_elsewhere() == []


def test_a_store_that_hangs_is_abandoned_after_the_timeout(
    hostile: HostileStore, sample_release: Summary
) -> None:
    hostile.always["/store"] = hang
    assert "did not answer within 0.5 seconds" in refused(hostile, sample_release, timeout=0.5)


def drop_one(quads: bytes) -> bytes:
    lines = quads.splitlines(keepends=True)
    return b"".join(line for line in lines if b"/90001#auteur> " not in line)


def alter_one(quads: bytes) -> bytes:
    return quads.replace(b"2026-09-01", b"2026-09-02")


@pytest.mark.parametrize(
    ("drops", "why"),
    [
        (drop_one, " lacks « <"),
        (alter_one, " that it was not given"),
        (lambda _: b"", "found 0 triples in 0"),
    ],
)
def test_dropped_or_altered_triples_are_detected_before_readers_see_them(
    hostile: HostileStore, sample_release: Summary, drops: Callable[[bytes], bytes], why: str
) -> None:
    before = load(sample_release.path, hostile.address)
    hostile.drops = drops
    message = refused(hostile, sample_release)
    assert f"expected {before.triples} triples in {before.graphs} graphs, found" in message
    assert why in message
    graphs = {
        graph.value for graph in hostile.store.named_graphs() if isinstance(graph, pyoxigraph.NamedNode)
    }
    assert len(hostile.store) == before.triples
    assert not any(graph.startswith(STAGING) for graph in graphs)


def test_credentials_are_sent_only_on_request_and_to_no_other_host(
    hostile: HostileStore, sample_release: Summary
) -> None:
    load(sample_release.path, hostile.address)
    assert {sent for _, sent in hostile.requests_received} == {""}
    with HostileStore() as other:
        hostile.always["/query"] = status(307, Location=f"{other.address}/query")
        refused(hostile, sample_release)
        assert other.requests_received == []


@pytest.mark.parametrize("source", ["environment", "netrc"])
def test_a_requested_password_is_sent(
    hostile: HostileStore,
    sample_release: Summary,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    source: str,
) -> None:
    if source == "netrc":
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login zoé password {SECRET}\n", encoding="utf-8")
        (tmp_path / "netrc").chmod(0o600)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.delenv("LOD_STORE_USER")
        monkeypatch.delenv("LOD_STORE_PASSWORD")
    hostile.faults["/query"] = [status(401, WWW_Authenticate="Basic realm=x")]
    load(sample_release.path, hostile.address)
    basic = "Basic em/DqTpnZWhlaW0tZ2VoZWlt"
    assert [sent for _, sent in hostile.requests_received[:3]] == ["", basic, basic]


def test_a_user_without_a_password_is_a_usage_error(
    hostile: HostileStore, sample_release: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOD_STORE_USER")
    with pytest.raises(Misused, match="expected both LOD_STORE_USER and LOD_STORE_PASSWORD"):
        load(sample_release.path, hostile.address)


def test_an_unidentified_server_needs_the_kind_option(
    hostile: HostileStore, sample_release: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Request, "server_version", "nginx")
    with pytest.raises(Misused, match="specify it with --kind"):
        load(sample_release.path, hostile.address)
    assert load(sample_release.path, hostile.address, kind=StoreKind.OXIGRAPH).triples == len(hostile.store)
