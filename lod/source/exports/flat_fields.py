"""The nested values of an export, taken path by path; what nobody took is told.

The exports write « one value », « several » and « none » in many ways: an object or a list, `null`, a missing
key, `""`, `{"@xsi:nil": "true"}`, `{"#text": …}`. Here there are only texts at paths.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from lod.errors import BadValue, quote
from lod.source.document import are_plain, composed

T = TypeVar("T")
_INDEX = re.compile(r"\[[0-9]+\]")
_NIL = "@xsi:nil"
_TEXT = "#text"


class FlatFields:
    """Texts at paths, such as `minAttribs.minAttrib[0].infoJO.dateJO`; each can be taken once.

    What is left at the end, nobody took. A key that has a dot or a bracket of its own is in quotes.
    """

    def __init__(self) -> None:
        self._text: Callable[[Any], str] = _composed
        self._leaves: dict[str, Any] = {}
        self._lists: dict[str, int] = {}
        self._above: set[str] = set()
        self._odd: list[BadValue] = []
        self._path = ""

    @classmethod
    def of(cls, value: Any, *, checked: bool = False) -> "FlatFields":
        """Give the texts of nested values; raise BadValue if they are no object.

        Each is looked at for what cannot be published, unless the document they come from already was.
        """
        if not isinstance(value, dict):
            raise BadValue("an object", quote(str(value)))
        tree = cls()
        tree._grow(value, "")
        if checked or are_plain([*map(str, tree._leaves.values())]):
            tree._text = _text
        return tree

    def take(self, path: str, read: Callable[[str], T]) -> T | None:
        """Read the text at a path, if there is one; a bad value is told with its path."""
        value = self._leaves.pop(self._path + path, None)
        if value is None:
            return None
        try:
            return read(self._text(value))
        except BadValue as bad:
            raise bad.at(self._path + path) from None

    def attempt(self, path: str, read: Callable[[str], T]) -> T | None:
        """Read a text that can be done without: a bad one is set aside, to be told."""
        try:
            return self.take(path, read)
        except BadValue as bad:
            self._odd.append(bad)
            return None

    def agree(self, path: str, read: Callable[[str], T], known: Collection[T | None]) -> None:
        """Take a text that says once more what is known: one that says otherwise is set aside, to be told."""
        self.compare(path, self.attempt(path, read), known)

    def compare(self, path: str, again: T | None, known: Collection[T | None]) -> None:
        """Tell of a value that says otherwise what is known."""
        if again is not None and again not in known:
            expected = " or ".join(sorted({quote(str(value or "nothing")) for value in known}))
            self.tell(path, f"{expected} as elsewhere", quote(str(again)))

    def tell(self, path: str, expected: str, found: str) -> None:
        """Set aside what is odd about a text, to be told."""
        self._odd.append(BadValue(expected, found, self._path + path))

    def need(self, path: str, read: Callable[[str], T]) -> T:
        """Read the text at a path that must have one."""
        found = self.take(path, read)
        if found is None:
            raise BadValue("a value", "nothing", self._path + path)
        return found

    def each(self, path: str) -> list["FlatFields"]:
        """Give the subtrees at a path, whether there are several, one or none, taken or not."""
        return [
            self._at(f"{place}.") for place in self._places(self._path + path) if f"{place}." in self._above
        ]

    def texts(self, path: str) -> list[str]:
        """Take the texts at a path, whether there are several, one or none."""
        found = (self._leaves.pop(place, None) for place in self._places(self._path + path))
        return [self._text(value) for value in found if value is not None]

    def has(self, path: str) -> bool:
        """Say whether a text stands at a path, or stood below it before any was taken."""
        whole = self._path + path
        return whole in self._leaves or not self._above.isdisjoint((f"{whole}.", f"{whole}["))

    def odd(self) -> Iterator[BadValue]:
        """Give what was set aside: bad values, and what is odd about others."""
        yield from self._odd

    def left(self, left_out: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Give the paths and texts that nobody took.

        Keys that are left out, at any depth, say nothing of the question: each has its reason.
        """
        for key, value in self._leaves.items():
            plain = _INDEX.sub("", key) if "[" in key else key
            if plain not in left_out and plain.rpartition(".")[2] not in left_out:
                yield key, str(value)

    def _at(self, path: str) -> "FlatFields":
        """Give the same texts, seen from a path."""
        tree = FlatFields.__new__(FlatFields)
        tree.__dict__ |= {**self.__dict__, "_path": path}
        return tree

    def _places(self, path: str) -> list[str]:
        """Give the path of a value, or the paths of those in a list."""
        if path in self._lists:
            return [f"{path}[{n}]" for n in range(self._lists[path])]
        return [path]

    def _grow(self, value: dict[str, Any], path: str) -> None:
        """Add the texts in an object, the path of which ends in a dot."""
        before = len(self._leaves)
        for key, item in value.items():
            if item is None:
                continue
            if key == _TEXT and not isinstance(item, dict | list):
                self._add(item, path[:-1])
            elif "." in key or "[" in key:
                self._add(item, f"{path}« {key} »")
            else:
                self._add(item, path + key)
        if len(self._leaves) > before + (_TEXT in value and path[:-1] in self._leaves):
            self._above.add(path)

    def _add(self, value: Any, path: str) -> None:
        """Add the texts in a value of any style; one of blanks says nothing."""
        if isinstance(value, str):
            if value and not value.isspace():
                self._leaves[path] = value
        elif isinstance(value, dict):
            if not (_NIL in value and is_nil(value)):
                self._grow(value, f"{path}.")
        elif isinstance(value, list):
            self._spread(value, path)
        elif value is not None:
            self._leaves[path] = value

    def _spread(self, values: list[Any], path: str) -> None:
        """Add the texts in a list."""
        self._lists[path], before = len(values), len(self._leaves)
        for n, item in enumerate(values):
            self._add(item, f"{path}[{n}]")
        if len(self._leaves) > before:
            self._above.add(f"{path}[")


def is_nil(value: dict[str, Any]) -> bool:
    """Say whether an object says that it is nothing, and indeed holds nothing."""
    return value.get(_NIL) in ("true", "1") and all(key.startswith("@") for key in value)


def text_of(value: Any) -> str | None:
    """Give the text of a value in any of its styles, or None for any of the ways to say nothing."""
    if isinstance(value, dict):
        value = None if is_nil(value) else value.get(_TEXT)
    if value is None or isinstance(value, dict | list):
        return None
    text = _composed(value)
    return text if text and not text.isspace() else None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise BadValue("a text", str(value).lower())
    return str(value)


def _composed(value: Any) -> str:
    return composed(_text(value))
