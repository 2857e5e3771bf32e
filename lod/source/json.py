"""JSON as the Assemblée exports it, read strictly: no duplicate key, no NaN, no endless nesting."""

import json
from collections.abc import Iterator
from typing import Any

from lod.errors import BadValue, shown
from lod.model import Source
from lod.source import official, several
from lod.source.document import unpublishable
from lod.source.found import Found
from lod.source.tree import Tree


def parse(text: str) -> Any:
    """Parse JSON; raise BadValue with the place of what is not plain JSON."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_no_constant,
            parse_int=_number,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise BadValue("JSON", f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise BadValue("JSON nested less deeply", "more levels than can be read") from None


def text_of(value: Any) -> str | None:
    """Give the text of a value in any of its styles: a string, `#text`, or one of the ways to say nothing."""
    if isinstance(value, dict):
        value = None if value.get("@xsi:nil") == "true" else value.get("#text")
    if not isinstance(value, str) or not value.strip():
        return None
    if bad := unpublishable(value):
        raise BadValue("text without control characters", f"U+{ord(bad):04X}")
    return value


def object_of(value: Any, key: str) -> dict[str, Any]:
    """Give the object at a key, empty if there is none; raise BadValue if something else stands there."""
    found = value.get(key)
    if found is None or (isinstance(found, dict) and found.get("@xsi:nil") == "true"):
        return {}
    if not isinstance(found, dict):
        raise BadValue(f"an object at « {key} »", shown(str(found)), key)
    return found


def list_of(value: Any) -> list[Any]:
    """Give the values of a key that holds one, several or none."""
    if value is None or (isinstance(value, dict) and value.get("@xsi:nil") == "true"):
        return []
    return value if isinstance(value, list) else [value]


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BadValue("each key once", f"{shown(twice)} twice")
    return found


def _number(digits: str) -> str:
    return digits  # numbers are strings in the exports; whatever else stands there is judged as one


def _no_constant(name: str) -> None:
    raise BadValue("a JSON value", shown(name))


def looks_like(text: str) -> bool:
    """Say whether a text is meant as JSON."""
    return text.lstrip().startswith(("{", "["))


def read(text: str, source: Source) -> Iterator[Found]:
    """Read the question of an official file, `{"question": {…}}`, or those of a file that lists them."""
    root = parse(text)
    if isinstance(root, dict) and isinstance(root.get("question"), dict):
        yield from official.read(Tree.of(root["question"]), source)
        return
    listed = questions_in(root)
    if not listed:
        raise BadValue(
            "an object with a « question », or a list of these",
            f"JSON that begins {shown(text.lstrip(), 30)}",
        )
    yield from several.read(((official.read, value) for value in listed), source)


def questions_in(value: Any) -> list[Any]:
    """Give the first list of questions in nested values: the one of which an item has an identifier."""
    if isinstance(value, list):
        return value if any(isinstance(item, dict) and "uid" in item for item in value) else []
    inner = value.values() if isinstance(value, dict) else ()
    return next(filter(None, map(questions_in, inner)), [])
