"""Directives and regulations of the European Union: « directive 2011/92/UE », « règlement (UE) 2016/679 »."""

import re

from lod.links.citations.days import DAY, NUMBER_SIGN, parse_day
from lod.links.citations.found import DoubtKind, EuropeanAct, Found

_FIRST_YEAR = 1952
_YEAR_FIRST_SINCE = 2015
"""Since 2015, regulations have the year before the number, as directives always had."""
_COMMUNITY = r"(?:UE|CE|CEE|CECA|Euratom|EU)"
_KIND = r"(?P<kind> déléguée?| d'exécution)?"
_ORIGIN = r"(?: du Conseil| européenne?| du Parlement européen et du Conseil| de la Commission)?"
_NUMBER = rf"(?P<sign>{NUMBER_SIGN})?(?P<first>\d{{1,4}})/(?P<second>\d{{1,4}})"
_DIRECTIVE = re.compile(
    rf"irectives?{_KIND}{_ORIGIN}(?: \({_COMMUNITY}(?:, {_COMMUNITY})?\))? {_NUMBER}"
    rf"(?:/{_COMMUNITY}\b)?(?![\d/-])"
)
_REGULATION = re.compile(
    rf"èglements?{_KIND}{_ORIGIN} \(?(?P<community>{_COMMUNITY})(?:, {_COMMUNITY})?\)? {_NUMBER}(?![\d/-])"
)
_DAY = re.compile(
    r"(?:,? (?:du Parlement européen(?: et du Conseil)?|du Conseil|de la Commission(?: européenne)?)|,)*"
    rf",? (?:du|en date du) {DAY}"
)
_KINDS = {None: "", " délégué": "_del", " déléguée": "_del", " d'exécution": "_impl"}


def find_european_acts(text: str, found: Found) -> None:
    """Add the directives and regulations that a text cites with year and number."""
    for type_, initial, pattern in (("dir", "dD", _DIRECTIVE), ("reg", "rR", _REGULATION)):
        for match in pattern.finditer(text):
            start = match.start() - 1
            if start < 0 or text[start] not in initial:
                continue
            pair = _directive(match) if type_ == "dir" else _regulation(match)
            if pair is None:
                continue
            after = _DAY.match(text, match.end())
            day = parse_day(after) if after else None
            end = after.end() if after and day else match.end()
            if day and day.year != pair[0]:
                found.doubt(start, end, DoubtKind.YEAR_CONTRADICTS)
                continue
            act = EuropeanAct(type=type_ + _KINDS[match["kind"]], year=pair[0], number=pair[1])
            found.cite(start, end, act)


def _directive(match: re.Match[str]) -> tuple[int, int] | None:
    """Return year and number: the year comes first, in two digits until 1999."""
    first, number = match["first"], int(match["second"])
    year = int(first) + (1900 if len(first) == 2 else 0)
    return (year, number) if number and _is_year(year) and len(first) in {2, 4} else None


def _regulation(match: re.Match[str]) -> tuple[int, int] | None:
    """Return year and number, whichever comes first; None unless that is certain.

    « (CE) n° 1907/2006 » has the number first, and so had all before 2015; « (UE) 2016/679 » has the year.
    """
    first, second = match["first"], match["second"]
    before = _is_year(int(second)) and int(second) < _YEAR_FIRST_SINCE and len(second) == 4
    after = _is_year(int(first)) and int(first) >= _YEAR_FIRST_SINCE and match["community"] == "UE"
    if before and not after:
        return int(second), int(first)
    return (int(first), int(second)) if after and not before and int(second) else None


def _is_year(year: int) -> bool:
    return _FIRST_YEAR <= year < 2100
