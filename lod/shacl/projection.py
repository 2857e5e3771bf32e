"""What is left of a whole release for the shapes that look across questions: types, identifiers, links."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lod.shacl.lint import COMPONENTS
from lod.shacl.result import TYPE

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node as Term

_TYPE = f"<{TYPE}>"


class Wanted:
    """What some shapes can see: of all other statements they know nothing."""

    def __init__(self, shapes: "Graph") -> None:
        from rdflib import SH

        self.classes = _named(shapes, "targetClass", "class")
        self.properties = _named(shapes, "equals", "disjoint", "lessThan", "lessThanOrEquals")
        self.properties |= _named(shapes, "targetSubjectsOf", "targetObjectsOf")
        self.once: set[str] = set()
        for shape, path in shapes.subject_objects(SH.path):
            used = {_spelt(p) for p in _properties(shapes, path)}
            (self.once if _asks_who(shapes, shape, path) else self.properties).update(used)
        self.once -= self.properties


class Projection:
    """Takes in N-Triples, each line as the writers spell it, and keeps what some shapes can see.

    Where they ask only whether anybody refers to a resource, one who does is kept.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._referred: set[str] = set()
        self._lines: list[str] = []

    def add(self, lines: Iterable[str]) -> None:
        """Take in lines."""
        self._lines += filter(self._is_wanted, lines)

    def text(self) -> str:
        """Give what is kept."""
        return "".join(self._lines)

    def _is_wanted(self, line: str) -> bool:
        _, predicate, value = line.split(" ", 2)
        if predicate == _TYPE:
            return value[:-3] in self._wanted.classes
        if predicate not in self._wanted.once:
            return predicate in self._wanted.properties
        link = f"{predicate} {value}"
        if link in self._referred:
            return False
        self._referred.add(link)
        return True


def _asks_who(shapes: "Graph", shape: "Term", path: "Term") -> bool:
    """Say whether a shape asks only for one who refers to its focus."""
    from rdflib import SH

    asked = {name for name in COMPONENTS if (shape, SH[name], None) in shapes}
    steps = [step for choice in shapes.objects(path, SH.alternativePath) for step in shapes.items(choice)]
    return asked == {"minCount"} and all((step, SH.inversePath, None) in shapes for step in steps or [path])


def _properties(shapes: "Graph", path: "Term") -> Iterator["Term"]:
    """Give the properties of a path."""
    from rdflib import RDF, URIRef

    if isinstance(path, URIRef):
        yield path
        return
    for part in (*shapes.objects(path), *shapes.items(path)):
        if part != RDF.nil:
            yield from _properties(shapes, part)


def _named(shapes: "Graph", *words: str) -> set[str]:
    from rdflib import SH

    return {_spelt(term) for word in words for term in shapes.objects(None, SH[word])}


def _spelt(term: "Term") -> str:
    return f"<{term}>"
