"""The dumps of a release in all formats: one of everything, or one a legislature and kind of question."""

from collections.abc import Mapping
from dataclasses import dataclass

from lod.build.spool import ByteRange, bytes_of
from lod.compression import Compression, Joiner, piece
from lod.model import QuestionKind
from lod.release import Draft, DraftPart, Dump, DumpScope
from lod.write.dumps import FORMATS, SEPARATORS, DumpFormatter

Content = tuple[int, QuestionKind] | DumpScope
"""What a dump holds: the questions of a legislature and kind, what questions share, or all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpLayout:
    """How the dumps are laid out: compressed or not, whole or split; the table also as Parquet or not."""

    compression: Compression = Compression.NONE
    split: bool = False
    parquet: bool = False


WHOLE = DumpLayout()
"""Plain dumps of everything."""


def pieces(texts: Mapping[str, list[bytes]], how: Compression) -> dict[str, bytes]:
    """Put the texts of documents together as a piece of the dump of each format."""
    return {form: piece(SEPARATORS[form].join(parts), how) for form, parts in texts.items()}


class Dumps:
    """Puts pieces together as files, in the order in which they come: those of one content in a row."""

    def __init__(self, draft: Draft, formatter: DumpFormatter, layout: DumpLayout) -> None:
        self._draft = draft
        self._formatter = formatter
        self._layout = layout
        self._content: Content | None = None
        self._open: dict[str, _File] = {}

    def append(self, content: Content, pieces: Mapping[str, bytes | ByteRange], triples: int) -> None:
        """Append a piece with so many triples to the dump of each format."""
        wanted = content if self._layout.split else DumpScope.ALL
        if wanted != self._content:
            self.close()
            self._begin(wanted)
        for form, data in pieces.items():
            self._open[form].append(bytes_of(data), triples)

    def close(self) -> None:
        """Finish the files that are open."""
        ends = self._formatter.ends()
        for form, file in self._open.items():
            file.end(ends[form])
            self._draft.finish(file.path)
        self._open, self._content = {}, None

    def _begin(self, content: Content) -> None:
        starts = self._formatter.starts()
        for form in FORMATS:
            path, dump = _named(content, form, self._layout.compression)
            self._open[form] = _File(path, self._draft.part(path), dump)
            self._open[form].start(starts[form])
        self._content = content


class _File:
    """A dump in one format, being written."""

    def __init__(self, path: str, part: DraftPart, dump: Dump) -> None:
        self.path = path
        self._part = part
        self._part.dump = self._dump = dump
        self._joiner = Joiner(dump.compression)
        self._between = b""

    def start(self, text: str) -> None:
        """Write what stands before all pieces: a piece of its own, even if it is empty.

        Who takes the first frame of zstd for the whole file then finds nothing, not some of the questions.
        """
        self._part.write_bytes(self._joiner.start())
        self._write(text.encode())

    def append(self, data: bytes, triples: int) -> None:
        """Write a piece, and what stands between it and the one before."""
        if self._between:
            self._write(self._between)
        self._between = SEPARATORS[self._dump.format]
        self._part.write_bytes(self._joiner.add(data))
        self._part.triples = (self._part.triples or 0) + triples

    def end(self, text: str) -> None:
        """Write what stands after all pieces."""
        if text:
            self._write(text.encode())
        self._part.write_bytes(self._joiner.end())

    def _write(self, data: bytes) -> None:
        self._part.write_bytes(self._joiner.add(piece(data, self._dump.compression)))


def _named(content: Content, form: str, how: Compression) -> tuple[str, Dump]:
    """Give the path of a dump, and its description for the manifest."""
    ending = f"{form}{how.ending}"
    if isinstance(content, DumpScope):
        name = {DumpScope.ALL: "questions", DumpScope.SHARED: "shared"}[content]
        return f"{name}.{ending}", Dump(format=form, compression=how, holds=content)
    legislature, kind = content
    described = Dump(
        format=form, compression=how, holds=DumpScope.QUESTIONS, legislature=legislature, type=str(kind)
    )
    return f"questions-{legislature}-{kind.lower()}.{ending}", described
