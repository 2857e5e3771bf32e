"""What was decided rather than read is counted by kind, in the problems and in the catalogue."""

import json
from collections import Counter

import pytest
import rdflib
from rdflib import RDF, SKOS

from lod import Summary, definitions
from lod.definitions import DEFAULT_BASE
from lod.describe.concept import FINDINGS
from lod.errors import Cause, Problem, Severity
from lod.finding import Finding, default_finding
from tests.support.loops import some

DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")


def measured(summary: Summary) -> dict[tuple[str, str], int]:
    """Return the values of the catalogue by data set and kind of finding."""
    graph = rdflib.Graph().parse(summary.path / "catalog.ttl").parse(summary.path / "concepts.ttl")
    values = {}
    for node in graph.subjects(RDF.type, DQV.QualityMeasurement):
        metric = graph.value(node, DQV.isMeasurementOf)
        dataset = str(graph.value(node, DQV.computedOn))
        kind = str(graph.value(metric, SKOS.notation))
        values[dataset.removeprefix(f"{DEFAULT_BASE}jeu/"), kind] = int(str(graph.value(node, DQV.value)))
        assert (rdflib.URIRef(dataset), DQV.hasQualityMeasurement, node) in graph
    return values


def test_the_catalogue_counts_the_problems_of_the_release_by_kind(varied_release: Summary) -> None:
    lines = (varied_release.path / "problems.jsonl").read_text(encoding="utf-8").splitlines()
    kinds = Counter[str]()
    for problem in map(json.loads, lines):
        kinds[problem["kind"]] += problem.get("count", 1)
    values = measured(varied_release)
    assert {kind: n for (dataset, kind), n in values.items() if dataset == "questions#id"} == kinds


def test_findings_are_counted_for_the_legislature_and_type_of_their_question(varied_release: Summary) -> None:
    values = measured(varied_release)
    assert values["questions-ecrites-14#id", "page-missing"] == 1
    assert values["questions-au-gouvernement-11#id", "register-incomplete"] == 1
    parts = Counter[str]()
    for (dataset, kind), count in values.items():
        parts[kind] += 0 if dataset == "questions#id" else count
    assert parts == {kind: n for (dataset, kind), n in values.items() if dataset == "questions#id"}


def test_every_kind_of_finding_has_a_metric_of_its_name() -> None:
    turtle = definitions.turtle_of(definitions.turtle_files("ontology/schemes"), DEFAULT_BASE)
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    metrics = {
        str(graph.value(metric, SKOS.notation)): str(metric).rpartition("/")[2]
        for metric in some(graph.subjects(RDF.type, DQV.Metric))
    }
    assert metrics == {str(finding): name for finding, name in FINDINGS.items()}
    assert set(FINDINGS) == set(Finding)


def problem(place: str, cause: Cause, finding: Finding | None = None) -> Problem:
    return Problem(
        document="x",
        place=place,
        expected="a",
        found="b",
        severity=Severity.WARNING,
        cause=cause,
        finding=finding,
    )


@pytest.mark.parametrize(
    ("place", "cause", "kind"),
    [
        ("encoding", Cause.FIELD, Finding.ENCODING_ASSUMED),
        ("QANR5L17QE1, closure", Cause.FIELD, Finding.END_UNKNOWN),
        ("encoding", Cause.DOCUMENT, Finding.DOCUMENT_UNREADABLE),
        ("somewhere", Cause.FIELD, Finding.VALUE_UNEXPECTED),
    ],
)
def test_a_problem_without_a_kind_has_that_of_its_cause_or_place(
    place: str, cause: Cause, kind: Finding
) -> None:
    assert default_finding(cause, place) is problem(place, cause).kind is kind
    own = problem(place, cause, Finding.TEXT_GARBLED)
    assert (own.kind, own.as_json()["kind"]) == (Finding.TEXT_GARBLED, "text-garbled")
