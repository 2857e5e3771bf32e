"""The table of a release, as CSV and perhaps as Parquet: a row a question, in the order of the IRIs."""

import io
import json

from lod import compression, table
from lod.build.dumps import DumpLayout
from lod.build.spool import ByteRange, bytes_of
from lod.compression import Compression, Joiner, piece
from lod.errors import CheckFailed
from lod.release import Draft, Table
from lod.table import parquet


class TableOutputs:
    """Puts rows together as they come in pieces."""

    def __init__(self, draft: Draft, base: str, layout: DumpLayout) -> None:
        self._draft = draft
        self._base = base
        self._layout = layout
        self._joiner = Joiner(layout.compression)
        self._path = f"{table.CSV}{layout.compression.ending}"
        self._part = draft.part(self._path)
        self._part.write_bytes(self._joiner.start())
        self._part.write_bytes(self._joiner.add(piece(table.header(), layout.compression)))
        self._rows = 0

    def append(self, data: bytes | ByteRange, rows: int) -> None:
        """Append a piece with so many rows."""
        self._part.write_bytes(self._joiner.add(bytes_of(data)))
        self._rows += rows

    def close(self, questions: int) -> None:
        """Finish the files; raise CheckFailed if the RDF has not as many questions as there are rows."""
        if self._rows != questions:
            raise CheckFailed(
                f"{self._path}: expected a row for each of {questions} questions, found {self._rows}"
            )
        self._part.write_bytes(self._joiner.end())
        self._part.table = Table(format="csv", compression=self._layout.compression, rows=self._rows)
        self._draft.finish(self._path)
        described = table.metadata(self._base, table.CSV)
        self._draft.write(table.METADATA, json.dumps(described, ensure_ascii=False, indent=2) + "\n")
        if self._layout.parquet:
            self._write_parquet(questions)

    def _write_parquet(self, questions: int) -> None:
        """Write the rows of the finished table once more, and count them again."""
        whole = self._draft.folder(self._path)
        place = self._draft.folder(table.PARQUET)
        with (
            compression.opened(whole, self._layout.compression) as stream,
            io.TextIOWrapper(stream, encoding="utf-8", newline="") as lines,
        ):
            rows = parquet.write(lines, place)
        if rows != questions:
            raise CheckFailed(f"{table.PARQUET}: expected {questions} rows, found {rows}")
        self._draft.adopt(table.PARQUET, Table(format="parquet", compression=Compression.NONE, rows=rows))
