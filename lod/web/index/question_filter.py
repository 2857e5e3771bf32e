"""The search filter: which questions a page, a list or the API asks for, and its translation into SQL."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lod.web.index.full_text import match_expression


class Facet(enum.StrEnum):
    """A relation between a question and a resource, by which questions are listed, filtered and counted."""

    AUTHOR = "author"
    GROUP = "group"
    CONSTITUENCY = "constituency"
    MINISTRY_ASKED = "ministry-asked"
    MINISTRY = "ministry"
    RUBRIC = "rubric"
    SUBJECT = "subject"
    STATUS = "status"
    TYPE = "type"
    LEGISLATURE = "legislature"
    ISSUE = "issue"
    COMMON_ANSWER = "common-answer"
    RELATED = "related"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """Conditions that questions must all meet; without any, every question matches.

    `facets` maps facets to the IRI of the required resource; `resource` is the IRI of one that may be related
    to the question in any way. `since` and `until` are ISO dates and include that day. `words` is a full-text
    search. `overdue_on` is a day before which an answer that is still missing was due.
    """

    facets: Mapping[Facet, str] = field(default_factory=dict)
    resource: str | None = None
    since: str | None = None
    until: str | None = None
    words: str | None = None
    overdue_on: str | None = None

    def without(self, facet: Facet) -> "QuestionFilter":
        """Return this filter without one facet; the values of a facet are counted under that."""
        return replace(self, facets={name: iri for name, iri in self.facets.items() if name is not facet})


class FilterSql(NamedTuple):
    """What follows FROM in a query for questions `q`, its placeholder values, its full-text expression."""

    sql: str
    values: tuple[str, ...]
    match: str | None


_HAS_RESOURCE = (
    "q.id IN (SELECT question FROM question_facets"
    " WHERE {facet}resource = (SELECT id FROM resources WHERE iri = ?))"
)
_IS_OVERDUE = "q.id IN (SELECT question FROM question_lives WHERE is_waiting AND due < ?)"


def filter_sql(question_filter: QuestionFilter) -> FilterSql:
    """Translate a filter into SQL."""
    conditions = [
        (_HAS_RESOURCE.format(facet=f"facet = '{facet}' AND "), iri)
        for facet, iri in question_filter.facets.items()
    ]
    if question_filter.resource:
        conditions.append((_HAS_RESOURCE.format(facet=""), question_filter.resource))
    if question_filter.since:
        conditions.append(("q.published >= ?", question_filter.since))
    if question_filter.until:
        conditions.append(("q.published <= ?", question_filter.until))
    if question_filter.overdue_on:
        conditions.append((_IS_OVERDUE, question_filter.overdue_on))
    match = match_expression(question_filter.words or "")
    if match:
        conditions.append(("question_texts MATCH ?", match))
    sql = "questions q JOIN question_texts ON question_texts.rowid = q.id" if match else "questions q"
    if conditions:
        sql += " WHERE " + " AND ".join(condition for condition, _ in conditions)
    return FilterSql(sql, tuple(value for _, value in conditions), match)
