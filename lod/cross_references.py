"""Links that only all questions together show: answers common to several questions, recalled questions."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from lod.errors import BadValue
from lod.finding import Finding
from lod.model import Question, QuestionId
from lod.slugs import words

_PICTURES_ALONE = re.compile(r"(?:\[image[^\[\]]*\]\s*)+")


class LinkKeys(NamedTuple):
    """What links to other questions depend on: id, key of the author, keys of answers by rank, recalls."""

    id: QuestionId
    author: str
    answers: tuple[tuple[int, bytes], ...]
    recalls: tuple[QuestionId, ...]


class CrossReferences(NamedTuple):
    """What other questions add: the first with the same answer, by its rank; recalls that are resolved."""

    firsts: tuple[tuple[int, QuestionId], ...]
    recalls: tuple[QuestionId, ...]


UNLINKED = CrossReferences((), ())
"""What other questions add to one that shares nothing with them."""


def link_keys(question: Question) -> LinkKeys:
    """Return the keys of a question."""
    answers = [
        (answer.published.on, answer.text.plain if answer.text else None) for answer in question.answers
    ]
    return LinkKeys(question.id, _author_key(question), answer_keys(answers), question.recalls)


def answer_keys(answers: Sequence[tuple[date, str | None]]) -> tuple[tuple[int, bytes], ...]:
    """Return a key of each answer, given by its day and text, with its index: equal answers share it.

    An answer without a text, or of pictures alone, is left out, since it may be any; so is one that is not
    the only one of its day, since a common answer is named by its day.
    """
    days = Counter(on for on, _ in answers)
    return tuple(
        (n, _answer_key(on, text))
        for n, (on, text) in enumerate(answers)
        if text and days[on] == 1 and not _PICTURES_ALONE.fullmatch(text)
    )


def add_cross_references(question: Question, references: CrossReferences) -> Question:
    """Return a question with what other questions add to it."""
    if not references.firsts and references.recalls == question.recalls:
        return question
    firsts = dict(references.firsts)
    answers = tuple(replace(answer, first=firsts.get(n)) for n, answer in enumerate(question.answers))
    return replace(question, answers=answers, recalls=references.recalls)


def unresolved_recall(recalled: str, *, exists: bool) -> BadValue:
    """Return what is wrong with a recall if no question, or only one of another author, has that number."""
    found = "one of another author" if exists else "none"
    return BadValue(
        f"the recalled question {recalled} of the same author", found, "text", Finding.RECALL_UNRESOLVED
    )


def _answer_key(on: date, text: str) -> bytes:
    """Return a key that equal answers share: of the day, and the text with its white space normalised."""
    return hashlib.blake2b(f"{on} {_normalise_space(text)}".encode(), digest_size=16).digest()


def _normalise_space(text: str) -> str:
    """Return a text with single ordinary spaces; quickly if it has only the usual kinds of space."""
    spaced = text.replace("\n", " ").replace("\u00a0", " ").replace("\u202f", " ")
    single = spaced.isprintable() and "  " not in spaced and spaced.strip(" ") == spaced
    return spaced if single else " ".join(text.split())


def _author_key(question: Question) -> str:
    """Return a key of the author; no other question has that of an unknown author."""
    author = question.author
    if author.name is None and author.official_id is None:
        return question.id.uid
    place = author.seat.notation if author.seat else author.departement or ""
    return author.official_id or f"{place.lower()} {'-'.join(words(author.name or ''))}"
