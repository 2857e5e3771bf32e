"""What readers find in a document."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from lod.errors import BadValue, Cause, Problem, Severity
from lod.model import Question
from lod.source.document import Document, LargeDocument, first_invisible


class Remark(NamedTuple):
    """Something odd in a document that is published all the same."""

    place: str
    expected: str
    found: str
    cause: Cause = Cause.FIELD


ReadItem: TypeAlias = Question | Remark | BadValue
"""A question, what is odd in it, or, of a document with several, why one of them cannot be read."""


class UnknownField(BadValue):
    """A document says something that this program does not know how to publish."""


def to_problem(document: Document | LargeDocument, bad: BadValue, severity: Severity) -> Problem:
    """Say what is wrong with a document, and where."""
    return Problem(
        document=document.name,
        digest=document.digest,
        place=bad.place or "",
        expected=bad.expected,
        found=bad.found,
        severity=severity,
        cause=Cause.UNKNOWN if isinstance(bad, UnknownField) else Cause.FIELD,
    )


def nested_too_deeply(place: str | None = None) -> BadValue:
    """Say that values are nested as no official ones are."""
    return BadValue("values nested less deeply", "more levels than can be read", place)


def invisible_characters(text: str) -> Iterator[Remark]:
    """Remark upon characters that are kept, but that nobody sees."""
    if place := first_invisible(text):
        yield Remark("text", "characters that can be seen", place)
