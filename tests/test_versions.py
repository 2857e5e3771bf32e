"""Ontology, context, shapes and IRIs have versions: nothing changes under the number of a published one."""

import json
import re
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from lod import Summary, definitions, rdf, versions
from lod.definitions import DEFAULT_BASE
from tests.conftest import ROOT

TABLE = ROOT / "ontology" / versions.TABLE
DIGESTED = (versions.CONTEXT, versions.ONTOLOGY, versions.SHAPES)
GUIDE = ROOT / "docs" / "versions.md"


def is_draft(name: str) -> bool:
    return bool(tomllib.loads(TABLE.read_text(encoding="utf-8"))[name][-1].get("draft"))


@pytest.mark.parametrize("name", DIGESTED)
def test_content_changes_with_its_version_only(name: str, regen: bool) -> None:
    listed, now = versions.history(name)[-1], versions.digest(name)
    if regen and is_draft(name):
        row = f'[[{name}]]\nversion = "{listed.number}"\nsha256 = '
        text = TABLE.read_text(encoding="utf-8").replace(f'{row}"{listed.sha256}"', f'{row}"{now}"')
        TABLE.write_text(text, encoding="utf-8")
        pytest.skip(f"wrote the digest of {name} {listed.number}, which is a draft")
    remedy = "run pytest --regen" if is_draft(name) else f"add a new version to {TABLE.name}"
    assert listed.sha256 == now, f"{name} has changed since {listed.number}: {remedy}"


def test_versions_rise() -> None:
    for name in (*DIGESTED, versions.IRIS):
        numbers = [tuple(map(int, version.number.split("."))) for version in versions.history(name)]
        assert numbers == sorted(set(numbers))
        assert all(len(number) == 3 for number in numbers)


def test_a_former_context_is_kept_as_it_was_published() -> None:
    former = {version.number: version.sha256 for version in versions.history(versions.CONTEXT)[:-1]}
    kept = {path.stem: path for path in (ROOT / "ontology" / "contexts").iterdir()}
    assert kept.keys() == former.keys()
    for number, path in kept.items():
        assert versions._digest([path]) == former[number]  # noqa: SLF001 - the digest of another file


def test_the_ontology_states_its_version() -> None:
    number = versions.current()[versions.ONTOLOGY]
    graph, ontology = rdflib.Graph().parse(ROOT / "ontology" / "anq.ttl"), "https://w3id.org/anq/ontology"
    assert str(graph.value(rdflib.URIRef(ontology), rdflib.OWL.versionInfo)) == number
    assert str(graph.value(rdflib.URIRef(ontology), rdflib.OWL.versionIRI)) == f"{ontology}/{number}"


def test_a_release_has_every_context_at_its_address_and_names_all_versions(sample_release: Summary) -> None:
    manifest = json.loads((sample_release.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["versions"] == versions.current()
    listed = {file["path"] for file in manifest["files"]}
    numbers = (version.number for version in versions.history(versions.CONTEXT))
    expected = {"context.jsonld", *(f"context/{number}.jsonld" for number in numbers)}
    assert {path for path in listed if path.startswith("context")} == expected
    for path, file in versions.contexts().items():
        assert path in listed
        assert (sample_release.path / path).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("path", versions.contexts())
def test_a_document_may_refer_to_any_published_context(path: str, tmp_path: Path) -> None:
    document = tmp_path / "x.jsonld"
    node = {"@context": f"{DEFAULT_BASE}{path}", "id": "https://e.org/x", "title": "Un essai"}
    document.write_text(json.dumps(node), encoding="utf-8")
    [(_, term, value)] = rdf.load(document, DEFAULT_BASE)
    assert (str(term), str(value)) == ("http://purl.org/dc/terms/title", "Un essai")


def test_a_consumer_may_add_a_context_after_ours() -> None:
    contexts = json.loads((definitions.folder("ontology") / "context.jsonld").read_text("utf-8"))["@context"]
    assert not [part for part in contexts if "@protected" in part]


def test_the_guide_tells_of_every_current_version() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for name, number in versions.current().items():
        assert re.search(rf"^\| {name} \|.*\b{re.escape(number)} \|$", text, re.MULTILINE), name


OLD = """
GRAPH <https://w3id.org/anq/an/17/qe/90001> {
  <https://w3id.org/anq/an/17/qe/90001> <http://purl.org/dc/terms/identifier> "QANR5L17QE90001" ;
    <http://www.w3.org/ns/prov#wasDerivedFrom> <https://w3id.org/anq/source/sha256/aa> ;
    <http://www.w3.org/ns/prov#wasGeneratedBy> <https://w3id.org/anq/an/17/qe/90001#lecture> .
  <https://w3id.org/anq/source/sha256/aa> a <http://www.w3.org/ns/prov#Entity> ;
    <http://purl.org/dc/terms/identifier> "sha256:aa" .
  <https://w3id.org/anq/an/17/qe/90001#lecture> a <http://www.w3.org/ns/prov#Activity> ;
    <http://www.w3.org/ns/prov#used> <https://w3id.org/anq/source/sha256/aa> .
}
"""
NEW = """
GRAPH <https://w3id.org/anq/an/17/qe/90001> {
  <https://w3id.org/anq/an/17/qe/90001> <http://purl.org/dc/terms/identifier> "QANR5L17QE90001" .
}
GRAPH <https://w3id.org/anq/graphe/metadonnees> {
  <https://w3id.org/anq/an/17/qe/90001#description> a <http://xmlns.com/foaf/0.1/Document> ;
    <http://xmlns.com/foaf/0.1/primaryTopic> <https://w3id.org/anq/an/17/qe/90001> ;
    <http://www.w3.org/ns/prov#wasDerivedFrom> <https://w3id.org/anq/source/sha256/aa> ;
    <http://www.w3.org/ns/prov#wasGeneratedBy> <https://w3id.org/anq/an/17/qe/90001#lecture> .
  <https://w3id.org/anq/source/sha256/aa> a <http://www.w3.org/ns/prov#Entity> ;
    <http://purl.org/dc/terms/identifier> "sha256:aa" .
  <https://w3id.org/anq/an/17/qe/90001#lecture> a <http://www.w3.org/ns/prov#Activity> ;
    <http://www.w3.org/ns/prov#used> <https://w3id.org/anq/source/sha256/aa> .
}
"""


def test_the_update_of_the_guide_moves_provenance_to_descriptions() -> None:
    [update] = re.findall(r"```sparql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    store, expected = ox.Store(), ox.Store()
    store.update(f"INSERT DATA {{{OLD}}}")
    expected.update(f"INSERT DATA {{{NEW}}}")
    store.update(update)
    assert set(store) == set(expected)
    store.update(update)
    assert set(store) == set(expected)
