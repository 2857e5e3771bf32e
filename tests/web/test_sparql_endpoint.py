"""The SPARQL endpoint: the SPARQL Protocol, formats, refusals and their sentences, pages."""

import contextlib
import io
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from httpx2 import Response
from rdflib import Graph
from rdflib.query import Result
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode
from starlette.testclient import TestClient

from lod import Summary
from lod.definitions import DEFAULT_BASE
from lod.query import Limits, ask, cookbook
from lod.store.load import load
from tests.support.endpoint import application

ROWS = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . FILTER(!isBlank(?s) && !isBlank(?o)) }"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ROW_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPH_FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@pytest.fixture(scope="module")
def store(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the release of many samples."""
    folder = tmp_path_factory.mktemp("endpoint")
    load(Path(varied_release.path), str(folder))
    return folder / "current"


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    app = application(store, Limits(seconds=20, megabytes=512, answer_megabytes=64), 1)
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def get(client: TestClient, query: str, accept: str = "*/*", **more: str) -> Response:
    response: Response = client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})
    return response


def terms(body: bytes, form: ox.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(body, form)}


def one(page: HTMLParser, selector: str) -> LexborNode:
    """Return the only element that matches a selector."""
    (found,) = page.css(selector)
    return found


def refused(response: Response, *statuses: int) -> str:
    """Check that a request is refused with one sentence that does not reveal the software."""
    assert response.status_code in statuses, response.text
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = response.text.lower()
    assert re.fullmatch(r"[^\n]{10,300}\n", text)
    for word in (
        "traceback",
        "/tmp",
        "site-packages",
        "oxigraph",
        "rocksdb",
        "rust",
        "python",
        ".py",
        "starlette",
    ):
        assert word not in text
    return response.text


@pytest.mark.slow
@pytest.mark.parametrize("form", ROW_FORMATS)
def test_rows_in_every_format_are_those_of_lod_query(form: str, client: TestClient, store: Path) -> None:
    expected = ask(ROWS, str(store))
    by_name, by_accept = get(client, ROWS, format=form), get(client, ROWS, ROW_FORMATS[form])
    assert by_name.content == by_accept.content
    assert by_accept.headers["Content-Type"].partition(";")[0] == ROW_FORMATS[form]
    found = Result.parse(io.BytesIO(by_accept.content), format=form)
    assert len(found) == len(expected.rows()[1]) > 1000
    if form in ("json", "xml"):
        kinds = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
        read = ox.parse_query_results(by_accept.content, kinds[form])
        assert isinstance(read, ox.QuerySolutions)
        names = [variable.value for variable in read.variables]
        assert (names, [tuple(row) for row in read]) == expected.rows()


@pytest.mark.slow
@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_graphs_in_every_format_are_those_of_lod_query(form: str, client: TestClient, store: Path) -> None:
    expected = terms(ask(GRAPH, str(store)).body, ox.RdfFormat.N_TRIPLES)
    by_name, by_accept = get(client, GRAPH, format=form), get(client, GRAPH, GRAPH_FORMATS[form])
    assert terms(by_accept.content, ox.RdfFormat.from_extension(form)) == expected  # type: ignore[arg-type]
    assert by_name.headers["Content-Type"] == by_accept.headers["Content-Type"]
    assert by_accept.headers["Content-Type"].partition(";")[0] == GRAPH_FORMATS[form]
    rdflib_name = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}[form]
    assert len(Graph().parse(data=by_accept.content, format=rdflib_name)) == len(expected) > 900


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("", ROWS, "application/sparql-results+json"),
        ("*/*", "DESCRIBE <http://e/>", "text/turtle; charset=utf-8"),
        ("application/json", ROWS, "application/sparql-results+json"),
        ("text/*;q=0.5, application/sparql-results+xml", "ASK {}", "application/sparql-results+xml"),
        ("text/turtle, text/csv;q=0.1", ROWS, "text/csv; charset=utf-8"),
        ('application/ld+json;profile="http://e/"', GRAPH, "application/ld+json"),
    ],
)
def test_the_format_is_the_one_that_the_client_prefers(
    accept: str, query: str, expected: str, client: TestClient
) -> None:
    response = get(client, query, accept)
    assert (response.status_code, response.headers["Content-Type"]) == (200, expected)
    assert "Accept" in response.headers["Vary"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_an_unavailable_format_is_406_with_a_list_of_the_available_ones(client: TestClient) -> None:
    response = get(client, ROWS, "text/turtle")
    assert response.status_code == 406
    assert all(media in response.text for media in ROW_FORMATS.values())
    assert "text/turtle" not in response.text
    refused(get(client, ROWS, "a/b," * 200), 400)


@pytest.mark.parametrize(
    ("query", "accept", "parameters", "expected"),
    [
        (ROWS, "text/csv", {"format": "turtle"}, "text/csv"),
        (ROWS, "text/csv", {"format": "a\r\n<b>"}, "text/csv"),
        (ROWS, "*/*", {"output": "csv"}, "text/csv"),
        (ROWS, "*/*", {"format": ["n3", "tsv", "csv"]}, "text/tab-separated-values"),
        (ROWS, "*/*", {"format": "text/csv"}, "text/csv"),
        (GRAPH, "*/*", {"format": "N3"}, "text/turtle"),
        (GRAPH, "*/*", {"format": "xml"}, "application/rdf+xml"),
        (GRAPH, "*/*", {"format": "json-ld"}, "application/ld+json"),
        (GRAPH, "*/*", {"format": "csv"}, "text/turtle"),
        (GRAPH, "application/n-quads", {}, "application/n-triples"),
    ],
)
def test_the_first_format_that_is_known_counts_or_else_the_header(
    query: str, accept: str, parameters: dict[str, str | list[str]], expected: str, client: TestClient
) -> None:
    response = client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == expected


def test_a_query_is_accepted_by_get_and_by_both_kinds_of_post_and_head(client: TestClient) -> None:
    expected = get(client, COUNT).content
    posted = client.post("/sparql", data={"query": COUNT})
    direct = client.post("/sparql", content=COUNT, headers={"Content-Type": "application/sparql-query"})
    assert posted.content == direct.content == expected
    head = client.head("/sparql", params={"query": COUNT})
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(expected)))


def test_bodies_without_a_valid_query_are_refused(client: TestClient) -> None:
    refused(client.post("/sparql", content="<a/>", headers={"Content-Type": "text/xml"}), 415)
    refused(
        client.post("/sparql", content=b"\xff", headers={"Content-Type": "application/sparql-query"}), 400
    )
    refused(client.get("/sparql?query=%FF"), 400)
    refused(client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400)
    refused(client.get("/sparql?" + "a&" * 200), 400)


@pytest.mark.parametrize("media_type", ["application/sparql-query", "application/x-www-form-urlencoded"])
def test_a_charset_other_than_utf_8_is_refused(media_type: str, client: TestClient) -> None:
    query = "SELECT ('é' AS ?e) {}"
    body = urlencode({"query": query}) if "form" in media_type else query
    for charset in ("utf-8", '"UTF-8"', "us-ascii"):
        headers = {"Content-Type": f"{media_type}; charset={charset}", "Accept": "text/csv"}
        assert client.post("/sparql", content=body.encode(), headers=headers).text == "e\r\né\r\n"
    headers = {"Content-Type": f"{media_type}; charset=iso-8859-1"}
    response = client.post("/sparql", content=body.encode("latin-1"), headers=headers)
    assert refused(response, 415) == "the charset « iso-8859-1 » is not supported; send UTF-8\n"


def test_an_empty_name_of_a_graph_names_none(client: TestClient) -> None:
    expected = get(client, COUNT).content
    for name in ("default-graph-uri", "named-graph-uri"):
        assert get(client, COUNT, **{name: ""}).content == expected


def test_an_undeclared_prefix_is_named_with_the_line_to_add(client: TestClient) -> None:
    sentence = refused(get(client, "SELECT * { ?q a schema:Question }"), 400)
    assert sentence.endswith("the prefix schema: is not declared; add PREFIX schema: <http://schema.org/>\n")


def test_a_query_is_at_most_64_kb(client: TestClient) -> None:
    most = COUNT + " " * (64 * 1024 - len(COUNT))
    assert client.post("/sparql", data={"query": most}).status_code == 200
    refused(client.post("/sparql", data={"query": most + " "}), 413)
    refused(
        client.post("/sparql", content=b" " * 300_000, headers={"Content-Type": "application/sparql-query"}),
        413,
    )


def test_list_headers_may_have_several_lines(client: TestClient) -> None:
    lines = [("Accept", "image/png"), ("Accept", "text/csv")]
    found = client.get("/sparql", params={"query": COUNT}, headers=lines)
    assert found.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines += [("If-None-Match", '"x"'), ("If-None-Match", found.headers["ETag"])]
    assert client.get("/sparql", params={"query": COUNT}, headers=lines).status_code == 304
    lines = [
        ("Accept", "text/turtle"),
        ("Accept", "text/html"),
        ("Accept-Language", "de"),
        ("Accept-Language", "en"),
    ]
    page = client.get("/requetes/none", headers=lines)
    assert (page.status_code, page.headers["Content-Language"]) == (404, "en")
    assert client.get("/sparql", headers=lines[2:]).headers["Content-Type"].startswith("text/turtle")


def test_an_unmodified_answer_is_not_sent_again(client: TestClient) -> None:
    first = get(client, COUNT)
    again = client.get(
        "/sparql", params={"query": COUNT}, headers={"If-None-Match": f'"x", {first.headers["ETag"]}'}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert get(client, COUNT, "text/csv").headers["ETag"] != first.headers["ETag"]
    for call in ("NOW()", "now #\n ()", "STRUUID()"):
        changing = get(client, f"SELECT ({call} AS ?now) {{}}")
        assert changing.status_code == 200
        assert changing.headers["Cache-Control"] == "no-store"
    assert "ETag" not in changing.headers


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE " + "{ " * 2240 + "?s ?p ?o" + " }" * 2240,
        "SELECT * WHERE { ?s ?p ?o FILTER(" + "(" * 4736 + "1" + ")" * 4736 + ") }",
        "SELECT * WHERE { ?s ?p ?o FILTER(" + "!" * 60_000 + "?o) }",
        "SELECT * WHERE { ?s " + "^" * 60_000 + "<a:a> ?o }",
        "SELECT * WHERE { ?s ?p ?o FILTER(?o = " + "-" * 60_000 + "1) }",
    ],
    ids=["groups", "parentheses", "not", "inverse", "minus"],
)
def test_a_nested_query_is_refused_and_the_next_is_answered(text: str, client: TestClient) -> None:
    refused(client.post("/sparql", data={"query": text}), 400)
    assert get(client, "ASK {}").json()["boolean"] is True


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """A server that must not be called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_no_other_server_is_called_and_no_file_read(elsewhere: socket.socket, client: TestClient) -> None:
    address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
    for text in (
        f"SELECT * WHERE {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
        f"SELECT * WHERE {{ \\u0053ERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
        f"SELECT * FROM <{address}> WHERE {{ ?s ?p ?o }}",
        f"PREFIX x: <{address}> SELECT * FROM NAMED x:y WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
        f"BASE <{address}> SELECT * FROM <../x> WHERE {{ ?s ?p ?o }}",
        f"LOAD <{address}>",
    ):
        refused(get(client, text), 400, 403)
    for parameter in ("default-graph-uri", "named-graph-uri"):
        refused(client.get("/sparql", params={"query": COUNT, parameter: address}), 400)
        refused(client.post("/sparql", data={"query": COUNT, parameter: "file:///etc/passwd"}), 400)
    with contextlib.suppress(TimeoutError):
        elsewhere.accept()
        pytest.fail("it was called")


def test_updates_are_refused_and_nothing_changes(client: TestClient, store: Path) -> None:
    before = len(ox.Store.read_only(str(store)))
    for text in ("DELETE WHERE { ?s ?p ?o }", "INSERT DATA { <a:a> <a:b> 1 }", "CLEAR ALL", "DROP ALL"):
        refused(client.post("/sparql", data={"update": text}), 403)
        refused(client.get("/sparql", params={"update": text, "query": COUNT}), 403)
        refused(
            client.post("/sparql", content=text, headers={"Content-Type": "application/sparql-update"}), 403
        )
        words = text.partition(" {")[0]
        assert f"found « {words} »" in refused(client.post("/sparql", data={"query": text}), 403)
        refused(client.post("/sparql", data={"query": f"{COUNT} ; {text}"}), 400)
    assert len(ox.Store.read_only(str(store))) == before > 1000
    assert get(client, COUNT).json()["results"]["bindings"][0]["n"]["value"] == str(before)


def test_a_dataset_in_the_request_replaces_the_union_of_all_graphs(client: TestClient) -> None:
    graphs = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    sizes = {
        row["g"]["value"]: row["n"]["value"] for row in get(client, graphs).json()["results"]["bindings"]
    }
    one, other = sorted(sizes)[:2]

    def counted(query: str, **more: str) -> str:
        found: str = get(client, query, **more).json()["results"]["bindings"][0]["n"]["value"]
        return found

    named = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert counted(COUNT, **{"default-graph-uri": one}) == sizes[one]
    assert counted(named, **{"default-graph-uri": one}) == "0"
    assert counted(named, **{"named-graph-uri": other}) == sizes[other]
    assert counted(COUNT, **{"named-graph-uri": other}) == "0"
    assert counted(COUNT.replace("WHERE", f"FROM <{other}> WHERE")) == sizes[other]
    assert (
        counted(COUNT.replace("WHERE", f"FROM <{other}> WHERE"), **{"default-graph-uri": one}) == sizes[one]
    )
    assert counted(COUNT, **{"default-graph-uri": f"{DEFAULT_BASE}graphe/none"}) == "0"


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_without_a_query_the_endpoint_describes_itself(form: str, client: TestClient) -> None:
    response = client.get("/sparql", headers={"Accept": GRAPH_FORMATS[form], "Host": "evil.example"})
    sd = "http://www.w3.org/ns/sparql-service-description#"
    found = terms(response.content, ox.RdfFormat.from_extension(form))  # type: ignore[arg-type]
    assert f"<{DEFAULT_BASE}sparql> <{sd}endpoint> <http://localhost/sparql>" in found
    assert f"<{DEFAULT_BASE}sparql> <{sd}feature> <{sd}UnionDefaultGraph>" in found
    assert len([triple for triple in found if f"<{sd}resultFormat>" in triple]) == 8
    assert "evil.example" not in response.text


def test_a_browser_gets_a_page_with_the_first_rows(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": ROWS}, headers=HTML)
    page = HTMLParser(response.text)
    assert len(page.css(".query-table tbody tr")) == 1000
    assert "Les 1000 premiers résultats" in one(page, ".query-results > p").text()
    assert one(page, "textarea").text() == ROWS
    assert [link.text() for link in page.css(".query-results > p a")] == list(ROW_FORMATS)
    again = client.get(page.css(".query-results > p a")[0].attributes["href"] or "")
    assert again.content == get(client, ROWS).content
    english = client.get("/sparql", params={"query": ROWS, "lang": "en"}, headers=HTML)
    assert "The first 1000 results" in one(HTMLParser(english.text), ".query-results > p").text()
    assert english.headers["Content-Language"] == "en"


def test_a_browser_gets_an_error_on_the_page(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": "SELECT * {"}, headers=HTML)
    page = HTMLParser(response.text)
    assert response.status_code == 400
    assert one(page, "[role=alert]").text().startswith("not a valid SPARQL 1.1 query: ")
    assert one(page, "textarea").text() == "SELECT * {"


def test_a_browser_that_sends_no_query_finds_an_example_beside_the_error(client: TestClient) -> None:
    response = client.post("/sparql", data={"default-graph-uri": "x"}, headers=HTML)
    page = HTMLParser(response.text)
    assert response.status_code == 400
    assert one(page, "[role=alert]").text()
    assert "SELECT ?identifier ?title ?day" in one(page, "textarea").text()


def test_markup_and_scripts_in_a_query_are_shown_and_never_run(client: TestClient) -> None:
    evil = "</textarea><script>alert(1)</script>"
    iris = f"(IRI('javascript:alert(1)') AS ?b) (IRI('{DEFAULT_BASE}/e.example') AS ?c)"
    text = f"SELECT ('{evil}' AS ?a) {iris} {{}}"
    response = client.get("/sparql", params={"query": text}, headers=HTML)
    page = HTMLParser(response.text)
    assert [script.attributes["src"] is not None for script in page.css("script")] == [True, True]
    assert one(page, "textarea").text() == text
    cells = page.css("tbody td")
    assert cells[0].text() == evil
    links = [link.attributes["href"] or "" for cell in cells[1:] for link in cell.css("a")]
    assert links[0].startswith("#")
    assert links[1] == "/e.example"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'" in policy


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(cookbook()))
def test_every_saved_query_is_linked_and_runs(name: str, client: TestClient) -> None:
    home = HTMLParser(client.get("/sparql", headers=HTML).text)
    link = f"/requetes/{name}?lang=fr"
    assert link in [each.attributes["href"] for each in home.css(".query-cookbook a")]
    page = HTMLParser(client.get(link, headers=HTML).text)
    assert one(page, "h1").text() == cookbook()[name].title
    text = one(page, "textarea").text()
    assert not text.startswith("#")
    assert get(client, text).status_code == 200


def test_a_saved_query_shows_its_result_with_headings_numbers_days_and_links(client: TestClient) -> None:
    page = HTMLParser(client.get("/requetes/overdue?lang=fr&today=2026-12-31", headers=HTML).text)
    assert [head.text() for head in page.css("thead th")] == [
        "Identifiant",
        "Titre",
        "Ministère",
        "Réponse due le",
    ]
    link = page.css_first("tbody td a")
    assert link
    assert re.fullmatch(r"/an/[0-9]+/q[a-z]+/[0-9]+\.html", link.attributes["href"] or "")
    assert one(page, "#value-today").attributes["type"] == "date"
    counts = HTMLParser(client.get("/requetes/questions-by-type?lang=en", headers=HTML).text)
    assert all(cell.text().isdigit() for cell in counts.css("td.number"))
    assert counts.css("td.number")
    csv_file = client.get("/requetes/overdue?today=2026-12-31&format=csv")
    assert csv_file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(csv_file.text.splitlines()) == len(page.css("tbody tr")) + 1
    assert client.get("/requetes/overdue?format=ttl").status_code == 400


def test_the_parameters_of_a_saved_query_get_values(client: TestClient) -> None:
    words = "l'\"eau</textarea>"
    address = "/requetes/text-search?" + urlencode({"words": words, "lang": "en"})
    page = HTMLParser(client.get(address, headers=HTML).text)
    assert one(page, "#value-words").attributes["value"] == words
    assert """VALUES ?words { "l'\\"eau</textarea>" }""" in one(page, "textarea").text()
    text = client.get(address, headers={"Accept": "application/sparql-query"})
    assert text.headers["Content-Type"] == "application/sparql-query"
    assert text.text == one(page, "textarea").text()
    assert client.get("/requetes/none").status_code == 404
    wrong = client.get("/requetes/text-search?no=1", headers=HTML)
    assert wrong.status_code == 400
    assert "its parameters are words" in one(HTMLParser(wrong.text), "[role=alert]").text()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT " + " ".join(f"?v{n}" for n in range(2000)) + " { ?s ?p ?o }",
        f"SELECT (REPLACE('{'x' * 200}', 'x', '{'&' * 500}') AS ?a) {{ ?s ?p ?o }}",
        f"CONSTRUCT {{ ?s ?p ?a }} {{ ?s ?p ?o BIND(REPLACE('{'x' * 200}', 'x', '{'&' * 500}') AS ?a) }}",
        f"SELECT (IRI(CONCAT('http://e/', REPLACE('{'x' * 200}', 'x', '{'y' * 500}'))) AS ?a) {{ ?s ?p ?o }}",
    ],
    ids=["wide", "long", "graph", "address"],
)
def test_a_page_of_results_has_a_limited_size(client: TestClient, query: str) -> None:
    response = get(client, query + " LIMIT 1000", accept=HTML["Accept"])
    assert response.status_code == 200
    assert len(response.content) < 8_000_000
    page = HTMLParser(response.text)
    assert "The first" in response.text or "Les " in response.text
    assert 0 < len(page.css(".query-table tbody tr")) < 1000
