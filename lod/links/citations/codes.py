"""Articles of codes: « l'article L. 211-23 du code rural ». Codes have no ELI; Légifrance names each."""

import csv
import re
from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

from lod import definitions
from lod.links.citations.found import Code, Found

_BEFORE = 160
"""How many characters before the name of a code are read for its articles."""
_CODE = re.compile("ode ")
"""The word, but for its first letter: a pattern without variants is found ten times as fast."""
_NUMBER = (
    r"(?:(?:L\.?O|LO|L|R|D|A|C)\.?(?: ?\*)? ?)?"
    r"\d[\d.]*(?:-\d+)*(?: [A-Z]{1,3}\b)?"
    r"(?: ?(?:bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies)\b)?"
    r"(?: [A-Z]{1,3}\b)?(?: ?(?:°|er\b|ème\b))?"
)
_JOIN = r"(?: ?, ?| et suivants(?: ,)? ?| et | ou | à | ainsi que (?:les? )?(?:articles? )?|, et )"
_LIST = (
    rf"{_NUMBER}(?:{_JOIN}(?:l'article |les articles )?{_NUMBER})*"
    r"(?: et suivants| et s\.|, alinéa \d+|,? \d° ?| \([^()]{1,30}\))*"
    r",? (?:du|des|de l'ancien|de la partie législative du|de la partie réglementaire du) "
)
_ARTICLES = re.compile(rf"(?<!\w)(?:articles?|art\.) {_LIST}$", re.IGNORECASE)
_MORE_ARTICLES = re.compile(rf"(?:,? et|,|,? ou) (?P<articles>{_LIST})", re.IGNORECASE)


def find_codes(text: str, published_on: date, found: Found) -> None:
    """Add the articles of codes that a text cites, by the code; a code without an article is no citation.

    Of several codes that have had a name, it is the one of the day.
    """
    codes, names = _codes()
    last = 0
    for word in _CODE.finditer(text):
        name = names.match(text, word.end())
        first = _first_article(text, word.start() - 1, last) if name else None
        if name and first is not None:
            code = next(each for each in codes[name[0].lower()] if each.since <= published_on <= each.until)
            last = name.end()
            found.cite(first, last, code.code)


def _first_article(text: str, code: int, last: int) -> int | None:
    """Return where the articles before a code begin, at the word « article » or after the `last` citation."""
    if code < 0 or text[code] not in "cC":
        return None
    offset = max(0, code - _BEFORE)
    if articles := _ARTICLES.search(text[offset:code]):
        return offset + articles.start()
    more = _MORE_ARTICLES.fullmatch(text, last, code) if last else None
    return more.start("articles") if more else None


class _NamedCode(NamedTuple):
    """A code that has a name from a day until another."""

    code: Code
    since: date
    until: date


@cache
def _codes() -> tuple[dict[str, list[_NamedCode]], re.Pattern[str]]:
    """Return the codes by their names without the word « code », and a pattern of these."""
    codes = defaultdict[str, list[_NamedCode]](list)
    with (definitions.folder("ontology") / "codes.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
            since, until = row["since"] or date.min.isoformat(), row["until"] or date.max.isoformat()
            code = Code(id=row["legitext"], name=row["name"])
            named = _NamedCode(code, date.fromisoformat(since), date.fromisoformat(until))
            for name in (row["name"], *filter(None, row["other_names"].split("|"))):
                codes[name.lower().removeprefix("code ")].append(named)
    names = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    return codes, re.compile(rf"(?:{names})(?![\w-])(?! (?:ancien|applicable)\b)", re.IGNORECASE)
