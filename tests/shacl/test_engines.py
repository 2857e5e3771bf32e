"""Both engines report exactly the planted faults, however questions are divided into batches and passes."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rdflib import SH, URIRef

from lod import Options, Question, Summary, build_release, definitions, rdf
from lod.context import iri_of, published
from lod.definitions import DEFAULT_BASE
from lod.describe import describe
from lod.errors import Cause, CheckFailed
from lod.iri import Iris
from lod.shacl import Engine, Shapes, ValidationPass, ValidationResult
from lod.shacl.engines import CompiledEngine
from lod.shacl.shapes_graph import COMPONENTS, SHAPES, TYPE
from lod.version import VERSION
from tests.conftest import SAMPLES, blocks_of
from tests.shacl.locality import TO_OTHERS
from tests.support.faults import World, faults, spelt
from tests.support.lives import MEASUREMENTS, STATES, TOMBSTONE

pytestmark = pytest.mark.slow  # pySHACL validates hundreds of faults

IRIS = Iris(DEFAULT_BASE)
A_QUESTION = rf"{re.escape(DEFAULT_BASE)}an/\d+/(qe|qg|qosd)/\d+"
SLOW = 8
"""The reference checks only one in this many questions one by one."""
SIZES = (1, 7, 50, 1000)
FAULTS = faults()
LINKS = {"citing", "aligned", "related"}
"""The examples of links to other data, which have a validation pass of their own."""


@cache
def planted(number: int) -> str:
    return "".join(FAULTS[number].planted(World(number)))


def batches(size: int) -> Iterator[range]:
    for start in range(0, len(FAULTS), size):
        yield range(start, min(start + size, len(FAULTS)))


def parted(number: int) -> tuple[str, str, str]:
    """Return the resources of a document, the types of its shared resources, and its shared resources."""
    base, lines = World(number).base, planted(number).splitlines(keepends=True)
    told = {subject.replace(DEFAULT_BASE, base) for subject in not_of_a_document(FAULTS[number].example)}
    whose = [(line.split(" ", 1)[0][1:-1], line) for line in lines]
    common = {s for s, _ in whose if s in told or s.startswith((f"{base}def/", "http://id.insee"))}
    unknown = {s for s, _ in whose if s == f"{base}inconnu" or not s.startswith("http")}
    own = [line for s, line in whose if s not in common]
    types = [line for s, line in whose if s in common and f"<{TYPE}>" in line]
    return "".join(own), "".join(types), "".join(line for s, line in whose if s in common | unknown)


def not_of_a_document(example: str) -> set[str]:
    """Return the shared resources of an example."""
    if example in STATES:
        return shared(STATES[example])
    if example == "tombstone":
        return {TOMBSTONE["id"]}
    if example in LINKS:
        return set()
    return {f"{DEFAULT_BASE}inconnu", *(node["id"] for node in MEASUREMENTS)}


def shared(question: Question) -> set[str]:
    """Return the shared resources of a question."""
    resources = describe(question, IRIS, VERSION).shared
    return {iri_of(block.subject) for r in resources for block in published().walk(r.node).blocks}


def expected(batch: range) -> Counter[tuple[str, ...]]:
    return Counter(result for n in batch for result in FAULTS[n].expected(World(n)))


def test_a_fault_is_planted_for_every_constraint_of_every_shape() -> None:
    shapes = rdf.parse(definitions.turtle_of(definitions.turtle_files("shapes"), DEFAULT_BASE), "ttl")
    stated = {
        (shape.removeprefix(SHAPES), constraint)
        for constraint in COMPONENTS
        for shape in shapes.subjects(SH[constraint])
        if isinstance(shape, URIRef)
    }
    assert [(fault.shape, fault.constraint) for fault in FAULTS] == sorted(stated)
    for fault in FAULTS:
        assert (fault.shape, fault.constraint) in {result[:2] for result in fault.results}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("engine", Engine)
def test_an_engine_reports_exactly_the_expected_results(engine: Engine, size: int) -> None:
    shapes = Shapes(DEFAULT_BASE, engine)
    sample = SLOW if (engine, size) == (Engine.PYSHACL, 1) else 1
    for batch in list(batches(size))[::sample]:
        results = shapes.check("".join(map(planted, batch)).encode())
        assert Counter(map(spelt, results)) == expected(batch)
        assert all(result.french and result.english for result in results)
    assert shapes.failures == []


SENTENCES = {
    "Question-author class": (
        "property schema:author: a question must have exactly one author, described in the data (value « "
        "https://w3id.org/anq/inconnu », not of the required class)"
    ),
    "Question closed": (
        "property dcterms:relation is not allowed on a question (value « https://w3id.org/anq/inconnu »)"
    ),
    "Question-issued datatype": (
        "property dcterms:issued: a question must have exactly one date of publication (value « "
        "2026-01-06 », of another datatype)"
    ),
    "Concept-other-labels disjoint": (
        "property skos:altLabel: the alternative names of a concept must differ from its preferred name "
        "(value « Environnement »)"
    ),
    "Period-start lessThanOrEquals": (
        "property dcat:startDate: a period must have at most one start, not after its end (value « "
        "2024-07-19 »)"
    ),
    "Activity-after-motive lessThanOrEquals": (
        "property eli-dl:was_motivated_by/eli-dl:activity_date: an activity should not take place before "
        "the one that motivates it (value « 2026-01-06 »)"
    ),
    "Question-corrections equals": (
        "property ^eli:corrects: a question and its errata must refer to each other (value « "
        "https://w3id.org/anq/an/17/qe/91011/erratum-2 »)"
    ),
    "Question-work hasValue": (
        "property rdf:type: a question must be a work (eli:Work) (this value is missing)"
    ),
    "Question-work-type in": (
        "property eli:work_type: a question must have exactly one of the three types of questions (value "
        "« https://w3id.org/anq/inconnu »)"
    ),
    "Question-text languageIn": (
        "property schema:text: a question must have at most one text, in French and not empty (value « "
        "Mme Zéphyrine Exemple demande pourquoi nul ne voit les arcs… », in another language)"
    ),
    "Question-author maxCount": (
        "property schema:author: a question must have exactly one author, described in the data (too many"
        " values)"
    ),
    "Question-author minCount": (
        "property schema:author: a question must have exactly one author, described in the data (too few "
        "values)"
    ),
    "Issue-told-of minCount": (
        "property ^eli:is_part_of|^eli-dl:recorded_in_a_realization_of: an issue described in the data "
        "must contain a question, an answer or an erratum, or record an event of a question (too few "
        "values)"
    ),
    "Question-fifth-republic maxExclusive": (
        "property dcterms:issued: a question should date from the Fifth Republic (value « 2100-01-01 »)"
    ),
    "Question-fifth-republic minInclusive": (
        "property dcterms:issued: a question should date from the Fifth Republic (value « 1957-10-04 »)"
    ),
    "Question-page minLength": (
        "property bibo:pageStart: a question must start on one page only, given as a string (an empty value)"
    ),
    "Question-official-page nodeKind": (
        "property dcterms:isReferencedBy: a question must have at most one official page, at the "
        "Assemblée nationale (value « x », of another node kind)"
    ),
    "Question-written-issue or": (
        "properties eli:work_type, eli:is_part_of: the issue of the Journal officiel of a written question "
        "or one at question time must be known (none of the alternatives holds)"
    ),
    "Question-identifier pattern": (
        "property dcterms:identifier: a question must have exactly one official identifier, such as "
        "QANR5L17QE16300 (value « x »)"
    ),
    "Question-one-asked qualifiedMaxCount": (
        "property epvoc:workHadParticipation: a question must have at most one ministry asked (too many "
        "such values)"
    ),
    "Question-one-author qualifiedMinCount": (
        "property epvoc:workHadParticipation: a question must have exactly one participation as author (too "
        "few such values)"
    ),
    "Concept-label uniqueLang": (
        "property skos:prefLabel: a concept must have a name, and only one in each language (several "
        "values in one language)"
    ),
    "Participation-who xone": (
        "properties eli-dl:had_participant_person, eli-dl:had_participant_organization: a participation "
        "must be that of either a person or an organization (none or several of the alternatives hold)"
    ),
}
"""For every constraint, the sentence of a planted fault, without the number of its world."""


def test_there_is_a_sentence_for_every_constraint() -> None:
    assert {name.split()[1] for name in SENTENCES} == {fault.constraint for fault in FAULTS}


@pytest.mark.parametrize("engine", Engine)
def test_a_result_names_the_property_the_rule_and_what_was_found(engine: Engine) -> None:
    shapes, found = Shapes(DEFAULT_BASE, engine), dict[str, str]()
    for n, fault in enumerate(FAULTS):
        name = f"{fault.shape} {fault.constraint}"
        for result in shapes.check(planted(n).encode()) if name in SENTENCES else ():
            if spelt(result)[:2] == (fault.shape, fault.constraint):
                sentence = f"{result.rule} ({result.found})"
                found[name] = sentence.replace(f"anq/{n}/", "anq/").replace(f"x{n}", "x")
    assert found == SENTENCES


def test_every_result_of_a_planted_fault_names_a_property_in_both_languages() -> None:
    results = Shapes(DEFAULT_BASE).check("".join(map(planted, range(len(FAULTS)))).encode())
    for result in results:
        assert re.match(r"propert(y|ies) [\^\w-]+:\w+", result.rule), result
        assert re.match(r"propriétés? [\^\w-]+:\w+", result.french_rule), result
        assert result.found
        assert result.french_found
        if result.path:
            assert result.properties == (spelt(result)[4],)


@pytest.mark.parametrize("size", SIZES)
def test_the_passes_report_the_same_as_one_over_everything(size: int) -> None:
    shapes, found = Shapes(DEFAULT_BASE), list[ValidationResult]()
    documents = [n for n, fault in enumerate(FAULTS) if fault.example not in LINKS]
    links = [n for n in range(len(FAULTS)) if n not in documents]
    found += shapes.check("".join(map(planted, links)).encode(), part=ValidationPass.LINKS)
    for batch in (documents[start : start + size] for start in range(0, len(documents), size)):
        own, types, _ = zip(*map(parted, batch), strict=True)
        if any(own):  # tombstones and measurements are of no document
            found += shapes.check("".join([*own, *types]).encode(), part=ValidationPass.DOCUMENTS)
    found += shapes.check("".join(parted(n)[2] for n in documents).encode(), part=ValidationPass.SHARED)
    with shapes.projection() as projection:
        for n in documents:
            projection.add_blocks(blocks_of(planted(n)))
        found += shapes.check_across(projection)
    assert Counter(map(spelt, found)) == expected(range(len(FAULTS)))


@pytest.mark.parametrize("engine", Engine)
def test_an_engine_reports_nothing_for_valid_data(engine: Engine, sample_release: Summary) -> None:
    shapes = Shapes(DEFAULT_BASE, engine)
    lines = (sample_release.path / "questions.nt").read_text("utf-8")
    concepts = rdf.parse((sample_release.path / "concepts.ttl").read_text("utf-8"), "ttl")
    sound = (lines + concepts.serialize(format="nt")).encode()
    with shapes.projection() as projection:
        projection.add_blocks(blocks_of(lines))
        assert shapes.check_across(projection, sample_release.counts["questions"]) == []
    assert shapes.check(sound) == shapes.check(sound, part=ValidationPass.SHARED) == []
    assert shapes.check(sound, part=ValidationPass.DOCUMENTS) == []


def test_documents_link_to_other_questions_by_known_properties_only() -> None:
    links = set()
    for question in STATES.values():
        me, common = IRIS.question(question.id), shared(question)
        for block in published().walk(describe(question, IRIS, VERSION).document).blocks:
            for predicate, objects in block.statements:
                others = {iri_of(iri) for iri in objects if iri.startswith(b"<")} - common
                found = {match[0] for iri in others if (match := re.match(A_QUESTION, iri))}
                links |= {iri_of(predicate)} if found - {me} else set()
    assert links == TO_OTHERS


def test_a_missing_engine_is_reported_and_the_reference_validates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    shapes = Shapes(DEFAULT_BASE)
    for n in (1, 2):
        assert Counter(map(spelt, shapes.check(planted(n).encode()))) == expected(range(n, n + 1))
    assert shapes.failures == ["ModuleNotFoundError: import of shacl halted; None in sys.modules"]


class Panic(BaseException):
    """The exception of a compiled module that panics."""


def test_an_engine_that_panics_is_reported_and_the_reference_validates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def panic(_self: CompiledEngine, _ntriples: bytes) -> list[ValidationResult]:
        raise Panic("index out of bounds")

    monkeypatch.setattr(CompiledEngine, "validate", panic)
    shapes = Shapes(DEFAULT_BASE)
    assert Counter(map(spelt, shapes.check(planted(1).encode()))) == expected(range(1, 2))
    assert shapes.failures == ["Panic: index out of bounds"]


def test_a_build_without_the_engine_reports_it_and_rejects_the_same(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    summary = build_release([SAMPLES / "pages"], tmp_path, Options(registers=(SAMPLES / "register",)))
    *others, engine = sorted(summary.problems, key=lambda problem: problem.cause is Cause.ENGINE)
    assert others == sample_release.problems
    assert str(engine) == (
        "shapes.ttl: expected the compiled SHACL engine to check, found "
        "« ModuleNotFoundError: import of shacl halted; None in sys.mo… »: pySHACL has checked instead"
    )
    assert '"cause": "engine"' in (summary.path / "problems.jsonl").read_text("utf-8")


def test_a_question_that_no_shape_applies_to_is_an_error() -> None:
    with pytest.raises(CheckFailed, match="expected 2 questions to validate, found 1"):
        Shapes(DEFAULT_BASE).check(planted(1).encode(), 2, ValidationPass.DOCUMENTS)
    for part in ValidationPass:
        with pytest.raises(CheckFailed, match="expected a resource that some shape applies to, found none"):
            Shapes(DEFAULT_BASE).check(b"<x:a> <x:b> <x:c> .\n", part=part)
