"""Both engines report exactly what must be reported, however questions fall into batches and passes."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from rdflib import SH, URIRef

from lod import definitions, rdf
from lod.definitions import DEFAULT_BASE
from lod.shacl import Engine, Shapes
from lod.shacl.lint import COMPONENTS
from lod.shacl.result import SHAPES
from tests.faults import World, faults, spelt

SIZES = (1, 7, 50, 1000)
FAULTS = faults()


@cache
def planted(number: int) -> str:
    return "".join(FAULTS[number].planted(World(number)))


def batches(size: int) -> Iterator[range]:
    for start in range(0, len(FAULTS), size):
        yield range(start, min(start + size, len(FAULTS)))


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
    for batch in batches(size):
        results = shapes.check("".join(map(planted, batch)))
        assert Counter(map(spelt, results)) == expected(batch)
        assert all(result.french and result.english for result in results)
    assert shapes.failures == []
