"""The French of the documents: labels, numbers, ordinals, days, names. Pure functions of one string."""

import re
from datetime import date
from functools import cache, lru_cache

from lod import departements
from lod.dates import MONTHS
from lod.errors import BadValue, quote
from lod.model import Group, QuestionKind, Seat
from lod.slugs import words

KINDS = {
    "question écrite": QuestionKind.WRITTEN,
    "question au gouvernement": QuestionKind.GOVERNMENT,
    "question orale sans débat": QuestionKind.ORAL,
    "question orale": QuestionKind.ORAL,
}
ORDINAL = r" ?\^? ?(?:ère|re|er|ème|eme|e|nde|nd)"

_CIVILITIES = {"m.": "M.", "mme": "Mme", "mlle": "Mlle"}
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’‐‑–./-])*")
_TWO_NAMES = re.compile(r" et (?:M\.|Mme|Mlle)(?: |$)", re.IGNORECASE)
_PAGE = re.compile(r"[0-9]{1,6}(?: ?(?:[-–/,]|et|à) ?[0-9]{1,6})*(?: [A-Z]{1,3})?", re.ASCII)
_ISO_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SPACES = re.compile(r"[ \t\u00a0\u2007\u202f]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_LONG_DAY = re.compile(r"([0-9]{1,2})(?: ?\^? ?er)? ([^\W\d_]+) ([12][0-9]{3})")
_SHORT_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([12][0-9]{3})", re.ASCII)
_LEGISLATURE = re.compile(rf"([1-9][0-9]?){ORDINAL} législature", re.IGNORECASE)
_OPENING = re.compile(r"(?:M\.|Mme|Mlle) (?P<name>[^\W\d_a-zà-ÿ].{0,200})")
_SEAT = re.compile(
    rf"(?P<departement>.+?) \((?P<number>[1-9][0-9]?){ORDINAL} circonscription\)(?: - (?P<group>.+))?"
)


def squeeze(value: str) -> str:
    """Give a value on one line with single ordinary spaces: no-break spaces are typography here."""
    if "  " in value or not value.isprintable():
        value = _SPACES.sub(" ", value)
    return value.strip(" ")


def label(value: str) -> str:
    """Give the key by which a label or a heading is recognised: case, spaces and apostrophes apart."""
    return squeeze(value).replace("’", "'").removesuffix(":").rstrip(" ").casefold()


@lru_cache(maxsize=4096)
def name_key(value: str) -> str:
    """Give the key by which two spellings of a name are the same: letters and digits, no accents."""
    return " ".join(words(value))


def number(value: str) -> int:
    """Read an official number, in plain ASCII digits."""
    plain = squeeze(value)
    if not _NUMBER.fullmatch(plain):
        raise BadValue("a number such as « 16300 »", quote(value))
    return int(plain)


def legislature(value: str) -> int:
    """Read « 17ème législature »."""
    if not (read := _LEGISLATURE.fullmatch(squeeze(value))):
        raise BadValue("a legislature such as « 17ème législature »", quote(value))
    return int(read[1])


def is_legislature(value: str) -> bool:
    """Say whether a line is a legislature."""
    return bool(_LEGISLATURE.fullmatch(squeeze(value)))


def kind(value: str) -> QuestionKind:
    """Read « Question écrite »."""
    try:
        return KINDS[label(value)]
    except KeyError:
        raise BadValue("a type such as « Question écrite »", quote(value)) from None


@lru_cache(maxsize=4096)
def day(value: str) -> date:
    """Read « 23 juin 2026 », « 1er mai 2026 », « 23/06/2026 » or « 2026-06-23 »; nothing rolls over."""
    plain = squeeze(value)
    try:
        if _ISO_DAY.fullmatch(plain):
            return date.fromisoformat(plain)
        if short := _SHORT_DAY.fullmatch(plain):
            return date(int(short[3]), int(short[2]), int(short[1]))
        if long := _LONG_DAY.fullmatch(plain):
            return date(int(long[3]), _months()[name_key(long[2])], int(long[1]))
    except (ValueError, KeyError):
        pass
    raise BadValue("a day such as « 23 juin 2026 »", quote(value))


def page(value: str) -> str:
    """Read a page of the Journal officiel, which is text: « 5635 », « 5635-5636 S »."""
    plain = squeeze(value)
    if not _PAGE.fullmatch(plain):
        raise BadValue("a page such as « 5635 »", quote(value))
    return plain


def civility_and_name(value: str) -> tuple[str | None, str]:
    """Split « M. Jean-Michel Brard »; a name may come without a civility, but is one name, of letters."""
    plain = squeeze(value)
    first, _, rest = plain.partition(" ")
    civility, name = (
        (_CIVILITIES[first.casefold()], rest) if first.casefold() in _CIVILITIES else (None, plain)
    )
    if not _NAME.fullmatch(name) or _TWO_NAMES.search(name):
        raise BadValue("a name such as « M. Jean-Michel Brard »", quote(value))
    return civility, name


def opening_name(text: str) -> str | None:
    """Give what follows the civility that a text begins with, if it goes on like a name."""
    opening = _OPENING.match(text)
    return opening["name"] if opening else None


def seat_and_group(value: str) -> tuple[Seat, str | None]:
    """Split « Loire-Atlantique (9^e circonscription) - Horizons & Indépendants » at the first « ) - »."""
    read = _SEAT.fullmatch(squeeze(value))
    if not read:
        raise BadValue("a seat such as « Loiret (6e circonscription) - Les Démocrates »", quote(value))
    return Seat(departement=departement(read["departement"]), number=int(read["number"])), read["group"]


def is_seat(value: str) -> bool:
    """Say whether a line is a seat, with or without a group."""
    return len(value) < 300 and bool(_SEAT.fullmatch(squeeze(value)))


@lru_cache(maxsize=4096)
def group(label: str, official_id: str | None = None, abbreviation: str | None = None) -> Group:
    """Make a group of its name, which also says whether it is one, or the deputies who are in none."""
    attached = name_key(label) not in ("non inscrit", "non inscrits", "deputes non inscrits", "ni")
    return Group(label=label, official_id=official_id, abbreviation=abbreviation, attached=attached)


@lru_cache(maxsize=4096)
def official_id(value: str, prefix: str = "P[AMO]") -> str:
    """Read an official id, of this prefix if one is given."""
    if not re.fullmatch(rf"{prefix}[0-9]{{1,9}}", value, re.ASCII):
        example = "PA" if prefix.endswith("]") else prefix
        raise BadValue(f"an official id such as {example}841339", quote(value))
    return value


def departement(name: str) -> str:
    """Give the code of a département or territory by its name."""
    try:
        return _departements()[name_key(name)]
    except KeyError:
        raise BadValue("a département such as « Loire-Atlantique »", quote(name)) from None


def departement_code(value: str) -> str:
    """Read the code of a département or territory, such as 44, 2A or 099."""
    code = squeeze(value).upper()
    if code not in departements.table():
        raise BadValue("the code of a département such as « 44 »", quote(value))
    return code


@cache
def _months() -> dict[str, int]:
    return {name_key(name): n for n, name in enumerate(MONTHS, 1)}


@cache
def _departements() -> dict[str, str]:
    return {name_key(n): d.code for d in departements.table().values() for n in (d.name, *d.aliases)}
