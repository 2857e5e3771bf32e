"""What comes in: the accounts that documents give of questions, merged, with every document accounted for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lod import source
from lod.describe.shared import Conflict
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, shown
from lod.iri import Iris
from lod.merge import merge
from lod.model import Question, QuestionId
from lod.publish.records import Records
from lod.source import archive
from lod.source.document import Document, Large
from lod.source.register import Register
from lod.together import Together


@dataclass(slots=True)
class Ledger:
    """The books of a build: what was received is published, rejected, or a duplicate of what is."""

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
    bad = BadValue(f"{shown(conflict.kept)} as elsewhere", shown(conflict.other), place)
    return about(question, bad, severity, Cause.CONTRADICTION)


def about(question: Question, bad: BadValue, severity: Severity, cause: Cause) -> Problem:
    """Say what is wrong with the document that a question came from."""
    source, place = question.sources[0], bad.place or ""
    return Problem(
        document=source.name,
        digest=source.digest,
        place=place if source.alone else f"{question.id.uid}, {place}",
        expected=bad.expected,
        found=bad.found,
        severity=severity,
        cause=cause,
    )


class Questions:
    """The questions of all sources, merged, in the order of their IRIs; to be gone through more than once.

    The accounts are on disk: of a question that nobody looks at, little more than the number is in memory.
    """

    def __init__(self, records: Records, iris: Iris, ledger: Ledger) -> None:
        self._records = records
        self._together = Together()
        recalling = []
        for number in list(records):
            if merged := self._settled(number, ledger):
                self._together.add(merged)
                recalling += [merged] if merged.recalls else []
        for merged in recalling:
            for doubt in self._together.doubts(merged):
                ledger.remark(about(merged, doubt, Severity.WARNING, Cause.IDENTITY))
        self._numbers = records.ids(iris.question)

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Question]:
        return map(self.__getitem__, self._numbers)

    def __getitem__(self, number: QuestionId) -> Question:
        question = merge(self._records.accounts(number)).question
        if question is None:
            raise KeyError(number)
        return self._together.complete(question)

    def drop(self, numbers: set[QuestionId]) -> None:
        """Leave questions out from now on."""
        self._numbers = [number for number in self._numbers if number not in numbers]

    def _settled(self, number: QuestionId, ledger: Ledger) -> Question | None:
        """Merge the accounts of a question for the first time; forget it if they contradict each other."""
        accounts = self._records.accounts(number)
        merged = merge(accounts)
        if merged.question is None:
            self._records.drop(number)
            for problem in merged.problems:
                ledger.reject(problem)
            return None
        ledger.duplicates += len(accounts) - 1
        for problem in merged.problems:
            ledger.remark(problem)
        return merged.question


def gather(
    sources: Iterable[Path], records: Records, ledger: Ledger, register: Register | None = None
) -> None:
    """Read the questions of all sources, each author as the register knows them, if one is given."""
    for place in sources:
        for document in archive.documents(place):
            for found in source.read(document) if isinstance(document, Document | Large) else (document,):
                if isinstance(found, Question):
                    ledger.received += 1
                    records.add(_resolved(found, register, ledger) if register else found)
                else:
                    _note(ledger, found)


def _resolved(question: Question, register: Register, ledger: Ledger) -> Question:
    resolved, unknown = register.resolve(question)
    for bad in unknown:
        ledger.remark(about(question, bad, Severity.WARNING, Cause.IDENTITY))
    return resolved


def _note(ledger: Ledger, problem: Problem) -> None:
    if problem.severity is Severity.WARNING:
        ledger.remark(problem)
    else:
        ledger.received += 1
        ledger.reject(problem)
