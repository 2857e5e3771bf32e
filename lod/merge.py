"""Several accounts of one question become one question, or Problems that name them all.

What one account leaves out another may say; where they differ, the account that knows of the
later event is the newer version and counts. Accounts of the same day that differ are all rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from lod.errors import Cause, Problem, Severity, quote
from lod.model import PROVENANCE_FIELDS, Question, Text
from lod.slugs import text_key, words
from lod.texts import same_words

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The question, or None if its accounts contradict each other, and what there is to tell of them."""

    question: Question | None
    problems: list[Problem]


class _Difference(NamedTuple):
    place: str
    kept: Any
    other: Any


def merge(accounts: Sequence[Question]) -> Merged:
    """Bring the accounts of one question together, whatever their order."""
    if len(accounts) == 1:
        return Merged(question=accounts[0], problems=[])
    by_day = sorted(accounts, key=lambda account: (last_day(account), account.sources), reverse=True)
    merged, problems = by_day[0], list[Problem]()
    for n, other in enumerate(by_day[1:], 1):
        differences = list[_Difference]()
        joined = _joined(merged, other, "", differences)
        if any(_differ(account, other) for account in by_day[:n] if last_day(account) == last_day(other)):
            return Merged(question=None, problems=list(_contradictions(by_day)))
        problems += [_outdated(by_day[:n], other, found) for found in differences]
        merged = joined
    sources = sorted({source for account in accounts for source in account.sources})
    return Merged(question=replace(merged, sources=tuple(sources)), problems=problems)


def last_day(question: Question) -> date:
    """Give the day of the last event that an account knows of."""
    return max(_days(question))


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _days(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in ("author", "stated"):  # the days of mandates are the register's
                yield from _days(getattr(value, name))


def _joined(one: Any, other: Any, place: str, differences: list[_Difference]) -> Any:
    """Give what either says; where they differ, note that and give what the first says."""
    if other in (None, ()) or (one == other and not isinstance(one, Struct)):
        return one
    if one in (None, ()):
        return other
    if _is_same(one, other, place):
        return max(one, other, key=_richness)
    if isinstance(one, Struct) and type(one) is type(other):
        return _joined_fields(one, other, place, differences)
    if isinstance(one, tuple):
        longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
        if (joined := _within(longer, shorter)) is not None:
            return joined
    differences.append(_Difference(place, one, other))
    return one


def _is_same(one: Any, other: Any, place: str) -> bool:
    """Say whether two texts say the same: some pages have the family name of the author first."""
    if isinstance(one, Text) and isinstance(other, Text):
        return same_words(one.plain, other.plain)
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if place == "author.name":
        return sorted(words(one)) == sorted(words(other))
    return text_key(one) == text_key(other)


def _richness(text: str | Text) -> tuple[bool, int]:
    """Say how much of its structure a text has kept."""
    if isinstance(text, Text):
        return text.html is not None, text.plain.count("\n")
    return False, text.count("\n")


def _joined_fields(one: Any, other: Any, place: str, differences: list[_Difference]) -> Any:
    changes = {}
    for name in one.__struct_fields__:
        mine, its = getattr(one, name), getattr(other, name)
        if name in PROVENANCE_FIELDS:
            changes[name] = mine or its
        else:
            changes[name] = _joined(mine, its, f"{place}.{name}" if place else name, differences)
    return replace(one, **changes)


def _within(longer: tuple[Any, ...], shorter: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Join a tuple with one whose items are all found in it, in the same order; None if they are not."""
    joined, left = [], list(shorter)
    for item in longer:
        differences = list[_Difference]()
        both = _joined(item, left[0], "", differences) if left else item
        if differences:
            both = item
        elif left:
            left.pop(0)
        joined.append(both)
    return None if left else tuple(joined)


def _differ(one: Question, other: Question) -> list[_Difference]:
    differences = list[_Difference]()
    _joined(one, other, "", differences)
    return differences


def _outdated(newer: Sequence[Question], other: Question, found: _Difference) -> Problem:
    """Say that an account states otherwise what a newer one states."""
    states = [account for account in newer if any(d.place == found.place for d in _differ(account, other))]
    by = (states or list(newer))[0].sources[0]
    return Problem(
        document=other.sources[0].name,
        digest=other.sources[0].digest,
        place=found.place,
        expected=f"{_quoted(found.kept)} as in {by.name} (sha256 {by.digest[:12]}…), which is newer",
        found=_quoted(found.other),
        severity=Severity.WARNING,
        cause=Cause.CONTRADICTION,
    )


def _quoted(value: Any) -> str:
    """Quote what a value says, without its form."""
    return quote(", ".join(_leaves(value)))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _leaves(getattr(value, name))
    elif value is not None:
        yield str(value)


def _contradictions(accounts: Sequence[Question]) -> Iterator[Problem]:
    """Name to each account those that differ from it, and on what; if none does, all of that."""
    places = [[{found.place for found in _differ(one, other)} for other in accounts] for one in accounts]
    every = {place for row in places for found in row for place in found}
    for account, row in zip(accounts, places, strict=True):
        differing = {other.sources[0] for other, found in zip(accounts, row, strict=True) if found}
        named = sorted(differing or {other.sources[0] for other in accounts if other is not account})
        told = [f"{source.name} (sha256 {source.digest[:12]}…)" for source in named[:_NAMED]]
        more = [f"{len(named) - _NAMED} more"] if len(named) > _NAMED else []
        mine = {place for found in row for place in found}
        yield Problem(
            document=account.sources[0].name,
            digest=account.sources[0].digest,
            place=", ".join(sorted(mine or every)),
            expected=f"the same as {' and '.join([*told, *more])} on {account.id.uid}",
            found="another account of it" if differing else "these to differ from each other",
            severity=Severity.REJECTED,
            cause=Cause.CONTRADICTION,
        )
