"""What readers yield: questions, remarks and problems."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from lod.errors import BadValue, Cause, Problem, Severity
from lod.finding import Finding
from lod.model import Question
from lod.source import encodings
from lod.source.document import Document, LargeDocument, first_invisible


class Remark(NamedTuple):
    """Something unexpected in a document that is published all the same."""

    place: str
    expected: str
    found: str
    cause: Cause = Cause.FIELD
    finding: Finding | None = None


ReadItem: TypeAlias = Question | Remark | BadValue
"""A question, a remark, or the reason why one question of several in a document cannot be read."""


def to_problem(document: Document | LargeDocument, bad: BadValue, severity: Severity) -> Problem:
    """Return the Problem of a document for a bad value."""
    return Problem(
        document=document.name,
        digest=document.digest,
        place=bad.place or "",
        expected=bad.expected,
        found=bad.found,
        severity=severity,
        cause=Cause.FIELD,
        question=bad.question,
        finding=bad.finding,
    )


def nested_too_deeply(place: str | None = None) -> BadValue:
    """Return the error for values that are nested too deeply to be read."""
    return BadValue("values nested less deeply", "more levels than can be read", place)


def invisible_characters(text: str) -> Iterator[Remark]:
    """Yield a remark if a text has characters that are published but cannot be seen."""
    if place := first_invisible(text):
        expected = "characters that can be seen"
        yield Remark("text", expected, place, finding=Finding.INVISIBLE_CHARACTER)


def spoilt_names(question: Question) -> Iterator[Remark]:
    """Yield a remark for each name that a faulty conversion spoilt; it is published as it came."""
    ministries = [question.ministry_asked, *(each.ministry for each in question.attributions)]
    names: dict[str, list[str | None]] = {
        "title": [question.title],
        "rubric": [question.rubric],
        "keywords": [*question.keywords],
        "author": [question.author.name, question.author.group.label if question.author.group else None],
        "ministry": [each.label for each in ministries if each],
        "closure": [question.closure.label if question.closure else None],
    }
    for place, values in names.items():
        for seen in (seen for value in dict.fromkeys(values) if value for seen in encodings.doubts(value)):
            yield Remark(place, seen.expected, seen.found, finding=seen.finding)
