"""Both engines report exactly what must be reported, however questions fall into batches and passes."""

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
from lod.shacl.compiled import Compiled
from lod.shacl.lint import COMPONENTS
from lod.shacl.local import TO_OTHERS
from lod.shacl.result import SHAPES, TYPE
from lod.version import VERSION
from tests.conftest import SAMPLES, blocks_of
from tests.support.faults import World, faults, spelt
from tests.support.lives import STATES, TOMBSTONE

IRIS = Iris(DEFAULT_BASE)
A_QUESTION = rf"{re.escape(DEFAULT_BASE)}an/\d+/(qe|qg|qosd)/\d+"
SLOW = 8
"""Of the questions that the reference checks one by one, one in so many is enough."""
SIZES = (1, 7, 50, 1000)
FAULTS = faults()


@cache
def planted(number: int) -> str:
    return "".join(FAULTS[number].planted(World(number)))


def batches(size: int) -> Iterator[range]:
    for start in range(0, len(FAULTS), size):
        yield range(start, min(start + size, len(FAULTS)))


def parted(number: int) -> tuple[str, str, str]:
    """Give what is a document's own, the types of what it shares, and what it shares."""
    base, lines = World(number).base, planted(number).splitlines(keepends=True)
    told = {subject.replace(DEFAULT_BASE, base) for subject in not_of_a_document(FAULTS[number].example)}
    whose = [(line.split(" ", 1)[0][1:-1], line) for line in lines]
    common = {s for s, _ in whose if s in told or s.startswith((f"{base}def/", "http://id.insee"))}
    unknown = {s for s, _ in whose if s == f"{base}inconnu" or not s.startswith("http")}
    own = [line for s, line in whose if s not in common]
    types = [line for s, line in whose if s in common and f"<{TYPE}>" in line]
    return "".join(own), "".join(types), "".join(line for s, line in whose if s in common | unknown)


def not_of_a_document(example: str) -> set[str]:
    """Name what is in an example and not of its question alone."""
    return shared(STATES[example]) if example in STATES else {TOMBSTONE["id"]}


def shared(question: Question) -> set[str]:
    """Name what a question shares."""
    resources = describe(question, IRIS, VERSION).shared
    return {iri_of(block.subject) for r in resources for block in published().walk(r.node).blocks}


def expected(batch: range) -> Counter[tuple[str, ...]]:
    return Counter(result for n in batch for result in FAULTS[n].expected(World(n)))


def test_a_fault_is_planted_for_every_constraint_of_every_shape() -> None:
    shapes = rdf.parse(definitions.turtle_of(definitions.turtle_files("shapes"), DEFAULT_BASE), "turtle")
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
def test_an_engine_reports_what_must_be_reported(engine: Engine, size: int) -> None:
    shapes = Shapes(DEFAULT_BASE, engine)
    sample = SLOW if (engine, size) == (Engine.PYSHACL, 1) else 1
    for batch in list(batches(size))[::sample]:
        results = shapes.check("".join(map(planted, batch)).encode())
        assert Counter(map(spelt, results)) == expected(batch)
        assert all(result.french and result.english for result in results)
    assert shapes.failures == []


@pytest.mark.parametrize("size", SIZES)
def test_three_passes_report_what_one_over_all_does(size: int) -> None:
    shapes, found = Shapes(DEFAULT_BASE), list[ValidationResult]()
    for batch in batches(size):
        own, types, _ = zip(*map(parted, batch), strict=True)
        if any(own):  # a tombstone is of no document
            found += shapes.check("".join([*own, *types]).encode(), part=ValidationPass.DOCUMENTS)
    found += shapes.check(
        "".join(parted(n)[2] for n in range(len(FAULTS))).encode(), part=ValidationPass.SHARED
    )
    with shapes.projection() as projection:
        for n in range(len(FAULTS)):
            projection.see(blocks_of(planted(n)))
        found += shapes.check_across(projection)
    assert Counter(map(spelt, found)) == expected(range(len(FAULTS)))


@pytest.mark.parametrize("engine", Engine)
def test_an_engine_has_nothing_to_say_of_what_is_sound(engine: Engine, sample_release: Summary) -> None:
    shapes = Shapes(DEFAULT_BASE, engine)
    lines = (sample_release.path / "questions.nt").read_text("utf-8")
    concepts = rdf.parse((sample_release.path / "concepts.ttl").read_text("utf-8"), "turtle")
    sound = (lines + concepts.serialize(format="nt")).encode()
    with shapes.projection() as projection:
        projection.see(blocks_of(lines))
        assert shapes.check_across(projection, sample_release.counts["questions"]) == []
    assert shapes.check(sound) == shapes.check(sound, part=ValidationPass.SHARED) == []
    assert shapes.check(sound, part=ValidationPass.DOCUMENTS) == []


def test_documents_link_to_other_questions_by_the_known_properties_alone() -> None:
    links = set()
    for question in STATES.values():
        me, common = IRIS.question(question.id), shared(question)
        for block in published().walk(describe(question, IRIS, VERSION).document).blocks:
            for predicate, objects in block.statements:
                others = {iri_of(iri) for iri in objects if iri.startswith(b"<")} - common
                found = {match[0] for iri in others if (match := re.match(A_QUESTION, iri))}
                links |= {iri_of(predicate)} if found - {me} else set()
    assert links == TO_OTHERS


def test_a_missing_engine_is_told_and_the_reference_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    shapes = Shapes(DEFAULT_BASE)
    for n in (1, 2):
        assert Counter(map(spelt, shapes.check(planted(n).encode()))) == expected(range(n, n + 1))
    assert shapes.failures == ["ModuleNotFoundError: import of shacl halted; None in sys.modules"]


class Panic(BaseException):
    """What a compiled module raises when it is beside itself."""


def test_an_engine_that_panics_is_told_and_the_reference_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(_self: Compiled, _ntriples: bytes) -> list[ValidationResult]:
        raise Panic("index out of bounds")

    monkeypatch.setattr(Compiled, "check", panic)
    shapes = Shapes(DEFAULT_BASE)
    assert Counter(map(spelt, shapes.check(planted(1).encode()))) == expected(range(1, 2))
    assert shapes.failures == ["Panic: index out of bounds"]


def test_a_build_without_the_engine_says_so_and_rejects_the_same(
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


def test_questions_that_the_shapes_do_not_see_are_missed() -> None:
    with pytest.raises(CheckFailed, match="2 questions were to be checked by the shapes, 1 were"):
        Shapes(DEFAULT_BASE).check(planted(1).encode(), 2, ValidationPass.DOCUMENTS)
    for part in ValidationPass:
        with pytest.raises(CheckFailed, match="something that the shapes look at"):
            Shapes(DEFAULT_BASE).check(b"<x:a> <x:b> <x:c> .\n", part=part)
