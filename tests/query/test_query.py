"""`lod query`: what is refused, what is limited, what is written, and that the store stays as it was."""

import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import Summary
from lod.errors import LodError, Misused, StoreFailed
from lod.query import Limits, OutputFormat, ask, base, cookbook, query_text, read_only
from lod.query.chart import chosen, draw
from lod.query.results import QueryResult
from lod.store import load
from tests.cli.test_cli import lod
from tests.conftest import ROOT, Freed

EVERYTHING = "SELECT * WHERE { ?s ?p ?o }"
PRODUCT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store, in the place where a loader keeps the current one."""
    folder = tmp_path_factory.mktemp("store")
    opened = ox.Store(str(folder / "current"))
    node = ox.NamedNode("http://e/s")
    for n in range(300):
        number = ox.Literal(str(n), datatype=ox.NamedNode(XSD + "integer"))
        opened.add(ox.Quad(node, ox.NamedNode("http://e/p"), number, ox.NamedNode(f"http://e/g{n}")))
    opened.flush()
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * WHERE { seRVice ?x { ?s ?p ?o } }",
        "SELECT * WHERE { ?s ?p 1SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
        "SELECT * WHERE { ?s ?p true .SERVICE:x{ ?s ?p ?o } }",
        "PREFIX x: <http://e/> SELECT * WHERE { ?s ?p x:.SERVICE x:{ ?s ?p ?o } }",
        "SELECT * WHERE { \\u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * WHERE { ?s <http://e/\\u0041#> ?o SERVICE <http://127.0.0.1/> { } }",
        "SELECT * WHERE { FILTER(?a<?b)SERVICE?x{}FILTER(?c>?d) }",
        "SELECT * WHERE { ?s ?p '''a' # ''' SERVICE <http://127.0.0.1/> { } }",
        "SELECT * WHERE { ?s ?p 'a\\'' . SERVICE <http://127.0.0.1/> { } # ' \n }",
        "# SELECT\nSELECT * WHERE { { SELECT * WHERE { SERVICE SILENT <http://127.0.0.1/> { } } } }",
    ],
)
def test_other_servers_are_not_called(text: str, store: Path) -> None:
    with pytest.raises(Misused, match="SERVICE: say --allow-service"):
        ask(text, str(store))
    assert read_only.check(text, allow_service=True) == "SELECT"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { ?service ?p 'SERVICE <http://e/>' }",
        "PREFIX s: <http://e/service#> SELECT * WHERE { ?s s:ServiceType s:x } # SERVICE",
        'SELECT * WHERE { <http://e/SERVICE> ?p """SERVICE "" {""" }',
    ],
)
def test_the_word_service_may_be_said(text: str, store: Path) -> None:
    assert ask(text, str(store)).rows()[1] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "the update « INSERT DATA »"),
        ("PREFIX a: <http://e/#> # SELECT\n DELETE\nWHERE { ?s ?p ?o }", "the update « DELETE WHERE »"),
        ("LOAD <http://127.0.0.1/>", "the update « LOAD »"),
        ("clear all", "the update « clear all »"),
        ("BASE <http://e/> DROP ALL", "the update « DROP ALL »"),
        ("WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "the update « WITH DELETE »"),
        ("", "nothing"),
        ("{ ?s ?p ?o }", "« { } »"),
        ("SELECTED { ?s ?p ?o }", "« SELECTED { } »"),
    ],
)
def test_what_does_not_merely_read_is_refused(text: str, found: str, store: Path) -> None:
    with pytest.raises(Misused, match=rf"expected a query that reads \(.+\), found {found}$"):
        ask(text, str(store))


def test_an_update_behind_a_query_is_refused_and_nothing_changes(store: Path) -> None:
    with pytest.raises(Misused, match="expected a query in SPARQL"):
        ask(EVERYTHING + " ; DELETE WHERE { ?s ?p ?o }", str(store))
    assert len(ox.Store.read_only(str(store / "current"))) == 300


def test_from_reaches_nothing_outside_the_store(store: Path) -> None:
    for source in ("http://127.0.0.1:1/x", "file:///etc/passwd"):
        assert ask(f"SELECT * FROM <{source}> WHERE {{ ?s ?p ?o }}", str(store)).rows()[1] == []
    assert len(ask("SELECT * FROM <http://e/g7> WHERE { ?s ?p ?o }", str(store)).rows()[1]) == 1


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_a_query_that_is_too_deeply_nested_is_refused(pair: str) -> None:
    with pytest.raises(Misused, match="at most 100 brackets within each other, found 50"):
        read_only.check(f"SELECT * WHERE {{ {pair[0] * 5000}{pair[1] * 5000} }}")


def test_a_query_that_breaks_the_engine_breaks_its_process_alone(store: Path) -> None:
    deep = "SELECT * WHERE { ?s ?p ?o FILTER(" + "!" * 200_000 + "?o) }"
    with pytest.raises(StoreFailed, match="too deeply nested or too large"):
        ask(deep, str(store))


def test_a_query_is_stopped_at_its_time(store: Path) -> None:
    with pytest.raises(StoreFailed, match=r"within 1\.5 seconds"):
        ask(PRODUCT, str(store), Limits(seconds=1.5))


def test_a_query_is_stopped_at_its_memory(store: Path) -> None:
    rows = "SELECT DISTINCT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c"
    with pytest.raises(StoreFailed, match="within 512 MB of memory"):
        ask(rows, str(store), Limits(megabytes=512))


def test_a_release_has_each_triple_in_one_graph(sample_release: Summary) -> None:
    twice = "SELECT * { GRAPH ?one { ?s ?p ?o } GRAPH ?other { ?s ?p ?o } FILTER(?one != ?other) }"
    assert ask(twice, str(sample_release.path)).rows()[1] == []
    label = "SELECT DISTINCT ?g { GRAPH ?g { ?constituency skos:notation '01-41' } }"
    text = f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> {label}"
    [[graph]] = ask(text, str(sample_release.path)).rows()[1]
    assert str(graph) == "<https://w3id.org/anq/graphe/lieux>"


def test_a_release_has_the_graphs_that_a_store_of_it_has(sample_release: Summary, tmp_path: Path) -> None:
    load(sample_release.path, str(tmp_path / "store"))
    counting = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    expected = ask(counting, str(tmp_path / "store")).rows()[1]
    assert ask(counting, str(sample_release.path)).rows()[1] == expected
    assert any("graphe/ontologie" in str(graph) for graph, _ in expected)


def test_a_query_that_is_none_is_told_in_one_sentence(store: Path) -> None:
    with pytest.raises(Misused, match=r"expected a query in SPARQL 1\.1, found an error at 1:"):
        ask("SELECT * WHERE { ?s ?p }", str(store))


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="expected a store, a release or the address"):
        ask(EVERYTHING, str(tmp_path))
    (tmp_path / "CURRENT").write_text("MANIFEST-1\n")
    with pytest.raises(StoreFailed, match="expected a store of Oxigraph"):
        ask(EVERYTHING, str(tmp_path))


def test_a_name_that_is_nearly_known_is_told_its_like() -> None:
    with pytest.raises(Misused, match="did you mean questions-by-group"):
        query_text("question-by-group", {})
    with pytest.raises(Misused, match="with a saved query only"):
        query_text(EVERYTHING, {"x": "y"})


def test_answers_are_written_as_sparql_says(store: Path) -> None:
    text = "SELECT ?o ?none WHERE { ?s ?p ?o FILTER(?o = 7) }"
    answer = ask(text, str(store))
    assert answer.written(OutputFormat.CSV) == b"o,none\r\n7,\r\n"
    assert answer.written(OutputFormat.TSV) == b"?o\t?none\n7\t\n"
    bindings = json.loads(answer.written(OutputFormat.JSON))["results"]["bindings"]
    assert bindings == [{"o": {"type": "literal", "value": "7", "datatype": XSD + "integer"}}]
    with pytest.raises(Misused, match="csv, tsv or json"):
        answer.written(OutputFormat.TURTLE)
    assert ask("ASK { ?s ?p 7 }", str(store)).written(OutputFormat.CSV) == b"true\n"


def test_a_graph_is_written_as_turtle_with_the_prefixes_of_the_query(store: Path) -> None:
    text = "PREFIX e: <http://e/> CONSTRUCT { ?s e:q ?o } WHERE { ?s e:p ?o FILTER(?o < 2) }"
    answer = ask(text, str(store))
    assert b"@prefix e: <http://e/>" in answer.written(OutputFormat.TURTLE)
    parsed = ox.parse(answer.written(OutputFormat.TURTLE), ox.RdfFormat.TURTLE)
    assert sorted(str(quad.object) for quad in parsed) == [f'"{n}"^^<{XSD}integer>' for n in (0, 1)]
    with pytest.raises(Misused, match="--format turtle"):
        answer.written(OutputFormat.CSV)


def test_a_table_without_rows_is_told_beside_it(store: Path) -> None:
    nothing = "SELECT ?s ?p { ?s ?p 'this is nowhere' }"
    told = lod("query", nothing, "--on", store)
    assert (told.returncode, told.stdout.split(), told.stderr) == (0, ["s", "p"], "no results\n")
    told = lod("query", nothing, "--on", store, "-f", "csv")
    assert (told.returncode, told.stdout.split(), told.stderr) == (0, ["s,p"], "")
    told = lod("query", "SELECT * { ?s ?p ?o }", "--on", store, "--rows", "1")
    assert (told.returncode, told.stderr) == (0, "")


def test_the_command_asks_lists_and_shows(sample_release: Summary, store: Path) -> None:
    told = lod("query", "questions-by-group", "--on", sample_release.path)
    assert "Groupe des Essais" in told.stdout
    told = lod("query", "--list")
    assert all(name in told.stdout.split("\n") for name in cookbook())
    told = lod("query", "text-search", "-p", "words=a'b\"", "--show")
    assert 'VALUES ?words { "a\'b\\"" }' in told.stdout
    told = lod("query", EVERYTHING, "--on", store, "--rows", "3")
    assert "… and 297 more rows" in told.stdout
    told = lod("query", ROOT / "queries" / "corrected.rq", "--on", store, "-f", "csv")
    assert (told.returncode, told.stdout) == (0, "identifier,title,erratum\n")


def test_a_release_and_its_store_are_asked_under_their_own_base(
    named_release: Summary, tmp_path: Path
) -> None:
    load(named_release.path, str(tmp_path / "store"))
    for place in (named_release.path, tmp_path / "store"):
        told = lod("query", "questions-by-group", "--on", place)
        assert "Groupe des Essais" in told.stdout
        assert "BASE <https://data.example.org/q/>" in lod("query", "overdue", "--on", place, "--show").stdout
        assert base(str(place), "https://data.example.org/q/") == "https://data.example.org/q/"
        with pytest.raises(
            Misused, match=r"expected --base https://data\.example\.org/q/, under which it was"
        ):
            base(str(place), "https://w3id.org/anq/")


def test_of_what_does_not_say_its_base_it_is_told(store: Path, tmp_path: Path) -> None:
    for place in (str(store), str(tmp_path), "http://127.0.0.1:1/sparql"):
        assert base(place) == "https://w3id.org/anq/"
        assert base(place, "https://example.org/") == "https://example.org/"
        with pytest.raises(Misused, match="the base must be"):
            base(place, "https://example.org")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["query"], 2),
        (["query", EVERYTHING, "--base", "w3id.org"], 2),
        (["query", "--list", "overdue"], 2),
        (["query", "text-search"], 2),
        (["query", "CLEAR ALL {}"], 2),
        (["query", EVERYTHING, "--on", "https://me:secret@127.0.0.1/"], 2),
        (["query", EVERYTHING, "--on", "http://127.0.0.1:1/sparql"], 8),
        (["query", EVERYTHING, "--on", "/nowhere"], 2),
        (["query", "questions-by-group", "--on", "http://127.0.0.1:1/sparql", "--chart", "groups.png"], 2),
    ],
)
def test_what_is_wrong_is_one_sentence_and_a_code(said: list[str], code: int) -> None:
    told = lod(*said)
    assert (told.returncode, told.stdout) == (code, "")
    assert told.stderr.startswith("error: ")
    assert told.stderr.count("\n") == 1
    assert "secret" not in told.stderr


def _answer(*pairs: tuple[str, str]) -> QueryResult:
    integer = {"type": "literal", "datatype": XSD + "integer"}
    bindings = [
        {"month": {"type": "literal", "value": a}, "questions": {**integer, "value": b}} for a, b in pairs
    ]
    body = {"head": {"vars": ["month", "questions"]}, "results": {"bindings": bindings}}
    return QueryResult(body=json.dumps(body).encode(), is_graph=False, prefixes={})


def test_a_chart_of_months_is_a_line_and_of_names_bars(tmp_path: Path) -> None:
    called = {"month": "mois", "questions": "questions"}
    line, bars = tmp_path / "line.svg", tmp_path / "bars.svg"
    draw(*_answer(("2026-01", "3"), ("2026-04", "1200")).rows(), line, "Questions par mois", called)
    draw(*_answer(("Santé & <b>", "3"), ("Mer", "1200")).rows(), bars, "Titre", called)
    assert {"Questions par mois", "Mois", "Questions", "2026-01", "2026-04"} <= _texts(line)
    assert {"Titre", "Questions", "Santé & <b>", "Mer", "3", "1\u202f200"} <= _texts(bars)


def test_the_same_rows_make_the_same_chart(tmp_path: Path) -> None:
    rows = _answer(("a", "3"), ("b", "1")).rows()
    for name in ("1.svg", "2.svg"):
        draw(*rows, tmp_path / name, "x", {})
    assert (tmp_path / "1.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()


def test_what_has_no_label_and_number_is_not_drawn(tmp_path: Path) -> None:
    for rows in (_answer(), _answer(("a", "x"))):
        with pytest.raises(Misused, match="a label and a number"):
            draw(*rows.rows(), tmp_path / "x.svg", "x", {})
    assert not list(tmp_path.iterdir())


def test_two_labels_before_a_number_name_a_bar_together() -> None:
    cells = [(ox.Literal("de"), ox.Literal("à"), ox.Literal("3", datatype=ox.NamedNode(XSD + "integer")))]
    assert chosen(["asked", "charged", "n"], cells, {}).labels == ["de – à"]


def _texts(path: Path) -> set[str]:
    root = ET.parse(path).getroot()
    return {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}


class Endpoint(BaseHTTPRequestHandler):
    """A small server that answers as its path says, and tells which form it was sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path.removeprefix("/")
        code = int(path) if path.isdigit() else 200
        rows = {
            "head": {"vars": ["sent"]},
            "results": {"bindings": [{"sent": {"type": "literal", "value": body.decode()}}]},
        }
        sent = json.dumps(rows).encode()
        self.send_response(code)
        self.send_header("Location", "/")
        kind = "text/html" if path == "html" else "application/sparql-results+json; charset=utf-8"
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(sent[:-9] if path == "cut" else sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_endpoint_is_asked_by_a_form(endpoint: str) -> None:
    _, rows = ask("ASK { }", endpoint).rows()
    assert [cell.value for row in rows for cell in row if isinstance(cell, ox.Literal)] == [
        "query=ASK+%7B+%7D"
    ]


def test_an_endpoint_that_is_not_there_is_told_in_our_words() -> None:
    for address, why in (
        ("http://127.0.0.1:1/sparql", "found none: nothing listens there"),
        ("http://nowhere.invalid/sparql", "found none: its name is not known"),
    ):
        with pytest.raises(StoreFailed, match=f"^{address}: expected an answer, {why}$"):
            ask(EVERYTHING, address).written(OutputFormat.CSV)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("401", "401: it wants a name and a password"),
        ("403", "403: it does not allow this"),
        ("413", "413: the query is too long"),
        ("302", "302: "),
        ("503", "503: it is overloaded"),
        ("html", "found text/html: is it an endpoint"),
        ("cut", "not whole"),
    ],
)
def test_an_endpoint_that_does_not_answer_is_named(endpoint: str, path: str, found: str) -> None:
    with pytest.raises(LodError, match=found) as caught:
        ask(EVERYTHING, endpoint + path).written(OutputFormat.CSV)
    assert caught.value.exit_code == 8


@pytest.mark.parametrize("form", [OutputFormat.CSV, OutputFormat.JSON])
def test_what_a_torn_answer_leaves_can_be_freed_by_any_thread(
    endpoint: str, form: OutputFormat, freed_elsewhere: Freed
) -> None:
    def fail() -> None:
        with pytest.raises(StoreFailed, match="not whole") as caught:
            ask(EVERYTHING, endpoint + "cut").written(form)
        assert caught.value.exit_code == 8  # the error and this frame hold each other: no count frees them

    fail()
    assert freed_elsewhere() == []


def test_http_is_spoken_in_one_module() -> None:
    files = (ROOT / "lod" / "query").rglob("*.py")
    spoken = [path.name for path in files if "import requests" in path.read_text(encoding="utf-8")]
    assert spoken == ["endpoint.py"]
