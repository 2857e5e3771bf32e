"""Several accounts of one question become one question, or Problems that name them all.

What one account leaves out another may say; where they differ, the account that knows of the
later event is the newer version and counts. Accounts of the same day that differ are all rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from lod.errors import Cause, Problem, Severity, shown
from lod.letters import unspaced
from lod.model import Question

_BOOKS = ("sources", "stated")
"""What is kept of all accounts, or of the first that has it, and never differs."""


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
    newest, *others = sorted(accounts, key=lambda account: (last_day(account), account.sources), reverse=True)
    merged, problems, contradictory = newest, list[Problem](), False
    for other in others:
        differences = list[_Difference]()
        merged = _joined(merged, other, "", differences)
        old = last_day(other) < last_day(newest)
        contradictory |= bool(differences) and not old
        problems += [_outdated(newest, other, found) for found in differences if old]
    if contradictory:
        return Merged(question=None, problems=list(_contradictions(accounts)))
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
    elif is_dataclass(value):
        for field in fields(value):
            if field.name != "author":  # the days of mandates are the register's
                yield from _days(getattr(value, field.name))


def _joined(one: Any, other: Any, place: str, differences: list[_Difference]) -> Any:
    """Give what either says; where they differ, note that and give what the first says."""
    if other in (None, ()) or (one == other and not is_dataclass(one)):
        return one
    if one in (None, ()):
        return other
    if is_dataclass(one) and type(one) is type(other):
        return _joined_fields(one, other, place, differences)
    if isinstance(one, str) and isinstance(other, str) and unspaced(one) == unspaced(other):
        return max(one, other, key=lambda text: text.count("\n"))
    if isinstance(one, tuple):
        longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
        if (joined := _within(longer, shorter)) is not None:
            return joined
    differences.append(_Difference(place, one, other))
    return one


def _joined_fields(one: Any, other: Any, place: str, differences: list[_Difference]) -> Any:
    changes = {}
    for field in fields(one):
        mine, its = getattr(one, field.name), getattr(other, field.name)
        if field.name in _BOOKS:
            changes[field.name] = mine or its
        else:
            at = f"{place}.{field.name}" if place else field.name
            changes[field.name] = _joined(mine, its, at, differences)
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


def _outdated(newest: Question, other: Question, found: _Difference) -> Problem:
    newer = newest.sources[0]
    return Problem(
        document=other.sources[0].name,
        digest=other.sources[0].digest,
        place=found.place,
        expected=f"{shown(str(found.kept))} as in {newer.name} (sha256 {newer.digest[:12]}…), which is newer",
        found=shown(str(found.other)),
        severity=Severity.WARNING,
        cause=Cause.CONTRADICTION,
    )


def _contradictions(accounts: Sequence[Question]) -> Iterator[Problem]:
    for account in accounts:
        others = [other for other in accounts if other is not account]
        differences = list[_Difference]()
        for other in others:
            _joined(account, other, "", differences)
        named = sorted({f"{o.sources[0].name} (sha256 {o.sources[0].digest[:12]}…)" for o in others})
        yield Problem(
            document=account.sources[0].name,
            digest=account.sources[0].digest,
            place=", ".join(sorted({found.place for found in differences})),
            expected=f"the same as {' and '.join(named)} on {account.id.uid}",
            found="another account of it",
            severity=Severity.REJECTED,
            cause=Cause.CONTRADICTION,
        )
