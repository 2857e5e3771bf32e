"""What became of the documents of a build: published, rejected or duplicate, with all problems found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from lod.describe.shared import Conflict
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, group_by_kind, quote
from lod.model import Question, QuestionId, Source
from lod.shacl import ValidationResult
from lod.source.register import REGISTER


class DocumentedQuestion(Protocol):
    """A question with the documents that problems name."""

    @property
    def id(self) -> QuestionId:
        """The official number."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents, the first of which is named."""


@dataclass(slots=True)
class Accounting:
    """The number of documents received and what became of them, with all problems found."""

    received: int = 0
    rejected: int = 0
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)

    def warn(self, problem: Problem) -> None:
        """Add a problem of a document that is published all the same."""
        self.problems.append(problem)

    def reject(self, problem: Problem) -> None:
        """Add the reason why an account of a question is not published."""
        self.rejected += 1
        self.problems.append(problem)

    def add_unread(self, problem: Problem) -> None:
        """Add a problem of a document from which no account was read."""
        if problem.severity is Severity.WARNING:
            self.warn(problem)
        else:
            self.received += 1
            self.reject(problem)

    def add(self, other: "Accounting") -> None:
        """Add the figures and problems of a part of the build."""
        self.received += other.received
        self.rejected += other.rejected
        self.duplicates += other.duplicates
        self.problems += other.problems

    def group_register_gaps(self) -> None:
        """Keep one problem for each thing that the register does not cover, with the number of questions."""
        gaps = [problem for problem in self.problems if problem.place == REGISTER]
        others = [problem for problem in self.problems if problem.place != REGISTER]
        self.problems = [*others, *group_by_kind(gaps)]

    def counts(self, questions: int, kept: int) -> dict[str, int]:
        """Return the counts of the manifest; raise CheckFailed if a document is not accounted for.

        `kept` of the questions are published as the last release has them: all their documents are rejected.
        """
        if self.received != questions - kept + self.rejected + self.duplicates:
            raise CheckFailed(
                f"{self.received} documents received are not {questions - kept} published, "
                f"{self.rejected} rejected and {self.duplicates} duplicates"
            )
        return {
            "documents": self.received,
            "questions": questions,
            "kept": kept,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "problems": len(self.problems),
        }


def question_problem(
    question: DocumentedQuestion, bad: BadValue, severity: Severity, cause: Cause
) -> Problem:
    """Return the problem of the document that a question was read from."""
    source, place = question.sources[0], bad.place or ""
    is_of_question = place != REGISTER
    return Problem(
        document=source.name,
        digest=source.digest,
        place=f"{question.id.uid}, {place}" if is_of_question and not source.alone else place,
        expected=bad.expected,
        found=bad.found,
        severity=severity,
        cause=cause,
        question=question.id.uid,
    )


def conflict_problem(conflict: Conflict, question: Question, severity: Severity) -> Problem:
    """Return the problem that a question describes a shared resource differently from other questions."""
    place = f"{conflict.key} of {conflict.iri}"
    bad = BadValue(f"{quote(conflict.kept)} as elsewhere", quote(conflict.other), place)
    return question_problem(question, bad, severity, Cause.CONTRADICTION)


def shape_problem(question: DocumentedQuestion, result: ValidationResult, severity: Severity) -> Problem:
    """Return the problem that a shape has found in a question."""
    return question_problem(question, _bad_value(result), severity, Cause.SHAPE)


def dataset_problem(result: ValidationResult) -> Problem:
    """Return the warning of a shape that concerns no single document."""
    bad = _bad_value(result)
    return Problem(
        document="the questions together",
        place=f"{bad.place}",
        expected=bad.expected,
        found=bad.found,
        severity=Severity.WARNING,
        cause=Cause.SHAPE,
    )


def engine_fallback_problems(failures: Iterable[str]) -> Iterator[Problem]:
    """Yield a warning for each reason why pySHACL has checked in place of the compiled engine."""
    for reason in sorted(set(failures)):
        yield Problem(
            document="shapes.ttl",
            place="",
            expected="the compiled SHACL engine to check",
            found=f"{quote(reason)}: pySHACL has checked instead",
            severity=Severity.WARNING,
            cause=Cause.ENGINE,
        )


def _bad_value(result: ValidationResult) -> BadValue:
    return BadValue(result.rule, result.found, result.focus)
