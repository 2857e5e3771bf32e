"""Documents of several questions: each question is read by itself, a bad one does not stop the others."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
from lod.model import Question, Source
from lod.source.diagnostics import ReadItem, Remark, nested_too_deeply
from lod.source.exports.flat_fields import FlatFields

QuestionReader: TypeAlias = Callable[[FlatFields, Source], Iterator[Question | Remark]]
"""Reads a question from its nested values; raises BadValue."""

DeferredReader: TypeAlias = Callable[[Source], Iterator[Question | Remark]]
"""Reads one question of a document when it is called; raises BadValue."""


def read_each(readers: Iterable[DeferredReader], source: Source) -> Iterator[ReadItem]:
    """Read each question with its reader; places in problems begin with the rank of the question."""
    shared = replace(source, alone=False)
    for rank, reader in enumerate(readers, 1):
        try:
            for item in reader(shared):
                yield (
                    item._replace(place=_place_in_batch(rank, item.place))
                    if isinstance(item, Remark)
                    else item
                )
        except BadValue as bad:
            yield BadValue(bad.expected, bad.found, _place_in_batch(rank, bad.place or ""), bad.finding)
        except RecursionError:
            yield nested_too_deeply(_place_in_batch(rank, ""))


def report_other_content(rest: Any) -> Iterator[Remark]:
    """Yield a remark for each value outside the questions, except the namespaces of XML."""
    values = {"": rest} if not isinstance(rest, dict) else rest
    if all(value is None for value in values.values()):
        return
    for path, value in FlatFields.flatten(values).unused(
        {"@xmlns": "", "@xmlns:xsi": "", "@xsi:schemaLocation": ""}
    ):
        yield Remark(path, "only questions", quote(value), Cause.UNKNOWN)


def defer(reader: QuestionReader, value: Any, *, checked: bool = False) -> DeferredReader:
    """Return a reader that flattens and reads nested values only when it is called."""
    return lambda source: reader(FlatFields.flatten(value, checked=checked), source)


def _place_in_batch(rank: int, place: str) -> str:
    return f"question {rank}, {place}" if place else f"question {rank}"
