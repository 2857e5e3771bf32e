"""The nested values of an export, taken path by path; what nobody took is told.

The exports write « one value », « several » and « none » in many ways: an object or a list, `null`, a missing
key, `""`, `{"@xsi:nil": "true"}`, `{"#text": …}`. Here there are only texts at paths.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

from lod.errors import BadValue, shown
from lod.source.document import composed

T = TypeVar("T")
_INDEX = re.compile(r"\[[0-9]+\]")
_NIL = "@xsi:nil"
_TEXT = "#text"


class Tree:
    """Texts at paths, such as `minAttribs.minAttrib[0].infoJO.dateJO`; each can be taken once.

    The values themselves are taken apart: what is left in them at the end, nobody took.
    """

    def __init__(self, values: dict[str, Any], odd: list[BadValue], path: str = "") -> None:
        self._values = values
        self._odd = odd
        self._path = path

    @classmethod
    def of(cls, value: Any) -> "Tree":
        """Take over nested values; raise BadValue if they are no object."""
        if not isinstance(value, dict):
            raise BadValue("an object", shown(str(value)))
        return cls(value, [])

    def take(self, path: str, read: Callable[[str], T]) -> T | None:
        """Read the text at a path, if there is one; a bad value is told with its path."""
        try:
            text = self._pop(path)
            return None if text is None else read(text)
        except BadValue as bad:
            raise bad.at(self._path + path) from None

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

    def each(self, path: str) -> list["Tree"]:
        """Give the subtrees at a path, whether there are several, one or none."""
        value = self._value(path)
        whole = self._path + path
        if isinstance(value, list):
            inner = [(item, f"{whole}[{n}].") for n, item in enumerate(value)]
        else:
            inner = [(value, f"{whole}.")]
        return [
            Tree(item, self._odd, place)
            for item, place in inner
            if isinstance(item, dict) and _says_something(item)
        ]

    def texts(self, path: str) -> list[str]:
        """Take the texts at a path, whether there are several, one or none."""
        parent, key = self._parent(path)
        if not parent or not isinstance(parent.get(key), list):
            text = self._pop(path)
            return [] if text is None else [text]
        items = [(item, text_of(item)) for item in parent[key]]
        parent[key] = [_rest(item) if text is not None else item for item, text in items]
        return [text for _, text in items if text is not None]

    def has(self, path: str) -> bool:
        """Say whether a text stands at a path or below it."""
        return _says_something(self._value(path))

    def odd(self) -> Iterator[BadValue]:
        """Give the bad values that were set aside."""
        yield from self._odd

    def left(self, left_out: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Give the paths and texts that nobody took.

        Keys that are left out, at any depth, say nothing of the question: each has its reason.
        """
        for key, value in _leaves(self._values, ""):
            plain = _INDEX.sub("", key) if "[" in key else key
            if plain not in left_out and plain.rpartition(".")[2] not in left_out:
                yield key, value

    def _pop(self, path: str) -> str | None:
        parent, key = self._parent(path)
        if not parent or (text := text_of(parent.get(key))) is None:
            return None
        if isinstance(parent[key], dict):
            del parent[key][_TEXT]
        else:
            del parent[key]
        return text

    def _value(self, path: str) -> Any:
        parent, key = self._parent(path)
        return parent.get(key) if parent else None

    def _parent(self, path: str) -> tuple[dict[str, Any] | None, str]:
        """Give the object that has the last key of a path, if there is one."""
        *steps, key = _steps(path)
        node: Any = self._values
        for step in steps:
            node = node.get(step)
            if not isinstance(node, dict) or (_NIL in node and is_nil(node)):
                return None, key
        return node, key


@cache
def _steps(path: str) -> list[str]:
    return path.split(".")


def is_nil(value: dict[str, Any]) -> bool:
    """Say whether an object says that it is nothing, and indeed holds nothing."""
    return value.get(_NIL) in ("true", "1") and all(key.startswith("@") for key in value)


def text_of(value: Any) -> str | None:
    """Give the text of a value in any of its styles, or None for any of the ways to say nothing."""
    if isinstance(value, dict):
        value = None if is_nil(value) else value.get(_TEXT)
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        raise BadValue("a text", str(value).lower())
    text = value if isinstance(value, str) else str(value)
    return composed(text) if text and not text.isspace() else None


def _rest(value: Any) -> Any:
    """Give what is left of a value when its text is taken."""
    return {k: v for k, v in value.items() if k != _TEXT} if isinstance(value, dict) else None


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give the texts in nested values, with their paths."""
    if isinstance(value, dict):
        if not is_nil(value):
            for key, item in value.items():
                inner = path if key == _TEXT else f"{path}.{key}" if path else key
                yield from _leaves(item, inner)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _leaves(item, f"{path}[{n}]")
    elif value is not None and (text := str(value)).strip():
        yield path, text


def _says_something(value: Any) -> bool:
    """Say whether there is a text in nested values."""
    if isinstance(value, dict):
        return not is_nil(value) and any(map(_says_something, value.values()))
    if isinstance(value, list):
        return any(map(_says_something, value))
    return value is not None and str(value).strip() != ""
