"""The period in which the questions of a legislature can be asked, answered and closed."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from lod.finding import Finding
from lod.model import Journal, Question
from lod.source.diagnostics import Remark

FIRST_DAYS = {
    11: date(1997, 6, 12),
    12: date(2002, 6, 19),
    13: date(2007, 6, 20),
    14: date(2012, 6, 20),
    15: date(2017, 6, 21),
    16: date(2022, 6, 22),
    17: date(2024, 7, 1),
}
"""The first day of each legislature; since the 14th, it is that of the register's organ."""

FIFTH_REPUBLIC = date(1958, 10, 4)
"""The day of the constitution: all questions are of the Fifth Republic."""

_LAST_WITH_PERIOD_GROUPS = 11
_MONDAY, _TUESDAY = 0, 1
_WEEKDAYS = ("Monday", "Tuesday")
_TUESDAYS_SINCE = 14
_MAX_YEARS = 5
"""How long a legislature lasts at most."""
_LAST_YEAR = 9998


LAST_DAYS = frozenset({date(2024, 6, 11)} | {on - timedelta(1) for on in FIRST_DAYS.values()})
"""The last days of legislatures, on which questions lapse; that of the 16th was some days before the 17th."""


def has_ended(legislature: int) -> bool:
    """Return whether a legislature is over: a later one has begun."""
    return legislature < max(FIRST_DAYS)


def has_group_of_its_time(legislature: int) -> bool:
    """Return whether a group on an older page is that of the question: it had ended before any page was made.

    Of later legislatures such pages print the group of the day of export.
    """
    return legislature <= _LAST_WITH_PERIOD_GROUPS


class LegislaturePeriod(NamedTuple):
    """The first day of a legislature, and the last days of its publications and of later events.

    Answers, errata and changes of ministry may come up to a year after the legislature.
    """

    first_day: date
    last_publication: date
    last_event: date


@cache
def legislature_period(legislature: int) -> LegislaturePeriod:
    """Return the period of a legislature; for an unknown one, the longest that is possible."""
    newest = max(FIRST_DAYS)
    first_day = max((on for n, on in FIRST_DAYS.items() if n <= legislature), default=FIFTH_REPUBLIC)
    until = min((on for n, on in FIRST_DAYS.items() if n > legislature), default=None)
    if until is None:
        year = FIRST_DAYS[newest].year + _MAX_YEARS * (legislature - newest + 1)
        until = FIRST_DAYS[newest].replace(year=min(year, _LAST_YEAR))
    return LegislaturePeriod(first_day, until, until.replace(year=until.year + 1))


def weekdays(legislature: int) -> tuple[int, ...]:
    """Return the days of the week on which issues of the weekly « Questions » are published.

    They were Mondays, and Tuesdays before the 14th legislature already; all are Tuesdays since.
    """
    return (_TUESDAY,) if legislature >= _TUESDAYS_SINCE else (_MONDAY, _TUESDAY)


def _odd_weekdays(question: Question) -> Iterator[Remark]:
    """Yield a remark for each day of the legislature on which no issue of « Questions » is published."""
    days = weekdays(question.id.legislature)
    first_day, _, last_event = legislature_period(question.id.legislature)
    for on in dict.fromkeys(page.on for page in question.pages if page.journal is Journal.QUESTIONS):
        if on.weekday() not in days and first_day <= on <= last_event:
            names = " or a ".join(_WEEKDAYS[day] for day in days)
            expected, found = f"a {names}, as issues of « Questions » are", f"{on}, another day"
            yield Remark("publication", expected, found, finding=Finding.WEEKDAY_UNEXPECTED)


def days_outside_legislature(question: Question) -> Iterator[Remark]:
    """Yield a remark for each day in the life of a question that lies outside its legislature."""
    yield from _odd_weekdays(question)
    first_day, last_publication, last_event = legislature_period(question.id.legislature)
    if not first_day <= question.published.on <= last_publication:
        yield _remark("publication", question, first_day, last_publication, question.published.on)
    for place, on in _later_events(question):
        if not first_day <= on <= last_event:
            yield _remark(place, question, first_day, last_event, on)


def _later_events(question: Question) -> Iterator[tuple[str, date]]:
    """Yield the days after the publication, each with what happened on it."""
    for attribution in question.attributions:
        if attribution.on and attribution.on != question.published.on:
            yield "attribution", attribution.on
    for publication in question.pages[1:]:
        if publication.on != question.published.on:
            yield "answer or erratum", publication.on
    for place, days in (("renewal", question.renewals), ("flagging", question.flaggings)):
        for on in days:
            yield place, on
    if question.closure and question.closure.on:
        yield "closure", question.closure.on


def _remark(place: str, question: Question, first_day: date, until: date, on: date) -> Remark:
    legislature = question.id.legislature
    expected = f"a day of the legislature {legislature}, from {first_day} to {until}"
    return Remark(place, expected, f"{on}", finding=Finding.DAY_IMPLAUSIBLE)
