"""A server under load: hostile queries do not keep others from being answered."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
import requests

from tests.conftest import ROOT
from tests.support.waiting import until

pytestmark = pytest.mark.slow  # each test keeps queries waiting for seconds

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
HOSTILE = {
    "product": ENDLESS,
    "distinct": "SELECT DISTINCT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "order": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l",
    "path": "SELECT (COUNT(*) AS ?n) WHERE { ?a (<http://e/p>|!<http://e/q>)* ?b . "
    "?c (!<http://e/q>)+ ?d . ?e ?f ?g . ?h ?i ?j }",
    "regex": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
    "FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a|b|0)*$')) }",
    "values": "SELECT (COUNT(*) AS ?n) WHERE { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(8))
    + " }",
    "concatenation": "SELECT (GROUP_CONCAT(?o; SEPARATOR='"
    + "-" * 1000
    + "') AS ?x) WHERE { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "large": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
}
TRIPLES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server in a process of its own."""

    pid: int
    port: int

    def query(self, query: str, seconds: float = 30) -> requests.Response:
        address = f"http://127.0.0.1:{self.port}/sparql"
        return requests.post(address, data={"query": query}, timeout=seconds)

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("crowd")
    store = ox.Store(str(folder))
    for n in range(TRIPLES):
        store.add(ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal(str(n))))
    store.flush()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.support.endpoint:from_environment"]
    variables = {"ENDPOINT_STORE": str(folder), "ENDPOINT_SECONDS": "3", "ENDPOINT_WORKERS": "2"}
    with subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "error"], cwd=ROOT, env={**os.environ, **variables}
    ) as process:
        running = Server(pid=process.pid, port=port)
        until(lambda: _answers(running))
        yield running
        process.terminate()
        assert process.wait(20) in (0, -15)


def _answers(server: Server) -> bool:
    try:
        return server.query("ASK {}").ok
    except requests.ConnectionError:
        return False


def is_healthy(server: Server) -> bool:
    """Return whether an easy query is answered in less than five seconds."""
    start = time.monotonic()
    response = server.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    return response.ok and f'"{TRIPLES}"' in response.text and time.monotonic() - start < 5


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_query_is_stopped_and_others_are_answered_meanwhile(kind: str, server: Server) -> None:
    with ThreadPoolExecutor(1) as others:
        hostile = others.submit(server.query, HOSTILE[kind])
        assert is_healthy(server)
        response = hostile.result()
    assert response.status_code in (503, 504)
    assert re.match(
        "(no answer within|the answer is larger than|the query is slow and others)", response.text
    )
    assert "Retry-After" in response.headers or response.status_code == 504


def test_24_hostile_queries_at_once_let_others_be_answered(server: Server) -> None:
    texts = [*HOSTILE.values()] * 3
    with ThreadPoolExecutor(len(texts)) as others:
        hostile = [others.submit(server.query, text) for text in texts]
        time.sleep(0.5)  # all of them have arrived, and most of them wait
        assert all(is_healthy(server) for _ in range(3))
        statuses = {each.result().status_code for each in hostile}
    assert statuses <= {503, 504}
    assert is_healthy(server)


def test_clients_that_disconnect_leave_no_file_open(server: Server) -> None:
    assert is_healthy(server)
    before = server.open_files()
    for _ in range(12):
        with pytest.raises(requests.Timeout):
            server.query(ENDLESS, seconds=0.1)
    until(lambda: server.open_files() <= before)
    assert is_healthy(server)


def test_clients_that_disconnect_from_a_large_answer_leave_no_file_open(server: Server) -> None:
    before = server.open_files()
    body = "query=SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
    for _ in range(4):
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\n"
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            assert client.recv(64).startswith(b"HTTP/1.1 200")
    until(lambda: server.open_files() <= before)
    whole = server.query("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }")
    assert len(whole.content) > 10_000_000
    assert whole.content.endswith(b"}]}}")
