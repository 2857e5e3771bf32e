"""Which questions are wanted, and how the index is asked for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lod.web.index.french_words import expression
from lod.web.index.question_row import Facet

_LINKED = (
    "q.id IN (SELECT question FROM links WHERE {facet}resource = (SELECT id FROM resources WHERE iri = ?))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """Questions that have all these resources, published from a day to a day (ISO), in which words occur.

    `resource` is one that they have whatever it is to them: who asked, the ministry, the issue.
    """

    facets: Mapping[Facet, str] = field(default_factory=dict)
    resource: str | None = None
    since: str | None = None
    until: str | None = None
    words: str | None = None

    def without(self, facet: Facet) -> "QuestionFilter":
        """Give the same without one facet, as the choices of that facet are counted."""
        left = {name: iri for name, iri in self.facets.items() if name is not facet}
        return QuestionFilter(
            facets=left, resource=self.resource, since=self.since, until=self.until, words=self.words
        )


class Where(NamedTuple):
    """The part of an SQL query that finds questions `q`, the values of its placeholders, the words sought."""

    sql: str
    values: tuple[str, ...]
    sought: str | None


def where(wanted: QuestionFilter) -> Where:
    """Say in SQL which questions are wanted; what has no word to seek finds all."""
    told = [(_LINKED.format(facet=f"facet = '{facet}' AND "), iri) for facet, iri in wanted.facets.items()]
    told += [(_LINKED.format(facet=""), wanted.resource)] if wanted.resource else []
    told += [("q.published >= ?", wanted.since)] if wanted.since else []
    told += [("q.published <= ?", wanted.until)] if wanted.until else []
    sought = expression(wanted.words or "")
    told += [("texts MATCH ?", sought)] if sought else []
    tables = "questions q JOIN texts ON texts.rowid = q.id" if sought else "questions q"
    conditions = " AND ".join(condition for condition, _ in told)
    sql = f"{tables} WHERE {conditions}" if told else tables
    return Where(sql, tuple(value for _, value in told), sought)
