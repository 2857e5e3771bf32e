"""A document that tells of several questions: each is read by itself, a bad one does not stop the others."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
from lod.model import Question, Source
from lod.source.diagnostics import Found, Remark, too_deep
from lod.source.exports.flat_fields import FlatFields

TreeReader: TypeAlias = Callable[[FlatFields, Source], Iterator[Question | Remark]]
"""Reads a question from nested values; raises BadValue."""

OneReader: TypeAlias = Callable[[Source], Iterator[Question | Remark]]
"""Reads one of the questions, as told by this document; raises BadValue."""


def read(readers: Iterable[OneReader], source: Source) -> Iterator[Found]:
    """Read the questions, each with its reader; a problem's place begins with the rank of its question."""
    shared = replace(source, alone=False)
    for rank, reader in enumerate(readers, 1):
        try:
            for found in reader(shared):
                yield found._replace(place=_place(rank, found.place)) if isinstance(found, Remark) else found
        except BadValue as bad:
            yield BadValue(bad.expected, bad.found, _place(rank, bad.place or ""))
        except RecursionError:
            yield too_deep(_place(rank, ""))


def beside(left: Any) -> Iterator[Remark]:
    """Tell of what stands in a document beside its questions: the marks of XML are no matter."""
    values = {"": left} if not isinstance(left, dict) else left
    if all(value is None for value in values.values()):
        return
    for path, value in FlatFields.of(values).left(
        {"@xmlns": "", "@xmlns:xsi": "", "@xsi:schemaLocation": ""}
    ):
        yield Remark(path, "nothing but questions", quote(value), Cause.UNKNOWN)


def nested(reader: TreeReader, value: Any, *, checked: bool = False) -> OneReader:
    """Give a reader of nested values that looks at them when it is called."""
    return lambda source: reader(FlatFields.of(value, checked=checked), source)


def _place(rank: int, place: str) -> str:
    return f"question {rank}, {place}" if place else f"question {rank}"
