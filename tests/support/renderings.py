"""Records and triples as lines to be read; a long text of a real document only by what identifies it."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from lod import Problem, Question, describe_question, to_ntriples
from lod.errors import BadValue

LONG = 160
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def rendered(found: list[Question | Problem], *, whole: bool) -> str:
    """Give what was read of a document, field by field; or, not `whole`, shortened and with its triples."""
    lines: list[str] = []
    for item in found:
        lines += _lines("problem", f"{item}", whole) if isinstance(item, Problem) else _record(item, whole)
    return "\n".join(lines) + "\n"


def _record(question: Question, whole: bool) -> Iterator[str]:
    for name, value in question.content.items():
        yield from _lines(name, value, whole)
    if not whole:
        yield from ("", *_triples(question))


def _lines(path: str, value: Any, whole: bool) -> Iterator[str]:
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _lines(f"{path}.{name}", getattr(value, name), whole)
    elif isinstance(value, tuple):
        for n, item in enumerate(value, 1):
            yield from _lines(f"{path}[{n}]", item, whole)
    elif value is not None:
        text = str(value)
        yield f"{path}: {text if whole or len(text) <= LONG else _summary(text)}".replace("\n", "\n    ")


def _triples(question: Question) -> Iterator[str]:
    try:
        triples = to_ntriples(describe_question(question))
    except BadValue as bad:
        yield f"not described: {bad}"
        return
    for triple in sorted(triples.splitlines()):
        yield _LITERAL.sub(_shortened, triple)


def _shortened(literal: re.Match[str]) -> str:
    text = literal[1]
    return f'"{_summary(text)}"' if len(text) > LONG else literal[0]


def _summary(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[:60]!r} …, {text.count(chr(10)) + 1} lines, SHA-256 {digest}"
