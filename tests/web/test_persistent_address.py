"""Clients that come by the persistent address, whose redirects are those of docs/web.md."""

import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from pytest_httpserver import HTTPServer
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper
from werkzeug import Request, Response

from lod.build import Summary
from tests.conftest import ROOT
from tests.support.server import Served, served

PUBLIC = "https://data.example.org/"
COUNT = "SELECT (COUNT(DISTINCT ?q) AS ?n) WHERE { ?q a <http://schema.org/Question> }"
RULE = re.compile(r"^RewriteRule (\S+) (\S+) \[R=(\d+),L\]$", re.MULTILINE)


@pytest.fixture(scope="module")
def server(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(varied_release.path, tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture
def persistent(server: Served, httpserver: HTTPServer) -> str:
    """The address of a server that redirects to the other one by the documented rules, as Apache does."""
    rules = RULE.findall((ROOT / "docs/web.md").read_text(encoding="utf-8"))

    def redirect(request: Request) -> Response:
        path = request.path.removeprefix("/")
        for pattern, target, status in rules:
            if match := re.search(pattern, path):
                address = target.replace(PUBLIC, server.address).replace("$1", quote(match[0]))
                more = f"?{request.query_string.decode()}" if request.query_string else ""
                return Response(status=int(status), headers={"Location": address + more})
        raise AssertionError(path)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(redirect)
    return httpserver.url_for("/")


def test_a_document_is_reached(persistent: str) -> None:
    found = requests.get(f"{persistent}an/17/qe/90001", headers={"Accept": "text/turtle"}, timeout=30)
    assert (found.status_code, found.history[0].status_code) == (200, 302)
    assert len(Graph().parse(data=found.text, format="turtle")) > 10


@pytest.mark.parametrize("sent", ["GET", "form", "query"])
def test_a_query_is_answered(sent: str, persistent: str, server: Served) -> None:
    expected = server.get("sparql?query=" + quote(COUNT)).json()
    address = f"{persistent}sparql"
    if sent == "GET":
        found = requests.get(address, {"query": COUNT}, timeout=30)
    elif sent == "form":
        found = requests.post(address, {"query": COUNT}, timeout=30)
    else:
        media = {"Content-Type": "application/sparql-query"}
        found = requests.post(address, COUNT, headers=media, timeout=30)
    assert found.history[0].status_code == 307
    assert found.json() == expected


def test_the_description_leads_to_the_endpoint_itself(persistent: str, server: Served) -> None:
    assert _endpoint(persistent) == f"{server.address}sparql"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_gets_answers_from_the_endpoint_that_the_description_names(
    method: str, persistent: str, server: Served
) -> None:
    assert _count(SPARQLStore(_endpoint(persistent), method=method)) == _expected(server)


def test_rdflib_gets_answers_by_get_through_the_redirect(persistent: str, server: Served) -> None:
    assert _count(SPARQLStore(f"{persistent}sparql", method="GET")) == _expected(server)


@pytest.mark.parametrize("method", ["POST", "POST_FORM"])
def test_rdflib_gets_answers_by_post_if_its_library_may_repeat_a_post(
    method: str, persistent: str, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urllib.request, "_opener", urllib.request.build_opener(RepeatPost))
    assert _count(SPARQLStore(f"{persistent}sparql", method=method)) == _expected(server)


@pytest.mark.parametrize("method", ["POST", "POST_FORM"])
def test_a_post_that_is_not_repeated_does_not_look_answered(method: str, persistent: str) -> None:
    result: Any = Graph(SPARQLStore(f"{persistent}sparql", method=method)).query(COUNT)
    assert result[0] == 307


def test_sparqlwrapper_is_answered_through_the_redirect(persistent: str, server: Served) -> None:
    client = SPARQLWrapper(f"{persistent}sparql", returnFormat=JSON)
    client.setQuery(COUNT)
    found: Any = client.queryAndConvert()
    assert found["results"]["bindings"][0]["n"]["value"] == str(_expected(server))


@pytest.mark.parametrize("accept", ["application/sparql-results+json, */*;q=0.1", "text/csv"])
def test_a_request_that_lost_its_query_is_refused(accept: str, server: Served) -> None:
    for path in ("sparql", "sparql?default-graph-uri=https://w3id.org/anq/graphe/acteurs"):
        found = server.get(path, Accept=accept if path == "sparql" else "text/turtle")
        assert (found.status_code, found.text[:27]) == (400, "the request has no query; a")
    posted = requests.post(f"{server.address}sparql", {"format": "ttl"}, timeout=30)
    assert posted.status_code == 400


class RepeatPost(urllib.request.HTTPRedirectHandler):
    """Repeats a POST with its body after a redirect with status 307, which Python's library refuses to do."""

    def redirect_request(self, req: urllib.request.Request, *more: Any) -> urllib.request.Request:
        *_, code, _, _, address = more
        assert code == 307
        return urllib.request.Request(address, data=req.data, headers=dict(req.header_items()))


def _endpoint(persistent: str) -> str:
    found = requests.get(f"{persistent}sparql", headers={"Accept": "text/turtle"}, timeout=30)
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    [address] = Graph().parse(data=found.text, format="turtle").objects(None, endpoint)
    return str(address)


def _count(store: SPARQLStore) -> int:
    rows: Any = Graph(store).query(COUNT)
    [[count]] = rows
    return int(count)


def _expected(server: Served) -> int:
    rows = server.get("sparql?query=" + quote(COUNT)).json()["results"]["bindings"]
    count = int(rows[0]["n"]["value"])
    assert count > 10
    return count
