"""The books of a build: what was received is published, rejected, or a duplicate of what is."""

from dataclasses import dataclass, field

from lod.describe.shared import Conflict
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, group_by_kind, quote
from lod.model import Question
from lod.source.register import REGISTER


@dataclass(slots=True)
class Accounting:
    """How many documents were received and what became of them, with all that there is to tell."""

    received: int = 0
    rejected: int = 0
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)

    def remark(self, problem: Problem) -> None:
        """Note what is odd in a document that is published all the same."""
        self.problems.append(problem)

    def reject(self, problem: Problem) -> None:
        """Note why an account of a question is not published."""
        self.rejected += 1
        self.problems.append(problem)

    def note(self, problem: Problem) -> None:
        """Note a problem of a document from which no account came."""
        if problem.severity is Severity.WARNING:
            self.remark(problem)
        else:
            self.received += 1
            self.reject(problem)

    def take(self, other: "Accounting") -> None:
        """Enter the books of a part of the build."""
        self.received += other.received
        self.rejected += other.rejected
        self.duplicates += other.duplicates
        self.problems += other.problems

    def gather_gaps(self) -> None:
        """Tell each thing that the register does not cover once, with the number of questions it concerns."""
        gaps = [problem for problem in self.problems if problem.place == REGISTER]
        others = [problem for problem in self.problems if problem.place != REGISTER]
        self.problems = [*others, *group_by_kind(gaps)]

    def counts(self, questions: int) -> dict[str, int]:
        """Add up the books; raise CheckFailed if a document is not accounted for."""
        if self.received != questions + self.rejected + self.duplicates:
            raise CheckFailed(
                f"{self.received} documents received are not {questions} published, "
                f"{self.rejected} rejected and {self.duplicates} duplicates"
            )
        return {
            "documents": self.received,
            "questions": questions,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "problems": len(self.problems),
        }


def disagreement(conflict: Conflict, question: Question, severity: Severity) -> Problem:
    """Say that the documents of a question describe something otherwise than others do."""
    place = f"{conflict.key} of {conflict.iri}"
    bad = BadValue(f"{quote(conflict.kept)} as elsewhere", quote(conflict.other), place)
    return about(question, bad, severity, Cause.CONTRADICTION)


def about(question: Question, bad: BadValue, severity: Severity, cause: Cause) -> Problem:
    """Say what is wrong with the document that a question came from."""
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
    )
