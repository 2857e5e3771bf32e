"""Code, context, ontology, schemes and shapes use the same terms."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, SH, SKOS

from lod import Summary, definitions
from lod.context import XSD, published
from lod.definitions import DEFAULT_BASE
from lod.departements import departements_by_code
from lod.describe.concept import LABELS
from tests.conftest import ROOT, SHARED
from tests.describe.test_examples import EXAMPLES
from tests.support.lives import STATES
from tests.support.loops import some

ANQ = "https://w3id.org/anq/ontology#"


def _defined(folder: str) -> rdflib.Graph:
    turtle = definitions.turtle_of(definitions.turtle_files(folder), DEFAULT_BASE)
    return rdflib.Graph().parse(data=turtle, format="turtle")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return _defined("shapes")


@pytest.fixture(scope="module")
def schemes() -> rdflib.Graph:
    return rdflib.Graph().parse(
        data=definitions.turtle_of(definitions.turtle_files("ontology/schemes"), DEFAULT_BASE),
        format="turtle",
    )


@pytest.fixture(scope="module")
def examples() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in EXAMPLES.glob("*.ttl"):
        graph.parse(path)
    return graph


def _declared() -> set[str]:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "anq.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}


def test_the_terms_of_the_code_the_ontology_and_the_context_are_the_same() -> None:
    terms = {term.iri for term in published().terms.values()} | set(published().types.values())
    assert {iri for iri in terms if iri.startswith(ANQ)} == _declared()


def test_every_term_of_the_ontology_has_a_label_and_a_definition_in_two_languages() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "anq.ttl")
    for term in some(_declared()):
        for said in (rdflib.RDFS.label, rdflib.RDFS.comment):
            languages = {value.language for value in ontology.objects(rdflib.URIRef(term), said)}  # type: ignore[attr-defined]
            assert languages == {"fr", "en"}, term


def test_the_context_has_exactly_the_keys_that_are_used(
    sample_release: Summary, split_release: Summary
) -> None:
    used = _iris(sample_release.path) | _iris(split_release.path) | _iris(EXAMPLES)
    reports = {"sh"}
    unused = {
        key
        for key, term in published().terms.items()
        if term.iri not in used and not any(term.iri.startswith(published().prefixes[p]) for p in reports)
    }
    assert unused == set()
    assert {name for name, iri in published().types.items() if iri not in used} <= {"ValidationResult"}


def test_no_two_keys_of_the_context_have_the_same_meaning() -> None:
    said = [(term.iri, term.links, term.suffix, term.reverse) for term in published().terms.values()]
    assert len(set(said)) == len(said)


def _iris(folder: Path) -> set[str]:
    graph = rdflib.Graph()
    for path in folder.glob("*.ttl"):
        if path.name not in ("shapes.ttl", "ontology.ttl"):
            graph.parse(path)
    types = {str(kind) for kind in graph.objects(None, RDF.type)}
    return types | {str(predicate) for predicate in graph.predicates()}


def test_every_property_and_class_of_the_examples_is_in_the_shapes(
    examples: rdflib.Graph, shapes: rdflib.Graph
) -> None:
    mentioned = {str(term) for triple in shapes for term in triple}
    said = {str(p) for p in examples.predicates()} | {str(o) for o in examples.objects(None, RDF.type)}
    # what an open-world concept scheme or the type itself says needs no shape of ours
    assert {term for term in said - mentioned if term != str(RDF.type)} == set()


def test_the_labels_in_the_code_are_those_of_the_schemes(schemes: rdflib.Graph) -> None:
    stated = {
        str(concept).removeprefix(f"{DEFAULT_BASE}def/"): str(label)
        for concept, label in schemes.subject_objects(SKOS.prefLabel)
        if getattr(label, "language", None) == "fr"
    }
    assert stated == {
        f"{scheme}/{name}": label for scheme, names in LABELS.items() for name, label in names.items()
    }


def test_every_concept_is_defined_in_two_languages(schemes: rdflib.Graph) -> None:
    for concept in some(schemes.subjects(RDF.type, SKOS.Concept)):
        for said in (SKOS.prefLabel, SKOS.definition):
            assert {getattr(v, "language", None) for v in schemes.objects(concept, said)} == {"fr", "en"}, (
                concept
            )


def test_every_target_of_a_shape_occurs_in_the_examples(
    examples: rdflib.Graph, shapes: rdflib.Graph, schemes: rdflib.Graph
) -> None:
    data = examples + schemes
    for target in some(shapes.objects(None, SH.targetClass)):
        assert (None, RDF.type, target) in data, target
    for kind in (SH.targetSubjectsOf, SH.targetObjectsOf):
        for target in some(shapes.objects(None, kind)):
            assert (None, target, None) in data, target


def test_the_departements_are_the_known_ones() -> None:
    known = departements_by_code()
    assert len([d for d in known.values() if d.iri]) == 101
    assert {code for code, d in known.items() if not d.iri} == {
        "20",
        "975",
        "977",
        "986",
        "987",
        "988",
        "099",
    }
    assert len({d.name for d in known.values()}) == len(known)


def test_no_datatype_is_used_that_stores_alter(sample_release: Summary) -> None:
    text = (sample_release.path / "questions.nt").read_text(encoding="utf-8")
    text += "".join(path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.ttl"))
    datatypes = set(re.findall(rf'"\^\^<{re.escape(XSD)}(\w+)>', text)) | set(
        re.findall(r'"\^\^xsd:(\w+)', text)
    )
    assert datatypes <= {"date", "decimal", "token", "integer", "boolean"}


@pytest.mark.slow
@pytest.mark.real
def test_every_reused_term_is_declared_by_its_vocabulary(real_release: Summary, tmp_path: Path) -> None:
    vocabularies = shutil.copytree(SHARED / "vocabularies", tmp_path / "vocabularies")
    files = [str(path) for path in (*real_release.path.glob("*.ttl"), *EXAMPLES.glob("*.ttl"))]
    command = [sys.executable, str(vocabularies / "check_terms.py"), *files]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("terms used") == len(files)
    undeclared = set(re.findall(r"(?:UNKNOWN-TERM|no-ontology-held) \w+ (\S+)", told.stdout))
    assert undeclared <= _declared()


@pytest.mark.slow
@pytest.mark.real
def test_the_shapes_are_well_formed_shacl(shapes: rdflib.Graph) -> None:
    meta = rdflib.Dataset(default_union=True)
    meta.parse(data=(SHARED / "external-shapes" / "shacl-shacl" / "shsh.nq").read_text(), format="nquads")
    flat = rdflib.Graph()
    for triple in meta.triples((None, None, None)):
        flat.add(triple)
    conforms, _, text = pyshacl.validate(shapes, shacl_graph=flat)
    assert conforms, text


def test_every_state_of_a_question_is_an_example() -> None:
    assert {question.status for question in STATES.values()} == set(type(STATES["awaiting"].status))
