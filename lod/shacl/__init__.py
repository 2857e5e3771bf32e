"""Triples against the shapes: the only user of SHACL engines, in three passes or all at once.

The compiled engine checks; pySHACL is the reference, and stands in where the other one fails. Engines are
imported when a check is made, not when the package is.
"""

import enum
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from lod.errors import CheckFailed
from lod.shacl.compiled import Compiled
from lod.shacl.concepts import Concepts
from lod.shacl.profile import Part, profile
from lod.shacl.projection import Projection
from lod.shacl.reference import Reference
from lod.shacl.result import TYPE, Result

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["Engine", "Part", "Projection", "Result", "Shapes"]

_IS_A_QUESTION = f" <{TYPE}> <http://schema.org/Question> .\n"


class Engine(enum.StrEnum):
    """What checks: the compiled engine, or the reference."""

    SHACL = "shacl"
    PYSHACL = "pyshacl"


class Shapes:
    """The shapes and the fixed concepts, under one base, ready to check N-Triples with.

    `failures` says why the reference stood in for the compiled engine, each reason once.
    """

    def __init__(self, base: str, engine: Engine = Engine.SHACL) -> None:
        self._profile = profile(base)
        self._concepts = Concepts(base)
        self._engine = engine
        self._compiled: dict[Part, Compiled] = {}
        self._references: dict[Part, Reference] = {}
        self.failures: list[str] = []

    @property
    def fingerprint(self) -> str:
        """All that decides, beside a document itself, what the documents' pass says of it."""
        beside = sorted(self._concepts.beside("", Part.DOCUMENTS).splitlines())
        return "\n".join(
            [self._engine, _version(self._engine), self._profile.turtle[Part.DOCUMENTS], *beside]
        )

    def check(self, ntriples: str, questions: int | None = None, part: Part = Part.ALL) -> list[Result]:
        """Check triples in one pass; raise CheckFailed if nothing, or not that many questions, is looked at.

        Where questions are to be counted, lines are spelt as the writers spell them.
        """
        if questions is not None and questions != (looked_at := _count(ntriples)):
            raise CheckFailed(f"{questions} questions were to be checked by the shapes, {looked_at} were")
        if not self._profile.looks_at(ntriples, part):
            raise CheckFailed("expected something that the shapes look at, found nothing")
        return sorted(self._results(ntriples + self._concepts.beside(ntriples, part), part))

    def check_graph(self, graph: "Graph") -> list[Result]:
        """Check a graph that is whole."""
        return self.check(graph.serialize(format="nt", encoding="utf-8").decode())

    def projection(self) -> Projection:
        """Give what gathers, of a whole release, that which the pass across questions is to see."""
        return Projection(self._profile.wanted)

    def _results(self, ntriples: str, part: Part) -> list[Result]:
        if self._engine is Engine.SHACL:
            try:
                return self._by_compiled(ntriples, part)
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException as error:  # noqa: BLE001 - a panic of the engine is not an Exception
                reason = f"{type(error).__name__}: {error}"
                self.failures += [reason] if reason not in self.failures else []
        if part not in self._references:
            self._references[part] = Reference(self._profile.turtle[part])
        return self._references[part].check(ntriples)

    def _by_compiled(self, ntriples: str, part: Part) -> list[Result]:
        if part not in self._compiled:
            self._compiled[part] = Compiled(self._profile.turtle[part], self._profile.messages)
        return self._compiled[part].check(ntriples)


def _version(engine: Engine) -> str:
    try:
        return version(engine)
    except PackageNotFoundError:
        return "none"


def _count(ntriples: str) -> int:
    """Count the subjects that are questions."""
    before = ntriples.split(_IS_A_QUESTION)[:-1]
    return len({subject for text in before if " " not in (subject := text.rpartition("\n")[2])})
