"""A document that tells of several questions: each is read by itself, a bad one does not stop the others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from lod.errors import BadValue
from lod.model import Question, Source
from lod.source.found import Found, Remark
from lod.source.tree import Tree

TreeReader: TypeAlias = Callable[[Tree, Source], Iterator[Question | Remark]]
"""Reads one question from nested values; raises BadValue."""


def read(items: Iterable[tuple[TreeReader, Any]], source: Source) -> Iterator[Found]:
    """Read nested values, each with its reader; a problem's place begins with the rank of its question."""
    shared = replace(source, alone=False)
    for rank, (reader, value) in enumerate(items, 1):
        try:
            for found in reader(Tree.of(value), shared):
                yield found._replace(place=_place(rank, found.place)) if isinstance(found, Remark) else found
        except BadValue as bad:
            yield BadValue(bad.expected, bad.found, _place(rank, bad.place or ""))


def _place(rank: int, place: str) -> str:
    return f"question {rank}, {place}" if place else f"question {rank}"
