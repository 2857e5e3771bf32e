"""The dumps and tables of a release, assembled from parts that other processes may have written."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lod import compression, formats, table
from lod.build.spool import ByteRange, read_bytes
from lod.compression import Compression, PartJoiner, compress_part
from lod.errors import CheckFailed
from lod.model import QuestionKind
from lod.release import Draft, DraftFile, Dump, DumpScope, Table
from lod.table import parquet, xlsx
from lod.write.dumps import SEPARATORS, DumpFormatter

DumpContent = tuple[int, QuestionKind] | DumpScope
"""What a dump contains: the questions of a legislature and kind, shared resources, or all of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpLayout:
    """How data files are laid out: compression, one dump or one for each kind of question, which tables."""

    compression: Compression = Compression.NONE
    split: bool = False
    parquet: bool = False
    xlsx: bool = False
    formats: tuple[str, ...] = formats.DATA_FILES

    @property
    def dumps(self) -> list[str]:
        """The formats of the dumps."""
        return [form for form in formats.DUMPS if form in self.formats]

    @property
    def has_table(self) -> bool:
        """Whether there is a table, as CSV."""
        return formats.TABLES["csv"].name in self.formats


WHOLE = DumpLayout()
"""One uncompressed dump in each format."""


def dump_parts(texts: Mapping[str, list[bytes]], how: Compression) -> dict[str, bytes]:
    """Join the texts of documents as one compressed part of the dump in each format."""
    return {form: compress_part(SEPARATORS[form].join(parts), how) for form, parts in texts.items()}


class DumpOutputs:
    """Writes dumps in all formats from parts; parts with the same content must come one after the other."""

    def __init__(self, draft: Draft, formatter: DumpFormatter, layout: DumpLayout) -> None:
        self._draft = draft
        self._formatter = formatter
        self._layout = layout
        self._content: DumpContent | None = None
        self._open: dict[str, DumpWriter] = {}

    def append(self, content: DumpContent, parts: Mapping[str, bytes | ByteRange], triples: int) -> None:
        """Append a part with so many triples to the dump in each format."""
        content = content if self._layout.split else DumpScope.ALL
        if content != self._content:
            self.finish()
            self._begin(content)
        for form, data in parts.items():
            self._open[form].append(read_bytes(data), triples)

    def finish(self) -> None:
        """Finish the files that are open."""
        ends = self._formatter.ends()
        for form, dump in self._open.items():
            dump.end(ends[form])
            self._draft.finish(dump.path)
        self._open, self._content = {}, None

    def _begin(self, content: DumpContent) -> None:
        starts = self._formatter.starts()
        for form in self._layout.dumps:
            path, dump = _path_and_entry(content, form, self._layout.compression)
            file = self._draft.open(path)
            file.dump = dump
            self._open[form] = DumpWriter(path, file, form, self._layout.compression)
            self._open[form].start(starts[form])
        self._content = content


class DumpWriter:
    """Writes a dump in one format."""

    def __init__(self, path: str, file: DraftFile, form: str, compression: Compression) -> None:
        self.path = path
        self._file = file
        self._form = form
        self._compression = compression
        self._joiner = PartJoiner(compression)
        self._separator = b""

    def start(self, text: str) -> None:
        """Write the text before all parts as a part of its own, even if it is empty.

        A reader that takes the first zstd frame for the whole file then finds nothing, not some questions.
        """
        self._file.write_bytes(self._joiner.start())
        self._compress(text.encode())

    def append(self, part: bytes, triples: int) -> None:
        """Write a part, and the separator between it and the part before."""
        if self._separator:
            self._compress(self._separator)
        self._separator = SEPARATORS[self._form]
        self._file.write_bytes(self._joiner.add(part))
        self._file.triples = (self._file.triples or 0) + triples

    def end(self, text: str) -> None:
        """Write the text after all parts."""
        if text:
            self._compress(text.encode())
        self._file.write_bytes(self._joiner.end())

    def _compress(self, data: bytes) -> None:
        self._file.write_bytes(self._joiner.add(compress_part(data, self._compression)))


def _path_and_entry(content: DumpContent, form: str, how: Compression) -> tuple[str, Dump]:
    """Return the path of a dump, and its entry in the manifest."""
    suffix = f"{form}{how.suffix}"
    if isinstance(content, DumpScope):
        name = {DumpScope.ALL: "questions", DumpScope.SHARED: "shared"}[content]
        return f"{name}.{suffix}", Dump(format=form, compression=how, holds=content)
    legislature, kind = content
    entry = Dump(
        format=form, compression=how, holds=DumpScope.QUESTIONS, legislature=legislature, type=str(kind)
    )
    return f"questions-{legislature}-{kind.lower()}.{suffix}", entry


class TableOutputs:
    """Writes the table of questions, a row for each by IRI: as CSV, and as Parquet and XLSX if asked."""

    def __init__(self, draft: Draft, base: str, layout: DumpLayout) -> None:
        self._draft = draft
        self._base = base
        self._layout = layout
        self._joiner = PartJoiner(layout.compression)
        self._path = f"{table.CSV}{layout.compression.suffix}"
        self._file = draft.open(self._path)
        self._file.write_bytes(self._joiner.start())
        self._file.write_bytes(self._joiner.add(compress_part(table.header(), layout.compression)))
        self._rows = 0

    def append(self, part: bytes | ByteRange, rows: int) -> None:
        """Append a part with so many rows."""
        self._file.write_bytes(self._joiner.add(read_bytes(part)))
        self._rows += rows

    def finish(self, questions: int) -> None:
        """Finish the files; raise CheckFailed unless there is one row for each question of the RDF."""
        if self._rows != questions:
            raise CheckFailed(
                f"{self._path}: expected a row for each of {questions} questions, found {self._rows}"
            )
        self._file.write_bytes(self._joiner.end())
        self._file.table = Table(format="csv", compression=self._layout.compression, rows=self._rows)
        self._draft.finish(self._path)
        metadata = table.metadata(self._base, table.CSV)
        self._draft.write(table.METADATA, json.dumps(metadata, ensure_ascii=False, indent=2) + "\n")
        if self._layout.parquet:
            self._convert(questions, table.PARQUET, parquet.write)
        if self._layout.xlsx:
            self._convert(questions, table.XLSX, xlsx.write)

    def _convert(self, questions: int, path: str, write: Callable[[IO[str], Path], int]) -> None:
        """Convert the finished CSV file, and count its rows again."""
        with (
            compression.open_decompressed(self._draft.folder(self._path), self._layout.compression) as stream,
            io.TextIOWrapper(stream, encoding="utf-8", newline="") as lines,
        ):
            rows = write(lines, self._draft.folder(path))
        if rows != questions:
            raise CheckFailed(f"{path}: expected {questions} rows, found {rows}")
        entry = Table(format=path.rpartition(".")[2], compression=Compression.NONE, rows=rows)
        self._draft.add_table(path, entry)
