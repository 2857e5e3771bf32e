"""Alignments: what of ours corresponds to what of other data, by reviewed tables or a file."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lod import definitions
from lod.errors import Misused, NotReadOrWritten, quote

RELATIONS = ("sameAs", "exactMatch", "closeMatch", "broadMatch")
"""The relations that a file of links may state: owl:sameAs, and those of SKOS."""
COLUMNS = ("identifier", "target", "relation", "source", "retrieved")
"""The columns of a file of links."""
_OFFICIAL_ID = re.compile(r"(?:PA|PO)[0-9]{1,9}")
_TARGET = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricAlignment:
    """A rubric, by its label, and a concept of EuroVoc with its French and English labels."""

    rubric: str
    relation: str
    target: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAlignment:
    """A political group of a legislature, by official identifier and name, and its item at Wikidata."""

    legislature: int
    official_id: str
    name: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLink:
    """A link that a user gives: an official identifier, where it leads and how, its source, its day."""

    identifier: str
    target: str
    relation: str
    source: str
    retrieved: date


@cache
def rubric_alignments() -> tuple[RubricAlignment, ...]:
    """Return the reviewed alignments of rubrics."""
    return tuple(
        RubricAlignment(
            rubric=row["rubric"],
            relation=row["match"],
            target=row["eurovoc"],
            label=row["label_fr"],
            label_en=row["label_en"],
        )
        for row in _rows("eurovoc.tsv")
        if row["match"]
    )


@cache
def group_alignments() -> tuple[GroupAlignment, ...]:
    """Return the reviewed alignments of groups."""
    return tuple(
        GroupAlignment(
            legislature=int(row["legislature"]),
            official_id=row["official_id"],
            name=row["name"],
            target=row["wikidata"],
        )
        for row in _rows("groupes-wikidata.tsv")
    )


def read_links(path: Path) -> tuple[GivenLink, ...]:
    """Return the links of a CSV file; raise Misused where a row is none, NotReadOrWritten without a file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                found = quote(",".join(map(str, reader.fieldnames or ())), 100)
                raise Misused(f"{path}: expected the columns {','.join(COLUMNS)}, found {found}")
            links = [_given_link(path, reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Misused(f"{path}: expected CSV in UTF-8, found {quote(str(error), 100)}") from None
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None
    return tuple(dict.fromkeys(links))


def _given_link(path: Path, line: int, row: dict[str, Any]) -> GivenLink:
    values = [row[column] for column in COLUMNS]
    if None in row or None in values:
        raise Misused(f"{path}, line {line}: expected {len(COLUMNS)} values, found another number")
    identifier, target, relation, source, retrieved = values
    for name, value, is_valid, expected in (
        (
            "identifier",
            identifier,
            _OFFICIAL_ID.fullmatch(identifier),
            "an official identifier such as PA1008",
        ),
        ("target", target, _TARGET.fullmatch(target), "an http(s) IRI"),
        ("relation", relation, relation in RELATIONS, f"one of {', '.join(RELATIONS)}"),
        ("source", source, _TARGET.fullmatch(source), "the http(s) address of the source"),
    ):
        if not is_valid:
            raise Misused(f"{path}, line {line}, {name}: expected {expected}, found {quote(value)}")
    try:
        day = date.fromisoformat(retrieved)
    except ValueError:
        raise Misused(
            f"{path}, line {line}, retrieved: expected a day such as 2026-06-23, found {quote(retrieved)}"
        ) from None
    return GivenLink(identifier=identifier, target=target, relation=relation, source=source, retrieved=day)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (definitions.folder("ontology") / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
