"""The figures of pages: bar charts, rankings, response times, numbers of questions of each resource."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lod.iri import concept_path
from lod.slugs import words
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import FacetCount, Index, QuestionStatistics
from lod.web.pages.language import Label
from lod.web.pages.links import Links

CHART_WIDTH, CHART_HEIGHT, AXIS_HEIGHT = 720, 180, 24
"""The drawing area of the template, in the units of its SVG."""
_MAX_MONTHS = 48
_MIN_MONTHS = 3
_ALL = 1 << 30
_WRITTEN_QUESTION = concept_path("type", "question-ecrite")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartColumn:
    """The number of questions of a month, or of a year, with the position and size of its column."""

    period: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingBar:
    """A resource, its number of questions, and the length of its bar in percent of the longest."""

    label: Label
    count: int
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLabel:
    """A resource and its number of questions."""

    label: Label
    count: int


def chart_columns(by_month: Iterable[tuple[str, int]]) -> tuple[ChartColumn, ...]:
    """Return the columns of a chart by month, or by year beyond four years; none below three months."""
    counts = dict(by_month)
    if len(counts) < _MIN_MONTHS:
        return ()
    periods = _months_between(min(counts), max(counts))
    if len(periods) > _MAX_MONTHS:
        by_year = dict.fromkeys((month[:4] for month in periods), 0)
        for month, count in counts.items():
            by_year[month[:4]] += count
        counts, periods = by_year, list(by_year)
    return tuple(_position_columns(periods, counts))


def _months_between(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(start, end + 1)]


def _position_columns(periods: list[str], counts: dict[str, int]) -> Iterator[ChartColumn]:
    highest, step = max(counts.values()), CHART_WIDTH / len(periods)
    for position, period in enumerate(periods):
        height = (CHART_HEIGHT - AXIS_HEIGHT) * counts.get(period, 0) / highest
        yield ChartColumn(
            period=period,
            count=counts.get(period, 0),
            x=round(position * step + step * 0.1, 1),
            y=round(CHART_HEIGHT - AXIS_HEIGHT - height, 1),
            width=round(step * 0.8, 1),
            height=round(height, 1),
        )


def ranking_bars(counts: Iterable[FacetCount], links: Links) -> tuple[RankingBar, ...]:
    """Return the bars of a ranking, in the given order."""
    ranked = list(counts)
    highest = max((value.questions for value in ranked), default=1)
    return tuple(
        RankingBar(
            label=links.label({"id": value.iri, "label": value.label}),
            count=value.questions,
            length=round(100 * value.questions / highest, 1),
        )
        for value in ranked
    )


def response_times(
    index: Index, question_filter: QuestionFilter, statistics: QuestionStatistics
) -> QuestionStatistics | None:
    """Return the statistics of the written questions among those that match; None if there are none.

    Oral questions are left out because they are answered at once. `statistics` are those of the whole filter.
    """
    written = index.base + _WRITTEN_QUESTION
    types = [value.iri for value in index.facet_counts(Facet.TYPE, question_filter)]
    if types == [written] or written not in types:
        return statistics if types == [written] else None
    facets = {**question_filter.facets, Facet.TYPE: written}
    return index.statistics(replace(question_filter, facets=facets))


def question_counts(index: Index, facet: Facet) -> dict[str, int]:
    """Return the number of questions of each value of a facet, by IRI."""
    return {value.iri: value.questions for value in index.facet_counts(facet, QuestionFilter(), limit=_ALL)}


def sort_key(text: str) -> str:
    """Return a label without accents and capitals, for sorting."""
    return " ".join(words(text))
