"""Rows as CSV (RFC 4180): UTF-8, a head, CRLF behind every row; what is unknown is an empty cell."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from typing import IO

from lod.iri import Iris
from lod.model import Question
from lod.table.answer_columns import ANSWERED
from lod.table.column import Cell, Column, Type, Value
from lod.table.question_columns import ASKED

COLUMNS = (*ASKED, *ANSWERED)
BETWEEN = "|"
"""What stands between the values of a cell that has several."""
LONGEST = 2**27
"""How long a cell may be that is read, in characters: longer than any document that is read."""
END = "\r\n"
"""What ends a row; within a cell lines end with LF alone."""
_SPECIAL = re.compile(rb'[,"\r\n]')


def header() -> bytes:
    """Give the head: the names of the columns."""
    return _line([column.name for column in COLUMNS])


def row(iris: Iris, asked: Question) -> bytes:
    """Give the row of a question."""
    return _line([_spelt(column.of_question(iris, asked)) for column in COLUMNS])


def read(lines: IO[str]) -> Iterator[list[Value]]:
    """Read rows back as values, in the order of the columns, from text with its line ends as they are."""
    csv.field_size_limit(LONGEST)
    rows = csv.reader(lines, strict=True)
    next(rows)
    for cells in rows:
        yield [_value(column, cell) for column, cell in zip(COLUMNS, cells, strict=True)]


def _line(cells: list[str]) -> bytes:
    return b",".join(map(_quoted, cells)) + END.encode()


def _quoted(cell: str) -> bytes:
    """Quote a cell that needs it, as `csv.writer` does in fifteen times the time."""
    data = cell.encode()
    return b'"%b"' % data.replace(b'"', b'""') if _SPECIAL.search(data) else data


def _spelt(value: Value) -> str:
    if isinstance(value, list):
        return BETWEEN.join(map(_spelt, value))
    return "" if value is None else str(value)


def _value(column: Column, cell: str) -> Value:
    if column.many:
        return [_one(column.type, part) for part in cell.split(BETWEEN)] if cell else []
    return _one(column.type, cell) if cell else None


def _one(kind: Type, spelt: str) -> Cell:
    if kind is Type.NUMBER:
        return int(spelt)
    return date.fromisoformat(spelt) if kind is Type.DAY else spelt
