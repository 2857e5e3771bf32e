"""Small charts: how many questions by month, how many of each choice, as figures that a template draws."""

from collections.abc import Iterable
from dataclasses import dataclass

from lod.web.index.index import Choice
from lod.web.pages.links import Links, Named

WIDTH, HEIGHT, FOOT = 720, 180, 24
_MOST_MONTHS = 48
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartColumn:
    """A month, or a year, with how many questions, and the place of its bar."""

    when: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A choice with how many questions, and its length in hundredths of the longest."""

    named: Named
    count: int
    length: float


def columns(months: Iterable[tuple[str, int]]) -> tuple[ChartColumn, ...]:
    """Lay out how many questions there were by month, or by year if that is more than four years."""
    counts = dict(months)
    if len(counts) < _FEWEST:
        return ()
    every = _between(min(counts), max(counts))
    if len(every) > _MOST_MONTHS:
        by_year = dict.fromkeys((month[:4] for month in every), 0)
        for month, count in counts.items():
            by_year[month[:4]] += count
        counts, every = by_year, list(by_year)
    return tuple(_laid_out(every, counts))


def bars(choices: Iterable[Choice], links: Links) -> tuple[Bar, ...]:
    """Lay out how many questions there are of each choice."""
    chosen = list(choices)
    most = max((choice.questions for choice in chosen), default=1)
    return tuple(
        Bar(
            named=links.named({"id": choice.iri, "label": choice.label}),
            count=choice.questions,
            length=round(100 * choice.questions / most, 1),
        )
        for choice in chosen
    )


def _between(first: str, last: str) -> list[str]:
    """Give every month from one to another."""
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(start, end + 1)]


def _laid_out(every: list[str], counts: dict[str, int]) -> Iterable[ChartColumn]:
    most, step = max(counts.values()), WIDTH / len(every)
    for place, when in enumerate(every):
        height = (HEIGHT - FOOT) * counts.get(when, 0) / most
        yield ChartColumn(
            when=when,
            count=counts.get(when, 0),
            x=round(place * step + step * 0.1, 1),
            y=round(HEIGHT - FOOT - height, 1),
            width=round(step * 0.8, 1),
            height=round(height, 1),
        )
