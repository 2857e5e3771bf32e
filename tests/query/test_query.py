"""`lod query`: checks of queries, limits, output formats, charts, remote endpoints; stores never change."""

import contextlib
import json
import shutil
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import Summary
from lod.errors import CheckFailed, LodError, Misused, StoreFailed
from lod.query import Limits, OutputFormat, QueryResult, ask, base, cookbook, read_only, resolve_query
from lod.query.chart import draw, series
from lod.store import load
from tests.cli.test_cli import lod
from tests.conftest import ROOT, Freed

EVERYTHING = "SELECT * WHERE { ?s ?p ?o }"
PRODUCT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store, in the folder where a loader puts the current one."""
    folder = tmp_path_factory.mktemp("store")
    loaded = ox.Store(str(folder / "current"))
    node = ox.NamedNode("http://e/s")
    for n in range(300):
        number = ox.Literal(str(n), datatype=ox.NamedNode(XSD + "integer"))
        loaded.add(ox.Quad(node, ox.NamedNode("http://e/p"), number, ox.NamedNode(f"http://e/g{n}")))
    loaded.flush()
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
def test_a_query_that_calls_other_servers_is_refused(text: str, store: Path) -> None:
    with pytest.raises(Misused, match=r"^SERVICE is not allowed: .+; --allow-service permits it$"):
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
def test_a_query_may_contain_the_word_service_in_names_strings_and_comments(text: str, store: Path) -> None:
    assert ask(text, str(store)).rows()[1] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "updates are not allowed, .+ « INSERT DATA »"),
        (
            "PREFIX a: <http://e/#> # SELECT\n DELETE\nWHERE { ?s ?p ?o }",
            "updates are not allowed, .+ « DELETE WHERE »",
        ),
        ("LOAD <http://127.0.0.1/>", "updates are not allowed, .+ « LOAD »"),
        ("clear all", "updates are not allowed, .+ « clear all »"),
        ("BASE <http://e/> DROP ALL", "updates are not allowed, .+ « DROP ALL »"),
        ("WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "updates are not allowed, .+ « WITH DELETE »"),
        ("", "expected a query that begins with .+, found nothing"),
        ("{ ?s ?p ?o }", "expected a query that begins with .+, found « { } »"),
        ("SELECTED { ?s ?p ?o }", "expected a query that begins with .+, found « SELECTED { } »"),
    ],
)
def test_an_update_or_no_query_is_refused(text: str, message: str, store: Path) -> None:
    with pytest.raises(Misused, match=f"^{message}$"):
        ask(text, str(store))


def test_an_update_after_a_query_is_refused_and_the_store_does_not_change(store: Path) -> None:
    with pytest.raises(Misused, match=r"not a valid SPARQL 1\.1 query"):
        ask(EVERYTHING + " ; DELETE WHERE { ?s ?p ?o }", str(store))
    assert len(ox.Store.read_only(str(store / "current"))) == 300


def test_from_loads_nothing_from_outside_the_store(store: Path) -> None:
    for source in ("http://127.0.0.1:1/x", "file:///etc/passwd"):
        assert ask(f"SELECT * FROM <{source}> WHERE {{ ?s ?p ?o }}", str(store)).rows()[1] == []
    assert len(ask("SELECT * FROM <http://e/g7> WHERE { ?s ?p ?o }", str(store)).rows()[1]) == 1


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_a_query_that_is_nested_too_deeply_is_refused(pair: str) -> None:
    with pytest.raises(Misused, match=r"nested 500[01] brackets deep; at most 100 are allowed"):
        read_only.check(f"SELECT * WHERE {{ {pair[0] * 5000}{pair[1] * 5000} }}")


def test_a_query_that_crashes_the_engine_ends_only_its_process(store: Path) -> None:
    deep = "SELECT * WHERE { ?s ?p ?o FILTER(" + "!" * 200_000 + "?o) }"
    with pytest.raises(StoreFailed, match=r"crashed the engine \(SIG[A-Z]+\); it may be nested too deeply"):
        ask(deep, str(store))


def test_a_query_is_stopped_at_its_time_limit(store: Path) -> None:
    with pytest.raises(StoreFailed, match=r"^no answer within 1\.5 s; .+ raise --timeout$"):
        ask(PRODUCT, str(store), Limits(seconds=1.5))


def test_a_query_is_stopped_at_its_memory_limit(store: Path) -> None:
    rows = "SELECT DISTINCT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c"
    with pytest.raises(StoreFailed, match=r"^no answer within 512 MB of memory; .+ raise --memory$"):
        ask(rows, str(store), Limits(megabytes=512))


def test_an_answer_has_a_size_limit(store: Path) -> None:
    with pytest.raises(StoreFailed, match=r"^the answer is larger than 1 MB$"):
        ask("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", str(store), Limits(answer_megabytes=1))


def test_a_damaged_release_is_reported_as_such(sample_release: Summary, tmp_path: Path) -> None:
    shutil.copytree(sample_release.path, tmp_path / "release")
    dump = tmp_path / "release" / "questions.nq"
    dump.write_bytes(b"?" + dump.read_bytes()[1:])
    with pytest.raises(CheckFailed, match=r"questions\.nq: expected the file that was published"):
        ask(EVERYTHING, str(tmp_path / "release"))
    with pytest.raises(CheckFailed, match=r"questions\.nq: expected N-Quads, found"):
        ask(EVERYTHING, str(tmp_path / "release"), trust=True)


def test_a_release_has_each_triple_in_one_graph(sample_release: Summary) -> None:
    twice = "SELECT * { GRAPH ?one { ?s ?p ?o } GRAPH ?other { ?s ?p ?o } FILTER(?one != ?other) }"
    assert ask(twice, str(sample_release.path)).rows()[1] == []
    label = "SELECT DISTINCT ?g { GRAPH ?g { ?constituency skos:notation '01-41' } }"
    text = f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> {label}"
    [[graph]] = ask(text, str(sample_release.path)).rows()[1]
    assert str(graph) == "<https://w3id.org/anq/graphe/lieux>"


def test_a_release_and_its_store_have_the_same_graphs(sample_release: Summary, tmp_path: Path) -> None:
    load(sample_release.path, str(tmp_path / "store"))
    counting = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    expected = ask(counting, str(tmp_path / "store")).rows()[1]
    assert ask(counting, str(sample_release.path)).rows()[1] == expected
    assert any("graphe/ontologie" in str(graph) for graph, _ in expected)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * {\n ?s ?p }", "the error is in line 2, at column 9 or before it"),
        (
            "# schema: \"schema:\"\nSELECT ?q { ?q a schema:Question ; ?p 'a:b', _:x, <c:d> }",
            "the prefix schema: is not declared; add PREFIX schema: <http://schema.org/>",
        ),
        (
            'ASK { ?s ?p ?o FILTER(?o > xsd:date("2026-01-01")) }',
            "the prefix xsd: is not declared; add PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>",
        ),
        (
            "PREFIX foaf: <http://xmlns.com/foaf/0.1/> ASK { ?s foaf:name ?o ; skos:note|e.x:a ?o ; : 1 . }",
            "the prefixes skos: and e.x: and : are not declared; add PREFIX skos: <.+> PREFIX e.x: <.+> .+",
        ),
        ("ASK { ?s a http://schema.org/Question }", "the IRI « http://schema.org/Question » has no angle .+"),
        ("ASK { ?s ?p ?o FILTER(?o > (1) }", r"the bracket \} in line 1 closes none that is open"),
        ("ASK {\n?s ?p '''a\n\n''' .\n{ ?s ?p ?o }", "the bracket { in line 1 is not closed"),
        ('ASK {\n?s ?p "a\n}', "the string that begins in line 2 has no end there"),
        ("ASK { ?s a <Question> }", "an IRI is not valid, or is relative without BASE"),
        ('ASK { ?s ?p "a"@frenchlanguage }', "a language tag is not valid"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "SELECT has a variable that is not in GROUP BY"),
        ("SELECT (?o + 1 AS ?n) { ?s ?p ?o } GROUP BY ?s", "SELECT has an expression .+ not in GROUP BY"),
        ("SELECT (1 AS ?n) (2 AS ?n) {}", "SELECT has the same variable twice"),
        ("SELECT (1 AS ?s) { ?s ?p ?o }", "AS names a variable that has a value already"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", r"SELECT \* is not allowed with GROUP BY or an aggregate"),
    ],
)
def test_a_syntax_error_is_reported_in_a_sentence_of_ours(query: str, reason: str, store: Path) -> None:
    with pytest.raises(Misused, match=rf"^not a valid SPARQL 1\.1 query: {reason}$"):
        ask(query, str(store))


def test_the_sentence_about_a_hostile_query_is_short_and_printable(store: Path) -> None:
    with pytest.raises(Misused) as error:
        ask("ASK { ?s ?p " + "a" * 60_000 + ":\u202e }", str(store))
    assert len(str(error.value)) < 500
    assert str(error.value).isprintable()


def test_a_folder_without_a_store_or_release_is_reported(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="expected a store, a release or the address"):
        ask(EVERYTHING, str(tmp_path))
    (tmp_path / "CURRENT").write_text("MANIFEST-1\n")
    with pytest.raises(StoreFailed, match="cannot be opened as an Oxigraph store"):
        ask(EVERYTHING, str(tmp_path))


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(Misused, match="did you mean questions-by-group"):
        resolve_query("question-by-group", {})
    with pytest.raises(Misused, match="with a saved query only"):
        resolve_query(EVERYTHING, {"x": "y"})


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING,
        "DESCRIBE <https://w3id.org/anq/an/17/qe/90001>",
        "\ndescribe <x>",
        "PREFIX a: <http://a/> DESCRIBE a:b",
        "BASE <http://a/>\nDESCRIBE <b>",
    ],
)
def test_the_text_of_a_query_is_recognized(text: str) -> None:
    assert resolve_query(text, {}).text == text


@pytest.mark.parametrize("name", ["describe", "prefix.rq", "base", "describe-a-question"])
def test_the_name_of_a_file_is_not_taken_for_the_text_of_a_query(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(EVERYTHING, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        assert resolve_query(name, {}).text == EVERYTHING


def test_rows_are_serialized_in_the_sparql_results_formats(store: Path) -> None:
    text = "SELECT ?o ?none WHERE { ?s ?p ?o FILTER(?o = 7) }"
    answer = ask(text, str(store))
    assert answer.serialize(OutputFormat.CSV) == b"o,none\r\n7,\r\n"
    assert answer.serialize(OutputFormat.TSV) == b"?o\t?none\n7\t\n"
    bindings = json.loads(answer.serialize(OutputFormat.JSON))["results"]["bindings"]
    assert bindings == [{"o": {"type": "literal", "value": "7", "datatype": XSD + "integer"}}]
    with pytest.raises(Misused, match=r"use csv, tsv or json$"):
        answer.serialize(OutputFormat.TURTLE)
    assert ask("ASK { ?s ?p 7 }", str(store)).serialize(OutputFormat.CSV) == b"true\n"


def test_a_graph_is_serialized_as_turtle_with_the_prefixes_of_the_query(store: Path) -> None:
    text = "PREFIX e: <http://e/> CONSTRUCT { ?s e:q ?o } WHERE { ?s e:p ?o FILTER(?o < 2) }"
    answer = ask(text, str(store))
    assert b"@prefix e: <http://e/>" in answer.serialize(OutputFormat.TURTLE)
    parsed = ox.parse(answer.serialize(OutputFormat.TURTLE), ox.RdfFormat.TURTLE)
    assert sorted(str(quad.object) for quad in parsed) == [f'"{n}"^^<{XSD}integer>' for n in (0, 1)]
    with pytest.raises(Misused, match=r"--format csv cannot hold; use turtle$"):
        answer.serialize(OutputFormat.CSV)


def test_a_table_without_rows_is_noted_on_standard_error(store: Path) -> None:
    nothing = "SELECT ?s ?p { ?s ?p 'this is nowhere' }"
    run = lod("query", nothing, "--on", store)
    assert (run.returncode, run.stdout.split(), run.stderr) == (0, ["s", "p"], "no results\n")
    run = lod("query", nothing, "--on", store, "-f", "csv")
    assert (run.returncode, run.stdout.split(), run.stderr) == (0, ["s,p"], "")
    run = lod("query", "SELECT * { ?s ?p ?o }", "--on", store, "--rows", "1")
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.slow
def test_the_command_runs_lists_and_shows_queries(sample_release: Summary, store: Path) -> None:
    run = lod("query", "questions-by-group", "--on", sample_release.path)
    assert "Groupe des Essais" in run.stdout
    run = lod("query", "--list")
    assert all(name in run.stdout.split("\n") for name in cookbook())
    run = lod("query", "text-search", "-p", "words=a'b\"", "--show")
    assert 'VALUES ?words { "a\'b\\"" }' in run.stdout
    run = lod("query", EVERYTHING, "--on", store, "--rows", "3")
    assert "… and 297 more rows" in run.stdout
    run = lod("query", ROOT / "queries" / "corrected.rq", "--on", store, "-f", "csv")
    assert (run.returncode, run.stdout) == (0, "identifier,title,erratum\n")


@pytest.mark.slow
def test_a_release_and_its_store_are_queried_under_their_own_base(
    named_release: Summary, tmp_path: Path
) -> None:
    load(named_release.path, str(tmp_path / "store"))
    for place in (named_release.path, tmp_path / "store"):
        run = lod("query", "questions-by-group", "--on", place)
        assert "Groupe des Essais" in run.stdout
        assert "BASE <https://data.example.org/q/>" in lod("query", "overdue", "--on", place, "--show").stdout
        assert base(str(place), "https://data.example.org/q/") == "https://data.example.org/q/"
        with pytest.raises(
            Misused, match=r"was published under --base https://data\.example\.org/q/, not « https://w3id"
        ):
            base(str(place), "https://w3id.org/anq/")


def test_an_unknown_base_is_the_given_one_or_the_default(store: Path, tmp_path: Path) -> None:
    for place in (str(store), str(tmp_path), "http://127.0.0.1:1/sparql"):
        assert base(place) == "https://w3id.org/anq/"
        assert base(place, "https://example.org/") == "https://example.org/"
        with pytest.raises(Misused, match="the base must be"):
            base(place, "https://example.org")


@pytest.mark.parametrize(
    ("arguments", "code"),
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
def test_an_error_is_one_sentence_and_an_exit_code(arguments: list[str], code: int) -> None:
    run = lod(*arguments)
    assert (run.returncode, run.stdout) == (code, "")
    assert run.stderr.startswith("error: ")
    assert run.stderr.count("\n") == 1
    assert "secret" not in run.stderr


def _result(*pairs: tuple[str, str]) -> QueryResult:
    integer = {"type": "literal", "datatype": XSD + "integer"}
    bindings = [
        {"month": {"type": "literal", "value": a}, "questions": {**integer, "value": b}} for a, b in pairs
    ]
    body = {"head": {"vars": ["month", "questions"]}, "results": {"bindings": bindings}}
    return QueryResult(body=json.dumps(body).encode(), is_graph=False, prefixes={})


def test_months_are_drawn_as_a_line_and_names_as_bars(tmp_path: Path) -> None:
    headings = {"month": "mois", "questions": "questions"}
    line, bars = tmp_path / "line.svg", tmp_path / "bars.svg"
    draw(*_result(("2026-01", "3"), ("2026-04", "1200")).rows(), line, "Questions par mois", headings)
    draw(*_result(("Santé & <b>", "3"), ("Mer", "1200")).rows(), bars, "Titre", headings)
    assert {"Questions par mois", "Mois", "Questions", "2026-01", "2026-04"} <= _texts(line)
    assert {"Titre", "Questions", "Santé & <b>", "Mer", "3", "1\u202f200"} <= _texts(bars)


def test_a_label_that_is_too_long_is_cut(tmp_path: Path) -> None:
    draw(*_result(("x" * 60, "3"), ("y" * 61, "1")).rows(), tmp_path / "bars.svg", "x", {})
    assert {"x" * 60, "y" * 59 + "…"} <= _texts(tmp_path / "bars.svg")


def test_the_same_rows_give_the_same_chart(tmp_path: Path) -> None:
    rows = _result(("a", "3"), ("b", "1")).rows()
    for name in ("1.svg", "2.svg"):
        draw(*rows, tmp_path / name, "x", {})
    assert (tmp_path / "1.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()


def test_rows_without_a_label_and_a_number_are_not_drawn(tmp_path: Path) -> None:
    for rows in (_result(), _result(("a", "x"))):
        with pytest.raises(Misused, match="a chart needs a label and a number"):
            draw(*rows.rows(), tmp_path / "x.svg", "x", {})
    assert not list(tmp_path.iterdir())


def test_two_labels_before_a_number_are_joined() -> None:
    cells = [(ox.Literal("de"), ox.Literal("à"), ox.Literal("3", datatype=ox.NamedNode(XSD + "integer")))]
    assert series(["asked", "charged", "n"], cells, {}).labels == ["de – à"]


def _texts(path: Path) -> set[str]:
    root = ET.parse(path).getroot()
    return {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}


class Endpoint(BaseHTTPRequestHandler):
    """A small server: the path is the status or the kind of answer, the body of a request is its one cell."""

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
        """Log nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_query_is_sent_to_an_endpoint_in_a_form(endpoint: str) -> None:
    _, rows = ask("ASK { }", endpoint).rows()
    assert [cell.value for row in rows for cell in row if isinstance(cell, ox.Literal)] == [
        "query=ASK+%7B+%7D"
    ]


def test_an_unreachable_endpoint_is_reported_with_the_reason() -> None:
    for address, why in (
        ("http://127.0.0.1:1/sparql", "nothing listens at this address"),
        ("http://nowhere.invalid/sparql", "the name of the server is unknown"),
    ):
        with pytest.raises(StoreFailed, match=f"^{address}: no answer; {why}$"):
            ask(EVERYTHING, address).serialize(OutputFormat.CSV)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("401", "401: it needs a name and a password"),
        ("403", "403: access is forbidden"),
        ("413", "413: the query is too long"),
        ("302", "302: "),
        ("503", "503: it is overloaded"),
        ("html", "found text/html; this may not be a SPARQL endpoint"),
        ("cut", "the answer is not complete"),
    ],
)
def test_an_endpoint_that_fails_is_named_with_the_reason(endpoint: str, path: str, found: str) -> None:
    with pytest.raises(LodError, match=found) as caught:
        ask(EVERYTHING, endpoint + path).serialize(OutputFormat.CSV)
    assert caught.value.exit_code == 8


@pytest.mark.parametrize("form", [OutputFormat.CSV, OutputFormat.JSON])
def test_what_an_incomplete_answer_leaves_can_be_freed_by_any_thread(
    endpoint: str, form: OutputFormat, freed_elsewhere: Freed
) -> None:
    def fail() -> None:
        with pytest.raises(StoreFailed, match="not complete") as caught:
            ask(EVERYTHING, endpoint + "cut").serialize(form)
        assert caught.value.exit_code == 8  # the error and this frame hold each other: no count frees them

    fail()
    assert freed_elsewhere() == []


def test_only_one_module_of_the_package_uses_http() -> None:
    files = (ROOT / "lod" / "query").rglob("*.py")
    users = [path.name for path in files if "import requests" in path.read_text(encoding="utf-8")]
    assert users == ["endpoint.py"]
