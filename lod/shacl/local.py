"""Whether a shape sees no more than its pass has before it; an engine says what it sees, whatever is missing.

A document is a question with all that is its own. It links to what questions share, and to other questions.
In a batch of documents there are of what is shared the types only, and of other questions some, or none.
"""

import enum
from collections.abc import Iterator
from typing import TypeAlias

from lod.shacl.cross_document import asks_who
from lod.shacl.graph import Graph, Term, is_iri, plain, sh
from lod.shacl.lint import TARGETS
from lod.shacl.result import SHAPES

TO_OTHERS = frozenset({"http://data.europa.eu/eli/ontology#refers_to"})
"""The properties by which a question links to other questions."""
_WORK = "<http://data.europa.eu/eli/ontology#Work>"
"""What a shape calls no more than a work is the document's own: what is shared has narrower classes."""
_RECEIVED = "<http://www.w3.org/ns/prov#Entity>"
"""What several documents may tell of, all alike: what they say is there, and that they refer to it."""


class Whose(enum.Enum):
    """To whom a resource belongs, seen from a document."""

    OWN = enum.auto()
    ALIKE = enum.auto()
    SHARED = enum.auto()
    FOREIGN = enum.auto()


Leads: TypeAlias = dict[Term, Whose]
"""Where properties lead."""


class _Beyond(Exception):
    """A path leads to where a pass sees nothing, or not all."""


def faults(documents: Graph, shared: Graph) -> Iterator[str]:
    """Say which shapes look beyond a document, and which beyond what is shared."""
    own = _own(documents)
    leads = dict(sorted(_leads(documents, shared, own), key=lambda lead: lead[1].value))
    for shape in _targeted(documents):
        received = _RECEIVED in documents.objects(shape, sh("targetClass"))
        whose = Whose.ALIKE if received else Whose.OWN
        for beyond in _beyond(documents, leads, shape, {whose}):
            yield f"{plain(beyond).removeprefix(SHAPES)} looks beyond its document"
    for path in documents.values(sh("path")) & shared.values(sh("inversePath")):
        yield f"who refers to what is shared by {plain(path)} is not known where that is checked"
    for kind in own & shared.values(sh("class")):
        yield f"what is a {plain(kind)} is not known where what is shared is checked"
    for kind in own & shared.values(sh("targetClass")):
        yield f"what is a {plain(kind)} cannot be both a document's own and shared"


def _own(documents: Graph) -> set[Term]:
    """Give the classes of what is a document's own."""
    return {*documents.values(sh("targetClass")), _WORK} - {_RECEIVED}


def _leads(documents: Graph, shared: Graph, own: set[Term]) -> Iterator[tuple[Term, Whose]]:
    """Say where properties lead, as shapes state it by classes; of two places, the farther one counts."""
    for shapes in (shared, documents):
        for shape, path in shapes.said(sh("path")):
            classes = {kind for part in (shape, *_inner(shapes, shape)) for kind in _classes(shapes, part)}
            if classes:
                received = classes == {_RECEIVED}
                yield path, Whose.OWN if classes <= own else Whose.ALIKE if received else Whose.SHARED
    yield from ((f"<{path}>", Whose.FOREIGN) for path in TO_OTHERS)


def _beyond(shapes: Graph, leads: Leads, shape: Term, whose: set[Whose]) -> Iterator[Term]:
    """Give the shapes, this one and those under it, that a document alone cannot answer."""
    for path in shapes.objects(shape, sh("path")):
        back = {leads.get(step) for step in shapes.objects(path, sh("inversePath"))}
        if asks_who(shapes, shape, path) and back == {Whose.ALIKE}:
            return  # whatever document tells of it refers to it
        try:
            whose = _walk(shapes, leads, path, whose)
        except _Beyond:
            yield shape
            return
        if Whose.FOREIGN in whose and any(_classes(shapes, shape)):
            yield shape
    for inner in _inner(shapes, shape):
        yield from (shape for _ in _beyond(shapes, leads, inner, whose))
    for inner in shapes.objects(shape, sh("property")):
        yield from _beyond(shapes, leads, inner, whose)


def _walk(shapes: Graph, leads: Leads, path: Term, whose: set[Whose]) -> set[Whose]:
    """Say whose resources a path leads to; raise _Beyond where it leaves what is known."""
    if is_iri(path):
        return {_forward(leads, path, start) for start in whose}
    for back in shapes.objects(path, sh("inversePath")):
        return {_backward(leads, back, start) for start in whose}
    for choice in shapes.objects(path, sh("alternativePath")):
        ends = (_walk(shapes, leads, part, whose) for part in shapes.items(choice))
        return set().union(*ends)
    if not shapes.is_list(path):
        raise _Beyond
    for part in shapes.items(path):
        whose = _walk(shapes, leads, part, whose)
    return whose


def _forward(leads: Leads, path: Term, start: Whose) -> Whose:
    if start not in (Whose.OWN, Whose.ALIKE):
        raise _Beyond
    return leads.get(path, Whose.FOREIGN)


def _backward(leads: Leads, path: Term, start: Whose) -> Whose:
    if start is not Whose.OWN or leads.get(path) is not Whose.OWN:
        raise _Beyond
    return Whose.OWN


def _inner(shapes: Graph, shape: Term) -> Iterator[Term]:
    """Give the shapes within a shape, which have no name."""
    for word in ("or", "and", "xone"):
        for parts in shapes.objects(shape, sh(word)):
            yield from shapes.items(parts)
    for word in ("not", "node", "qualifiedValueShape"):
        yield from shapes.objects(shape, sh(word))


def _classes(shapes: Graph, shape: Term) -> list[Term]:
    return shapes.objects(shape, sh("class"))


def _targeted(shapes: Graph) -> set[Term]:
    return {shape for target in TARGETS for shape, _ in shapes.said(sh(target))}
