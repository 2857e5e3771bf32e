"""The same rows as Parquet, with typed values: for programs that read columns."""

import importlib.util
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from lod.extras import missing
from lod.table.columns import COLUMNS, CellType, Column, Value
from lod.table.rows import read

ROWS = 5000
"""The number of rows in a group, all of which are in memory at once with their texts."""


def require() -> None:
    """Raise Misused if the library that writes Parquet is not installed."""
    if importlib.util.find_spec("pyarrow") is None:
        raise missing("pyarrow", "Parquet", "parquet")


def write(lines: IO[str], path: Path) -> int:
    """Write rows as Parquet, reproducibly for one version of the library; return their number."""
    from pyarrow import parquet

    rows, written = read(lines), 0
    with parquet.ParquetWriter(path, _schema(), compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(_table(group))
            written += len(group)
    return written


def _groups(rows: Iterator[list[Value]]) -> Iterator[list[list[Value]]]:
    while group := list(itertools.islice(rows, ROWS)):
        yield group


def _table(rows: list[list[Value]]) -> Any:
    import pyarrow

    columns = [list(values) for values in zip(*rows, strict=True)]
    return pyarrow.table(columns, schema=_schema())


def _schema() -> Any:
    import pyarrow

    return pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                _type(column),
                nullable=not column.is_required,
                metadata={"description": column.description},
            )
            for column in COLUMNS
        ]
    )


def _type(column: Column) -> Any:
    import pyarrow

    types = {CellType.NUMBER: pyarrow.int64(), CellType.DAY: pyarrow.date32()}
    item = types.get(column.type, pyarrow.string())
    return pyarrow.list_(item) if column.is_list else item
