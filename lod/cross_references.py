"""What only all questions together tell: which answers are common to several, which question is recalled."""

import hashlib
from collections import Counter
from typing import NamedTuple

from msgspec.structs import replace

from lod.errors import BadValue
from lod.model import Answer, Author, Question, QuestionId
from lod.slugs import words


class LinkKeys(NamedTuple):
    """What the others must know of a question: its number, who asks, its answers by rank, what it recalls."""

    id: QuestionId
    who: str
    answers: tuple[tuple[int, bytes], ...]
    recalls: tuple[QuestionId, ...]


class CrossReferences(NamedTuple):
    """What the others add to a question: the first question of common answers, by rank; recalls that hold."""

    firsts: tuple[tuple[int, QuestionId], ...]
    recalls: tuple[QuestionId, ...]


def link_keys(question: Question) -> LinkKeys:
    """Give what the other questions must know of this one.

    An answer that is not the only one of its day is left out: what is common to answers is named by the day.
    """
    days = Counter(answer.published.on for answer in question.answers)
    alone = ((n, answer) for n, answer in enumerate(question.answers) if days[answer.published.on] == 1)
    keys = tuple((n, _key(answer)) for n, answer in alone)
    return LinkKeys(question.id, _who(question.author), keys, question.recalls)


def complete(question: Question, completion: CrossReferences) -> Question:
    """Add to a question what the others make of it."""
    if not completion.firsts and completion.recalls == question.recalls:
        return question
    firsts = dict(completion.firsts)
    answers = tuple(replace(answer, first=firsts.get(n)) for n, answer in enumerate(question.answers))
    return replace(question, answers=answers, recalls=completion.recalls)


def unresolved_recall(recalled: str, *, is_there: bool) -> BadValue:
    """Say that a recall does not hold: nobody can say which question is meant."""
    found = "one of another author" if is_there else "none"
    return BadValue(f"the recalled question {recalled} of the same author", found, "text")


def _key(answer: Answer) -> bytes:
    """Give the key of equal answers: the day, and the text with its white space normalised."""
    text = f"{answer.published.on} {_spaced(answer.text.plain)}"
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _spaced(text: str) -> str:
    """Give a text with single ordinary spaces; the few kinds of space that texts have are soon replaced."""
    spaced = text.replace("\n", " ").replace("\u00a0", " ").replace("\u202f", " ")
    single = spaced.isprintable() and "  " not in spaced and spaced.strip(" ") == spaced
    return spaced if single else " ".join(text.split())


def _who(author: Author) -> str:
    place = author.seat.notation if author.seat else author.departement or ""
    return author.official_id or f"{place} {'-'.join(words(author.name or ''))}"
