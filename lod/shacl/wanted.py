"""What the shapes that look across questions can see of a document: types, identifiers, links."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from lod.memo import Memo
from lod.shacl.graph import RDF_TYPE, Graph, Term, is_iri, sh
from lod.shacl.lint import COMPONENTS

Blocks: TypeAlias = Iterable[tuple[bytes, tuple[bytes, ...], Sequence[Sequence[bytes]]]]
"""Resources, each once with all that is said of it: properties, and the values of each, as N-Triples."""

PARTS = 16
"""In how many parts values are looked at for others that are alike."""
_TYPE = RDF_TYPE.encode()
_COMPARED = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""What a shape states by naming another property."""
_SILENT = frozenset({"class", "nodeKind", "maxCount"})
"""What a shape may ask of values and have nothing to say where there are none."""


class Seen(NamedTuple):
    """Lines of N-Triples, apart by what is asked of them.

    - `alike`: who has which value, by the part into which the value falls;
    - `once`: for each link that is asked for, one who has it;
    - `linked`: who links to others, or has to have something; `loose`: all others, who may be linked to.
    """

    alike: Mapping[int, list[bytes]]
    once: dict[bytes, bytes]
    linked: list[bytes]
    loose: list[bytes]


class Wanted:
    """What some shapes can see: of all other statements they know nothing.

    - `alike`: properties of which they ask only who has the same value, with the classes they ask this of;
    - `once`: those of which they ask only whether anybody refers to a resource; `linked`: all others;
    - `classes`: what they must know of for these, with the linked properties that each is asked for;
    - `must`: the classes of which something must be there.
    """

    def __init__(self, shapes: Graph) -> None:
        self.alike: dict[Term, set[Term]] = {}
        self.once, self.must = set[Term](), set[Term]()
        self.classes = {kind: set[Term]() for kind in shapes.values(sh("class"))}
        self.linked = shapes.values(*map(sh, _COMPARED), sh("targetSubjectsOf"), sh("targetObjectsOf"))
        for shape, path in shapes.said(sh("path")):
            used = set(_properties(shapes, path))
            classes = set(shapes.objects(shape, sh("targetClass")))
            if asked(shapes, shape) == {"maxCount"} and _leads_to_alike(shapes, path):
                for identifying in used:
                    self.alike.setdefault(identifying, set()).update(classes)
                continue
            (self.once if asks_who(shapes, shape, path) else self.linked).update(used)
            for kind in classes:
                self.classes.setdefault(kind, set()).update(used)
            self.must |= set() if asked(shapes, shape) <= _SILENT else classes
        self.once -= self.linked
        self._alike = {said.encode(): _spelt(classes) for said, classes in self.alike.items()}
        self._once, self._linked, self._must = _spelt(self.once), _spelt(self.linked), _spelt(self.must)
        self._classes = {kind.encode(): _spelt(told) for kind, told in self.classes.items()}
        self._places = Memo(self._seen_of)

    def of(self, blocks: Blocks) -> Seen:
        """Give what is seen of resources."""
        seen = Seen(defaultdict(list), {}, [], [])
        for subject, predicates, objects in blocks:
            said = [(predicates[n], value) for n in self._places[predicates] for value in objects[n]]
            if said:
                self._see(subject, said, seen)
        return seen

    def _see(self, subject: bytes, said: list[tuple[bytes, bytes]], seen: Seen) -> None:
        kinds = [value for predicate, value in said if predicate == _TYPE]
        for predicate, value in said:
            if predicate in self._alike:
                asked_of = [(_TYPE, kind) for kind in kinds if kind in self._alike[predicate]]
                part = seen.alike[zlib.crc32(value) % PARTS]
                part += [_line(subject, *one) for one in (*asked_of, (predicate, value))]
            elif predicate in self._once:
                seen.once.setdefault(b"%b %b" % (predicate, value), _line(subject, predicate, value))
        known = [kind for kind in kinds if kind in self._classes]
        about = [(predicate, value) for predicate, value in said if predicate in self._linked]
        lines = [_line(subject, *one) for one in (*((_TYPE, kind) for kind in known), *about)]
        (seen.linked if self._leads_on(known, about) else seen.loose).extend(lines)

    def _leads_on(self, kinds: list[bytes], said: list[tuple[bytes, bytes]]) -> bool:
        """Say whether a resource links to others, or must have something; others may link to the rest."""
        told = set[bytes]().union(*(self._classes[kind] for kind in kinds))
        links = any(predicate in told or not value.startswith(b'"') for predicate, value in said)
        return links or any(kind in self._must for kind in kinds)

    def _seen_of(self, predicates: tuple[bytes, ...]) -> list[int]:
        """Give the places of the properties that are seen."""
        seen = {_TYPE, *self._alike, *self._once, *self._linked}
        return [n for n, predicate in enumerate(predicates) if predicate in seen]


def asks_who(shapes: Graph, shape: Term, path: Term) -> bool:
    """Say whether a shape asks only for one who refers to its focus."""
    steps = [step for choice in shapes.objects(path, sh("alternativePath")) for step in shapes.items(choice)]
    inverse = all(shapes.objects(step, sh("inversePath")) for step in steps or [path])
    return asked(shapes, shape) == {"minCount"} and inverse


def asked(shapes: Graph, shape: Term) -> set[str]:
    """Give the constraints of a shape, by the parameters that state them."""
    return {name for name in COMPONENTS if shapes.objects(shape, sh(name))}


def _leads_to_alike(shapes: Graph, path: Term) -> bool:
    """Say whether a path leads by a property to its values, and back to all who have them."""
    if not shapes.is_list(path):
        return False
    there, *back = shapes.items(path)
    return [shapes.objects(step, sh("inversePath")) for step in back] == [[there]]


def _properties(shapes: Graph, path: Term) -> Iterator[Term]:
    """Give the properties of a path."""
    if is_iri(path):
        yield path
        return
    for part in shapes.items(path) if shapes.is_list(path) else shapes.of(path):
        yield from _properties(shapes, part)


def _spelt(terms: Iterable[Term]) -> frozenset[bytes]:
    return frozenset(term.encode() for term in terms)


def _line(subject: bytes, predicate: bytes, value: bytes) -> bytes:
    return b"%b %b %b .\n" % (subject, predicate, value)
