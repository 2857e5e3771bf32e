"""Check that each shape can be evaluated within its validation pass; engines do not notice missing data.

A document is a question with all resources of its own. It links to shared resources and to other questions.
A batch of documents has only the types of shared resources, and some of the other questions, or none.
"""

import enum
from collections.abc import Iterator
from typing import TypeAlias

from lod.shacl.shapes_graph import SHAPES, ShapesGraph, Term, is_iri, plain, sh
from tests.shacl.lint import TARGETS

TO_OTHERS = frozenset({"http://data.europa.eu/eli/ontology#refers_to"})
"""The properties by which a question links to other questions."""
_WORK = "<http://data.europa.eu/eli/ontology#Work>"
"""The class of a document's own works: shared works have narrower classes."""
_SOURCE = "<http://www.w3.org/ns/prov#Entity>"
"""The class of source documents: described alike by each question derived from them."""


class Owner(enum.Enum):
    """Whose resource a resource is, from the point of view of a document."""

    OWN = enum.auto()
    ALIKE = enum.auto()
    SHARED = enum.auto()
    FOREIGN = enum.auto()


Ranges: TypeAlias = dict[Term, Owner]
"""Whose resources properties lead to."""


class _OutOfSight(Exception):
    """A path leads to resources of which the pass has nothing, or not everything."""


def faults(documents: ShapesGraph, shared: ShapesGraph) -> Iterator[str]:
    """Yield the shapes that look beyond a document, and those that look beyond shared resources."""
    own = {*documents.values(sh("targetClass")), _WORK} - {_SOURCE}
    ranges = dict(sorted(_ranges(documents, shared, own), key=lambda pair: pair[1].value))
    for shape in {shape for target in TARGETS for shape, _ in documents.pairs(sh(target))}:
        is_source = _SOURCE in documents.objects(shape, sh("targetClass"))
        owner = Owner.ALIKE if is_source else Owner.OWN
        for beyond in _beyond(documents, ranges, shape, {owner}):
            yield f"{plain(beyond).removeprefix(SHAPES)} looks beyond its document"
    for path in documents.values(sh("path")) & shared.values(sh("inversePath")):
        yield f"the pass over shared resources does not have what refers to them by {plain(path)}"
    for kind in own & shared.values(sh("class")):
        yield f"the pass over shared resources does not have resources of class {plain(kind)}"
    for kind in own & shared.values(sh("targetClass")):
        yield f"a resource of class {plain(kind)} cannot be both a document's own and shared"


def _ranges(documents: ShapesGraph, shared: ShapesGraph, own: set[Term]) -> Iterator[tuple[Term, Owner]]:
    """Yield where properties lead, by the classes that shapes require; of two owners, the farther counts."""
    for shapes in (shared, documents):
        for shape, path in shapes.pairs(sh("path")):
            parts = (shape, *shapes.inner_shapes(shape))
            classes = {kind for part in parts for kind in shapes.objects(part, sh("class"))}
            if classes:
                is_source = classes == {_SOURCE}
                yield path, Owner.OWN if classes <= own else Owner.ALIKE if is_source else Owner.SHARED
    yield from ((f"<{path}>", Owner.FOREIGN) for path in TO_OTHERS)


def _beyond(shapes: ShapesGraph, ranges: Ranges, shape: Term, owners: set[Owner]) -> Iterator[Term]:
    """Yield the shapes, this one and those beneath it, that a document alone cannot satisfy."""
    for path in shapes.objects(shape, sh("path")):
        back = {ranges.get(step) for step in shapes.objects(path, sh("inversePath"))}
        if shapes.only_requires_a_referrer(shape, path) and back == {Owner.ALIKE}:
            return  # whichever document describes the resource refers to it
        try:
            owners = _walk(shapes, ranges, path, owners)
        except _OutOfSight:
            yield shape
            return
        if Owner.FOREIGN in owners and shapes.objects(shape, sh("class")):
            yield shape
    for inner in shapes.inner_shapes(shape):
        yield from (shape for _ in _beyond(shapes, ranges, inner, owners))
    for inner in shapes.objects(shape, sh("property")):
        yield from _beyond(shapes, ranges, inner, owners)


def _walk(shapes: ShapesGraph, ranges: Ranges, path: Term, owners: set[Owner]) -> set[Owner]:
    """Return whose resources a path leads to; raise _OutOfSight where it leaves known ground."""
    if is_iri(path):
        return {_forward(ranges, path, start) for start in owners}
    for back in shapes.objects(path, sh("inversePath")):
        return {_backward(ranges, back, start) for start in owners}
    for choice in shapes.objects(path, sh("alternativePath")):
        ends = (_walk(shapes, ranges, part, owners) for part in shapes.items(choice))
        return set().union(*ends)
    if not shapes.is_list(path):
        raise _OutOfSight
    for part in shapes.items(path):
        owners = _walk(shapes, ranges, part, owners)
    return owners


def _forward(ranges: Ranges, path: Term, start: Owner) -> Owner:
    if start not in (Owner.OWN, Owner.ALIKE):
        raise _OutOfSight
    return ranges.get(path, Owner.FOREIGN)


def _backward(ranges: Ranges, path: Term, start: Owner) -> Owner:
    if start is not Owner.OWN or ranges.get(path) is not Owner.OWN:
        raise _OutOfSight
    return Owner.OWN
