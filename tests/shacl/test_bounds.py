"""Each bound of a shape is met exactly by an example, and missed by one by a fault that must be reported."""

from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin

import pytest
import rdflib
from rdflib import RDF, SH, URIRef
from rdflib.term import Node

from lod.shacl import Engine, Shapes
from tests.conftest import ROOT
from tests.describe.test_examples import NAMES, turtle_of
from tests.support.faults import World, faults

BASE = "https://w3id.org/anq/"
SHAPE = "https://w3id.org/anq/shapes#"
ELI_DL = "http://data.europa.eu/eli/eli-draft-legislation-ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = {
    ("Activity-order", "minInclusive"): (
        f"a <{ELI_DL}Activity>",
        f"{ELI_DL}activity_order",
        "decimal",
        ("1", "1.0", "2"),
        ("0", "0.9", "-1"),
    ),
    ("Answer-response-days", "minInclusive"): (
        "a <http://schema.org/Answer>",
        "https://w3id.org/anq/ontology#responseDays",
        "integer",
        ("0", "1"),
        ("-1",),
    ),
    ("QualityMeasurement-value", "minInclusive"): (
        "a <http://www.w3.org/ns/dqv#QualityMeasurement>",
        "http://www.w3.org/ns/dqv#value",
        "integer",
        ("1", "2"),
        ("0",),
    ),
    ("Question-fifth-republic", "minInclusive"): (
        "a <http://schema.org/Question>",
        "http://purl.org/dc/terms/issued",
        "date",
        ("1958-10-04", "1958-10-05"),
        ("1958-10-03",),
    ),
    ("Question-fifth-republic", "maxExclusive"): (
        "a <http://schema.org/Question>",
        "http://purl.org/dc/terms/issued",
        "date",
        ("2099-12-31",),
        ("2100-01-01",),
    ),
}
"""For each bound on values: the focus node, the property, the datatype, values within it, values beyond."""

ONE_TITLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/anq/def/essai> a skos:ConceptScheme ;
    skos:hasTopConcept <https://w3id.org/anq/def/essai/x> ;
    <http://purl.org/dc/terms/title> "Essai"@fr .
"""
"""A scheme with one title; those that are published have one in each of two languages."""

SHAPES = rdflib.Graph()
for _path in sorted((ROOT / "shapes").rglob("*.ttl")):
    SHAPES.parse(_path)


def bounds(*constraints: str) -> dict[tuple[str, str], int | str]:
    """Return the bounds of the named shapes, by shape and constraint."""
    return {
        (str(shape).removeprefix(SHAPE), constraint): bound.toPython()
        for constraint in constraints
        for shape, bound in SHAPES.subject_objects(SH[constraint])
        if isinstance(shape, URIRef) and isinstance(bound, rdflib.Literal)
    }


def path_of(node: Node) -> rdflib.paths.Path | URIRef:
    """Return the path that a node of a shape states."""
    if isinstance(node, URIRef):
        return node
    if (inverse := SHAPES.value(node, SH.inversePath)) is not None:
        return ~path_of(inverse)
    if (choice := SHAPES.value(node, SH.alternativePath)) is not None:
        steps = [path_of(step) for step in SHAPES.items(choice)]
        return rdflib.paths.AlternativePath(*steps)
    return rdflib.paths.SequencePath(*[path_of(step) for step in SHAPES.items(node)])


def focus_nodes(shape: Node, graph: rdflib.Graph) -> set[Node]:
    """Return the targets of a shape, or of those that lead to it."""
    found = set[Node]()
    for each in (shape, *SHAPES.subjects(SH.property, shape)):
        for kind in SHAPES.objects(each, SH.targetClass):
            found |= set(graph.subjects(RDF.type, kind))
        for term in SHAPES.objects(each, SH.targetSubjectsOf):
            found |= set(graph.subjects(term))
        for term in SHAPES.objects(each, SH.targetObjectsOf):
            found |= set(graph.objects(None, term))
    return found


def counted(shape: str, graph: rdflib.Graph, focus: Node | None = None) -> Iterator[int]:
    """Yield how many values each focus node of a shape has; of a qualified shape, how many that qualify."""
    node = URIRef(SHAPE + shape)
    path = SHAPES.value(node, SH.path)
    assert path is not None
    for each in focus_nodes(node, graph) if focus is None else [focus]:
        values = set(graph.objects(each, path_of(path)))
        qualified = SHAPES.value(node, SH.qualifiedValueShape)
        yield len(values if qualified is None else [v for v in values if qualifies(v, qualified, graph)])


def qualifies(value: Node, shape: Node, graph: rdflib.Graph) -> bool:
    """Say whether a value conforms to one of the few qualified shapes that there are."""
    if (languages := SHAPES.value(shape, SH.languageIn)) is not None:
        return getattr(value, "language", None) in {str(each) for each in SHAPES.items(languages)}
    if (allowed := SHAPES.value(shape, SH["in"])) is not None:
        return value in set(SHAPES.items(allowed))
    path, wanted = SHAPES.value(shape, SH.path), SHAPES.value(shape, SH.hasValue)
    assert path is not None
    assert wanted is not None
    return wanted in set(graph.objects(value, path_of(path)))


@cache
def examples() -> tuple[rdflib.Graph, ...]:
    schemes = [path.read_text(encoding="utf-8") for path in (ROOT / "ontology" / "schemes").rglob("*.ttl")]
    texts = [*map(turtle_of, NAMES), *schemes, ONE_TITLE]
    return tuple(rdflib.Graph().parse(data=text, format="turtle") for text in texts)


COUNTS = bounds("minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount")
FAULTS = {(fault.shape, fault.constraint): fault for fault in faults()}


def test_bounds_of_all_kinds_are_looked_at() -> None:
    kinds = {kind for _, kind in COUNTS}
    assert kinds == {"minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount"}
    assert len(COUNTS) > 150
    others = bounds("minInclusive", "maxExclusive", "maxInclusive", "minExclusive")
    assert others.keys() == VALUES.keys()
    assert set(bounds("minLength", "maxLength").values()) == {1}


@pytest.mark.parametrize(("shape", "constraint"), COUNTS)
def test_an_example_has_just_as_many_values_as_are_allowed(shape: str, constraint: str) -> None:
    found = {count for graph in examples() for count in counted(shape, graph)}
    assert COUNTS[shape, constraint] in found


def test_one_title_is_enough_for_a_scheme() -> None:
    graph = rdflib.Graph().parse(data=ONE_TITLE, format="turtle")
    assert "ConceptScheme-title" not in {result.shape_name for result in Shapes(BASE).check_graph(graph)}


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "constraint"), COUNTS)
def test_the_planted_fault_has_one_value_too_few_or_too_many(shape: str, constraint: str) -> None:
    assert (shape, constraint) in FAULTS, f"tests/support/faults.txt has no fault for {shape} {constraint}"
    fault, bound = FAULTS[shape, constraint], COUNTS[shape, constraint]
    assert isinstance(bound, int)
    world = World(0)
    graph = rdflib.Graph().parse(data="".join(fault.planted(world)), format="nt")
    focus = {result[3] for result in fault.expected(world) if result[:2] == (shape, constraint)}
    found = {count for each in focus for count in counted(shape, graph, URIRef(urljoin(BASE, each)))}
    assert (bound + 1 if constraint.lower().endswith("maxcount") else bound - 1) in found


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize(("shape", "constraint"), VALUES)
def test_a_bound_accepts_the_value_on_it_and_not_the_next(
    shape: str, constraint: str, engine: Engine
) -> None:
    focus, path, datatype, within, beyond = VALUES[shape, constraint]
    turtle = "".join(
        f'<{BASE}focus/{value}> {focus} ; <{path}> "{value}"^^<{XSD}{datatype}> .\n'
        for value in (*within, *beyond)
    )
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    results = Shapes(BASE, engine).check(graph.serialize(format="nt", encoding="utf-8"))
    component = f"{SH}{constraint[0].upper()}{constraint[1:]}ConstraintComponent"
    told = {r.focus for r in results if (r.shape_name, r.component) == (shape, component)}
    assert told == {f"{BASE}focus/{value}" for value in beyond}
