"""Laws, decrees and ordinances, cited by number and date: « loi n° 2005-157 du 23 février 2005 »."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lod.links.citations.days import DAY, NUMBER_SIGN, parse_day
from lod.links.citations.found import Act, DoubtKind, Found

_TYPES = {"loi": "loi", "décret": "decret", "decret": "decret", "ordonnance": "ordonnance"}
"""The types, as texts spell them, and as ELI does."""
_RANK = re.compile(r"-(\d{1,5})(?![\d-])")
_YEAR = re.compile(r"(?<![\d-])(?:\d{4}|\d{2})$")
_YEAR_WIDTH = 5
"""The digits of a year, and the character before them."""
_BEFORE = 220
"""How many characters before a number are read for its type."""
_TYPE = re.compile(r"(?<![\w-])(?P<type>loi|décret|decret|ordonnance)s?(?![\w-])", re.IGNORECASE)
_NOT_ACTS = re.compile(r"(?:propositions? de |projets? de |décret-|avant-projet de )$", re.IGNORECASE)
_WITHOUT_ELI = re.compile(r" (?:organique|constitutionnelle|du pays)\b", re.IGNORECASE)
"""Kinds of laws whose ELI is not known."""
_QUALIFIER = re.compile(
    rf"(?P<words>(?: | ?[(,«\"] ?)[^\d.;:?!]{{0,180}}?)?"
    rf"(?:[ (,]*\b(?:du|en date du) {DAY})?"
    rf"[ (,]*(?P<sign>{NUMBER_SIGN})?"
)
"""What may stand between the type and the number: a title, a day, the sign of the number."""
_OTHER_NUMBERS = re.compile(
    r"\b(?:arrêtés?|arrêts?|circulaires?|directives?|règlements?|projets?|propositions?|avis|rapports?|décisions?"
    r"|délibérations?|instructions?|conventions?|questions?|amendements?|articles?|accords?|dossiers?|titres?"
    r"|requêtes?|jugements?|recommandations?|marchés?|lettres?|notes?|protocoles?|mesures?|actions?)\b",
    re.IGNORECASE,
)
"""Words whose number it would be, if one stands between the type and the number."""
_DAY_AFTER = re.compile(rf"[ ,(]*(?:modifiée? )?(?:du|en date du) (?:\w+di )?{DAY}")
_NEXT = re.compile(rf"(?:,| et| ou|, et)(?: (?:la|le|l'|les|celle|celui|du|de la|des))* ?{NUMBER_SIGN}?$")
_TWO_DIGITS_UNTIL = 1999


class _Numbered(NamedTuple):
    """A number in a text, with the type of its act and its day, if that is stated with it."""

    start: int
    end: int
    type: str
    number: str
    signed: date | None
    has_eli: bool


def find_acts(text: str, found: Found) -> None:
    """Add the acts that a text cites with a number and a day, which may stand elsewhere in the text."""
    numbered = list(_numbered(text))
    dated = {
        (each.type, each.number): each.signed for each in numbered if each.signed and _fault(each) is None
    }
    for each in numbered:
        if signed := each.signed or dated.get((each.type, each.number)):
            if fault := _fault(each):
                found.doubt(each.start, each.end, fault)
            else:
                found.cite(each.start, each.end, Act(type=each.type, number=each.number, signed=signed))


def _fault(act: _Numbered) -> DoubtKind | None:
    """Return why an act has no ELI, as far as its number and its day show."""
    if act.signed is None:
        return None
    year, signed = act.number.partition("-")[0], act.signed.year
    if int(year[-2:]) != signed % 100 or (len(year) == 4 and int(year) != signed):
        return DoubtKind.YEAR_CONTRADICTS
    if (len(year) == 2) != (signed <= _TWO_DIGITS_UNTIL):
        return DoubtKind.NUMBER_ABBREVIATED
    return None if act.has_eli else DoubtKind.WITHOUT_ELI


def _numbered(text: str) -> Iterator[_Numbered]:
    before: _Numbered | None = None
    for rank in _RANK.finditer(text):
        if not text[rank.start() - 1].isdigit():
            continue
        if not (year := _YEAR.search(text[max(0, rank.start() - _YEAR_WIDTH) : rank.start()])):
            continue
        start = rank.start() - len(year[0])
        number = f"{year[0]}-{int(rank[1])}"
        each = _first(text, start, rank.end(), number) or _coordinated(
            text, start, rank.end(), number, before
        )
        if each:
            before = each
            yield each


def _first(text: str, start: int, end: int, number: str) -> _Numbered | None:
    """Return the act of a number by the type before it."""
    offset = max(0, start - _BEFORE)
    head = text[offset:start]
    types = list(_TYPE.finditer(head))
    if not types or _NOT_ACTS.search(head[: types[-1].start()]):
        return None
    between = head[types[-1].end() :]
    qualifier = _QUALIFIER.fullmatch(between)
    if not qualifier or _OTHER_NUMBERS.search(between):
        return None
    if not qualifier["sign"] and between.strip(" (,"):
        return None
    has_eli = not _WITHOUT_ELI.match(between)
    type_ = _TYPES[types[-1]["type"].lower()]
    signed = parse_day(qualifier) if qualifier["day"] else None
    return _dated(_Numbered(offset + types[-1].start(), end, type_, number, signed, has_eli), text)


def _coordinated(text: str, start: int, end: int, number: str, before: _Numbered | None) -> _Numbered | None:
    """Return the act of a number that follows another: « lois n° 82-213 du 2 mars 1982 et n° 83-8 du … »."""
    if not before or not (join := _NEXT.fullmatch(text, before.end, start)):
        return None
    sign = re.search(rf"{NUMBER_SIGN}$", join[0])
    first = start - len(sign[0]) if sign else start
    return _dated(_Numbered(first, end, before.type, number, None, before.has_eli), text)


def _dated(each: _Numbered, text: str) -> _Numbered:
    """Return an act with the day that follows its number, unless it has one before."""
    after = None if each.signed else _DAY_AFTER.match(text, each.end)
    if not after or not (signed := parse_day(after)):
        return each
    return each._replace(end=after.end(), signed=signed)
