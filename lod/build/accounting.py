"""What became of the documents of a build: published, rejected or duplicate, with all problems found."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Protocol

from lod.corrections import HIDDEN, Correction, Corrections, NotApplied
from lod.describe.authority import FindingCounts
from lod.describe.shared import Conflict
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, group_alike, quote
from lod.finding import Finding
from lod.model import Question, QuestionId, Source
from lod.shacl import ValidationResult
from lod.source.register import REGISTER

_QUOTED = re.compile(r"«.*?»", re.DOTALL)


@dataclass(slots=True)
class CorrectionLog:
    """The names of the corrections that were applied, and of those whose questions were received.

    `needless` has a problem for each correction that some account needs no more.
    """

    applied: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    needless: dict[str, Problem] = field(default_factory=dict)

    def add(self, other: "CorrectionLog") -> None:
        """Add the log of a part of the build."""
        self.applied |= other.applied
        self.met |= other.met
        self.needless |= other.needless

    def problems(self, corrections: Corrections) -> Iterator[Problem]:
        """Yield a warning for each correction that no document needs, or whose question was not received."""
        yield from (self.needless[name] for name in sorted(self.needless.keys() - self.applied))
        for correction in (each for some in corrections.by_question.values() for each in some):
            if correction.name not in self.met:
                yield Problem(
                    document=f"{correction.name}.toml",
                    place="question",
                    expected=f"the question {correction.question.uid} among the documents",
                    found="none",
                    severity=Severity.WARNING,
                    cause=Cause.CORRECTION,
                    part=correction.question.part,
                )


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
    corrections: CorrectionLog = field(default_factory=CorrectionLog)

    def warn(self, problem: Problem) -> None:
        """Add a problem of a document that is published all the same."""
        self.problems.append(problem)

    def reject(self, problem: Problem) -> None:
        """Add the reason why an account of a question is not published."""
        self.rejected += 1
        self.problems.append(problem)

    def add_unread(self, problem: Problem) -> None:
        """Add a problem of a document from which no account was read."""
        if problem.severity is Severity.REJECTED:
            self.received += 1
            self.reject(problem)
        else:
            self.warn(problem)

    def add(self, other: "Accounting") -> None:
        """Add the figures and problems of a part of the build."""
        self.received += other.received
        self.rejected += other.rejected
        self.duplicates += other.duplicates
        self.problems += other.problems
        self.corrections.add(other.corrections)

    def group_register_gaps(self) -> None:
        """Keep one problem for each thing that the register does not cover, with the number of questions.

        Those of each legislature and kind of question stay apart, since they are counted so.
        """
        gaps = dict[tuple[int, str] | tuple[()], list[Problem]]()
        others = list[Problem]()
        for problem in self.problems:
            (gaps.setdefault(problem.part, []) if problem.place == REGISTER else others).append(problem)
        self.problems = [*others, *(each for part in sorted(gaps) for each in group_alike(gaps[part]))]

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
            **({"corrections": len(self.corrections.applied)} if self.corrections.applied else {}),
        }

    def place(self, questions: Mapping[str, Question]) -> None:
        """Add to each problem the part of the data that its question, named or by digest, belongs to."""
        parts = {digest: question.id.part for digest, question in questions.items()}
        self.problems = [
            problem if problem.part else replace(problem, part=_part(problem, parts))
            for problem in self.problems
        ]

    def hide_values(self, digests: Set[str]) -> None:
        """Hide the values that problems of some documents quote: they may be what a correction redacts."""
        self.problems = [
            replace(problem, expected=_QUOTED.sub(HIDDEN, problem.expected), found=HIDDEN)
            if problem.digest in digests and problem.cause is not Cause.CORRECTION
            else problem
            for problem in self.problems
        ]


def _part(problem: Problem, parts: Mapping[str, tuple[int, str]]) -> tuple[int, str] | tuple[()]:
    """Return the part of the data of the question that a problem names, or of its document, by digest."""
    if problem.question:
        return QuestionId.of_uid(problem.question).part
    return parts.get(problem.digest, ())


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
        part=question.id.part,
        finding=bad.finding,
    )


def corrected_problem(question: Question, correction: Correction) -> Problem:
    """Return the remark that an account of a question was corrected."""
    expected = f"{correction.shown_new} (correction {correction.name}: {correction.reason})"
    bad = BadValue(expected, correction.shown_old, correction.target.name, Finding.CORRECTION_APPLIED)
    return question_problem(question, bad, Severity.REMARK, Cause.CORRECTION)


def uncorrected_problem(question: Question, correction: Correction, error: NotApplied) -> Problem:
    """Return the warning that a correction was not applied to an account of a question."""
    place = f"{correction.target.name}, correction {correction.name}"
    bad = BadValue(error.expected, error.found, place, Finding.CORRECTION_NOT_APPLIED)
    return question_problem(question, bad, Severity.WARNING, Cause.CORRECTION)


def conflict_problem(conflict: Conflict, question: Question, severity: Severity) -> Problem:
    """Return the problem that a question describes a shared resource differently from other questions."""
    place = f"{conflict.key} of {conflict.iri}"
    expected, found = f"{quote(conflict.kept)} as elsewhere", quote(conflict.other)
    bad = BadValue(expected, found, place, Finding.SHARED_VALUE_DIFFERS)
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


def count_findings(problems: Iterable[Problem]) -> FindingCounts:
    """Count problems by part of the data and by kind; those of the program itself are none of the sources."""
    counts = dict[tuple[int, str] | tuple[()], Counter[Finding]]()
    for problem in problems:
        if problem.cause is not Cause.ENGINE:
            counts.setdefault(problem.part, Counter())[problem.kind] += problem.count
    return counts


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
