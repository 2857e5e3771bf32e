"""SHACL validation of triples against the shapes: in three passes over a release, or all at once.

The only package that uses SHACL engines. The compiled engine validates; pySHACL is the reference, and takes
over where the other one fails.
"""

import enum
from pathlib import Path
from typing import TYPE_CHECKING

from lod.errors import CheckFailed
from lod.shacl.engines import CompiledEngine, ReferenceEngine
from lod.shacl.projection import Blocks, ProjectedLines, Projection
from lod.shacl.shapes_graph import TYPE
from lod.shacl.validation import EngineResult, FixedConcepts, ValidationPass, ValidationResult, profile

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["Engine", "ProjectedLines", "Projection", "Shapes", "ValidationPass", "ValidationResult"]

_IS_A_QUESTION = f" <{TYPE}> <http://schema.org/Question> .\n".encode()


class Engine(enum.StrEnum):
    """The engine that validates: the compiled one, or the reference."""

    SHACL = "shacl"
    PYSHACL = "pyshacl"


class Shapes:
    """The shapes and the fixed concepts under one base, ready to validate N-Triples.

    `failures` lists why the reference took over from the compiled engine, each reason once.
    """

    def __init__(self, base: str, engine: Engine = Engine.SHACL) -> None:
        self._profile = profile(base)
        self._concepts = FixedConcepts(base)
        self._engine = engine
        self._compiled: dict[ValidationPass, CompiledEngine] = {}
        self._references: dict[ValidationPass, ReferenceEngine] = {}
        self.failures: list[str] = []

    def check(
        self, ntriples: bytes, questions: int | None = None, part: ValidationPass = ValidationPass.ALL
    ) -> list[ValidationResult]:
        """Validate N-Triples in one pass.

        Raise CheckFailed if no shape has a focus node in them, or if the number of questions is not the one
        given; to be counted, lines must be spelt as the writers spell them.
        """
        if questions is not None and questions != (checked := _count_questions(ntriples)):
            raise _wrong_number(questions, checked)
        if not self._profile.has_targets(ntriples, part):
            raise CheckFailed("expected a resource that some shape applies to, found none")
        results = self._validate(ntriples + self._concepts.needed_by(ntriples, part), part)
        return sorted(map(self._profile.result, results))

    def check_graph(self, graph: "Graph") -> list[ValidationResult]:
        """Validate a graph that is complete."""
        return self.check(graph.serialize(format="nt", encoding="utf-8"))

    def project(self, blocks: Blocks) -> ProjectedLines:
        """Return the part of resources that the pass across documents looks at."""
        return self._profile.cross_document.project(blocks)

    def projection(self, folder: Path | None = None) -> Projection:
        """Return an empty projection of a release, whose temporary files are in a folder."""
        return Projection(self._profile.cross_document, folder)

    def check_across(self, projection: Projection, questions: int | None = None) -> list[ValidationResult]:
        """Validate across documents; raise CheckFailed if the number of questions is not the one given."""
        results, checked = list[ValidationResult](), 0
        for text in projection.identifying_parts():
            checked += _count_questions(text)
            results += self._check_part(text)
        if questions not in (None, checked):
            raise _wrong_number(questions, checked)
        return sorted(results + self._check_part(projection.linked()))

    def _check_part(self, ntriples: bytes) -> list[ValidationResult]:
        has_targets = self._profile.has_targets(ntriples, ValidationPass.ACROSS)
        return self.check(ntriples, part=ValidationPass.ACROSS) if has_targets else []

    def _validate(self, ntriples: bytes, part: ValidationPass) -> list[EngineResult]:
        if self._engine is Engine.SHACL:
            try:
                return self._validate_compiled(ntriples, part)
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException as error:  # noqa: BLE001 - a panic of the engine is not an Exception
                reason = f"{type(error).__name__}: {error}"
                self.failures += [reason] if reason not in self.failures else []
        if part not in self._references:
            self._references[part] = ReferenceEngine(self._profile.turtle[part])
        return self._references[part].validate(ntriples)

    def _validate_compiled(self, ntriples: bytes, part: ValidationPass) -> list[EngineResult]:
        if part not in self._compiled:
            self._compiled[part] = CompiledEngine(self._profile.turtle[part])
        return self._compiled[part].validate(ntriples)


def _wrong_number(questions: int | None, checked: int) -> CheckFailed:
    return CheckFailed(f"expected {questions} questions to validate, found {checked}")


def _count_questions(ntriples: bytes) -> int:
    """Count the subjects that are questions."""
    subjects, end = set[bytes](), ntriples.find(_IS_A_QUESTION)
    while end >= 0:
        subject = ntriples[ntriples.rfind(b"\n", 0, end) + 1 : end]
        subjects |= {subject} if b" " not in subject else set()
        end = ntriples.find(_IS_A_QUESTION, end + 1)
    return len(subjects)
