"""The triples of files as lines of canonical N-Triples, read by a parser that did not write them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import pyoxigraph

from lod import compression
from lod.compression import Compression
from lod.errors import CheckFailed, NotReadOrWritten, quote
from lod.formats import DUMPS, RDF
from lod.release import Dump, File, LinkDump

_TOO_LONG = "buffer"
_PARSERS = {name: pyoxigraph.RdfFormat.from_media_type(RDF[name].media_type) for name in DUMPS}


class ParsedDump:
    """A dump of a release, to be parsed."""

    def __init__(self, folder: Path, file: File, dump: Dump | LinkDump) -> None:
        self.path = file.path
        self.listed = file.triples or 0
        self._place = folder / file.path
        self._dump = dump

    def triples(self) -> Iterator[str]:
        """Yield its triples; raise CheckFailed where it is damaged."""
        return (line for line, _ in self.quads())

    def quads(self) -> Iterator[tuple[str, str]]:
        """Yield its triples, each with the name of its graph; each line of JSON-LD is parsed alone."""
        form = self._dump.format
        with compression.open_decompressed(self._place, self._dump.compression) as stream:
            if form == "jsonld":
                yield from _json_lines(self.path, stream)
            else:
                yield from _quads(stream, form, f"{self.path}: expected {form} that can be parsed")


def parse_file(path: Path) -> list[str]:
    """Return the triples of a small file; raise CheckFailed where it is damaged."""
    form = "jsonld" if path.suffix == ".jsonld" else "ttl"
    with compression.open_decompressed(path, Compression.NONE) as stream:
        return [line for line, _ in _quads(stream, form, f"{path.name}: expected {form} that can be parsed")]


def split_triple(line: str) -> tuple[str, str, str]:
    """Return the subject, predicate and object of a line, as N-Triples spells them."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest


def _json_lines(name: str, stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the quads of an array of documents, one a line, each parsed alone."""
    line, comma = b"", True
    for number, line in enumerate(stream, 1):
        where, document = f"{name}, line {number}", line.rstrip(b"\n")
        if (document == b"[") != (number == 1):
            raise CheckFailed(
                f"{where}: expected « [ » there and nowhere else, found {quote(repr(line[:40]))}"
            )
        if document not in {b"[", b"]"}:
            if not comma:
                raise CheckFailed(f"{where}: expected a comma before this document, found none")
            comma = document.endswith(b",")
            body = document.removesuffix(b",")
            yield from _quads(body, "jsonld", f"{where}: expected JSON-LD that can be read alone")
    if line != b"]\n" or comma:
        raise CheckFailed(f"{name}: expected the end of an array, found {quote(repr(line[-40:]))}")


def _quads(source: IO[bytes] | bytes, form: str, expected: str) -> Iterator[tuple[str, str]]:
    try:
        read: Iterable[pyoxigraph.Quad] = pyoxigraph.parse(source, format=_PARSERS[form])
        for quad in read:
            yield str(quad.triple), str(quad.graph_name)
    except SyntaxError as error:
        raise CheckFailed(f"{expected}, found {quote(str(error.msg), 200)}") from None
    except MemoryError as error:
        if _TOO_LONG in str(error):  # of the parser, whatever memory there is
            raise CheckFailed(
                f"{expected}, found a text that is too long: {quote(str(error), 200)}"
            ) from None
        raise NotReadOrWritten(f"{expected.partition(':')[0]}: not enough memory") from None
