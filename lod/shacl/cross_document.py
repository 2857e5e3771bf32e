"""What the shapes that look across questions can see of a document: types, identifiers, links."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from lod.keyed_cache import KeyedCache
from lod.shacl.graph import IS_A, Graph, Term, is_iri, sh
from lod.shacl.lint import COMPONENTS, PATHS

Blocks: TypeAlias = Iterable[tuple[bytes, tuple[bytes, ...], Sequence[Sequence[bytes]]]]
"""Resources, each once with all that is said of it: properties, and the values of each, as N-Triples."""
_Said: TypeAlias = list[tuple[bytes, bytes]]
"""Properties of a resource, each with a value."""

PARTS = 64
"""In how many parts values are looked at for others that are alike."""
_TYPE = IS_A.encode()
_COMPARED = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""What a shape states by naming another property."""
_SILENT = frozenset({"class", "nodeKind", "maxCount"})
"""What a shape may ask of values and have nothing to say where there are none."""


class ProjectedLines(NamedTuple):
    """Lines of N-Triples, apart by what is asked of them.

    - `alike`: who has which value, by the part into which the value falls;
    - `once`: for each link that is asked for, one who has it;
    - `linked`: who links to others, or has to have something; `loose`: all others, who may be linked to.
    """

    alike: Mapping[int, list[bytes]]
    once: dict[bytes, bytes]
    linked: list[bytes]
    loose: list[bytes]


class CrossDocumentProjection:
    """What some shapes can see, as N-Triples spells it: of all other statements they know nothing.

    - `alike`: properties of which they ask only who has the same value, with the classes they ask this of;
    - `once`: those of which they ask only whether anybody refers to a resource; `linked`: all others;
    - `classes`: what they must know of for these, with the linked properties that each is asked for;
    - `must`: the classes of which something must be there.
    """

    def __init__(self, shapes: Graph) -> None:
        alike, once, must = defaultdict[Term, set[Term]](set), set[Term](), set[Term]()
        classes = {kind: set[Term]() for kind in shapes.values(sh("class"))}
        linked = shapes.values(*map(sh, _COMPARED), sh("targetSubjectsOf"), sh("targetObjectsOf"))
        for shape, path in shapes.said(sh("path")):
            used, asked_of = set(_properties(shapes, path)), set(shapes.objects(shape, sh("targetClass")))
            if asked(shapes, shape) == {"maxCount"} and _leads_to_alike(shapes, path):
                for identifying in used:
                    alike[identifying] |= asked_of
                continue
            (once if asks_who(shapes, shape, path) else linked).update(used)
            for kind in asked_of:
                classes.setdefault(kind, set()).update(used)
            must |= set() if asked(shapes, shape) <= _SILENT else asked_of
        self._alike = {said.encode(): _spelt(asked_of) for said, asked_of in alike.items()}
        self._once, self._linked, self._must = _spelt(once - linked), _spelt(linked), _spelt(must)
        self._classes = {kind.encode(): _spelt(told) for kind, told in classes.items()}
        self._kinds = self._classes.keys() | frozenset[bytes]().union(*self._alike.values())
        self._places = KeyedCache(self._placed)

    def of(self, blocks: Blocks) -> ProjectedLines:
        """Give what is seen of resources."""
        seen = ProjectedLines(defaultdict(list), {}, [], [])
        for subject, predicates, objects in blocks:
            types, alike, once, linked = self._places[predicates]
            kinds = [kind for n in types for kind in objects[n] if kind in self._kinds]
            for n in once:
                for value in objects[n]:
                    link = b"%b %b" % (predicates[n], value)
                    if link not in seen.once:
                        seen.once[link] = b"%b %b .\n" % (subject, link)
            for n in alike:
                self._compare(subject, kinds, predicates[n], objects[n], seen)
            if kinds or linked:
                said = [(predicates[n], value) for n in linked for value in objects[n]]
                self._follow(subject, kinds, said, seen)
        return seen

    def _compare(
        self,
        subject: bytes,
        kinds: list[bytes],
        predicate: bytes,
        values: Sequence[bytes],
        seen: ProjectedLines,
    ) -> None:
        """Put each value where those are that are alike, with the classes of which that is asked."""
        asked_of = [_line(subject, _TYPE, kind) for kind in kinds if kind in self._alike[predicate]]
        for value in values:
            seen.alike[zlib.crc32(value) % PARTS] += [*asked_of, _line(subject, predicate, value)]

    def _follow(self, subject: bytes, kinds: list[bytes], said: _Said, seen: ProjectedLines) -> None:
        """Put apart who links to others, or must have something; others may link to the rest."""
        known = [kind for kind in kinds if kind in self._classes]
        told = frozenset[bytes]().union(*[self._classes[kind] for kind in known])
        links = any(predicate in told or not value.startswith(b'"') for predicate, value in said)
        lines = seen.linked if links or not self._must.isdisjoint(known) else seen.loose
        lines += [_line(subject, _TYPE, kind) for kind in known]
        lines += [_line(subject, predicate, value) for predicate, value in said]

    def _placed(self, predicates: tuple[bytes, ...]) -> tuple[list[int], ...]:
        """Give the places of the properties that are seen: types, those to compare, to ask for, to follow."""
        every = ({_TYPE}, self._alike, self._once - self._alike.keys(), self._linked)
        return tuple([n for n, said in enumerate(predicates) if said in some] for some in every)


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
    steps = (step for word in PATHS for step in shapes.objects(path, sh(word)))
    for step in (*steps, *shapes.items(path)):
        yield from _properties(shapes, step)


def _spelt(terms: Iterable[Term]) -> frozenset[bytes]:
    return frozenset(term.encode() for term in terms)


def _line(subject: bytes, predicate: bytes, value: bytes) -> bytes:
    return b"%b %b %b .\n" % (subject, predicate, value)
