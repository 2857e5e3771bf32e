"""Several accounts of one question become one question, or Problems that name them all.

What one account leaves out another may say. Where they differ, the newer account counts and the other is
told: newer is the one of the later day, which its archive or its name states, or else the last event that it
knows of. Accounts of one day may differ in their words: those of an official export are published. If they
differ on facts, all are rejected.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lod.dates import date_in_name
from lod.errors import Cause, Problem, Severity, quote
from lod.model import (
    PROVENANCE_FIELDS,
    Answer,
    Attribution,
    Author,
    Erratum,
    Ministry,
    Question,
    Source,
)
from lod.slugs import text_key, words
from lod.texts import same_words

_NAMED = 3
_TEXTS = frozenset(("title", "text", "answers.text", "errata.text", "answers.errata.text"))
_WORDING = _TEXTS | {"closure.label", "asked.full_name", "attributions.ministry.full_name", "recalls"}
"""Places at which accounts differ in words alone; what a text recalls follows the text."""
_FACTS_OF_AUTHOR = ("official_id", "seat.departement", "seat.number", "departement", "group.official_id")
"""What identifies an author and the group: names may be spelt otherwise, a register adds the rest."""

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The question, or None if its accounts contradict each other, and what there is to tell of them."""

    question: Question | None
    problems: list[Problem]


class _Difference(NamedTuple):
    place: str
    kept: Any
    other: Any
    is_of_facts: bool


def merge(accounts: Sequence[Question]) -> Merged:
    """Bring the accounts of one question together, whatever their order."""
    if len(accounts) == 1:
        return Merged(question=accounts[0], problems=[])
    ordered = sorted(accounts, key=_precedence, reverse=True)
    official = frozenset(text for account in ordered if _source(account).export for text in _texts(account))
    merged, problems = ordered[0], list[Problem]()
    for n, other in enumerate(ordered[1:], 1):
        joint = _Joint(official)
        joined = joint.join(merged, other)
        newer = [account for account in ordered[:n] if _age(account) > _age(other)]
        settled = {found.place for account in newer for found in _differences(account, other)}
        if any(found.is_of_facts and found.place not in settled for found in joint.differences):
            return Merged(question=None, problems=list(_contradictions(ordered)))
        problems += [_outdated(ordered[:n], other, found) for found in joint.differences]
        merged = joined
    sources, stated = _sources(ordered), _stated_authors(ordered, merged.author)
    return Merged(question=replace(merged, sources=sources, stated=stated), problems=problems)


def last_day(question: Question) -> date:
    """Give the day of the last event that an account knows of."""
    return max(_days(question))


def _precedence(account: Question) -> tuple[Any, ...]:
    """Return the key that orders accounts: age, exports before pages, who says more, and last the bytes."""
    content = _encode([*account.said.values()])
    return (*_age(account), _source(account).export, len(content), content, _source(account).digest)


def _age(account: Question) -> tuple[date, date]:
    """Return the day of an account, and the day in its name: archives are often packed on the same day."""
    source, known = _source(account), last_day(account)
    return max(source.dated or known, known), date_in_name(source.name) or date.min


def _source(account: Question) -> Source:
    return account.sources[0]


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _days(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in ("author", *PROVENANCE_FIELDS):  # the days of mandates and archives are others
                yield from _days(getattr(value, name))


def _texts(account: Question) -> Iterator[str]:
    errata = (*account.errata, *(erratum for answer in account.answers for erratum in answer.errata))
    said = [*(answer.text for answer in account.answers), *(erratum.text for erratum in errata)]
    yield from filter(None, (account.title, account.text, *said))


def _sources(accounts: Iterable[Question]) -> tuple[Source, ...]:
    """Return each document once: of copies with the same bytes, the newest."""
    sources = sorted(
        (s for account in accounts for s in account.sources), key=lambda s: (s.dated or date.min, s.name)
    )
    return tuple(sorted({source.digest: source for source in sources}.values()))


def _stated_authors(accounts: Iterable[Question], author: Author) -> tuple[Author, ...]:
    """Return the author as each account has it, unless all have what is published."""
    stated = dict.fromkeys(said for account in accounts for said in account.stated or (account.author,))
    return () if set(stated) == {author} else tuple(stated)


@dataclass(slots=True)
class _Joint:
    """Two accounts as they are joined: the texts of official exports, and the differences found."""

    official: frozenset[str] = frozenset()
    differences: list[_Difference] = field(default_factory=list)
    is_one_person: bool = False

    def join(self, one: Question, other: Question) -> Question:
        """Return what either account says; where they differ, what the first one says."""
        mine, its = one.author, other.author
        self.is_one_person = any(
            known is not None and known == theirs
            for known, theirs in ((mine.official_id, its.official_id), (mine.seat, its.seat))
        )
        changes = {name: self._value(said, other.said[name], name) for name, said in one.said.items()}
        return replace(one, **changes)

    def _value(self, one: Any, other: Any, place: str) -> Any:
        if other in (None, ()) or (one == other and not isinstance(one, Struct)):
            return one
        if one in (None, ()):
            return other
        if isinstance(one, Struct) and type(one) is type(other):
            names = one.__struct_fields__
            return replace(
                one,
                **{
                    name: self._value(getattr(one, name), getattr(other, name), f"{place}.{name}")
                    for name in names
                },
            )
        if isinstance(one, str) and isinstance(other, str) and _is_same(one, other, place):
            return max(one, other, key=lambda text: (text in self.official, text.count("\n")))
        if isinstance(one, tuple) and (pairs := _pairs(one, other)) is not None:
            return tuple(self._value(mine, its, place) if mine is not None else its for mine, its in pairs)
        self.differences.append(_Difference(place, one, other, self._is_of_facts(place)))
        return one

    def _is_of_facts(self, place: str) -> bool:
        if place == "author.name":
            return not self.is_one_person
        if place.startswith("author."):
            return place.removeprefix("author.") in _FACTS_OF_AUTHOR
        return place not in _WORDING


def _is_same(one: str, other: str, place: str) -> bool:
    """Say whether two texts say the same: some pages have the family name of the author first."""
    if place == "author.name":
        return sorted(words(one)) == sorted(words(other))
    return same_words(one, other) if place in _TEXTS else text_key(one) == text_key(other)


def _pairs(one: tuple[Any, ...], other: tuple[Any, ...]) -> list[tuple[Any, Any]] | None:
    """Pair the items of two tuples if all of the shorter are in the longer, in order; otherwise None."""
    turned = len(other) > len(one)
    longer, left = (other, list(one)) if turned else (one, list(other))
    pairs = list[tuple[Any, Any]]()
    for item in longer:
        its = left.pop(0) if left and _is_same_item(item, left[0]) else None
        pairs.append((its, item) if turned else (item, its))
    return None if left else pairs


def _is_same_item(one: Any, other: Any) -> bool:
    """Return whether two items are accounts of the same thing: an answer or an erratum by its day."""
    match one, other:
        case Answer(), Answer():
            return bool(one.published.on == other.published.on)
        case Erratum(), Erratum():
            days = {erratum.published and erratum.published.on for erratum in (one, other)} - {None}
            return len(days) < 2
        case Attribution(), Attribution():
            return _is_same_ministry(one.ministry, other.ministry) and (
                one.on == other.on or None in (one.on, other.on)
            )
        case str(), str():
            return text_key(one) == text_key(other)
    return bool(one == other)


def _is_same_ministry(one: Ministry, other: Ministry) -> bool:
    known = {one.official_id, other.official_id} - {None}
    return len(known) < 2 and text_key(one.label) == text_key(other.label)


def _differences(one: Question, other: Question) -> list[_Difference]:
    joint = _Joint()
    joint.join(one, other)
    return joint.differences


def _outdated(before: Sequence[Question], other: Question, found: _Difference) -> Problem:
    """Say that an account states otherwise what one before it states."""
    states = [
        account for account in before if any(d.place == found.place for d in _differences(account, other))
    ]
    by = (states or list(before))[0]
    source, its = _source(other), _source(by)
    return Problem(
        document=source.name,
        digest=source.digest,
        place=found.place,
        expected=f"{_quoted(found.kept)} as in {its.name} (sha256 {its.digest[:12]}…), {_reason(by, other)}",
        found=_quoted(found.other),
        severity=Severity.WARNING,
        cause=Cause.CONTRADICTION,
    )


def _reason(kept: Question, other: Question) -> str:
    """Say why one account counts more than another."""
    if _age(kept) > _age(other):
        return "which is newer"
    if _source(kept).export and not _source(other).export:
        return "which is an official export"
    return "which says as much or more; neither is known to be newer"


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
    places = [
        [{found.place for found in _differences(one, other) if found.is_of_facts} for other in accounts]
        for one in accounts
    ]
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
