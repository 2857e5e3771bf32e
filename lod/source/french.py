"""The French of the documents: labels, numbers, days, names, rubrics. Pure functions of a string."""

import csv
import re
from datetime import date
from functools import cache, lru_cache

from lod import definitions, departements
from lod.dates import MONTHS
from lod.errors import BadValue, quote
from lod.finding import Finding
from lod.model import Group, QuestionId, QuestionKind, Seat
from lod.slugs import words
from lod.source.encodings import find_mojibake

KINDS = {
    "question écrite": QuestionKind.WRITTEN,
    "question au gouvernement": QuestionKind.GOVERNMENT,
    "question orale sans débat": QuestionKind.ORAL,
    "question orale": QuestionKind.ORAL,
}
ORDINAL = r" ?\^? ?(?:ère|re|er|ème|eme|e|nde|nd)"

_CIVILITIES = {"m.": "M.", "mme": "Mme", "mlle": "Mlle"}
_LONGEST_SPOILT_NAME = 100
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’‐‑–./-])*")
_TWO_NAMES = re.compile(r" et (?:M\.|Mme|Mlle)(?: |$)", re.IGNORECASE)
_PAGE = re.compile(r"[0-9]{1,6}(?: ?(?:[-–/,]|et|à) ?[0-9]{1,6})*(?: [A-Z]{1,3})?", re.ASCII)
_ISO_DAY = re.compile(
    r"([12][0-9]{3}-[0-9]{2}-[0-9]{2})(?:T00:00(?::00(?:\.0+)?)?)?(?:Z|[+-][01][0-9]:[0-5][0-9])?", re.ASCII
)
"""A day of XML Schema, with a time zone or not, or the midnight with which it begins."""
_SPACES = re.compile(r"[ \t\u00a0\u2007\u202f]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}|[1-9][0-9]{0,2} [0-9]{3}", re.ASCII)
_LONG_DAY = re.compile(r"([0-9]{1,2})(?: ?\^? ?er)? ([^\W\d_]+) ([12][0-9]{3})")
_SHORT_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([12][0-9]{3})", re.ASCII)
_LEGISLATURE = re.compile(rf"([1-9][0-9]?){ORDINAL} législature", re.IGNORECASE)
_NAME_AT_START = re.compile(r"(?:M\.|Mme|Mlle) (?P<name>[^\W\d_a-zà-ÿ].{0,200})")
_RECALL = re.compile(
    r"termes\s+de\s+(?:s[ao]n?|ses)\s+questions?\s+(?:écrites?\s+)?(?:n[°ºo]s?|numéro)\s?"
    r"(?P<number>[1-9][0-9]{0,2}(?:[ \u00a0\u202f]?[0-9]{3})*)(?![.,]?[0-9])(?![^.;]{0,80}législature)",
    re.IGNORECASE,
)
_SEAT = re.compile(
    rf"(?P<departement>.+?) \((?P<number>[1-9][0-9]?){ORDINAL} circonscription\)(?: - (?P<group>.+))?"
)


def squeeze(value: str) -> str:
    """Return a value on one line with single ordinary spaces: no-break spaces are only typography here."""
    if "  " in value or not value.isprintable():
        value = _SPACES.sub(" ", value)
    return value.strip(" ")


def label_key(value: str) -> str:
    """Return the key of a label or a heading, which ignores case, spacing and the form of apostrophes."""
    return squeeze(value).replace("’", "'").removesuffix(":").rstrip(" ").casefold()


@lru_cache(maxsize=4096)
def name_key(value: str) -> str:
    """Return the key of a name, by which two spellings are the same: letters and digits without accents."""
    return " ".join(words(value))


def parse_number(value: str) -> int:
    """Parse an official number, in ASCII digits; a space may set off the thousands."""
    plain = squeeze(value)
    if not _NUMBER.fullmatch(plain):
        raise BadValue("a number such as « 16300 »", quote(value))
    return int(plain.replace(" ", ""))


def parse_legislature(value: str) -> int:
    """Parse « 17ème législature »."""
    if not (read := _LEGISLATURE.fullmatch(squeeze(value))):
        raise BadValue("a legislature such as « 17ème législature »", quote(value))
    return int(read[1])


def is_legislature(value: str) -> bool:
    """Return whether a line is a legislature."""
    return bool(_LEGISLATURE.fullmatch(squeeze(value)))


def parse_kind(value: str) -> QuestionKind:
    """Parse « Question écrite »."""
    try:
        return KINDS[label_key(value)]
    except KeyError:
        raise BadValue("a type such as « Question écrite »", quote(value)) from None


@lru_cache(maxsize=4096)
def parse_day(value: str) -> date:
    """Parse « 23 juin 2026 », « 1er mai 2026 », « 23/06/2026 » or « 2026-06-23 »; nothing rolls over.

    A time zone does not move the day: « 2026-06-23+02:00 » is the day so called where the Assemblée sits.
    """
    plain = squeeze(value)
    try:
        if iso := _ISO_DAY.fullmatch(plain):
            return date.fromisoformat(iso[1])
        if short := _SHORT_DAY.fullmatch(plain):
            return date(int(short[3]), int(short[2]), int(short[1]))
        if long := _LONG_DAY.fullmatch(plain):
            return date(int(long[3]), _month_numbers()[name_key(long[2])], int(long[1]))
    except (ValueError, KeyError):
        pass
    raise BadValue("a day such as « 23 juin 2026 »", quote(value))


def parse_page(value: str) -> str:
    """Parse a page of the Journal officiel, which is text: « 5635 », « 5635-5636 S »."""
    plain = squeeze(value)
    if not _PAGE.fullmatch(plain):
        raise BadValue("a page such as « 5635 »", quote(value))
    return plain


def parse_civility(value: str) -> str:
    """Parse « M. », « Mme » or « Mlle »."""
    try:
        return _CIVILITIES[squeeze(value).casefold()]
    except KeyError:
        raise BadValue("a civility such as « Mme »", quote(value)) from None


def parse_civility_and_name(value: str) -> tuple[str | None, str]:
    """Split « M. Jean-Michel Brard »; the civility is optional, the name is a single one, of letters.

    A name that a faulty conversion spoilt, such as « ChimÃ¨re », is one, too.
    """
    plain = squeeze(value)
    first, _, rest = plain.partition(" ")
    civility, name = (
        (_CIVILITIES[first.casefold()], rest) if first.casefold() in _CIVILITIES else (None, plain)
    )
    is_name = _NAME.fullmatch(name) or (len(name) <= _LONGEST_SPOILT_NAME and find_mojibake(name))
    if not is_name or _TWO_NAMES.search(name):
        raise BadValue("a name such as « M. Jean-Michel Brard »", quote(value))
    return civility, name


def name_at_start(text: str) -> str | None:
    """Return what follows the civility at the start of a text, or None if it does not look like a name."""
    opening = _NAME_AT_START.match(text)
    return opening["name"] if opening else None


def parse_seat_and_group(value: str) -> tuple[Seat, str | None]:
    """Split « Loire-Atlantique (9^e circonscription) - Horizons & Indépendants » at the first « ) - »."""
    read = _SEAT.fullmatch(squeeze(value))
    if not read:
        raise BadValue("a seat such as « Loiret (6e circonscription) - Les Démocrates »", quote(value))
    return Seat(departement=parse_departement(read["departement"]), number=int(read["number"])), read["group"]


def is_seat(value: str) -> bool:
    """Return whether a line is a seat, with or without a group."""
    return len(value) < 300 and bool(_SEAT.fullmatch(squeeze(value)))


@lru_cache(maxsize=4096)
def make_group(label: str, official_id: str | None = None, abbreviation: str | None = None) -> Group:
    """Return the group of this name; the name also says whether its members belong to no group."""
    attached = name_key(label) not in ("non inscrit", "non inscrits", "deputes non inscrits", "ni")
    return Group(label=label, official_id=official_id, abbreviation=abbreviation, attached=attached)


@lru_cache(maxsize=4096)
def parse_official_id(value: str, prefix: str = "P[AMO]") -> str:
    """Parse an official id, with the given prefix."""
    if not re.fullmatch(rf"{prefix}[0-9]{{1,9}}", value, re.ASCII):
        example = "PA" if prefix.endswith("]") else prefix
        raise BadValue(f"an official id such as {example}841339", quote(value))
    return value


def parse_departement(name: str) -> str:
    """Return the code of a département or territory from its name."""
    try:
        return _departements_by_name()[name_key(name)].code
    except KeyError:
        expected = "a département such as « Loire-Atlantique »"
        raise BadValue(expected, quote(name), finding=Finding.DEPARTEMENT_UNKNOWN) from None


def is_departement_name(name: str, on: date) -> bool:
    """Return whether a département had this name on a day."""
    named = _departements_by_name()[name_key(name)]
    return (named.since or date.min) <= on <= (named.until or date.max)


def parse_departement_code(value: str) -> str:
    """Parse the code of a département or territory, such as 44, 2A or 099."""
    code = squeeze(value).upper()
    if code not in departements.departements_by_code():
        raise BadValue("the code of a département such as « 44 »", quote(value))
    return code


def recalled_questions(text: str | None, question: QuestionId) -> tuple[QuestionId, ...]:
    """Return the questions that a text recalls, such as « les termes de sa question n° 12345 ».

    They are of the same kind and legislature, hence have a lower number. A higher number belongs to an
    earlier legislature, which the text does not name: it is not resolved.
    """
    if not text or "question" not in text or "termes de" not in text:
        return ()
    numbers = (int(re.sub(r"\D", "", match["number"])) for match in _RECALL.finditer(text))
    earlier = sorted({number for number in numbers if number < question.number})
    return tuple(
        QuestionId(legislature=question.legislature, kind=question.kind, number=number) for number in earlier
    )


def official_rubric(printed: str) -> str:
    """Return a rubric in the spelling of the official list, or as printed if it is not in the list."""
    return _official_rubrics().get(name_key(printed), printed)


@cache
def _month_numbers() -> dict[str, int]:
    return {name_key(name): n for n, name in enumerate(MONTHS, 1)}


@cache
def _departements_by_name() -> dict[str, departements.Departement]:
    return {name_key(n): d for d in departements.departement_names() for n in (d.name, *d.aliases)}


@cache
def _official_rubrics() -> dict[str, str]:
    with (definitions.folder("ontology") / "rubriques.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return {name_key(row["label"]): row["label"] for row in rows}
