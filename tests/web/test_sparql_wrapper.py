"""SPARQLWrapper as it comes: every return format, by each of its ways to send a query."""

import io
import warnings
from collections.abc import Iterator
from itertools import product

import pytest
import SPARQLWrapper as Wrapper
from rdflib import Graph
from rdflib.query import Result

from lod import formats
from lod.build import Summary
from tests.support.server import served

SELECT = "SELECT ?s ?name WHERE { ?s <http://xmlns.com/foaf/0.1/name> ?name }"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s a <http://schema.org/Question> }"
DESCRIBE = "DESCRIBE ?s WHERE { ?s a <http://schema.org/Question> }"
ROWS = {None: "xml", Wrapper.XML: "xml", Wrapper.JSON: "json", Wrapper.CSV: "csv", Wrapper.TSV: "tsv"}
GRAPHS = {
    None: "rdf",
    Wrapper.XML: "rdf",
    Wrapper.RDFXML: "rdf",
    Wrapper.TURTLE: "ttl",
    Wrapper.N3: "ttl",
    Wrapper.JSONLD: "jsonld",
}
WITH_RDF = GRAPHS | {Wrapper.RDF: "rdf"}
"""DESCRIBE as RDF is left out: SPARQLWrapper warns of it, as of CONSTRUCT, and sends the same request."""
COMBINATIONS = [
    (query, chosen, expected, way)
    for query, by_format in ((SELECT, ROWS), (ASK, ROWS), (CONSTRUCT, WITH_RDF), (DESCRIBE, GRAPHS))
    for (chosen, expected), way in product(by_format.items(), ("GET", "POST form", "POST direct"))
]


@pytest.fixture(scope="module")
def address(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(varied_release.path, tmp_path_factory.mktemp("web")) as running:
        yield f"{running.address}sparql"


def test_there_are_69_combinations() -> None:
    assert len(COMBINATIONS) == 69


@pytest.mark.parametrize(
    ("query", "chosen", "expected", "way"),
    COMBINATIONS,
    ids=lambda value: str(value).partition(" {")[0].partition(" ?s")[0],
)
def test_sparqlwrapper_gets_the_format_it_asks_for(
    query: str, chosen: str | None, expected: str, way: str, address: str
) -> None:
    client = Wrapper.SPARQLWrapper(address)
    client.setQuery(query)
    client.setMethod(way.partition(" ")[0])
    client.setRequestMethod(Wrapper.POSTDIRECTLY if way == "POST direct" else Wrapper.URLENCODED)
    if chosen:
        client.setReturnFormat(chosen)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending Accept header")  # for the format `rdf`
        response = client.query().response
    with response:
        form = (formats.RESULTS if query in (SELECT, ASK) else formats.RDF)[expected]
        assert response.headers["Content-Type"] == form.content_type
        body = response.read()
    if query in (CONSTRUCT, DESCRIBE):
        assert len(Graph().parse(data=body, format=form.media_type)) > 100
    elif query == SELECT:
        assert len(Result.parse(io.BytesIO(body), format=expected)) > 5
    else:
        assert b"true" in body
