"""What only all questions together tell: which answers are common to several, which question is recalled."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from lod.errors import BadValue
from lod.letters import steps
from lod.model import Answer, Author, Question, QuestionId

_AnswerKey: TypeAlias = tuple[date, bytes]


class Together:
    """Takes in every question once; then says of each what the others make of it."""

    def __init__(self) -> None:
        self._given: dict[_AnswerKey, tuple[QuestionId, int]] = {}
        self._authors: dict[QuestionId, str] = {}

    def add(self, question: Question) -> None:
        """Take in a question."""
        self._authors[question.id] = _who(question.author)
        for answer in _alone_on_their_day(question):
            first, count = self._given.get(_key(answer), (question.id, 0))
            self._given[_key(answer)] = (min(first, question.id), count + 1)

    def complete(self, question: Question) -> Question:
        """Say which of the answers were given to others too, and keep the recalls that hold."""
        if not question.answers and not question.recalls:
            return question
        alone = _alone_on_their_day(question)
        answers = tuple(
            replace(answer, first=self._first(answer)) if answer in alone else answer
            for answer in question.answers
        )
        recalls = tuple(earlier for earlier in question.recalls if self._is_own(question, earlier))
        return replace(question, answers=answers, recalls=recalls)

    def doubts(self, question: Question) -> Iterator[BadValue]:
        """Tell which recalls do not hold: nobody can say which question is meant."""
        for earlier in question.recalls:
            if not self._is_own(question, earlier):
                found = "one of another author" if earlier in self._authors else "none"
                yield BadValue(f"the recalled question {earlier.uid} of the same author", found, "text")

    def _first(self, answer: Answer) -> QuestionId | None:
        first, count = self._given[_key(answer)]
        return first if count > 1 else None

    def _is_own(self, question: Question, earlier: QuestionId) -> bool:
        return self._authors.get(earlier) == self._authors[question.id]


def _alone_on_their_day(question: Question) -> list[Answer]:
    """Give the answers that are the only one of their day: what is common to them is named by it."""
    days = Counter(answer.published.on for answer in question.answers)
    return [answer for answer in question.answers if days[answer.published.on] == 1]


def _key(answer: Answer) -> _AnswerKey:
    """Give the key of equal answers: the day, and the text with its white space normalised."""
    text = " ".join(answer.text.split())
    return answer.published.on, hashlib.blake2b(text.encode(), digest_size=16).digest()


def _who(author: Author) -> str:
    place = author.seat.notation if author.seat else author.departement or ""
    return author.official_id or f"{place} {'-'.join(steps(author.name or ''))}"
