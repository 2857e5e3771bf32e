"""The table converted to triples by its own metadata: each of them, and no other, must be in the dumps."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph

from lod import compression
from lod.errors import CheckFailed, quote
from lod.iri import NTriplesPatterns
from lod.release import File

METADATA = "questions.csv-metadata.json"
XSD = "http://www.w3.org/2001/XMLSchema#"
_SUBJECT = "{+iri}"
_LONGEST_CELL = 2**27


@dataclass(frozen=True, slots=True)
class TripleColumn:
    """A column that states triples: the ending of their subject, their predicate, and how to spell a cell."""

    name: str
    ending: str
    predicate: str
    spell: Callable[[dict[str, str]], str]


class TableRows:
    """The rows of a table; raise CheckFailed if it cannot be read by its metadata."""

    def __init__(self, folder: Path, file: File) -> None:
        self.path = file.path
        self.listed = file.table.rows if file.table else 0
        self.count = 0
        self._path = folder / file.path
        self._compression = file.table.compression if file.table else compression.Compression.NONE
        try:
            schema = json.loads((folder / METADATA).read_text("utf-8"))["tableSchema"]
            self._names = [column["name"] for column in schema["columns"]]
            self._links = [column["name"] for column in schema["columns"] if column["datatype"] == "anyURI"]
            self._columns = [_column(column) for column in schema["columns"] if "propertyUrl" in column]
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise CheckFailed(
                f"{METADATA}: expected the metadata of the table, found something else"
            ) from None

    def covers(self, base: str) -> Callable[[str, str], bool]:
        """Return a function that tells whether the table has triples of a subject and a predicate."""
        stated = {(column.ending, column.predicate) for column in self._columns}
        subjects = NTriplesPatterns(base).questions_with(column.ending for column in self._columns)
        predicates = {predicate for _, predicate in stated}

        def is_covered(subject: str, predicate: str) -> bool:
            if predicate not in predicates:
                return False
            match = subjects.fullmatch(subject)
            return match is not None and (match[1], predicate) in stated

        return is_covered

    def triples(self) -> Iterator[str]:
        """Yield the triples of all rows; raise CheckFailed where a row is damaged."""
        for row in self._read():
            for column in self._columns:
                if row[column.name]:
                    yield f"<{row['iri']}{column.ending}> {column.predicate} {column.spell(row)}"

    def links(self) -> Iterator[str]:
        """Yield the IRIs in the rows, each as a line with its question and its column."""
        for row in self._read():
            for column in self._links:
                if row[column]:
                    yield f"<{row['iri']}> {column} <{row[column]}>"

    def _read(self) -> Iterator[dict[str, str]]:
        self.count = 0
        csv.field_size_limit(_LONGEST_CELL)
        with (
            compression.open_decompressed(self._path, self._compression) as stream,
            io.TextIOWrapper(stream, encoding="utf-8", newline="") as lines,
        ):
            try:
                yield from self._rows(csv.reader(lines, strict=True))
            except (csv.Error, ValueError, LookupError) as error:
                row = f"{self.path}, row {self.count + 1}"
                raise CheckFailed(f"{row}: expected a row, found {quote(str(error), 100)}") from None

    def _rows(self, rows: Iterator[list[str]]) -> Iterator[dict[str, str]]:
        header = next(rows, [])
        if header != self._names:
            raise ValueError(f"a header that differs from the metadata: {', '.join(header)}")
        for cells in rows:
            if len(cells) != len(self._names):
                raise ValueError(f"{len(cells)} cells where the header has {len(self._names)}")
            yield dict(zip(self._names, cells, strict=True))
            self.count += 1


def _column(metadata: dict[str, Any]) -> TripleColumn:
    name, ending = metadata["name"], metadata.get("aboutUrl", _SUBJECT).removeprefix(_SUBJECT)
    return TripleColumn(name, ending, f"<{metadata['propertyUrl']}>", _speller(name, metadata))


def _speller(name: str, metadata: dict[str, Any]) -> Callable[[dict[str, str]], str]:
    if "valueUrl" in metadata:
        pieces = re.split(r"\{\+?(\w+)\}", metadata["valueUrl"])
        return lambda row: f"<{''.join(row[p] if n % 2 else p for n, p in enumerate(pieces))}>"
    if "lang" in metadata:
        return lambda row: str(pyoxigraph.Literal(row[name], language=metadata["lang"]))
    datatype = pyoxigraph.NamedNode(f"{XSD}{metadata['datatype']}")
    return lambda row: str(pyoxigraph.Literal(row[name], datatype=datatype))
