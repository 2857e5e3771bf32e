"""How documents spell the values of a question."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from lod.dates import french_date, months_after
from lod.describe import place
from lod.describe.life import DAYS_TO_ANSWER_ONCE_FLAGGED, MONTHS_TO_ANSWER
from lod.describe.shared import CACHE_SIZE
from lod.iri import slug
from lod.model import Seat

Spelling: TypeAlias = Callable[[Any], bytes]
"""A function from a value to what stands in the texts of all formats."""

_encode = msgspec.json.Encoder().encode
_NAME = re.compile(r"[A-Za-z0-9._-]*")


def literal(text: str) -> bytes:
    """Return a text as it stands between the quotes of a literal; in IRIs, if `is_name`, it is the same."""
    return _encode(text)[1:-1]


def is_name(value: object) -> bool:
    """Return whether a value is a text that may stand in an IRI as it is."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def of_type(kind: type) -> tuple[Spelling, ...]:
    """Return the spellings of the values of a type."""
    return _SPELLINGS[kind]


@lru_cache(CACHE_SIZE)
def _slug(label: str) -> bytes:
    return slug(label).encode()


@lru_cache(CACHE_SIZE)
def _iso(day: date) -> bytes:
    return day.isoformat().encode()


@lru_cache(CACHE_SIZE)
def _french(day: date) -> bytes:
    return french_date(day).encode()


def _one_month_later(day: date) -> bytes:
    return _iso(months_after(day, 1))


def _due(day: date) -> bytes:
    return _iso(months_after(day, MONTHS_TO_ANSWER))


def _due_once_flagged(day: date) -> bytes:
    return _iso(day + timedelta(DAYS_TO_ANSWER_ONCE_FLAGGED))


@lru_cache(CACHE_SIZE)
def _notation(seat: Seat) -> bytes:
    return seat.notation.lower().encode()


@lru_cache(CACHE_SIZE)
def _seat_label(seat: Seat) -> bytes:
    return literal(place.label(seat))


_SPELLINGS: dict[type, tuple[Spelling, ...]] = {
    str: (literal, _slug),
    int: (b"%d".__mod__,),
    date: (_iso, _french, _one_month_later, _due, _due_once_flagged),
    Seat: (_notation, _seat_label),
}
