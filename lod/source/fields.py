"""Labelled values, each taken once; what nobody took is told."""

import difflib
from collections.abc import Callable, Iterable
from typing import TypeVar

from lod.errors import BadValue, shown
from lod.source.french import label as key_of

T = TypeVar("T")

MAX_LENGTH = 2000
"""The length that no labelled value comes near."""


class Fields:
    """What a document labels, and what of it nobody has used yet."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Split lines of the form « Label : value »; raise BadValue for a label that occurs twice."""
        self._left: dict[str, tuple[str, str]] = {}
        self._known: list[str] = []
        for line in lines:
            label, _, value = line.partition(":")
            if key_of(label) in self._left:
                raise BadValue("each field once", f"{shown(label.strip())} twice")
            self._left[key_of(label)] = (label.strip(), value.strip())

    def take(self, label: str, read: Callable[[str], T]) -> T:
        """Read the value of a label that must be there; a bad value is told with its label."""
        self._known.append(label)
        if key_of(label) not in self._left:
            raise BadValue(f"the field « {label} »", self._nearest(label))
        _, value = self._left.pop(key_of(label))
        if not value or len(value) > MAX_LENGTH:
            raise BadValue(f"a value of at most {MAX_LENGTH} characters", f"{len(value) or 'nothing'}", label)
        try:
            return read(value)
        except BadValue as bad:
            raise bad.at(label) from None

    def finish(self) -> None:
        """Raise BadValue if a field was not taken: it is unknown, or misspelt."""
        for label, value in self._left.values():
            near = difflib.get_close_matches(label, self._known, n=1)
            expected = f"a known field (nearest: « {near[0]} »)" if near else "a known field"
            raise UnknownField(expected, shown(f"{label} : {value}" if value else label))

    def _nearest(self, label: str) -> str:
        spelt = [written for written, _ in self._left.values()]
        near = difflib.get_close_matches(label, spelt, n=1)
        return shown(near[0]) if near else "nothing"


class UnknownField(BadValue):
    """A document says something that this program does not know how to publish."""
