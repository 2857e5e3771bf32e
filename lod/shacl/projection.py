"""What is left of a whole release for the shapes that look across questions: types, identifiers, links.

It is kept on disk and looked at part by part, so that more questions do not take more memory.
"""

import itertools
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeAlias

from lod.shacl.graph import RDF_TYPE, Graph, Term, is_iri, sh
from lod.shacl.lint import COMPONENTS, PATHS

Blocks: TypeAlias = Iterable[tuple[str, Sequence[tuple[str, Sequence[str]]]]]
"""Resources, each once with all that is said of it: properties and values, spelt as N-Triples."""

_PARTS = 16
_COMPARED = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""What a shape states by naming another property."""
_SILENT = frozenset({"class", "nodeKind", "maxCount"})
"""What a shape may ask of values and have nothing to say where there are none."""


class Wanted:
    """What some shapes can see, as N-Triples spells it: of all other statements they know nothing.

    - `alike`: properties of which they ask only who has the same value, with the classes they ask this of;
    - `once`: those of which they ask only whether anybody refers to a resource; `linked`: all others;
    - `classes`: what they must know of for these, with the linked properties that each is asked for;
    - `must`: the classes of which something must be there.
    """

    def __init__(self, shapes: Graph) -> None:
        self.alike: dict[str, set[str]] = {}
        self.once, self.must = set[str](), set[str]()
        self.classes = {kind: set[str]() for kind in shapes.values(sh("class"))}
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
        self._types = {*self.classes, *itertools.chain(*self.alike.values())}
        self._seen = {RDF_TYPE, *self.alike, *self.once, *self.linked}

    def of(self, blocks: Blocks) -> str:
        """Give, as N-Triples, what is seen of resources."""
        return "".join(
            f"{subject} {predicate} {value} .\n"
            for subject, statements in blocks
            for predicate, objects in statements
            if predicate in self._seen
            for value in objects
            if predicate != RDF_TYPE or value in self._types
        )


class Projection(ExitStack):
    """Takes in what is wanted of N-Triples; its files, in a folder, are there until it is closed."""

    def __init__(self, wanted: Wanted, folder: Path | None = None) -> None:
        super().__init__()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._wanted = wanted
        self._alike = [self._file(folder) for _ in range(_PARTS)]
        self._loose = self._file(folder)
        self._linked = list[str]()
        self._referred = set[str]()

    def see(self, blocks: Blocks) -> None:
        """Take in what is wanted of resources."""
        self.add(self._wanted.of(blocks))

    def add(self, ntriples: str) -> None:
        """Take in wanted lines."""
        for _, lines in itertools.groupby(sorted(ntriples.splitlines(keepends=True)), _subject):
            statements = [line.split(" ", 2) for line in lines]
            kinds = [said for said in statements if said[1] == RDF_TYPE]
            for said in statements:
                if said[1] in self._wanted.alike:
                    self._add_alike(kinds, said)
                elif said[1] in self._wanted.once:
                    self._add_once(said)
            self._add_linked(kinds, [said for said in statements if said[1] in self._wanted.linked])

    def alike(self) -> Iterator[str]:
        """Give what has values, part by part: those that are alike are together."""
        for part in self._alike:
            part.seek(0)
            yield part.read().decode()

    def linked(self) -> str:
        """Give what refers to others, and what these are."""
        linked = {line.split(" ", 2)[2][:-3] for line in self._linked}
        self._loose.seek(0)
        loose = (line.decode() for line in self._loose)
        return "".join([*self._linked, *(line for line in loose if _subject(line) in linked)])

    def _file(self, folder: Path | None) -> IO[bytes]:
        return self.enter_context(TemporaryFile(dir=folder))

    def _add_alike(self, kinds: list[list[str]], said: list[str]) -> None:
        asked_of = self._wanted.alike[said[1]]
        lines = [_line(kind) for kind in kinds if _kind(kind) in asked_of]
        part = self._alike[zlib.crc32(said[2].encode()) % _PARTS]
        part.write("".join([*lines, _line(said)]).encode())

    def _add_once(self, said: list[str]) -> None:
        link = f"{said[1]} {said[2]}"
        if link not in self._referred:
            self._referred.add(link)
            self._linked.append(_line(said))

    def _add_linked(self, kinds: list[list[str]], said: list[list[str]]) -> None:
        """Keep what links to others, or of which something must be said; others may link to the rest."""
        known = [kind for kind in kinds if _kind(kind) in self._wanted.classes]
        lines = [*map(_line, known), *map(_line, said)]
        told = set[str]().union(*(self._wanted.classes[_kind(kind)] for kind in known))
        links = any(predicate in told or not value.startswith('"') for _, predicate, value in said)
        if links or any(_kind(kind) in self._wanted.must for kind in known):
            self._linked += lines
        else:
            self._loose.write("".join(lines).encode())


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


def _subject(line: str) -> str:
    return line.partition(" ")[0]


def _line(said: list[str]) -> str:
    return " ".join(said)


def _kind(said: list[str]) -> str:
    return said[2][:-3]
