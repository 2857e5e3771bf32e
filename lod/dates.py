"""Days as the Journal officiel writes them, and periods in calendar months."""

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


def french_date(day: date) -> str:
    """Return a day in French: 1er mai 2026."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def months_after(day: date, months: int) -> date:
    """Return the day some calendar months later; the last day of the month if it has no such day."""
    return day + relativedelta(months=months)
