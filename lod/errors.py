"""What can go wrong: a value, a document, or the whole run; and how values are quoted in messages."""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lod.finding import Finding, default_finding

_VALUE = re.compile(r"« .*? »|https?://\S+|\b[\w.-]*[0-9][\w.-]*")
"""What differs between similar problems: what is quoted, addresses, and words with figures."""


class BadValue(ValueError):
    """A value is not as expected; raised by helpers that do not know the document."""

    def __init__(
        self,
        expected: str,
        found: str,
        place: str | None = None,
        finding: Finding | None = None,
        question: str = "",
    ) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found
        self.place = place
        self.finding = finding
        self.question = question

    def at(self, place: str) -> "BadValue":
        """Return this error with the place of the value, unless it has one."""
        return BadValue(self.expected, self.found, self.place or place, self.finding, self.question)

    def about(self, question: str) -> "BadValue":
        """Return this error with the identifier of the question whose document it is."""
        return BadValue(self.expected, self.found, self.place, self.finding, question)

    def within(self, whole: str) -> "BadValue":
        """Return this error with the part of the document that its place is in."""
        place = f"{whole}, {self.place}" if self.place else whole
        return BadValue(self.expected, self.found, place, self.finding, self.question)


class Severity(enum.StrEnum):
    """Whether a document with the problem is published; a remark says what was done, and asks for nothing."""

    REJECTED = "rejected"
    WARNING = "warning"
    REMARK = "remark"


class Cause(enum.StrEnum):
    """The category of a problem, by which problems are counted."""

    DOCUMENT = "document"
    FIELD = "field"
    UNKNOWN = "unknown"
    CONTRADICTION = "contradiction"
    IDENTITY = "identity"
    SHAPE = "shape"
    ENGINE = "engine"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing wrong with one document, in words that a clerk could act upon.

    `question` is the identifier of the question that the document is about, and `part` the legislature and
    the code of its kind, such as (17, "QE"); both are empty if that is not known. `finding` is the kind of
    problem, if the default of its place and cause does not say it. A problem that stands for several similar
    ones is an example of them, with their number as `count`.
    """

    document: str
    place: str
    expected: str
    found: str
    severity: Severity
    cause: Cause
    digest: str = ""
    question: str = ""
    count: int = 1
    part: tuple[int, str] | tuple[()] = ()
    finding: Finding | None = field(default=None, compare=False)

    @property
    def kind(self) -> Finding:
        """The kind of problem, under which it is counted."""
        return self.finding or default_finding(self.cause, self.place)

    @property
    def likeness(self) -> tuple[str, ...]:
        """What similar problems have in common: severity, cause, place and words, without the values."""
        masked = (_VALUE.sub("…", text) for text in (self.place, self.expected, self.found))
        return self.severity, self.cause, *masked

    def __str__(self) -> str:
        where = f"{self.document}, {self.place}" if self.place else self.document
        more = f" (and {self.count - 1} more like this)" if self.count > 1 else ""
        if self.cause is Cause.SHAPE:  # the message of a shape is a sentence of its own
            return f"{where}: {self.expected} ({self.found}){more}"
        if self.severity is Severity.REMARK:
            return f"{where}: published {self.expected} in place of {self.found}{more}"
        return f"{where}: expected {self.expected}, found {self.found}{more}"

    def as_json(self) -> dict[str, Any]:
        """Return the object that is a line of problems.jsonl."""
        return {
            "document": self.document,
            "sha256": self.digest or None,
            "severity": str(self.severity),
            "cause": str(self.cause),
            "kind": str(self.kind),
            "place": self.place,
            "expected": self.expected,
            "found": self.found,
            **({"count": self.count} if self.count > 1 else {}),
        }


def group_alike(problems: Iterable[Problem]) -> list[Problem]:
    """Return an example of similar problems with their number: rejections first, most frequent first."""
    alike = dict[tuple[str, ...], list[Problem]]()
    for problem in problems:
        alike.setdefault(problem.likeness, []).append(problem)
    examples = [replace(min(some), count=sum(problem.count for problem in some)) for some in alike.values()]
    return sorted(examples, key=lambda example: (example.severity, -example.count, example))


class LodError(Exception):
    """The run cannot go on; the last release is untouched."""

    exit_code = 1


class Misused(LodError):
    """The command or call itself is wrong."""

    exit_code = 2


class Refused(LodError):
    """There is nothing to publish, or publishing would lose data; `problems` says why."""

    exit_code = 4

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = sorted(problems)


class CheckFailed(LodError):
    """What was written or is to be checked is not valid."""

    exit_code = 5


class NotReadOrWritten(LodError):
    """The machine could not read or write: disk, permission, memory."""

    exit_code = 6

    @classmethod
    def from_os(cls, error: OSError, place: object = None) -> "NotReadOrWritten":
        """Return an error of the operating system as one sentence: the file or place, and what is wrong.

        `place` is named where the error itself names no file.
        """
        return cls(f"{error.filename or place or 'the system'}: {error.strerror or error}")

    @classmethod
    def no_memory(cls) -> "NotReadOrWritten":
        """Return the error for a MemoryError."""
        return cls("not enough memory")


class SourceFailed(LodError):
    """A source could not be downloaded whole; what was there of it is as it was."""

    exit_code = 7


class StoreFailed(LodError):
    """A store refused, did not answer within its limits, or did not hold what was loaded."""

    exit_code = 8


class Busy(LodError):
    """Another process works in the same folder or store."""

    exit_code = 9


class Unread(LodError):
    """The reader of standard output is gone, as after `| head`; the exit code is that of a shell for it."""

    exit_code = 141


def quote(value: str, limit: int = 60) -> str:
    """Return a value in quotation marks: shortened, unprintable characters escaped."""
    return f"« {escape_unprintable(value if len(value) <= limit else value[: limit - 1] + '…')} »"


def escape_unprintable(value: str) -> str:
    """Return a text that is safe to print: controls, direction marks and lone surrogates are escaped."""
    if value.isprintable():
        return value
    return "".join(c if _is_printable(c) else c.encode("unicode_escape").decode() for c in value)


def _is_printable(character: str) -> bool:
    return character.isprintable() or character in "\u00a0\u202f"  # French typography is full of these
