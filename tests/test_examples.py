"""The worked examples conform to the shapes, and each wrong twin fails where it is wrong."""

from pathlib import Path

import pytest

from lod import describe_question, rdf, to_turtle
from lod.definitions import DEFAULT_BASE
from lod.errors import CheckFailed
from lod.shacl import Result, Shapes
from tests.conftest import ROOT
from tests.golden_files import approved
from tests.lives import STATES

EXAMPLES = ROOT / "ontology" / "examples"
QUESTION = "<an/17/qe/91002>"


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes(DEFAULT_BASE)


def results(shapes: Shapes, turtle: str) -> list[Result]:
    return shapes.check_graph(rdf.parse(turtle, "turtle"))


@pytest.mark.parametrize("state", STATES)
def test_an_example_is_what_the_program_says_of_such_a_question(state: str, regen: bool) -> None:
    approved(f"{state}.ttl", to_turtle(describe_question(STATES[state])), regen=regen, folder=EXAMPLES)


def test_there_is_an_example_for_every_state() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.ttl")} == set(STATES)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ttl")), ids=lambda path: path.stem)
def test_every_example_conforms(path: Path, shapes: Shapes) -> None:
    assert results(shapes, path.read_text(encoding="utf-8")) == []


TWINS = [
    # example, what stands there, what stands in its place, the shapes that must say so
    ("awaiting", 'dcterms:title "Arcs-en-ciel de nuit"@fr ;\n', "", {"Question-title"}),
    (
        "awaiting",
        '"Arcs-en-ciel de nuit"@fr ;\n    eli:date',
        '"Rainbows"@en ;\n    eli:date',
        {"Question-title"},
    ),
    ("awaiting", 'eli:number "91001"', "eli:number 91001", {"Question-number"}),
    ("awaiting", '"QANR5L17QE91001"', '"QANR5L17XX91001"', {"Question-identifier"}),
    ("awaiting", "def/type/question-ecrite", "def/type/motion", {"Question-work-type"}),
    (
        "awaiting",
        'eli:date_document "2026-01-06"',
        'eli:date_document "2026-01-07"',
        {"Question-date-document"},
    ),
    (
        "awaiting",
        'dcterms:issued "2026-01-06"^^xsd:date ;\n    eli:is_part_of',
        'dcterms:issued "2026-01-06T00:00:00"^^xsd:dateTime ;\n    eli:is_part_of',
        {"Question-issued", "Question-date-document", "Question-fifth-republic"},
    ),
    ("awaiting", 'bibo:pageStart "9001"', 'bibo:pageStart ""', {"Question-page"}),
    ("awaiting", "schema:author <an/depute/17/01-41/zephyrine-exemple#id> ;", "", {"Question-author"}),
    (
        "awaiting",
        "schema:author <an/depute/17/01-41/zephyrine-exemple#id>",
        "schema:author <an/inconnu#id>",
        {"Question-author"},
    ),
    (
        "awaiting",
        "<an/17/qe/91001#interroge> , ",
        "",
        {"Question-participations", "Question-one-asked", "Participation-of-a-work"},
    ),
    (
        "awaiting",
        'schema:text "Mme Zéphyrine Exemple demande pourquoi nul ne voit les arcs-en-ciel de nuit."@fr ;',
        "",
        {"Question-written-text"},
    ),
    (
        "awaiting",
        "eli-dl:involved_work <an/17/qe/91001> ;",
        "",
        {"Question-procedure", "Process-involved-work"},
    ),
    ("awaiting", "eli:is_about <def/rubrique/", "eli:is_about <def/inconnue/", {"Question-is-about"}),
    (
        "awaiting",
        "prov:wasDerivedFrom <source",
        "prov:wasInfluencedBy <source",
        {"Question", "Question-derived-from", "SourceDocument-derived"},
    ),
    (
        "awaiting",
        "https://questions.assemblee-nationale.fr",
        "https://example.org",
        {"Question-official-page"},
    ),
    ("awaiting", "def/etat/en-attente-de-reponse", "def/etat/repondue", {"Process-answered"}),
    ("awaiting", "eli-dl:activity_order", "eli-dl:activity_rank", {"Activity", "Activity-order"}),
    ("awaiting", "def/evenement/reponse>", "def/evenement/retrait>", {"ForeseenActivity-type"}),
    ("awaiting", '"2026-03-06"^^xsd:date', '"2026-03-06", "2026-04-06"^^xsd:date', {"ForeseenActivity-date"}),
    (
        "awaiting",
        "anq:inCapacityOf",
        "dcterms:relation",
        {"Participation", "Participation-author-is-a-person"},
    ),
    ("awaiting", 'foaf:name "Zéphyrine Exemple"', 'foaf:birthday "01-01"', {"Person", "Person-known"}),
    ("awaiting", '"Mme"@fr', '"Madame"@fr', {"Person-honorific"}),
    (
        "awaiting",
        "dcterms:spatial <an/circonscription/01-41> .",
        "dcterms:audience <an/circonscription/01-41> .",
        {"Membership", "Membership-deputy-has-a-seat", "Constituency-of-a-mandate"},
    ),
    ("awaiting", 'skos:notation "01-41"', 'skos:notation "1-41"', {"Constituency-notation"}),
    ("awaiting", 'igeo:codeINSEE "01"^^xsd:token', 'igeo:codeINSEE "01"', {"Departement-code"}),
    ("awaiting", 'skos:notation "17"', 'skos:notation "XVII"', {"Legislature-notation"}),
    (
        "awaiting",
        'skos:prefLabel "Environnement"@fr',
        'skos:prefLabel "Environment"@en',
        {"Concept-french-label"},
    ),
    (
        "awaiting",
        "<def/rubrique> skos:hasTopConcept <def/rubrique/environnement> .",
        "",
        {"Concept-top", "Concept-scheme", "ConceptScheme-title", "ConceptScheme-top-concepts"},
    ),
    (
        "awaiting",
        "org:classification <def/organe/ministere>",
        "org:classification <def/organe/comite>",
        {"Organization-classification"},
    ),
    ("awaiting", 'dcterms:identifier "sha256:a', 'dcterms:identifier "md5:a', {"SourceDocument-digest"}),
    ("awaiting", "prov:wasAssociatedWith", "prov:wasStartedBy", {"Run", "Run-software"}),
    ("awaiting", 'dcat:version "', 'dcterms:hasVersion "', {"SoftwareAgent", "SoftwareAgent-version"}),
    ("awaiting", "eli:realizes <an/17/qe/91001> ;", "", {"Expression-realizes"}),
    ("awaiting", "authority/language/FRA", "authority/language/ENG", {"Expression-language"}),
    ("awaiting", "a eli:Work , bibo:Issue", "a bibo:Issue", {"Issue-work"}),
    ("answered", "anq:responseDays 119", "anq:responseDays -1", {"Answer-response-days"}),
    ("answered", "anq:responseDays 119", 'anq:responseDays "P119D"^^xsd:duration', {"Answer-response-days"}),
    (
        "answered",
        'eli:date_document "2026-05-05"^^xsd:date ;\n    dcterms:issued "2026-05-05"^^xsd:date',
        'eli:date_document "2025-05-05"^^xsd:date ;\n    dcterms:issued "2025-05-05"^^xsd:date',
        {"Answer-after-question"},
    ),
    (
        "answered",
        'schema:text "Les marées imaginaires sont à l\'heure."@fr',
        'schema:text ""@fr',
        {"Answer-text"},
    ),
    ("answered", f"eli-dl:answers_to {QUESTION}", "eli-dl:answers_to <an/17/qe/1>", {"Answer-answers-to"}),
    ("answered", "schema:acceptedAnswer", "schema:suggestedAnswer", {"Question", "Question-answers"}),
    ("answered", "def/etat/repondue", "def/etat/caduque", {"Process-not-answered"}),
    ("answered", '"QANR5L17QE91002-REP"', '"QANR5L17QE91002"', {"Answer-identifier"}),
    (
        "answered",
        'eli-dl:activity_date "2026-04-14"',
        'eli-dl:activity_date "2025-04-14"',
        {"Activity-after-motive"},
    ),
    ("answered", f"{QUESTION[:-1]}#renouvellement-1> ,\n        ", "", {"Activity-of-a-process"}),
    ("answered", 'dcat:endDate "2026-10-01"', 'dcat:endDate "2023-10-01"', {"Period-start"}),
    ("answered", "org:role <def/role/apparente>", "org:role <def/role/auteur>", {"Membership-role"}),
    (
        "answered",
        'dcterms:identifier "PM99900012"',
        'dcterms:identifier "99900012"',
        {"Membership-identifier"},
    ),
    ("answered", "owl:sameAs <an/acteur/PA9990001#id>", 'owl:sameAs "PA9990001"', {"Alias-official"}),
    (
        "answered",
        'dcterms:identifier "PO9990010"',
        'dcterms:identifier "ESSAIS"',
        {"Organization-identifier"},
    ),
    ("withdrawn", 'eli-dl:activity_label "Question retirée', 'rdfs:label "Question retirée', {"Activity"}),
    ("lapsed", "def/evenement/caducite", "def/evenement/oubli", {"Activity-type"}),
    (
        "closed",
        "eli-dl:latest_activity <an/17/qe/91006#cloture>",
        "eli-dl:latest_activity <an/17/qe/91006#reponse-attendue>",
        {"Process-latest-activity"},
    ),
    (
        "answered-twice",
        "<an/17/qe/91003/reponse-2> .\n\n",
        "<an/17/qe/91003/reponse-3> .\n\n",
        {"Question-answers", "Question-accepted-answers"},
    ),
    ("oral", "def/procedure/question-orale-sans-debat", "def/procedure/inconnue", {"Process-type"}),
]


@pytest.mark.parametrize(
    ("example", "old", "new", "wrong"), TWINS, ids=[f"{name}-{'-'.join(sorted(w))}" for name, *_, w in TWINS]
)
def test_a_wrong_twin_fails_where_it_is_wrong(
    example: str, old: str, new: str, wrong: set[str], shapes: Shapes
) -> None:
    turtle = (EXAMPLES / f"{example}.ttl").read_text(encoding="utf-8")
    assert old in turtle
    twin = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n" + turtle.replace(old, new, 1)
    found = results(shapes, twin)
    assert {result.shape_name for result in found} == wrong
    assert any(result.violates for result in found)
    assert all(result.french and result.english for result in found)


def test_every_example_has_a_wrong_twin() -> None:
    assert {example for example, *_ in TWINS} == set(STATES)


def test_an_empty_graph_is_not_a_checked_question(shapes: Shapes) -> None:
    with pytest.raises(CheckFailed, match="1 questions were to be checked"):
        shapes.check("", 1)
