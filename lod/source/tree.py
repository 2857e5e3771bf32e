"""The nested values of an export, taken path by path; what nobody took is told.

The exports write « one value », « several » and « none » in many ways: an object or a list, `null`, a missing
key, `""`, `{"@xsi:nil": "true"}`, `{"#text": …}`. Here there are only texts at paths.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from lod.errors import BadValue, shown
from lod.source.document import composed

T = TypeVar("T")
_INDEX = re.compile(r"\[[0-9]+\]")
_NIL = "@xsi:nil"


class Tree:
    """Texts by their paths, such as `minAttribs.minAttrib[0].infoJO.dateJO`; each can be taken once."""

    def __init__(self, left: dict[str, str], odd: list[BadValue], path: str = "") -> None:
        self._left = left
        self._odd = odd
        self._path = path

    @classmethod
    def of(cls, value: Any) -> "Tree":
        """Take in nested values; raise BadValue, with the path, if a leaf is no text."""
        return cls(dict(_flat(value, "")), [])

    def take(self, path: str, read: Callable[[str], T]) -> T | None:
        """Read the text at a path, if there is one; a bad value is told with its path."""
        whole = self._path + path
        text = self._left.pop(whole, None)
        try:
            return None if text is None else read(text)
        except BadValue as bad:
            raise bad.at(whole) from None

    def attempt(self, path: str, read: Callable[[str], T]) -> T | None:
        """Read a text that can be done without: a bad one is set aside, to be told."""
        try:
            return self.take(path, read)
        except BadValue as bad:
            self._odd.append(bad)
            return None

    def need(self, path: str, read: Callable[[str], T]) -> T:
        """Read the text at a path that must have one."""
        found = self.take(path, read)
        if found is None:
            raise BadValue("a value", "nothing", self._path + path)
        return found

    def has(self, path: str) -> bool:
        """Say whether something stands at a path or below it."""
        return any(self._under(self._path + path))

    def each(self, path: str) -> list["Tree"]:
        """Give the subtrees at a path, whether there are several, one or none."""
        whole = self._path + path
        indexes = sorted({int(key[len(whole) + 1 :].split("]")[0]) for key in self._under(f"{whole}[")})
        if indexes:
            return [Tree(self._left, self._odd, f"{whole}[{n}].") for n in indexes]
        return [Tree(self._left, self._odd, f"{whole}.")] if any(self._under(f"{whole}.")) else []

    def texts(self, path: str) -> list[str]:
        """Take the texts at a path, whether there are several, one or none."""
        whole = self._path + path
        keys = [key for key in self._under(whole) if _INDEX.sub("", key[len(whole) :]) == ""]
        return [self._left.pop(key) for key in keys]

    def leave(self, paths: dict[str, str]) -> None:
        """Leave out, at any depth, the keys that say nothing of the question: each has its reason."""
        for key in list(self._left):
            plain = _INDEX.sub("", key)
            if plain in paths or plain.rpartition(".")[2] in paths:
                del self._left[key]

    def odd(self) -> Iterator[BadValue]:
        """Give the bad values that were set aside."""
        yield from self._odd

    def left(self) -> Iterator[tuple[str, str]]:
        """Give the paths and texts that nobody took."""
        yield from self._left.items()

    def _under(self, start: str) -> Iterator[str]:
        return (key for key in self._left if key.startswith(start))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value.get(_NIL) not in ("true", "1"):
            for key, item in value.items():
                yield from _flat(item, _step(path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _flat(item, f"{path}[{n}]")
    elif value is not None:
        yield from _leaf(value, path)


def _step(path: str, key: str) -> str:
    if key == "#text":
        return path
    return f"{path}.{key}" if path else key


def _leaf(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, str):
        raise BadValue("a text", shown(str(value)), path)
    if value.strip():
        try:
            yield path, composed(value)
        except BadValue as bad:
            raise bad.at(path) from None
