"""Days as the Journal officiel writes them, and terms counted in calendar months."""

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
    """Write a day in French: 1er mai 2026."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def months_after(day: date, months: int) -> date:
    """Count calendar months; the last day of the month where it has no such day."""
    return day + relativedelta(months=months)
