"""Triples against the shapes: the only user of SHACL engines, in three passes or all at once.

The compiled engine checks; pySHACL is the reference, and stands in where the other one fails. Engines are
imported when a check is made, not when the package is.
"""

import enum
from pathlib import Path
from typing import TYPE_CHECKING

from lod.errors import CheckFailed
from lod.shacl.compiled import Compiled
from lod.shacl.concepts import Concepts
from lod.shacl.cross_document import Blocks, ProjectedLines
from lod.shacl.profile import ValidationPass, profile
from lod.shacl.projection import Projection
from lod.shacl.reference import Reference
from lod.shacl.result import TYPE, ValidationResult

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["Engine", "ProjectedLines", "Projection", "Shapes", "ValidationPass", "ValidationResult"]

_IS_A_QUESTION = f" <{TYPE}> <http://schema.org/Question> .\n".encode()


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
        self._compiled: dict[ValidationPass, Compiled] = {}
        self._references: dict[ValidationPass, Reference] = {}
        self.failures: list[str] = []

    def check(
        self, ntriples: bytes, questions: int | None = None, part: ValidationPass = ValidationPass.ALL
    ) -> list[ValidationResult]:
        """Check triples in one pass; raise CheckFailed if nothing, or not that many questions, is looked at.

        Where questions are to be counted, lines are spelt as the writers spell them.
        """
        if questions is not None and questions != (looked_at := _count(ntriples)):
            raise _not_all(questions, looked_at)
        if not self._profile.looks_at(ntriples, part):
            raise CheckFailed("expected something that the shapes look at, found nothing")
        return sorted(self._results(ntriples + self._concepts.beside(ntriples, part), part))

    def check_graph(self, graph: "Graph") -> list[ValidationResult]:
        """Check a graph that is whole."""
        return self.check(graph.serialize(format="nt", encoding="utf-8"))

    def seen(self, blocks: Blocks) -> ProjectedLines:
        """Give what the pass across questions is to see of resources."""
        return self._profile.wanted.of(blocks)

    def projection(self, folder: Path | None = None) -> Projection:
        """Give what gathers, of a whole release, what is seen across questions; its files are in a folder."""
        return Projection(self._profile.wanted, folder)

    def check_across(self, projection: Projection, questions: int | None = None) -> list[ValidationResult]:
        """Check what only all questions together tell; raise CheckFailed if not that many are looked at."""
        found, looked_at = list[ValidationResult](), 0
        for text in projection.alike():
            looked_at += _count(text)
            found += self._seen_across(text)
        if questions not in (None, looked_at):
            raise _not_all(questions, looked_at)
        return sorted(found + self._seen_across(projection.linked()))

    def _seen_across(self, ntriples: bytes) -> list[ValidationResult]:
        looked_at = self._profile.looks_at(ntriples, ValidationPass.ACROSS)
        return self.check(ntriples, part=ValidationPass.ACROSS) if looked_at else []

    def _results(self, ntriples: bytes, part: ValidationPass) -> list[ValidationResult]:
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

    def _by_compiled(self, ntriples: bytes, part: ValidationPass) -> list[ValidationResult]:
        if part not in self._compiled:
            self._compiled[part] = Compiled(self._profile.turtle[part], self._profile.messages)
        return self._compiled[part].check(ntriples)


def _not_all(questions: int | None, looked_at: int) -> CheckFailed:
    return CheckFailed(f"{questions} questions were to be checked by the shapes, {looked_at} were")


def _count(ntriples: bytes) -> int:
    """Count the subjects that are questions."""
    subjects, end = set[bytes](), ntriples.find(_IS_A_QUESTION)
    while end >= 0:
        subject = ntriples[ntriples.rfind(b"\n", 0, end) + 1 : end]
        subjects |= {subject} if b" " not in subject else set()
        end = ntriples.find(_IS_A_QUESTION, end + 1)
    return len(subjects)
