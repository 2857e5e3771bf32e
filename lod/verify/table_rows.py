"""The table as its own metadata make triples of it: each of them, and no other, is in the dumps."""

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
from lod.release import File

METADATA = "questions.csv-metadata.json"
XSD = "http://www.w3.org/2001/XMLSchema#"
_SUBJECT = "{+iri}"
_LONGEST = 2**27


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column that says what the RDF says too: of what, by which property, and how to spell a cell."""

    name: str
    of: str
    predicate: str
    spell: Callable[[dict[str, str]], str]


class TableRows:
    """The rows of a table; raise CheckFailed if it cannot be read by its metadata."""

    def __init__(self, folder: Path, file: File) -> None:
        self.path = file.path
        self.listed = file.table.rows if file.table else 0
        self.count = 0
        self._place = folder / file.path
        self._how = file.table.compression if file.table else compression.Compression.NONE
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
        """Give what says of a subject and a predicate whether the table says such triples too."""
        said = {(column.of, column.predicate) for column in self._columns}
        endings = "|".join(sorted({re.escape(column.of) for column in self._columns}))
        subjects = re.compile(rf"<{re.escape(base)}an/\d+/(?:qe|qg|qosd)/\d+({endings})>")
        predicates = {predicate for _, predicate in said}

        def is_covered(subject: str, predicate: str) -> bool:
            if predicate not in predicates:
                return False
            found = subjects.fullmatch(subject)
            return found is not None and (found[1], predicate) in said

        return is_covered

    def triples(self) -> Iterator[str]:
        """Make triples of all rows; raise CheckFailed where a row is damaged."""
        for row in self._read():
            for column in self._columns:
                if row[column.name]:
                    yield f"<{row['iri']}{column.of}> {column.predicate} {column.spell(row)}"

    def links(self) -> Iterator[str]:
        """Give the names in the rows, each as a line with its question and its column."""
        for row in self._read():
            for name in self._links:
                if row[name]:
                    yield f"<{row['iri']}> {name} <{row[name]}>"

    def _read(self) -> Iterator[dict[str, str]]:
        self.count = 0
        csv.field_size_limit(_LONGEST)
        with (
            compression.open_decompressed(self._place, self._how) as stream,
            io.TextIOWrapper(stream, encoding="utf-8", newline="") as lines,
        ):
            try:
                yield from self._rows(csv.reader(lines, strict=True))
            except (csv.Error, ValueError, LookupError) as error:
                where = f"{self.path}, row {self.count + 1}"
                raise CheckFailed(f"{where}: expected a row, found {quote(str(error), 100)}") from None

    def _rows(self, rows: Iterator[list[str]]) -> Iterator[dict[str, str]]:
        head = next(rows, [])
        if head != self._names:
            raise ValueError(f"a head that the metadata do not have: {', '.join(head)}")
        for cells in rows:
            if len(cells) != len(self._names):
                raise ValueError(f"{len(cells)} cells where the head has {len(self._names)}")
            yield dict(zip(self._names, cells, strict=True))
            self.count += 1


def _column(said: dict[str, Any]) -> TableColumn:
    name, of = said["name"], said.get("aboutUrl", _SUBJECT).removeprefix(_SUBJECT)
    return TableColumn(name, of, f"<{said['propertyUrl']}>", _speller(name, said))


def _speller(name: str, said: dict[str, Any]) -> Callable[[dict[str, str]], str]:
    if "valueUrl" in said:
        pieces = re.split(r"\{\+?(\w+)\}", said["valueUrl"])
        return lambda row: f"<{''.join(row[p] if n % 2 else p for n, p in enumerate(pieces))}>"
    if "lang" in said:
        return lambda row: str(pyoxigraph.Literal(row[name], language=said["lang"]))
    datatype = pyoxigraph.NamedNode(f"{XSD}{said['datatype']}")
    return lambda row: str(pyoxigraph.Literal(row[name], datatype=datatype))
