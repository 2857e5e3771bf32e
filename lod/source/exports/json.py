"""The JSON exports of the Assemblée, read strictly: no duplicate key, no NaN, no excessive nesting."""

import contextlib
import io
import itertools
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

import msgspec

from lod.errors import BadValue, quote
from lod.finding import Finding
from lod.model import Question, Source
from lod.source.diagnostics import ReadItem, Remark
from lod.source.document import MAX_BYTES
from lod.source.exports import batch
from lod.source.exports import question as official
from lod.source.exports.flat_fields import FlatFields
from lod.source.other_forms import NOT_READ, json_lines

_SCANNER = json.JSONDecoder()
_CONTAINERS = (dict, list)
_FAST_LEVELS = 100
_KEY = re.compile(r'"\s*:')
_KEY_BEFORE_SPACE = re.compile(r'"\s+:')
_HEAD_CHARACTERS = 2**22
_CHUNK_CHARACTERS = 2**20
_LIST_START = re.compile(r"\[\s*(?=\{)")
_BLANKS, _ITEM_SEPARATOR = re.compile(r"\s*"), re.compile(r"\s*(?:,\s*(?=\{)|(?=\]))")
_ESCAPED = re.compile(r"\\[ubfr]")
"""Escapes with which JSON can hide unpublishable characters from the check of the text itself."""
_REGISTER_KEYS = frozenset({"acteur", "deport", "mandat", "organe"})
"""The root keys of the files of the register."""
_STRING = re.compile(r"\"(?:[^\"\\\\]|\\\\.)*\"")


class _DecimalText(str):
    """A number with a point, as its digits: the only text that is not in quotes."""

    __slots__ = ()


_FAST_DECODER = msgspec.json.Decoder(float_hook=_DecimalText)


def parse(text: str) -> Any:
    """Parse JSON; raise BadValue with the position of what is not strict JSON."""
    try:
        value = _FAST_DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _parse_strictly(text)  # which reports what is wrong, and where
    if text.count('"') == 2 * _count_strings(value):
        return value  # every quote is accounted for: no key is duplicated
    keys = len(_KEY.findall(text)) if _KEY_BEFORE_SPACE.search(text) else text.count('":')
    try:
        return value if keys == _count_keys(value) else _parse_strictly(text)
    except RecursionError:
        raise _json_too_deep() from None


def _count_strings(value: Any) -> int:
    """Count the quoted strings of nested values, keys and texts; return -1 if they are nested deeply."""
    count, level = 0, [value]
    for _ in range(_FAST_LEVELS):
        next_level = list[Any]()
        for item in level:
            kind = type(item)
            if kind is str:
                count += 1
            elif kind is dict:
                count += len(item)
                next_level += item.values()
            elif kind is list:
                next_level += item
        if not next_level:
            return count
        level = next_level
    return -1


def _count_keys(value: Any) -> int:
    """Count the keys of nested values: if the text has more, one is duplicated, or stands in a value."""
    if isinstance(value, dict):
        return len(value) + sum([_count_keys(item) for item in value.values() if type(item) in _CONTAINERS])
    return (
        sum([_count_keys(item) for item in value if type(item) in _CONTAINERS])
        if isinstance(value, list)
        else 0
    )


def _parse_strictly(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_reject_duplicates,
            parse_constant=_reject_constant,
            parse_int=_keep_digits,
            parse_float=_keep_digits,
        )
    except json.JSONDecodeError as error:
        if _is_json_lines(text, error):
            raise json_lines() from None
        raise BadValue("JSON", f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise _json_too_deep() from None


def _is_json_lines(text: str, error: json.JSONDecodeError) -> bool:
    """Return whether one object was read and another begins on the next line."""
    return error.msg == "Extra data" and text.startswith("{", error.pos) and text[error.pos - 1] == "\n"


def _json_too_deep() -> BadValue:
    return BadValue("JSON nested less deeply", "more levels than can be read")


def _reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BadValue("each key once", f"{quote(twice)} twice")
    return values


def _keep_digits(digits: str) -> str:
    return digits  # numbers are strings in the exports; others are treated alike


def _reject_constant(name: str) -> None:
    raise BadValue("a JSON value", quote(name))


def looks_like(text: str) -> bool:
    """Return whether a text is meant to be JSON."""
    return text.lstrip().startswith(("{", "["))


def read(text: str, source: Source) -> Iterator[ReadItem]:
    """Read the question of an official file, `{"question": {…}}`, or those of a file that lists several."""
    root = parse(text)
    if isinstance(root, dict) and root and root.keys() <= _REGISTER_KEYS:
        raise BadValue(
            "a document about a question", f"a file of the register, « {min(root)} »; give it with --register"
        )
    checked = not _ESCAPED.search(text)
    questions: list[Any] = []
    rest = _extract_questions(root, "", questions)
    if not questions:
        begins = f"JSON that begins {quote(text.lstrip(), 30)}: {NOT_READ}"
        expected = "an object with a « question », or a list of these"
        raise BadValue(expected, begins, finding=Finding.FORM_NOT_READ)
    if len(questions) == 1 and isinstance(root, dict) and root.get("question") is questions[0]:
        yield from official.read(FlatFields.flatten(questions[0], checked=checked), source)
    else:
        readers = (batch.defer(official.read, value, checked=checked) for value in questions)
        yield from batch.read_each(readers, source)
    yield from batch.report_other_content(rest)


def _extract_questions(value: Any, key: str, questions: list[Any]) -> Any:
    """Move the questions out of nested values into `questions`, in order, and return the rest."""
    if isinstance(value, dict):
        if key == "question" or "uid" in value:
            questions.append(value)
            return None
        return {k: _extract_questions(item, k, questions) for k, item in value.items()}
    if isinstance(value, list):
        if any(isinstance(item, dict) and "uid" in item for item in value):
            questions += value
            return None
        return [_extract_questions(item, "", questions) for item in value]
    return value


def stream(data: IO[bytes], source: Source) -> Iterator[ReadItem]:
    """Read the questions of a file too large for memory: those of the first list of questions in it."""
    try:
        with io.TextIOWrapper(data, encoding="utf-8-sig", newline="") as text:
            head = text.read(_HEAD_CHARACTERS)
            start = _find_list(head)
            end = _closing_brackets(head[:start])
            items = _split_items(text, head[start:], end)
            yield from batch.read_each((partial(_read_item, question) for question in items), source)
            yield from batch.report_other_content(parse(head[:start] + end))
    except UnicodeDecodeError as error:
        raise BadValue("text in UTF-8", f"the byte 0x{error.object[error.start]:02X}") from None


def _read_item(text: str, source: Source) -> Iterator[Question | Remark]:
    yield from official.read(FlatFields.flatten(parse(text)), source)


def _split_items(text: IO[str], buffer: str, end: str) -> Iterator[str]:
    """Yield the JSON of each question; only the end of the list and of the file may follow."""
    position, separator = 0, _BLANKS
    while True:
        try:
            match = separator.match(buffer, position)
            if match and buffer.startswith("]", match.end()):
                break
            start = match.end() if match else len(buffer)
            _, stop = _SCANNER.raw_decode(buffer, start)
        except json.JSONDecodeError as error:
            more = text.read(_CHUNK_CHARACTERS)
            if not more or len(buffer) - position > MAX_BYTES:
                raise BadValue("a whole list of questions", f"{error.msg} in one of them") from None
            buffer, position = buffer[position:] + more, 0
            continue
        yield buffer[start:stop]
        position, separator = stop, _ITEM_SEPARATOR
    if (rest := "".join((buffer[position:] + text.read(_CHUNK_CHARACTERS)).split())) != end:
        raise BadValue("nothing after the list of questions", quote(rest.removeprefix("]"), 30))


def _closing_brackets(before: str) -> str:
    """Return the brackets that close a list and all that was opened before it."""
    opening = (c for c in _STRING.sub("", before) if c in "{[")
    return "".join("}" if c == "{" else "]" for c in reversed(list(opening)))


def _find_list(text: str) -> int:
    """Return the position of the first list of questions: its first item has an identifier."""
    for match in itertools.islice(_LIST_START.finditer(text), 100):
        with contextlib.suppress(json.JSONDecodeError):
            first, _ = _SCANNER.raw_decode(text, match.end())
            if "uid" in first:
                return match.end()
    raise BadValue("a list of questions", f"JSON that begins {quote(text.lstrip(), 30)}")
