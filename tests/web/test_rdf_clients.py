"""RDF programs that fetch for themselves: rapper, and the OWL API of Protégé, which asks for RDF/XML."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod.build import Summary
from tests.conftest import ROOT
from tests.support.server import Served, served
from tests.support.tools import require_file, require_tool

PATHS = ("ontology", "an/17/qe/90001")
_JARS = Path("/usr/share/java")


@pytest.fixture(scope="module")
def server(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(varied_release.path, tmp_path_factory.mktemp("web"), "--no-sparql") as running:
        yield running


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("parser", ["guess", "rdfxml", "turtle", "ntriples"])
def test_rapper_reads_all_triples(path: str, parser: str, server: Served) -> None:
    rapper = require_tool("rapper", install="apt-get install raptor2-utils")
    address = server.address + path
    command = [rapper, "--quiet", "--input", parser, "--output", "ntriples", address]
    read = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    expected = server.get(f"{path}.nt").content
    assert _triples(read) == _triples(expected)
    assert len(_triples(read)) > 20


def test_the_owl_api_reads_the_ontology_and_a_question(server: Served) -> None:
    java = require_tool("java", install="apt-get install default-jdk-headless")
    require_tool("javac", install="apt-get install default-jdk-headless")
    require_file(_JARS / "owlapi-distribution.jar", "apt-get install libowlapi-java")
    source = ROOT / "tests/support/LoadOntology.java"
    addresses = [server.address + path for path in PATHS]
    command = [java, "-cp", f"{_JARS}/*", str(source), *addresses]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    counts = [line.partition(" ") for line in printed.splitlines()]
    assert [syntax for _, _, syntax in counts] == ["RDF/XML Syntax", "RDF/XML Syntax"]
    assert all(int(axioms) > 10 for axioms, _, _ in counts)


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("text/plain", "application/n-triples"),
        ("text/n3", "text/turtle; charset=utf-8"),
        ("application/n-quads", "application/n-triples"),
        ("application/trig", "text/turtle; charset=utf-8"),
        ("application/rdf+xml, */*;q=0.09", "application/rdf+xml"),
        ("application/rdf+xml, text/html;q=0.5, */*;q=0.1", "application/rdf+xml"),
    ],
)
@pytest.mark.parametrize("path", [*PATHS, "catalogue", "def/role"])
def test_who_names_a_type_of_rdf_is_sent_rdf(path: str, media_type: str, sent: str, server: Served) -> None:
    found = server.get(path, Accept=media_type)
    assert (found.status_code, found.headers["Content-Type"]) == (200, sent)


def _triples(ntriples: bytes) -> set[str]:
    dataset = ox.Dataset(ox.parse(ntriples, ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}
