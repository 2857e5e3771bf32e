"""The worked examples conform to the shapes, and each wrong twin fails at the expected shape."""

import re

import pytest
import rdflib

from lod import describe_question, rdf, to_turtle
from lod.context import published
from lod.definitions import DEFAULT_BASE
from lod.errors import CheckFailed
from lod.shacl import Shapes, ValidationResult
from lod.write.turtle import TurtleWriter
from tests.conftest import ROOT
from tests.support.golden import approved
from tests.support.lives import ALIGNMENTS, CITATIONS, MEASUREMENTS, RELATED, STATES, TOMBSTONE
from tests.support.twins import EVENTS, TWINS, Twin

EXAMPLES = ROOT / "ontology" / "examples"
OTHERS = {
    "tombstone": [TOMBSTONE],
    "measured": MEASUREMENTS,
    "citing": CITATIONS,
    "aligned": ALIGNMENTS,
    "related": RELATED,
}
"""The examples of what is in no document of a question."""
NAMES = (*STATES, *OTHERS)


WARNINGS = {"Question-recalled", "Answer-after-question", "Activity-after-motive"}
"""The shapes that only warn."""

WITH = {"recalling": "awaiting"}
"""The example that another one refers to."""


def turtle_of(example: str) -> str:
    """Return an example, with the one that it refers to."""
    names = [name for name in (example, WITH.get(example)) if name]
    return "".join((EXAMPLES / f"{name}.ttl").read_text(encoding="utf-8") for name in names)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes(DEFAULT_BASE)


def results(shapes: Shapes, turtle: str) -> list[ValidationResult]:
    return shapes.check_graph(rdf.parse(turtle, "ttl"))


@pytest.mark.parametrize("state", STATES)
def test_an_example_is_the_description_of_its_record(state: str, regen: bool) -> None:
    approved(f"{state}.ttl", to_turtle(describe_question(STATES[state])), regen=regen, folder=EXAMPLES)


@pytest.mark.parametrize("name", OTHERS)
def test_another_example_is_the_description_of_its_resources(name: str, regen: bool) -> None:
    turtle = TurtleWriter(published(), DEFAULT_BASE).document(OTHERS[name])
    approved(f"{name}.ttl", turtle, regen=regen, folder=EXAMPLES)


def test_there_is_an_example_for_every_state() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.ttl")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_conforms(name: str, shapes: Shapes) -> None:
    assert results(shapes, turtle_of(name)) == []


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: f"{twin.example}-{'-'.join(sorted(twin.wrong))}")
def test_a_wrong_twin_fails_where_it_is_wrong(twin: Twin, shapes: Shapes) -> None:
    turtle = turtle_of(twin.example)
    assert twin.old in turtle
    names = ("dcterms", "skos", "xsd")
    prefixes = {name: published().prefixes[name] for name in names} | {"rdfs": str(rdflib.RDFS)}
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    found = results(shapes, head + turtle.replace(twin.old, twin.new, 1))
    assert {result.shape_name for result in found} == twin.wrong
    assert any(result.violates for result in found) or twin.wrong <= WARNINGS
    assert all(result.french and result.english for result in found)


def test_every_example_has_a_wrong_twin() -> None:
    assert {twin.example for twin in TWINS} == set(NAMES)


def test_every_event_of_a_life_is_in_an_example_and_has_a_wrong_twin() -> None:
    schemes = (ROOT / "ontology" / "schemes" / "events.ttl").read_text(encoding="utf-8")
    events = set(re.findall(r"<def/evenement/([a-z-]+)> a ", schemes))
    turtle = {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.ttl")}
    happened = r"eli-dl:Activity ;\n    eli-dl:had_activity_type <def/evenement/([a-z-]+)>"
    assert set(re.findall(happened, "".join(turtle.values()))) == events == set(EVENTS)
    assert all(f"<def/evenement/{name}>" in turtle[twin.example] for name, twin in EVENTS.items())


def test_every_shape_has_a_wrong_twin() -> None:
    """Only node shapes that are closed or have alternatives report results of their own."""
    shapes = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "shapes").rglob("*.ttl"))
    blocks = re.findall(r"^shape:(\S+) a (sh:\w+) ;\n(.*?)(?=^shape:|\Z)", shapes, re.DOTALL | re.MULTILINE)
    can_object = {
        name
        for name, kind, said in blocks
        if kind == "sh:PropertyShape" or re.search(r"^    sh:(closed|or|xone) ", said, re.MULTILINE)
    }
    assert can_object - {shape for twin in TWINS for shape in twin.wrong} == set()


def test_an_empty_graph_does_not_pass_as_a_valid_question(shapes: Shapes) -> None:
    with pytest.raises(CheckFailed, match="expected 1 questions to validate, found 0"):
        shapes.check(b"", 1)
