"""Whether a shape sees no more than its pass has before it; an engine says what it sees, whatever is missing.

A document is a question with all that is its own. It links to what questions share, and to other questions.
In a batch of documents there are of what is shared the types only, and of other questions some, or none.
"""

import enum
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from lod.shacl.lint import TARGETS
from lod.shacl.projection import asks_who
from lod.shacl.result import SHAPES

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node as Term

    Leads: TypeAlias = dict[Term, "Whose"]

TO_OTHERS = frozenset({"http://data.europa.eu/eli/ontology#refers_to"})
"""The properties by which a question links to other questions."""
_WORK = "http://data.europa.eu/eli/ontology#Work"
"""What a shape calls no more than a work is the document's own: what is shared has narrower classes."""
_RECEIVED = "http://www.w3.org/ns/prov#Entity"
"""What several documents may tell of, all alike: what they say is there, and that they refer to it."""


class Whose(enum.Enum):
    """To whom a resource belongs, seen from a document."""

    OWN = enum.auto()
    ALIKE = enum.auto()
    SHARED = enum.auto()
    FOREIGN = enum.auto()


class _Beyond(Exception):
    """A path leads to where a pass sees nothing, or not all."""


def faults(documents: "Graph", shared: "Graph") -> Iterator[str]:
    """Say which shapes look beyond a document, and which beyond what is shared."""
    own = _own(documents)
    leads = dict(sorted(_leads(documents, shared, own), key=lambda lead: lead[1].value))
    for shape in _targeted(documents):
        classes = {str(kind) for kind in documents.objects(shape, _sh("targetClass"))}
        whose = Whose.OWN if _RECEIVED not in classes else Whose.ALIKE
        for beyond in _beyond(documents, leads, shape, {whose}):
            yield f"{str(beyond).removeprefix(SHAPES)} looks beyond its document"
    told = set(documents.objects(None, _sh("path")))
    for path in shared.objects(None, _sh("inversePath")):
        if path in told:
            yield f"who refers to what is shared by {path} is not known where that is checked"
    for kind in own & set(shared.objects(None, _sh("class"))):
        yield f"what is a {kind} is not known where what is shared is checked"
    for kind in own & set(shared.objects(None, _sh("targetClass"))):
        yield f"what is a {kind} cannot be both a document's own and shared"


def _own(documents: "Graph") -> set["Term"]:
    """Give the classes of what is a document's own."""
    from rdflib import URIRef

    targets = set(documents.objects(None, _sh("targetClass")))
    return {*targets, URIRef(_WORK)} - {URIRef(_RECEIVED)}


def _leads(documents: "Graph", shared: "Graph", own: set["Term"]) -> Iterator[tuple["Term", Whose]]:
    """Say where properties lead, as shapes state it by classes; of two places, the farther one counts."""
    from rdflib import URIRef

    for shapes in (shared, documents):
        for shape, path in shapes.subject_objects(_sh("path")):
            classes = {kind for part in (shape, *_inner(shapes, shape)) for kind in _classes(shapes, part)}
            if classes:
                received = classes == {URIRef(_RECEIVED)}
                yield path, Whose.OWN if classes <= own else Whose.ALIKE if received else Whose.SHARED
    yield from ((URIRef(path), Whose.FOREIGN) for path in TO_OTHERS)


def _beyond(shapes: "Graph", leads: "Leads", shape: "Term", whose: set[Whose]) -> Iterator["Term"]:
    """Give the shapes, this one and those under it, that a document alone cannot answer."""
    for path in shapes.objects(shape, _sh("path")):
        back = {leads.get(step) for step in shapes.objects(path, _sh("inversePath"))}
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
    for inner in shapes.objects(shape, _sh("property")):
        yield from _beyond(shapes, leads, inner, whose)


def _walk(shapes: "Graph", leads: "Leads", path: "Term", whose: set[Whose]) -> set[Whose]:
    """Say whose resources a path leads to; raise _Beyond where it leaves what is known."""
    from rdflib import RDF, URIRef

    if isinstance(path, URIRef):
        return {_forward(leads, path, start) for start in whose}
    for back in shapes.objects(path, _sh("inversePath")):
        return {_backward(leads, back, start) for start in whose}
    for choice in shapes.objects(path, _sh("alternativePath")):
        ends = (_walk(shapes, leads, part, whose) for part in shapes.items(choice))
        return set().union(*ends)
    if (path, RDF.first, None) not in shapes:
        raise _Beyond
    for part in shapes.items(path):
        whose = _walk(shapes, leads, part, whose)
    return whose


def _forward(leads: "Leads", path: "Term", start: Whose) -> Whose:
    if start not in (Whose.OWN, Whose.ALIKE):
        raise _Beyond
    return leads.get(path, Whose.FOREIGN)


def _backward(leads: "Leads", path: "Term", start: Whose) -> Whose:
    if start is not Whose.OWN or leads.get(path) is not Whose.OWN:
        raise _Beyond
    return Whose.OWN


def _inner(shapes: "Graph", shape: "Term") -> Iterator["Term"]:
    """Give the shapes within a shape, which have no name."""
    for word in ("or", "and", "xone"):
        for parts in shapes.objects(shape, _sh(word)):
            yield from shapes.items(parts)
    for word in ("not", "node", "qualifiedValueShape"):
        yield from shapes.objects(shape, _sh(word))


def _classes(shapes: "Graph", shape: "Term") -> Iterable["Term"]:
    return shapes.objects(shape, _sh("class"))


def _targeted(shapes: "Graph") -> set["Term"]:
    return {shape for target in TARGETS for shape in shapes.subjects(_sh(target))}


def _sh(word: str) -> "Term":
    from rdflib import SH

    return SH[word]
