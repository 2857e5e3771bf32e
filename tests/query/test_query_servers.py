"""`lod query` on what `lod load` has loaded: on servers by the same address, on TDB2 by its folder."""

import fcntl
import shutil
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from lod import Summary
from lod.errors import LodError, Misused, StoreFailed
from lod.query import Limits, OutputFormat, ask, base, cookbook
from lod.query.results import text as text_of_cell
from lod.store import load
from tests.support import stores
from tests.support.server import served

COUNT = "SELECT (COUNT(DISTINCT ?q) AS ?n) WHERE { ?q a <http://schema.org/Question> }"
ONE = "CONSTRUCT WHERE { <https://w3id.org/anq/an/17/qe/90001> a ?class }"
QUESTIONS = "5"


def counted(place: str) -> str:
    _, rows = ask(COUNT, place).rows()
    return text_of_cell(rows[0][0])


@pytest.fixture(scope="module")
def oxigraph(sample_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The samples in an Oxigraph server that was started without --union-default-graph."""
    with stores.oxigraph(tmp_path_factory.mktemp("oxigraph")) as address:
        load(sample_release.path, address)
        yield address


@pytest.fixture(scope="module")
def tdb2(sample_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("jena")
    with pytest.MonkeyPatch.context() as m:
        m.setenv("JENA_HOME", str(stores.jena(folder)))
        load(sample_release.path, f"tdb2:{folder / 'tdb2'}")
        yield folder / "tdb2"


@pytest.mark.parametrize("path", ["", "/", "/query"])
def test_an_oxigraph_server_is_queried_by_the_address_that_was_loaded(oxigraph: str, path: str) -> None:
    answer = ask(COUNT, oxigraph + path)
    assert [text_of_cell(cell) for cell in answer.rows()[1][0]] == [QUESTIONS]
    assert answer.warning is None


def test_a_saved_query_has_the_same_answer_on_a_release_and_on_an_oxigraph_server(
    sample_release: Summary, oxigraph: str
) -> None:
    text = cookbook()["questions-by-group"].bind({})
    here, there = (
        ask(text, place).serialize(OutputFormat.CSV) for place in (str(sample_release.path), oxigraph)
    )
    assert here == there
    assert here.count(b"\n") > 1


def test_construct_and_ask_see_named_graphs_too(oxigraph: str) -> None:
    assert b"schema.org/Question" in ask(ONE, oxigraph).serialize(OutputFormat.TURTLE)
    assert ask("ASK { ?q a <http://schema.org/Question> }", oxigraph).serialize(OutputFormat.CSV) == b"true\n"


def test_a_query_with_rows_even_on_an_empty_graph_is_about_the_union_too(oxigraph: str) -> None:
    text = (
        "SELECT ?class (COUNT(?s) AS ?n) WHERE { VALUES ?class { <http://schema.org/Question> "
        "<http://example.org/None> } OPTIONAL { ?s a ?class } } GROUP BY ?class ORDER BY ?class"
    )
    assert [text_of_cell(n) for _, n in ask(text, oxigraph).rows()[1]] == ["0", QUESTIONS]


def test_a_query_with_from_is_about_these_graphs_only(oxigraph: str) -> None:
    nowhere = COUNT.replace(" WHERE", " FROM <http://nowhere/> WHERE")
    assert [text_of_cell(cell) for cell in ask(nowhere, oxigraph).rows()[1][0]] == ["0"]


def test_a_virtuoso_server_is_queried_by_the_address_that_was_loaded(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOD_STORE_USER", "dba")
    monkeypatch.setenv("LOD_STORE_PASSWORD", stores.PASSWORD)
    with stores.virtuoso(tmp_path) as address:
        load(sample_release.path, address)
        assert counted(address) == QUESTIONS


def test_the_server_of_this_program_is_queried_by_its_address(
    sample_release: Summary, tmp_path: Path
) -> None:
    with served(sample_release.path, tmp_path / "site") as server:
        assert counted(f"http://127.0.0.1:{server.port}/") == QUESTIONS


class _Plain(BaseHTTPRequestHandler):
    """An endpoint without a union of graphs, whatever the parameters."""

    store = ox.Store()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        results = self.store.query(form["query"][0])
        assert not isinstance(results, ox.QueryTriples)
        body = results.serialize(format=ox.QueryResultsFormat.JSON) or b""
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def plain() -> Iterator[str]:
    socketserver.TCPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", 0), _Plain) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sparql"
        finally:
            server.shutdown()
            thread.join()


def test_an_empty_default_graph_besides_named_graphs_gives_a_warning(plain: str) -> None:
    a = ox.NamedNode("http://example.org/a")
    _Plain.store.clear()
    assert ask(COUNT, plain).warning is None, "the store is empty"
    _Plain.store.add(ox.Quad(a, a, a, a))
    warning = ask(COUNT, plain).warning
    assert warning
    assert warning.startswith(f"{plain}: the default graph is empty, all triples are in named graphs")
    _Plain.store.add(ox.Quad(a, a, a))
    assert ask(COUNT, plain).warning is None, "the default graph is not empty"


@pytest.mark.parametrize("prefix", ["", "tdb2:"])
def test_a_tdb2_folder_is_queried_by_its_name(tdb2: Path, prefix: str) -> None:
    assert counted(f"{prefix}{tdb2}") == QUESTIONS
    assert base(f"{prefix}{tdb2}") == "https://w3id.org/anq/"


def test_a_tdb2_database_supports_construct_and_from(tdb2: Path) -> None:
    assert b"schema.org/Question" in ask(ONE, str(tdb2)).serialize(OutputFormat.TURTLE)
    graph = "https://w3id.org/anq/an/17/qe/90001"
    one = COUNT.replace(" WHERE", f" FROM <{graph}> WHERE")
    assert ask(one, str(tdb2)).serialize(OutputFormat.CSV).split() == [b"n", b"1"]


def test_the_limits_apply_to_tdb2(tdb2: Path) -> None:
    with pytest.raises(StoreFailed, match=r"^no answer within 0\.1 s; .+ raise --timeout$"):
        ask(COUNT, str(tdb2), Limits(seconds=0.1))
    crowd = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    with pytest.raises(StoreFailed, match=r"^no answer within 16 MB of memory; .+ raise --memory$"):
        ask(crowd, str(tdb2), Limits(megabytes=16))


@pytest.mark.parametrize("text", ["SELECT * WHERE { ?s ?p <x y> }", "SELECT ?s WHERE { ?s a nothing:known }"])
def test_an_invalid_query_is_reported_with_tdb2_too(tdb2: Path, text: str) -> None:
    with pytest.raises(Misused, match=r"^not a valid SPARQL 1\.1 query: "):
        ask(text, str(tdb2))


def test_a_tdb2_database_that_another_process_has_open_is_reported(tdb2: Path) -> None:
    lock = (tdb2 / "current" / "tdb.lock").open("r+b")
    with lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreFailed, match="another process has this TDB2 database open"):
            ask(COUNT, str(tdb2))


def test_a_damaged_tdb2_database_is_not_blamed_on_the_query(tdb2: Path, tmp_path: Path) -> None:
    damaged = Path(shutil.copytree(tdb2 / "current", tmp_path / "damaged"))
    for file in damaged.glob("Data-*/*.dat"):
        file.write_bytes(b"\xff" * 100)
    with pytest.raises(StoreFailed, match=r"tdb2\.tdbquery ended with"):
        ask(COUNT, str(damaged))


def test_a_missing_jena_is_named(tdb2: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JENA_HOME", "/nowhere")
    with pytest.raises(LodError, match=r"tdb2\.tdbquery of Apache Jena is not installed"):
        ask(COUNT, str(tdb2))


def test_a_folder_without_tdb2_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="expected a store, a release or the address"):
        ask(COUNT, f"tdb2:{tmp_path}")
