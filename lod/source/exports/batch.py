"""A document that tells of several questions: each is read by itself, a bad one does not stop the others."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
from lod.model import Question, Source
from lod.source.diagnostics import ReadItem, Remark, nested_too_deeply
from lod.source.exports.flat_fields import FlatFields

QuestionReader: TypeAlias = Callable[[FlatFields, Source], Iterator[Question | Remark]]
"""Reads a question from nested values; raises BadValue."""

DeferredReader: TypeAlias = Callable[[Source], Iterator[Question | Remark]]
"""Reads one of the questions, as told by this document; raises BadValue."""


def read_each(readers: Iterable[DeferredReader], source: Source) -> Iterator[ReadItem]:
    """Read the questions, each with its reader; a problem's place begins with the rank of its question."""
    shared = replace(source, alone=False)
    for rank, reader in enumerate(readers, 1):
        try:
            for found in reader(shared):
                yield (
                    found._replace(place=_place_in_batch(rank, found.place))
                    if isinstance(found, Remark)
                    else found
                )
        except BadValue as bad:
            yield BadValue(bad.expected, bad.found, _place_in_batch(rank, bad.place or ""))
        except RecursionError:
            yield nested_too_deeply(_place_in_batch(rank, ""))


def report_other_content(left: Any) -> Iterator[Remark]:
    """Tell of what stands in a document beside its questions: the marks of XML are no matter."""
    values = {"": left} if not isinstance(left, dict) else left
    if all(value is None for value in values.values()):
        return
    for path, value in FlatFields.flatten(values).unused(
        {"@xmlns": "", "@xmlns:xsi": "", "@xsi:schemaLocation": ""}
    ):
        yield Remark(path, "nothing but questions", quote(value), Cause.UNKNOWN)


def defer(reader: QuestionReader, value: Any, *, checked: bool = False) -> DeferredReader:
    """Give a reader of nested values that looks at them when it is called."""
    return lambda source: reader(FlatFields.flatten(value, checked=checked), source)


def _place_in_batch(rank: int, place: str) -> str:
    return f"question {rank}, {place}" if place else f"question {rank}"
