"""The figures of « Chiffres »: questions, response times and overdue answers by ministry, group and so on.

Response times, deadlines and what waits are those of written questions: oral ones are answered at once.
"""

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from lod.departements import INSEE
from lod.web.index.question_filter import Facet
from lod.web.index.reader import Index

MIN_ANSWERS = 5
"""Below this number of answers a median would say more about single questions than about who answers."""


class Topic(enum.StrEnum):
    """What is compared; the value is the name in URLs."""

    MINISTRIES = "ministeres"
    GROUPS = "groupes"
    DEPUTIES = "deputes"
    RUBRICS = "rubriques"
    MONTHS = "mois"
    DEPARTEMENTS = "departements"


_FACETS = {
    Topic.GROUPS: Facet.GROUP,
    Topic.DEPUTIES: Facet.AUTHOR,
    Topic.RUBRICS: Facet.RUBRIC,
    Topic.DEPARTEMENTS: Facet.CONSTITUENCY,
}
_WITH_AUTHORS = {Topic.GROUPS, Topic.DEPARTEMENTS}
_BY_FACET = """SELECT f.question, r.iri AS key
  FROM question_facets f JOIN resources r ON r.id = f.resource WHERE f.facet = :facet"""
_KEYS = {
    **dict.fromkeys((Topic.GROUPS, Topic.DEPUTIES, Topic.RUBRICS), _BY_FACET),
    Topic.MINISTRIES: """SELECT l.question, r.iri AS key
      FROM question_lives l JOIN resources r ON r.id = l.ministry""",
    Topic.MONTHS: "SELECT id AS question, substr(published, 1, 7) AS key FROM questions",
    # The IRI of a constituency ends in the code of its département and its number: 44-09. Of early questions
    # only the département is known, whose IRI ends in its code.
    Topic.DEPARTEMENTS: f"""SELECT DISTINCT question, upper(
        CASE WHEN key LIKE :places || '%-%'
        THEN substr(key, length(:places) + 1, instr(substr(key, length(:places) + 1), '-') - 1)
        ELSE substr(key, length(:departements) + 1) END) AS key
      FROM ({_BY_FACET})""",  # noqa: S608 - a constant
}
"""The questions of each topic, with the key under which they are counted."""
_QUESTIONS = """({keys}) k JOIN questions q ON q.id = k.question JOIN question_lives l ON l.question = q.id
  WHERE (:legislature IS NULL OR q.legislature = :legislature)"""
_COUNTS = """SELECT k.key, count(*), sum(q.type = 'qe'),
    sum(q.type = 'qe' AND q.answered IS NOT NULL),
    sum(q.type = 'qe' AND q.answered IS NOT NULL AND l.due IS NOT NULL),
    coalesce(sum(q.type = 'qe' AND q.answered <= l.due), 0),
    sum(q.type = 'qe' AND l.is_waiting),
    coalesce(sum(q.type = 'qe' AND l.is_waiting AND l.due < :day), 0)
  FROM {source} GROUP BY k.key ORDER BY k.key"""
_DELAYS = """SELECT k.key, q.response_days, count(*) FROM {source}
  AND q.type = 'qe' AND q.response_days IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
_WAITS = """SELECT k.key, CAST(julianday(:day) - julianday(q.published) AS INTEGER), count(*) FROM {source}
  AND q.type = 'qe' AND l.is_waiting GROUP BY 1, 2 ORDER BY 1, 2"""
_AUTHORS = """SELECT k.key, count(DISTINCT a.resource) FROM
  (SELECT resource, question AS asked FROM question_facets WHERE facet = 'author') a JOIN {source}
  AND a.asked = q.id GROUP BY k.key"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The questions that are compared: those of one legislature, or all; and the day on which they wait."""

    legislature: int | None
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigures:
    """The figures of one ministry, group, deputy, rubric, month or département.

    `key` is an IRI, a month or the code of a département; `authors` are the deputies who asked. `answered`,
    `judged` (answers with a deadline), `in_time`, `waiting` and `overdue` count written questions. `delays`
    and `waits` are numbers of days with how often each occurs, in order.
    """

    key: str
    questions: int
    written: int
    answered: int
    judged: int
    in_time: int
    waiting: int
    overdue: int
    authors: int = 0
    delays: tuple[tuple[int, int], ...] = ()
    waits: tuple[tuple[int, int], ...] = ()

    @property
    def per_author(self) -> float | None:
        """Questions for each deputy who asked any."""
        return self.questions / self.authors if self.authors else None

    @property
    def answered_share(self) -> float | None:
        """The share of written questions that are answered."""
        return self.answered / self.written if self.written else None

    @property
    def in_time_share(self) -> float | None:
        """The share of answers that were published by the last day due, of those that had one."""
        return self.in_time / self.judged if self.judged else None

    @property
    def median(self) -> int | None:
        """The days within which half of the answers were published; unanswered questions are ignored."""
        return self._answer_quantile(0.5)

    @property
    def ninetieth(self) -> int | None:
        """The days within which nine answers in ten were published; unanswered questions are ignored."""
        return self._answer_quantile(0.9)

    @property
    def half_answered(self) -> int | None:
        """The days within which half of all written questions were answered; None if half are not."""
        if self.written < MIN_ANSWERS:
            return None
        return _quantile(self.delays, 0.5, self.written)

    @property
    def waiting_median(self) -> int | None:
        """The days that half of the waiting questions have waited at most."""
        return _quantile(self.waits, 0.5, self.waiting)

    def _answer_quantile(self, share: float) -> int | None:
        answers = sum(count for _, count in self.delays)
        return _quantile(self.delays, share, answers) if answers >= MIN_ANSWERS else None


def compare(index: Index, topic: Topic, scope: Scope) -> list[ComparedFigures]:
    """Return the figures of each ministry, group, deputy and so on that has any question."""
    source = _QUESTIONS.format(keys=_KEYS[topic])
    values = {
        "facet": _FACETS.get(topic),
        "places": index.iris.constituency_prefix,
        "departements": INSEE,
        "legislature": scope.legislature,
        "day": scope.day,
    }
    authors = dict(index.rows(_AUTHORS.format(source=source), values)) if topic in _WITH_AUTHORS else {}
    delays, waits = (_days(index.rows(sql.format(source=source), values)) for sql in (_DELAYS, _WAITS))
    return [
        ComparedFigures(
            key=key,
            questions=counts[0],
            written=counts[1],
            answered=counts[2],
            judged=counts[3],
            in_time=counts[4],
            waiting=counts[5],
            overdue=counts[6],
            authors=authors.get(key, 0),
            delays=delays[key],
            waits=waits[key],
        )
        for key, *counts in index.rows(_COUNTS.format(source=source), values)
    ]


def _days(rows: Iterable[tuple[str, int, int]]) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Return, by key, the numbers of days with how often each occurs."""
    by_key = defaultdict[str, tuple[tuple[int, int], ...]](tuple)
    for key, number, count in rows:
        by_key[key] += ((number, count),)
    return by_key


def legislatures(index: Index) -> list[int]:
    """Return the legislatures that have questions, the newest first."""
    return [row[0] for row in index.rows("SELECT DISTINCT legislature FROM questions ORDER BY 1 DESC")]


def overdue_in_charge(index: Index, ministry: str, day: str) -> int:
    """Return how many questions of which a ministry is now in charge are overdue on a day."""
    sql = """SELECT count(*) FROM question_lives l JOIN resources r ON r.id = l.ministry
      WHERE r.iri = ? AND l.is_waiting AND l.due < ?"""
    count: int = index.rows(sql, (ministry, day))[0][0]
    return count


def overdue_among(index: Index, paths: Iterable[str], day: str) -> dict[str, str]:
    """Return, of questions by path, those that are overdue on a day, with the last day for an answer."""
    listed = list(paths)
    marks = ", ".join("?" * len(listed))
    sql = f"""SELECT d.path, l.due FROM documents d JOIN question_lives l ON l.question = d.id
      WHERE d.path IN ({marks}) AND l.is_waiting AND l.due < ?"""  # noqa: S608 - only placeholders
    return dict(index.rows(sql, (*listed, day)))


def _quantile(days: Iterable[tuple[int, int]], share: float, total: int) -> int | None:
    """Return the fewest days within which at least this share of the total lies."""
    needed, seen = ceil(share * total), 0
    for number, count in days:
        seen += count
        if seen >= needed:
            return number
    return None
