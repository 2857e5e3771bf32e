"""The nested values of an export as texts by path, each used at most once; unused ones are reported.

The exports write "one value", "several values" and "no value" in many ways: an object or a list, `null`, a
missing key, `""`, `{"@xsi:nil": "true"}`, `{"#text": …}`. Here there are only texts at paths.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from lod.errors import BadValue, quote
from lod.finding import Finding
from lod.model import Text
from lod.source.document import all_plain, normalize
from lod.source.html_text import FRAGMENT_TAGS, read_fragment

T = TypeVar("T")
_INDEX = re.compile(r"\[[0-9]+\]")
_NIL = "@xsi:nil"
_TEXT = "#text"

_TRUNCATED_TAG = re.compile(
    r"</?([A-Za-z][A-Za-z0-9]*)(?:\s+[\w:-]+=(?:\"[^\"<>]*\"?|'[^'<>]*'?|[^\s\"'<>]*))*\s*(?:/\s*)?", re.ASCII
)


class FlatFields:
    """Texts by path, such as `minAttribs.minAttrib[0].infoJO.dateJO`, that have not been used yet.

    A key that itself contains a dot or a bracket is quoted.
    """

    def __init__(self) -> None:
        self._to_text: Callable[[Any], str] = _normalized_text
        self._values: dict[str, Any] = {}
        self._list_lengths: dict[str, int] = {}
        self._parents: set[str] = set()
        self._reported: list[BadValue] = []
        self._prefix = ""

    @classmethod
    def flatten(cls, value: Any, *, checked: bool = False) -> "FlatFields":
        """Return the texts of nested values; raise BadValue if they are not an object.

        Each is checked for characters that cannot be published, unless the whole document has been
        (`checked`).
        """
        if not isinstance(value, dict):
            raise BadValue("an object", quote(str(value)))
        fields = cls()
        fields._add_object(value, "")
        if checked or all_plain([*map(str, fields._values.values())]):
            fields._to_text = _scalar_text
        return fields

    def take(self, path: str, parse: Callable[[str], T | None]) -> T:
        """Parse the text at a path and mark it used; raise BadValue if there is none."""
        value = self.take_optional(path, parse)
        if value is None:
            raise BadValue("a value", "nothing", self._prefix + path)
        return value

    def take_optional(self, path: str, parse: Callable[[str], T | None]) -> T | None:
        """Parse the text at a path and mark it used; None if there is none. A BadValue names the path."""
        value = self._values.pop(self._prefix + path, None)
        if value is None:
            return None
        try:
            return parse(self._to_text(value))
        except BadValue as bad:
            raise bad.at(self._prefix + path) from None

    def take_html(self, path: str, *, debate: bool = False) -> Text | None:
        """Return the HTML fragment at a path as a text, or None if there is none or it has no words."""
        return self.take_optional(path, self._html_reader(path, debate=debate))

    def take_if_valid(self, path: str, parse: Callable[[str], T]) -> T | None:
        """Parse an optional text like `take_optional`; a bad one is reported and None is returned."""
        try:
            return self.take_optional(path, parse)
        except BadValue as bad:
            self._reported.append(bad)
            return None

    def peek(self, path: str, parse: Callable[[str], T]) -> T | None:
        """Parse the text at a path without using it; None if it is missing or bad."""
        value = self._values.get(self._prefix + path)
        try:
            return None if value is None else parse(self._to_text(value))
        except BadValue:
            return None

    def take_stated(self, path: str, parse: Callable[[str], T], finding: Finding | None = None) -> T | None:
        """Parse a text that should be there; a missing or bad one is reported and None is returned.

        `finding` is the kind of problem if it is missing.
        """
        before = len(self._reported)
        value = self.take_if_valid(path, parse)
        if value is None and len(self._reported) == before:
            self.report(path, "a value", "nothing", finding)
        return value

    def check_repeated(self, path: str, parse: Callable[[str], T], known: Collection[T | None]) -> None:
        """Use a text that repeats known values; report it if it differs from all of them."""
        self.report_if_different(path, self.take_if_valid(path, parse), known)

    def report_if_different(self, path: str, value: T | None, known: Collection[T | None]) -> None:
        """Report a value that differs from all known ones."""
        if value is not None and value not in known:
            expected = " or ".join(sorted({quote(str(known_value or "nothing")) for known_value in known}))
            self.report(path, f"{expected} as elsewhere", quote(str(value)))

    def report_bad(self, bad: BadValue) -> None:
        """Record the error of a part of a document that is left out."""
        self._reported.append(bad)

    def report(self, path: str, expected: str, found: str, finding: Finding | None = None) -> None:
        """Record what is unexpected about a text; `reported` returns it."""
        self._reported.append(BadValue(expected, found, self._prefix + path, finding))

    def subtrees(self, path: str) -> list["FlatFields"]:
        """Return the subtrees at a path, whether there are several, one or none, used or not."""
        return [
            self._subtree(f"{full_path}.")
            for full_path in self._paths(self._prefix + path)
            if f"{full_path}." in self._parents
        ]

    def take_all(self, path: str) -> list[str]:
        """Return the texts at a path and mark them used, whether there are several, one or none."""
        values = (self._values.pop(full_path, None) for full_path in self._paths(self._prefix + path))
        return [self._to_text(value) for value in values if value is not None]

    def has(self, path: str) -> bool:
        """Return whether there is a text at a path, or was one below it before any was used."""
        full_path = self._prefix + path
        return full_path in self._values or not self._parents.isdisjoint((f"{full_path}.", f"{full_path}["))

    def reported(self) -> Iterator[BadValue]:
        """Yield what was reported: bad values, and values that differ from others."""
        yield from self._reported

    def unused(self, ignored: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the paths and texts that were not used.

        Ignored keys, at any depth, tell nothing about the question: each has its reason.
        """
        for key, value in self._values.items():
            plain = _INDEX.sub("", key) if "[" in key else key
            if plain not in ignored and plain.rpartition(".")[2] not in ignored:
                yield key, str(value)

    def _html_reader(self, path: str, *, debate: bool) -> Callable[[str], Text | None]:
        """Return a reader of fragments that reports what is lost or doubtful in them.

        A known tag that the end of a fragment cuts off is dropped.
        """

        def read(fragment: str) -> Text | None:
            if tag := truncated_tag(fragment):
                expected, found = "a text that does not break off", f"{quote(tag, 30)} at its end"
                self.report(path, expected, found, Finding.TEXT_GARBLED)
                fragment = fragment.removesuffix(tag)
            text, observations = read_fragment(fragment, debate=debate)
            for seen in observations:
                self.report(path, seen.expected, seen.found, seen.finding)
            return text

        return read

    def _subtree(self, path: str) -> "FlatFields":
        """Return a view of the same texts below a path."""
        fields = FlatFields.__new__(FlatFields)
        fields.__dict__ |= {**self.__dict__, "_prefix": path}
        return fields

    def _paths(self, path: str) -> list[str]:
        """Return the path of a value, or the paths of the items of a list."""
        if path in self._list_lengths:
            return [f"{path}[{n}]" for n in range(self._list_lengths[path])]
        return [path]

    def _add_object(self, value: dict[str, Any], path: str) -> None:
        """Add the texts of an object; its path ends in a dot."""
        before = len(self._values)
        for key, item in value.items():
            if item is None:
                continue
            if key == _TEXT and not isinstance(item, dict | list):
                self._add_value(item, path[:-1])
            elif "." in key or "[" in key:
                self._add_value(item, f"{path}« {key} »")
            else:
                self._add_value(item, path + key)
        if len(self._values) > before + (_TEXT in value and path[:-1] in self._values):
            self._parents.add(path)

    def _add_value(self, value: Any, path: str) -> None:
        """Add the texts of a value in any style; blank texts count as none."""
        if isinstance(value, str):
            if value and not value.isspace():
                self._values[path] = value
        elif isinstance(value, dict):
            if not (_NIL in value and is_nil(value)):
                self._add_object(value, f"{path}.")
        elif isinstance(value, list):
            self._add_list(value, path)
        elif value is not None:
            self._values[path] = value

    def _add_list(self, values: list[Any], path: str) -> None:
        """Add the texts of a list; a list of one is its value, whatever is marked as missing beside it."""
        if len(values) != 1:
            values = [item for item in values if item is not None and not is_nil_object(item)]
        if len(values) == 1:
            self._add_value(values[0], path)
            return
        self._list_lengths[path], before = len(values), len(self._values)
        for n, item in enumerate(values):
            self._add_value(item, f"{path}[{n}]")
        if len(self._values) > before:
            self._parents.add(f"{path}[")


def is_nil_object(value: Any) -> bool:
    """Return whether a value is an object that is marked as nil and indeed holds nothing."""
    return isinstance(value, dict) and is_nil(value)


def is_nil(value: dict[str, Any]) -> bool:
    """Return whether an object is marked as nil and indeed holds nothing."""
    return value.get(_NIL) in ("true", "1") and all(key.startswith("@") for key in value)


def text_of(value: Any) -> str | None:
    """Return the text of a value in any of its styles, or None for any of the ways to write no value."""
    if isinstance(value, dict):
        value = None if is_nil(value) else value.get(_TEXT)
    if value is None or isinstance(value, dict | list):
        return None
    text = _normalized_text(value)
    return text if text and not text.isspace() else None


def _scalar_text(value: Any) -> str:
    if isinstance(value, bool):
        raise BadValue("a text", str(value).lower())
    return str(value)


def _normalized_text(value: Any) -> str:
    return normalize(_scalar_text(value))


def truncated_tag(fragment: str) -> str | None:
    """Return the known tag that the end of a fragment cuts off, such as « <b », or None."""
    start = fragment.rfind("<")
    if start < fragment.rfind(">") or start < 0:
        return None
    tag = _TRUNCATED_TAG.fullmatch(fragment, start)
    return tag[0] if tag and tag[1].lower() in FRAGMENT_TAGS else None
