"""The form of a question: all that decides how its document is written, but for values only copied."""

import operator
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lod.describe.life import TWO_MONTHS_SINCE
from lod.keyed_cache import KeyedCache
from lod.model import (
    Attribution,
    Author,
    Group,
    Identity,
    JournalPage,
    Ministry,
    Question,
    QuestionId,
    Seat,
    Source,
    Tenure,
)

Leaf: TypeAlias = str | int | date | Seat
"""A value that documents copy, whole or in another spelling."""
Key: TypeAlias = tuple[object, ...]

_MOST_DAYS = 40
"""The most days of a question with a form."""
_LEFT_OUT: dict[type[Struct], frozenset[str]] = {
    Question: frozenset({"stated", "corrections"}),
    Author: frozenset({"civility", "constituency_id"}),
    Identity: frozenset({"id", "civility", "given_name", "family_name"}),
    Tenure: frozenset({"start", "end", "quality"}),
    Group: frozenset({"official_id", "abbreviation", "attached"}),
    Ministry: frozenset({"full_name"}),
    Attribution: frozenset({"number"}),
    JournalPage: frozenset({"number"}),
    Source: frozenset({"name", "dated", "export"}),
}
"""What the document of a question says nothing of; shared resources do, which have no templates.

To leave a field out makes forms fewer. Questions with corrections have none.
"""
_DECIDING: dict[type[Struct], frozenset[str]] = {
    Author: frozenset({"departement"}),
    QuestionId: frozenset({"legislature", "kind"}),
}
"""The values that decide what is written, and are copied nowhere."""


class Form(NamedTuple):
    """The form of a question, by a key that all questions of that form share, and the values of this one."""

    key: Key
    leaves: list[Leaf]


def form_of(question: Question) -> Form | None:
    """Return the form of a question; None if it is too rare to have one.

    The key has what is there and what is not, how often, which values are equal, the order of the days, and
    on which side of a change of the rules they are.
    """
    identity = question.author.identity
    if question.corrections or (identity and len(identity.affiliations) > 1):
        return None
    key, leaves = list[object](), list[Leaf]()
    _collect([question], _OF_DOCUMENT, key, leaves)
    days = [leaf for leaf in leaves if type(leaf) is date]
    ranks = {day: rank for rank, day in enumerate(sorted(set(days)))}
    first = dict[Leaf, int]()
    key += [first.setdefault(leaf, n) for n, leaf in enumerate(leaves)]
    key += [ranks[day] for day in days]
    key += [day >= TWO_MONTHS_SINCE for day in days]
    leaves += [(day - question.published.on).days for day in days]
    return Form(tuple(key), leaves) if len(ranks) <= _MOST_DAYS else None


def twin(question: Question, which: int) -> Question:
    """Return an invented question of the same form, the first or the second of two without common values."""
    leaves = list[Leaf]()
    _collect([question], _WHOLE, [], leaves)
    invented = dict[Leaf, Leaf](_invented_days({leaf for leaf in leaves if type(leaf) is date}, which))
    for n, leaf in enumerate(leaves):
        if leaf not in invented:
            invented[leaf] = _invented(leaf, n, which)
    replaced: Question = _replaced(question, invented)
    return replaced


def _invented(leaf: Leaf, n: int, which: int) -> Leaf:
    """Return a value that is found again wherever it is written; an empty text stays empty."""
    if isinstance(leaf, str):
        return f"Zq{which}w{n:04}x" if leaf else ""
    number = 987_000_000 + 1_000_000 * which + n
    return Seat(departement="25" if which == 1 else "44", number=number) if isinstance(leaf, Seat) else number


def _invented_days(days: set[date], which: int) -> Iterable[tuple[date, date]]:
    """Yield an invented day for each day, in the same order; no two are of one year."""
    for n, day in enumerate(sorted(days)):
        year = 2301 + 71 * n if day >= TWO_MONTHS_SINCE else 1001 + 7 * n
        yield day, date(year + which, 1 + (5 * n + 3 * which) % 12, 2 + (7 * n + which) % 26)


def _collect(values: Iterable[object], fields: "_Fields", key: list[object], leaves: list[Leaf]) -> None:
    """Add values, and the values within them, to the key of a form and to its leaves."""
    for value in values:
        kind = type(value)
        if kind in _LEAVES:
            key.append(bool(value) if kind is str else kind)
            leaves.append(value)  # type: ignore[arg-type]
        elif value is None or kind is bool:
            key.append(value)
        elif isinstance(value, str):
            key.append(str(value))  # hashed more quickly than a member of an enumeration
        elif isinstance(value, tuple):
            key.append(len(value))
            _collect(value, fields, key, leaves)
        else:
            deciding, others = fields[kind]
            key.append(kind)
            key += deciding(value)
            _collect(others(value), fields, key, leaves)


def _replaced(value: Any, invented: dict[Leaf, Leaf]) -> Any:
    """Return a value with its leaves replaced by invented ones."""
    if isinstance(value, tuple):
        return tuple(_replaced(item, invented) for item in value)
    if value is None or isinstance(value, bool | StrEnum):
        return value
    if type(value) in _LEAVES:
        return invented[value]
    copied = [name for name in value.__struct_fields__ if name not in _DECIDING.get(type(value), ())]
    return replace(value, **{name: _replaced(getattr(value, name), invented) for name in copied})


_LEAVES = frozenset({str, int, date, Seat})
_Getter: TypeAlias = Callable[[Any], tuple[Any, ...]]
_Fields: TypeAlias = KeyedCache[Any, tuple[_Getter, _Getter]]


def _getters(kind: type[Struct], left_out: frozenset[str]) -> tuple[_Getter, _Getter]:
    """Return what gets the deciding fields of a record, and what gets all others but those left out."""
    deciding = _DECIDING.get(kind, frozenset())
    others = [name for name in kind.__struct_fields__ if name not in deciding | left_out]
    return _getter(sorted(deciding)), _getter(others)


def _getter(names: list[str]) -> _Getter:
    if len(names) > 1:
        return operator.attrgetter(*names)
    if not names:
        return lambda _: ()
    get = operator.attrgetter(names[0])
    return lambda value: (get(value),)


_OF_DOCUMENT: _Fields = KeyedCache(lambda kind: _getters(kind, _LEFT_OUT.get(kind, frozenset())))
_WHOLE: _Fields = KeyedCache(lambda kind: _getters(kind, frozenset()))
