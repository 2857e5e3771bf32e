"""Merge several accounts of one question into one, or report them all as contradictory.

What one account omits is taken from another. Where they differ, the account with the later last event is the
newer version, and counts. Accounts with the same last day that differ are all rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from lod.errors import Cause, Problem, Severity, quote
from lod.finding import Finding
from lod.model import PROVENANCE_FIELDS, Question, Source
from lod.slugs import text_key, words

_MAX_NAMED = 3
"""How many contradicting accounts a problem names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merged question, or None if its accounts contradict each other, and the problems found."""

    question: Question | None
    problems: list[Problem]


class _Difference(NamedTuple):
    place: str
    kept: Any
    other: Any


def merge(accounts: Sequence[Question]) -> Merged:
    """Merge the accounts of one question; their order makes no difference."""
    if len(accounts) == 1:
        return Merged(question=accounts[0], problems=[])
    by_day = sorted(accounts, key=lambda account: (last_day(account), account.sources), reverse=True)
    merged, problems = by_day[0], list[Problem]()
    for n, other in enumerate(by_day[1:], 1):
        differences = list[_Difference]()
        joined = _join(merged, other, "", differences)
        if any(
            _differences(account, other) for account in by_day[:n] if last_day(account) == last_day(other)
        ):
            return Merged(question=None, problems=list(_contradictions(by_day)))
        problems += [_outdated(by_day[:n], other, difference) for difference in differences]
        merged = joined
    sources = tuple(sorted({source for account in accounts for source in account.sources}))
    corrections = tuple(sorted({each for account in accounts for each in account.corrections}))
    return Merged(question=replace(merged, sources=sources, corrections=corrections), problems=problems)


def last_day(question: Question) -> date:
    """Return the day of the last event in an account."""
    return max(_days(question))


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _days(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in ("author", "stated", "corrections"):  # days of the register, and of operators
                yield from _days(getattr(value, name))


def _join(one: Any, other: Any, place: str, differences: list[_Difference]) -> Any:
    """Return the value of either; where they differ, add that to `differences` and return the first."""
    if other in (None, ()) or (one == other and not isinstance(one, Struct)):
        return one
    if one in (None, ()):
        return other
    if isinstance(one, Struct) and type(one) is type(other):
        return _join_fields(one, other, place, differences)
    if isinstance(one, str) and isinstance(other, str) and _is_same(one, other, place):
        return max(one, other, key=lambda text: text.count("\n"))
    if isinstance(one, tuple):
        longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
        if (joined := _join_subsequence(longer, shorter)) is not None:
            return joined
    differences.append(_Difference(place, one, other))
    return one


def _is_same(one: str, other: str, place: str) -> bool:
    """Return whether two texts are the same; in names, whatever their order, as some pages invert it."""
    if place == "author.name":
        return sorted(words(one)) == sorted(words(other))
    return text_key(one) == text_key(other)


def _join_fields(one: Any, other: Any, place: str, differences: list[_Difference]) -> Any:
    changes = {}
    for name in one.__struct_fields__:
        mine, its = getattr(one, name), getattr(other, name)
        if name in PROVENANCE_FIELDS:
            changes[name] = mine or its
        else:
            changes[name] = _join(mine, its, f"{place}.{name}" if place else name, differences)
    return replace(one, **changes)


def _join_subsequence(longer: tuple[Any, ...], shorter: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Join a tuple with one that has some of its items, in the same order; return None for any other."""
    joined, remaining = [], list(shorter)
    for item in longer:
        differences = list[_Difference]()
        both = _join(item, remaining[0], "", differences) if remaining else item
        if differences:
            both = item
        elif remaining:
            remaining.pop(0)
        joined.append(both)
    return None if remaining else tuple(joined)


def _differences(one: Question, other: Question) -> list[_Difference]:
    differences = list[_Difference]()
    _join(one, other, "", differences)
    return differences


def _outdated(newer: Sequence[Question], other: Question, difference: _Difference) -> Problem:
    """Return the warning that an account differs from a newer one."""
    differing = [
        account
        for account in newer
        if any(each.place == difference.place for each in _differences(account, other))
    ]
    source = (differing or list(newer))[0].sources[0]
    return Problem(
        document=other.sources[0].name,
        digest=other.sources[0].digest,
        place=difference.place,
        expected=f"{_quote(difference.kept)} as in {_document(source)}, which is newer",
        found=_quote(difference.other),
        severity=Severity.WARNING,
        cause=Cause.CONTRADICTION,
        part=other.id.part,
        finding=Finding.ACCOUNT_PREFERRED,
    )


def _document(source: Source) -> str:
    return f"{source.name} (sha256 {source.digest[:12]}…)"


def _quote(value: Any) -> str:
    """Return the texts within a value, quoted."""
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
    """Yield for each account a problem that names the accounts which differ from it, and in what."""
    places = [
        [{difference.place for difference in _differences(one, other)} for other in accounts]
        for one in accounts
    ]
    every = {place for row in places for differing in row for place in differing}
    for account, row in zip(accounts, places, strict=True):
        differing = {other.sources[0] for other, fields in zip(accounts, row, strict=True) if fields}
        others = sorted(differing or {other.sources[0] for other in accounts if other is not account})
        names = [_document(source) for source in others[:_MAX_NAMED]]
        more = [f"{len(others) - _MAX_NAMED} more"] if len(others) > _MAX_NAMED else []
        own = {place for fields in row for place in fields}
        yield Problem(
            document=account.sources[0].name,
            digest=account.sources[0].digest,
            place=", ".join(sorted(own or every)),
            expected=f"the same as {' and '.join([*names, *more])} on {account.id.uid}",
            found="another account of it" if differing else "these to differ from each other",
            severity=Severity.REJECTED,
            cause=Cause.CONTRADICTION,
            part=account.id.part,
        )
