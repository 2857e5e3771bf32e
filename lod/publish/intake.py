"""What comes in: the accounts that documents give of questions, merged, with every document accounted for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lod import source
from lod.describe.shared import Conflict
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, shown
from lod.merge import Account, merge
from lod.model import Question
from lod.source import archive
from lod.source.document import Document


@dataclass(slots=True)
class Ledger:
    """The books of a build: what was received is published, rejected, or a duplicate of what is."""

    received: int = 0
    rejected: int = 0
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def remark(self, problem: Problem) -> None:
        """Note what is odd in a document that is published all the same."""
        self.problems.append(problem)

    def reject(self, problem: Problem) -> None:
        """Note why an account of a question is not published."""
        self.rejected += 1
        self.problems.append(problem)

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

    def disagreement(self, conflict: Conflict, digest: str, severity: Severity) -> Problem:
        """Say that a document describes something otherwise than others do."""
        place = f"{conflict.key} of {conflict.iri}"
        bad = BadValue(f"{shown(conflict.kept)} as elsewhere", shown(conflict.other), place)
        return self._problem(digest, bad, severity, Cause.CONTRADICTION)

    def about(self, question: Question, bad: BadValue, severity: Severity, cause: Cause) -> Problem:
        """Say what is wrong with the document that a question came from."""
        return self._problem(question.sources[0], bad, severity, cause)

    def _problem(self, digest: str, bad: BadValue, severity: Severity, cause: Cause) -> Problem:
        return Problem(
            document=self.names[digest],
            digest=digest,
            place=bad.place or "",
            expected=bad.expected,
            found=bad.found,
            severity=severity,
            cause=cause,
        )


def questions(sources: Iterable[Path], ledger: Ledger) -> list[Question]:
    """Read, merge and return the questions of all sources, in no promised order."""
    merged = merge(_accounts(sources, ledger))
    ledger.duplicates += merged.duplicates
    for problem in merged.problems:
        ledger.reject(problem)
    return merged.questions


def _accounts(sources: Iterable[Path], ledger: Ledger) -> Iterator[Account]:
    for place in sources:
        for document in archive.documents(place):
            for found in source.read(document) if isinstance(document, Document) else (document,):
                if isinstance(found, Question) and isinstance(document, Document):
                    ledger.received += 1
                    name = ledger.names.get(document.digest, document.name)
                    ledger.names[document.digest] = min(name, document.name)
                    yield Account(document=document.name, digest=document.digest, question=found)
                elif isinstance(found, Problem):
                    _note(ledger, found)


def _note(ledger: Ledger, problem: Problem) -> None:
    if problem.severity is Severity.WARNING:
        ledger.remark(problem)
    else:
        ledger.received += 1
        ledger.reject(problem)
