"""A correction: what it replaces, when it applies, how an old value is recognised that may not be shown."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lod.corrections.properties import Property, set_value, value_at
from lod.errors import BadValue, quote
from lod.model import AppliedCorrection, Ministry, Question, QuestionId

HIDDEN = "a value that is not shown"
"""What is said of an old value that a correction redacts."""
_ALIKE = str.maketrans("\u00a0\u202f\n\u2019", "   '")
"""Characters that documents print differently: spaces, ends of lines, apostrophes; each remains one."""


class NotApplied(BadValue):
    """A correction does not apply to an account; `is_needless` if the account has the new value already."""

    is_needless = False

    @classmethod
    def needless(cls, new: str) -> "NotApplied":
        """Return the error for an account that needs no correction."""
        error = cls("the old value that the correction replaces", f"the new one, {new}: it can be removed")
        error.is_needless = True
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """An old text that can be recognised, but not read: its length, a salt, and its salted SHA-256."""

    sha256: str
    salt: str
    length: int

    @classmethod
    def of(cls, text: str, salt: str) -> "Redacted":
        """Redact a text."""
        return cls(sha256=_salted_digest(comparable(text), salt), salt=salt, length=len(text))

    def occurs_in(self, text: str) -> bool:
        """Return whether a text has the old one in it."""
        return bool(self.positions(comparable(text)))

    def positions(self, text: str) -> list[int]:
        """Return where a text, as compared, has the old one."""
        starts = range(len(text) - self.length + 1)
        return [n for n in starts if _salted_digest(text[n : n + self.length], self.salt) == self.sha256]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction of a property; a `passage` is a part of a text that occurs in it exactly once.

    `old` is None if the documents state nothing, or if it is redacted; `new` is None if nothing is published.
    """

    name: str
    question: QuestionId
    target: Property
    old: Any
    new: Any
    passage: bool
    redacted: Redacted | None
    reason: str
    source: str
    on: date

    def apply(self, question: Question) -> Question:
        """Return the corrected account of a question; raise NotApplied if it has not the old value."""
        try:
            before = value_at(question, self.target)
        except BadValue as bad:
            raise NotApplied(bad.expected, bad.found) from None
        after = self._replace_passage(before) if self.passage else self._replace_whole(before)
        changed = set_value(question, self.target, after)
        applied = [self._applied(source.digest) for source in question.sources]
        return replace(changed, corrections=(*changed.corrections, *applied))

    @property
    def shown_old(self) -> str:
        """The old value, as far as it is shown."""
        return HIDDEN if self.redacted else _shown(self.old)

    @property
    def shown_new(self) -> str:
        """The new value, for people."""
        return _shown(self.new)

    def _replace_whole(self, before: Any) -> Any:
        if self.redacted:
            is_old = isinstance(before, str) and len(before) == self.redacted.length
            if is_old and self.redacted.positions(comparable(before)):
                return self.new
        elif comparable(before) == comparable(self.old):
            return self.new
        if comparable(before) == comparable(self.new):
            raise NotApplied.needless(self.shown_new)
        raise NotApplied(self.shown_old, HIDDEN if self.redacted else _shown(before))

    def _replace_passage(self, before: str | None) -> str:
        text, new = before or "", self.new or ""
        found, length = self._passages(comparable(text))
        if len(found) == 1:
            return text[: found[0]] + new + text[found[0] + length :]
        if not found and new and comparable(new) in comparable(text):
            raise NotApplied.needless(self.shown_new)
        raise NotApplied(f"{self.shown_old} exactly once", f"it {len(found)} times")

    def _passages(self, text: str) -> tuple[list[int], int]:
        if self.redacted:
            return self.redacted.positions(text), self.redacted.length
        old = comparable(self.old)
        starts = range(len(text) - len(old) + 1)
        return [n for n in starts if text.startswith(old, n)], len(old)

    def _applied(self, digest: str) -> AppliedCorrection:
        return AppliedCorrection(
            name=self.name,
            term=self.target.iri,
            label=self.target.label,
            reason=self.reason,
            source=self.source,
            on=self.on,
            digest=digest,
        )


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a build, by question."""

    by_question: dict[QuestionId, list[Correction]] = field(default_factory=dict)

    @classmethod
    def of(cls, corrections: Iterable[Correction]) -> "Corrections":
        """Group corrections by question, in the order of their names."""
        grouped = cls()
        for each in sorted(corrections, key=lambda correction: correction.name):
            grouped.by_question.setdefault(each.question, []).append(each)
        return grouped

    def __len__(self) -> int:
        """Return the number of corrections."""
        return sum(map(len, self.by_question.values()))


def comparable(value: Any) -> Any:
    """Return a value as it is compared: texts with one kind of space, of apostrophe, of end of line."""
    if isinstance(value, Ministry):
        value = value.label
    return value.translate(_ALIKE) if isinstance(value, str) else value


def _shown(value: Any) -> str:
    if isinstance(value, Struct):
        value = getattr(value, "notation", None) or getattr(value, "label", None)
    return "nothing" if value is None else quote(str(value))


def _salted_digest(text: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()
