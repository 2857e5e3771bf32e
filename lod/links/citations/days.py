"""Days and numbers as texts write them, in patterns to be composed."""

import re
from datetime import date

from lod.slugs import words

_MONTHS = {
    "janvier": 1,
    "fevrier": 2,
    "mars": 3,
    "avril": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7,
    "aout": 8,
    "septembre": 9,
    "octobre": 10,
    "novembre": 11,
    "decembre": 12,
}
NUMBER_SIGN = r"(?:[nN] ?[°º]s? ?|[nN][oO]s? |numéros? )"
"""« n° », « n ° », « n°s », « no », « numéro », with the space after it."""
DAY = (
    r"(?P<day>1 ?er|premier|[0-3]?[0-9]) "
    r"(?P<month>janvier|f[ée]vrier|mars|avril|mai|juin"
    r"|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre) "
    r"(?P<year>(?:1[789]|20)[0-9]{2})(?![0-9])"
)
"""A day: « 1er juin 2021 »."""


def parse_day(match: re.Match[str]) -> date | None:
    """Return the day that DAY has matched; None if there is no such day."""
    number = "1" if match["day"] == "premier" else match["day"].removesuffix("er").strip()
    month = _MONTHS["".join(words(match["month"]))]
    try:
        return date(int(match["year"]), month, int(number))
    except ValueError:
        return None
