"""The shapes are free of mistakes that engines pass over in silence, and stay within their passes."""

import pytest
from rdflib.compare import isomorphic

from lod import definitions, rdf
from lod.definitions import DEFAULT_BASE
from lod.errors import CheckFailed
from lod.rdf import Triple
from lod.shacl import ValidationPass
from lod.shacl.shapes_graph import ShapesGraph, plain, sh
from tests.shacl import lint, locality
from tests.support.faults import HEAD

SAID = 'sh:message "Non."@fr , "No."@en .'
SOUND = f"shape:A a sh:NodeShape ; sh:targetClass schema:Question ; sh:property shape:B ; {SAID}\n"
FOCUS = "a sh:PropertyShape ; sh:targetClass schema:Question"
BEYOND = {
    "who else names the author": "sh:path ( schema:author [ sh:inversePath schema:author ] ) ; sh:maxCount 9",
    "what is said of the author": "sh:path ( schema:author foaf:name ) ; sh:minCount 1",
    "the author, within": "sh:path schema:author ; sh:node [ sh:path foaf:name ; sh:minCount 1 ]",
    "the author, chosen": "sh:path schema:author ; sh:or ( [ sh:path foaf:name ; sh:minCount 1 ] )",
    "the author, counted": "sh:path schema:author ; sh:qualifiedMinCount 1 ; "
    "sh:qualifiedValueShape [ sh:path foaf:name ; sh:minCount 1 ]",
    "a recalled question": "sh:path eli:refers_to ; sh:class schema:Question",
    "what is said of it": "sh:path ( eli:refers_to dcterms:issued ) ; sh:lessThanOrEquals dcterms:issued",
    "who recalls the question": "sh:path [ sh:inversePath eli:refers_to ] ; sh:maxCount 1",
    "a way without end": "sh:path [ sh:zeroOrMorePath eli-dl:answers_to ] ; sh:maxCount 3",
    "another choice": "sh:path [ sh:alternativePath ( eli:number [ sh:inversePath eli:refers_to ] ) ] ; "
    "sh:maxCount 3",
}


def of(folder: str) -> list[Triple]:
    return rdf.triples(definitions.turtle_of(definitions.turtle_files(folder), DEFAULT_BASE))


def said(turtle: str) -> list[Triple]:
    return rdf.triples(f"{HEAD}@prefix shape: <https://w3id.org/anq/shapes#> .\n{turtle}")


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        ("", "there is no shape"),
        (
            f"shape:B a sh:PropertyShape ; sh:path eli:number ; sh:minCout 1 ; {SAID}",
            "sh:minCout is not among",
        ),
        (
            f"shape:B a sh:PropertyShape ; sh:path eli:number ; sh:severity sh:Fatal ; {SAID}",
            "sh:Fatal is not",
        ),
        (
            f"shape:B a sh:PropertyShape ; sh:path eli:number ; sh:deactivated true ; {SAID}",
            "sh:deactivated is",
        ),
        (
            f'shape:B a sh:PropertyShape ; sh:path eli:number ; sh:sparql [ sh:select "" ] ; {SAID}',
            "sh:sparql is",
        ),
        (
            'shape:B a sh:PropertyShape ; sh:path eli:number ; sh:message "No."@en .',
            "B has no message in French",
        ),
        (
            'shape:B a sh:PropertyShape ; sh:path eli:number ; sh:message "Non."@fr , "No" .',
            "B has no message",
        ),
        (f"shape:B sh:path eli:number ; sh:minCount 1 ; {SAID}", "B is not a property shape with a name"),
        (f"shape:C a sh:PropertyShape ; sh:path eli:title ; {SAID}", "nothing leads to .*#C"),
        (f"[] a sh:PropertyShape ; sh:path eli:title ; {SAID}", "has no name"),
        *(
            (
                f'shape:B a sh:PropertyShape ; sh:path eli:number ; sh:pattern "{slow}" ; {SAID}',
                "take exponential time",
            )
            for slow in (
                "^(?!0)[0-9]",
                "^([0-9]+)*$",
                "^([0-9]|[1-9])+$",
                "^(a)-\\\\\\\\1$",
                "^.*[.]",
                "(ab){2,9}",
            )
        ),
    ],
)
def test_a_mistake_in_a_shape_is_found(shape: str, fault: str) -> None:
    found = "; ".join(lint.faults(said(SOUND + shape if shape else "")))
    with pytest.raises(AssertionError, match=fault):
        raise AssertionError(found)


def test_the_shipped_shapes_have_no_mistakes() -> None:
    assert list(lint.faults(of("shapes"))) == []


def test_the_message_of_a_closed_shape_begins_so_that_a_property_can_take_its_place() -> None:
    shapes = ShapesGraph(of("shapes"))
    closed = {shape for shape, _ in shapes.pairs(sh("closed"))}
    for shape in closed:
        english, french = sorted(map(plain, shapes.objects(shape, sh("message"))))
        assert english.startswith("A property outside the profile is not allowed on ")
        assert french.startswith("Une propriété étrangère au profil n’est pas admise pour ")
    assert closed


@pytest.mark.parametrize("path", BEYOND.values(), ids=BEYOND)
def test_a_shape_that_looks_beyond_its_document_is_found(path: str) -> None:
    documents = of(ValidationPass.DOCUMENTS) + said(f"shape:Far {FOCUS} ; {path} ; {SAID}")
    found = set(locality.faults(ShapesGraph(documents), ShapesGraph(of(ValidationPass.SHARED))))
    assert found == {"Far looks beyond its document"}


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        (
            "sh:path [ sh:inversePath schema:author ] ; sh:minCount 1",
            "the pass over shared resources does not have what refers",
        ),
        (
            "sh:targetClass schema:Question ; sh:path foaf:page",
            "a resource of class http://schema.org/Question cannot be",
        ),
        (
            "sh:path foaf:page ; sh:class schema:Question",
            "the pass over shared resources does not have resources of class",
        ),
    ],
)
def test_a_shape_of_shared_resources_that_looks_into_documents_is_found(shape: str, fault: str) -> None:
    far = said(f"shape:Far a sh:PropertyShape ; sh:targetClass foaf:Person ; {shape} ; {SAID}")
    (found,) = locality.faults(
        ShapesGraph(of(ValidationPass.DOCUMENTS)), ShapesGraph(of(ValidationPass.SHARED) + far)
    )
    assert found.startswith(fault)


def test_the_shipped_shapes_stay_within_their_pass() -> None:
    assert (
        list(
            locality.faults(ShapesGraph(of(ValidationPass.DOCUMENTS)), ShapesGraph(of(ValidationPass.SHARED)))
        )
        == []
    )


def test_every_shape_belongs_to_one_pass() -> None:
    parts = [set(definitions.turtle_files(part)) for part in ValidationPass if part is not ValidationPass.ALL]
    assert sorted(path for part in parts for path in part) == definitions.turtle_files(ValidationPass.ALL)


def test_shapes_that_are_not_turtle_are_reported_in_a_sentence() -> None:
    with pytest.raises(CheckFailed, match=r"^the definitions are not Turtle: "):
        said("shape:A a sh:NodeShape ; .. ]")


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["ontology", "shapes"])
def test_two_parsers_read_the_same_triples_from_the_definitions(folder: str) -> None:
    turtle = definitions.turtle_of(definitions.turtle_files(folder), DEFAULT_BASE)
    ours = rdf.parse("".join(f"{' '.join(triple)} .\n" for triple in rdf.triples(turtle)), "nt")
    assert isomorphic(ours, rdf.parse(turtle, "ttl"))
