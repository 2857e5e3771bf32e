"""Days as the Journal officiel writes them, days in names of files, and periods in calendar months."""

import contextlib
import re
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

_IN_NAME = re.compile(
    r"(?<![0-9A-Fa-f])((?:19|20)[0-9]{2})([-_.]?)([01][0-9])\2([0-3][0-9])(?![0-9A-Fa-f])", re.ASCII
)


def date_in_name(name: str) -> date | None:
    """Return the last day in the name of a file, written as 2026-03-10 or 20260310, or None."""
    days = list[date]()
    for year, _, month, day in _IN_NAME.findall(name):
        with contextlib.suppress(ValueError):
            days.append(date(int(year), int(month), int(day)))
    return max(days, default=None)


def french_date(day: date) -> str:
    """Return a day in French: 1er mai 2026."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


ARTICLE_135_SINCE = date(2009, 5, 27)
"""The day of the resolution that renumbered the rules of procedure; the article on written questions was 139.

The questions of the 11th legislature quote 139. The day on which the renumbering took effect may be later.
"""


def rule_on_answers(published: date) -> str:
    """Return the article of the rules of procedure that sets the term of answers to questions of a day."""
    return "135" if published >= ARTICLE_135_SINCE else "139"


@lru_cache(maxsize=4096)
def months_after(day: date, months: int) -> date:
    """Return the day some calendar months later; the last day of the month if it has no such day."""
    return day + relativedelta(months=months)
