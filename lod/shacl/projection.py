"""The projection of a release that shapes across documents are checked on: types, identifiers, links.

It is kept on disk and checked part by part, so that memory does not grow with the number of questions.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple, TypeAlias

from lod.keyed_cache import KeyedCache
from lod.shacl.shapes_graph import RDF_TYPE, ShapesGraph, Term, sh

Blocks: TypeAlias = Iterable[tuple[bytes, tuple[bytes, ...], Sequence[Sequence[bytes]]]]
"""Resources, each once: its IRI, its properties, and the values of each property, as N-Triples."""
_Statements: TypeAlias = list[tuple[bytes, bytes]]
"""Properties of one resource, each with a value."""

PARTS = 64
"""The number of parts in which values are compared with each other."""
_TYPE = RDF_TYPE.encode()
_COMPARED = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""The constraints that name another property."""
_SATISFIED_WITHOUT_VALUES = frozenset({"class", "nodeKind", "maxCount"})


class ProjectedLines(NamedTuple):
    """The N-Triples of a projection, by what they are checked for.

    - `identifying`: which resource has which value, by the part that the value falls into;
    - `referrers`: for each link of which only the existence matters, one resource that has it;
    - `linked`: resources that link to others or must have some property;
    - `unlinked`: all others, which may be linked to.
    """

    identifying: Mapping[int, list[bytes]]
    referrers: dict[bytes, bytes]
    linked: list[bytes]
    unlinked: list[bytes]


class CrossDocumentProjection:
    """The statements that the shapes across documents look at; all others are left out.

    - `identifying`: properties that only must not have the same value twice, with the classes concerned;
    - `referring`: properties of which only one referrer must exist; `linking`: all other properties;
    - `classes`: the classes needed for these, with the linking properties that each must have;
    - `required`: the classes of which some property is required.
    """

    def __init__(self, shapes: ShapesGraph) -> None:
        identifying, referring, required = defaultdict[Term, set[Term]](set), set[Term](), set[Term]()
        classes = {kind: set[Term]() for kind in shapes.values(sh("class"))}
        linking = shapes.values(*map(sh, _COMPARED), sh("targetSubjectsOf"), sh("targetObjectsOf"))
        for shape, path in shapes.pairs(sh("path")):
            properties = set(shapes.path_properties(path))
            targets = set(shapes.objects(shape, sh("targetClass")))
            if shapes.constraints(shape) == {"maxCount"} and _leads_there_and_back(shapes, path):
                for identifier in properties:
                    identifying[identifier] |= targets
                continue
            (referring if shapes.only_requires_a_referrer(shape, path) else linking).update(properties)
            for kind in targets:
                classes.setdefault(kind, set()).update(properties)
            required |= set() if shapes.constraints(shape) <= _SATISFIED_WITHOUT_VALUES else targets
        self._identifying = {term.encode(): _encoded(targets) for term, targets in identifying.items()}
        self._referring = _encoded(referring - linking)
        self._linking, self._required = _encoded(linking), _encoded(required)
        self._classes = {kind.encode(): _encoded(properties) for kind, properties in classes.items()}
        self._kinds = self._classes.keys() | frozenset[bytes]().union(*self._identifying.values())
        self._positions = KeyedCache(self._positions_in)

    def project(self, blocks: Blocks) -> ProjectedLines:
        """Return the projection of resources."""
        lines = ProjectedLines(defaultdict(list), {}, [], [])
        for subject, predicates, objects in blocks:
            types, identifying, referring, linking = self._positions[predicates]
            kinds = [kind for n in types for kind in objects[n] if kind in self._kinds]
            for n in referring:
                for value in objects[n]:
                    link = b"%b %b" % (predicates[n], value)
                    if link not in lines.referrers:
                        lines.referrers[link] = b"%b %b .\n" % (subject, link)
            for n in identifying:
                self._add_identifiers(subject, kinds, predicates[n], objects[n], lines)
            if kinds or linking:
                statements = [(predicates[n], value) for n in linking for value in objects[n]]
                self._add_links(subject, kinds, statements, lines)
        return lines

    def _add_identifiers(
        self,
        subject: bytes,
        kinds: list[bytes],
        predicate: bytes,
        values: Sequence[bytes],
        lines: ProjectedLines,
    ) -> None:
        """Put each value into the part of all equal values, with the classes that it must be unique in."""
        types = [_line(subject, _TYPE, kind) for kind in kinds if kind in self._identifying[predicate]]
        for value in values:
            lines.identifying[zlib.crc32(value) % PARTS] += [*types, _line(subject, predicate, value)]

    def _add_links(
        self, subject: bytes, kinds: list[bytes], statements: _Statements, lines: ProjectedLines
    ) -> None:
        """Separate resources that link to others, or must have a property, from those only linked to."""
        known = [kind for kind in kinds if kind in self._classes]
        expected = frozenset[bytes]().union(*[self._classes[kind] for kind in known])
        links = any(predicate in expected or not value.startswith(b'"') for predicate, value in statements)
        target = lines.linked if links or not self._required.isdisjoint(known) else lines.unlinked
        target += [_line(subject, _TYPE, kind) for kind in known]
        target += [_line(subject, predicate, value) for predicate, value in statements]

    def _positions_in(self, predicates: tuple[bytes, ...]) -> tuple[list[int], ...]:
        """Return the positions of types, identifying, referring and linking properties."""
        groups = ({_TYPE}, self._identifying, self._referring - self._identifying.keys(), self._linking)
        return tuple([n for n, term in enumerate(predicates) if term in group] for group in groups)


class Projection(ExitStack):
    """The projection of a whole release, in temporary files of a folder until it is closed."""

    def __init__(self, projection: CrossDocumentProjection, folder: Path | None = None) -> None:
        super().__init__()
        self._projection = projection
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._identifying = [self._file(folder) for _ in range(PARTS)]
        self._unlinked = self._file(folder)
        self._linked = list[bytes]()
        self._referred = set[bytes]()

    def add_blocks(self, blocks: Blocks) -> None:
        """Add the projection of resources."""
        self.add(self._projection.project(blocks))

    def add(self, lines: ProjectedLines) -> None:
        """Add projected lines; of several referrers of one resource, keep the first."""
        for part, identifying in lines.identifying.items():
            self._identifying[part].writelines(identifying)
        self._linked += [line for link, line in lines.referrers.items() if link not in self._referred]
        self._referred.update(lines.referrers)
        self._linked += lines.linked
        self._unlinked.writelines(lines.unlinked)

    def identifying_parts(self) -> Iterator[bytes]:
        """Yield the identifying lines, part by part: equal values are in the same part."""
        for part in self._identifying:
            part.seek(0)
            yield part.read()

    def linked(self) -> bytes:
        """Return the resources that link to others, and those they link to."""
        targets = {line.split(b" ", 2)[2][:-3] for line in self._linked}
        self._unlinked.seek(0)
        return b"".join(
            [*self._linked, *(line for line in self._unlinked if line.partition(b" ")[0] in targets)]
        )

    def _file(self, folder: Path | None) -> IO[bytes]:
        return self.enter_context(TemporaryFile(dir=folder))


def _leads_there_and_back(shapes: ShapesGraph, path: Term) -> bool:
    """Return whether a path leads by a property to its values, and back to all resources with that value."""
    if not shapes.is_list(path):
        return False
    there, *back = shapes.items(path)
    return [shapes.objects(step, sh("inversePath")) for step in back] == [[there]]


def _encoded(terms: Iterable[Term]) -> frozenset[bytes]:
    return frozenset(term.encode() for term in terms)


def _line(subject: bytes, predicate: bytes, value: bytes) -> bytes:
    return b"%b %b %b .\n" % (subject, predicate, value)
