"""Merge several accounts of one question into one, or report them all as contradictory.

What one account omits is taken from another. Where they differ, the newer account counts, and the difference
is reported: newer is the account with the later day, which its archive or its name states, or else with the
later last event. Accounts of one day may differ in wording: that of an official export is published. If they
differ in facts, all are rejected.
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
from lod.finding import Finding
from lod.model import (
    PROVENANCE_FIELDS,
    Answer,
    Attribution,
    Author,
    Closure,
    Ending,
    Erratum,
    Ministry,
    Question,
    Source,
    Text,
)
from lod.slugs import text_key, words
from lod.texts import same_words

_MAX_NAMED = 3
"""How many contradicting accounts a problem names."""

_TEXTS = frozenset(("title", "text", "answers.text", "errata.text", "answers.errata.text"))
_WORDING = _TEXTS | {
    "closure.label",
    "ministry_asked.full_name",
    "attributions.ministry.full_name",
    "recalls",
}
"""Places at which accounts may differ in wording alone; what a text recalls follows from the text."""
_FACTS_OF_AUTHOR = ("official_id", "seat.departement", "seat.number", "departement", "group.official_id")
"""What identifies an author and the group: names may be spelt otherwise, and a register adds the rest."""

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The one question, with warnings; or None, with the reason for each account."""

    question: Question | None
    problems: list[Problem]


class _Difference(NamedTuple):
    place: str
    kept: Any
    other: Any
    is_factual: bool


def merge(accounts: Sequence[Question]) -> Merged:
    """Merge the accounts of one question; their order makes no difference."""
    if len(accounts) == 1:
        return Merged(question=accounts[0], problems=[])
    ordered = sorted(accounts, key=_precedence, reverse=True)
    official = frozenset(text for account in ordered if _source(account).export for text in _texts(account))
    merged, problems = ordered[0], list[Problem]()
    for n, other in enumerate(ordered[1:], 1):
        comparison = _Comparison(official)
        joined = comparison.join(merged, other)
        newer = [account for account in ordered[:n] if _age(account) > _age(other)]
        settled = {each.place for account in newer for each in _differences(account, other)}
        if any(each.is_factual and each.place not in settled for each in comparison.differences):
            return Merged(question=None, problems=list(_contradictions(ordered)))
        problems += [_outdated(ordered[:n], other, difference) for difference in comparison.differences]
        merged = joined
    if merged.answers and merged.closure and merged.closure.ending is Ending.UNKNOWN:
        merged = replace(merged, closure=None)
    sources, stated = _sources(ordered), _stated_authors(ordered, merged.author)
    corrections = tuple(sorted({each for account in accounts for each in account.corrections}))
    return Merged(
        question=replace(merged, sources=sources, stated=stated, corrections=corrections), problems=problems
    )


def last_day(question: Question) -> date:
    """Return the day of the last event in an account."""
    return max(_days(question))


def _precedence(account: Question) -> tuple[Any, ...]:
    """Return the key that orders accounts: age, exports before pages, length, and last the bytes."""
    content = _encode([*account.content.values()])
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
            if name not in ("author", *PROVENANCE_FIELDS):  # days of mandates, archives, operators: no events
                yield from _days(getattr(value, name))


def _texts(account: Question) -> Iterator[str | Text]:
    errata = (*account.errata, *(erratum for answer in account.answers for erratum in answer.errata))
    texts = [*(answer.text for answer in account.answers), *(erratum.text for erratum in errata)]
    yield from filter(None, (account.title, account.text, *texts))


def _sources(accounts: Iterable[Question]) -> tuple[Source, ...]:
    """Return each document once: of copies with the same bytes, the newest."""
    sources = sorted(
        (source for account in accounts for source in account.sources),
        key=lambda source: (source.dated or date.min, source.name),
    )
    return tuple(sorted({source.digest: source for source in sources}.values()))


def _stated_authors(accounts: Iterable[Question], author: Author) -> tuple[Author, ...]:
    """Return the author as each account states them, unless all state what is published."""
    stated = dict.fromkeys(each for account in accounts for each in account.stated or (account.author,))
    return () if set(stated) == {author} else tuple(stated)


@dataclass(slots=True)
class _Comparison:
    """The comparison of two accounts: the texts of official exports, and the differences found."""

    official: frozenset[str | Text] = frozenset()
    differences: list[_Difference] = field(default_factory=list)
    is_one_person: bool = False

    def join(self, one: Question, other: Question) -> Question:
        """Return what either account states; where they differ, what the first one states."""
        first, second = one.author, other.author
        self.is_one_person = any(
            known is not None and known == second_known
            for known, second_known in ((first.official_id, second.official_id), (first.seat, second.seat))
        )
        changes = {name: self._value(value, other.content[name], name) for name, value in one.content.items()}
        return replace(one, **changes)

    def _value(self, one: Any, other: Any, place: str) -> Any:
        if other in (None, ()) or (one == other and not isinstance(one, Struct)):
            return one
        if one in (None, ()):
            return other
        if isinstance(one, Closure) and isinstance(other, Closure) and (ending := _same_ending(one, other)):
            closer = max(one, other, key=lambda each: (each.ending is ending, len(each.label or "")))
            one, other = (replace(each, ending=ending, label=closer.label) for each in (one, other))
        if isinstance(one, str | Text) and type(one) is type(other) and _is_same(one, other, place):
            return max(one, other, key=lambda text: (text in self.official, *_structure(text)))
        if isinstance(one, Struct) and type(one) is type(other) and not isinstance(one, Text):
            changes = {
                name: self._value(getattr(one, name), getattr(other, name), f"{place}.{name}")
                for name in one.__struct_fields__
            }
            return replace(one, **changes)
        if isinstance(one, tuple) and (pairs := _pairs(one, other)) is not None:
            return tuple(
                self._value(first, second, place) if first is not None else second for first, second in pairs
            )
        self.differences.append(_Difference(place, one, other, self._is_factual(place)))
        return one

    def _is_factual(self, place: str) -> bool:
        if place == "author.name":
            return not self.is_one_person
        if place.startswith("author."):
            return place.removeprefix("author.") in _FACTS_OF_AUTHOR
        return place not in _WORDING


def _same_ending(one: Closure, other: Closure) -> Ending | None:
    """Return the ending that two closures state, perhaps one of them in closer words; None if they differ."""
    known = {each.ending for each in (one, other)} - {Ending.UNKNOWN}
    return None if len(known) > 1 else next(iter(known), Ending.UNKNOWN)


def _is_same(one: str | Text, other: str | Text, place: str) -> bool:
    """Return whether two texts are the same; in names, whatever their order, as some pages invert it."""
    one, other = _plain(one), _plain(other)
    if place == "author.name":
        return sorted(words(one)) == sorted(words(other))
    return same_words(one, other) if place in _TEXTS else text_key(one) == text_key(other)


def _plain(text: str | Text) -> str:
    return text.plain if isinstance(text, Text) else text


def _structure(text: str | Text) -> tuple[bool, int]:
    """Return how much of its structure a text has: HTML or none, and the number of its line ends."""
    return isinstance(text, Text) and text.html is not None, _plain(text).count("\n")


def _pairs(one: tuple[Any, ...], other: tuple[Any, ...]) -> list[tuple[Any, Any]] | None:
    """Pair the items of two tuples if all of the shorter are in the longer, in order; otherwise None."""
    is_swapped = len(other) > len(one)
    longer, remaining = (other, list(one)) if is_swapped else (one, list(other))
    pairs = list[tuple[Any, Any]]()
    for item in longer:
        match = remaining.pop(0) if remaining and _is_same_item(item, remaining[0]) else None
        pairs.append((match, item) if is_swapped else (item, match))
    return None if remaining else pairs


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
    comparison = _Comparison()
    comparison.join(one, other)
    return comparison.differences


def _outdated(before: Sequence[Question], other: Question, difference: _Difference) -> Problem:
    """Return the warning that an account differs from one with precedence."""
    differing = [
        account
        for account in before
        if any(each.place == difference.place for each in _differences(account, other))
    ]
    kept = (differing or list(before))[0]
    return Problem(
        document=_source(other).name,
        digest=_source(other).digest,
        place=difference.place,
        expected=f"{_quote(difference.kept)} as in {_document(_source(kept))}, {_reason(kept, other)}",
        found=_quote(difference.other),
        severity=Severity.WARNING,
        cause=Cause.CONTRADICTION,
        part=other.id.part,
        finding=Finding.ACCOUNT_PREFERRED,
    )


def _reason(kept: Question, other: Question) -> str:
    """Return why one account has precedence over another."""
    if _age(kept) > _age(other):
        return "which is newer"
    if _source(kept).export and not _source(other).export:
        return "which is an official export"
    return "which says as much or more; neither is known to be newer"


def _document(source: Source) -> str:
    return f"{source.name} (sha256 {source.digest[:12]}…)"


def _quote(value: Any) -> str:
    """Return the texts within a value, quoted."""
    return quote(", ".join(_leaves(value)))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, Text):
        yield value.plain
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _leaves(getattr(value, name))
    elif value is not None:
        yield str(value)


def _contradictions(accounts: Sequence[Question]) -> Iterator[Problem]:
    """Yield for each account a problem that names the accounts which differ from it, and in what."""
    places = [
        [{each.place for each in _differences(one, other) if each.is_factual} for other in accounts]
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
