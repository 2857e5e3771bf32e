"""The two languages of the pages: their addresses, days, numbers and typography."""

import enum
import re
from functools import lru_cache

from lod.dates import MONTHS

NARROW = "\u202f"
_ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTHS = {"fr": MONTHS, "en": _ENGLISH}
_BEFORE = re.compile(r"[ \u00a0]([;!?])")
_UNBROKEN = (" :", "« ", " »", " %", "n° ")


class Language(enum.StrEnum):
    """A language in which every page is written."""

    FR = "fr"
    EN = "en"

    @property
    def suffix(self) -> str:
        """How the address of a page in this language ends."""
        return ".html" if self is Language.FR else f".{self}.html"

    @property
    def other(self) -> "Language":
        """The language that a reader may change to."""
        return Language.EN if self is Language.FR else Language.FR


@lru_cache(1 << 14)
def day(iso: str, language: Language) -> str:
    """Write a day in words: 1er juin 2026."""
    year, month, number = iso.split("-")
    ordinal = "er" if language is Language.FR and number == "01" else ""
    return f"{int(number)}{ordinal}\u00a0{_MONTHS[language][int(month) - 1]}\u00a0{year}"


def month(iso: str, language: Language) -> str:
    """Write a month, « 2026-06 », or a year in words."""
    year, _, number = iso.partition("-")
    return f"{_MONTHS[language][int(number) - 1]} {year}" if number else year


def number(value: int, language: Language) -> str:
    """Write a number with its thousands apart."""
    return f"{value:,}".replace(",", NARROW) if language is Language.FR else f"{value:,}"


def nth(number: int) -> str:
    """Count in English: 1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def set_in_french(text: str) -> str:
    """Put the spaces at which French lines do not break where the text has spaces there."""
    text = _BEFORE.sub(rf"{NARROW}\1", text)
    for spaced in _UNBROKEN:
        text = text.replace(spaced, spaced.replace(" ", "\u00a0"))
    return text
