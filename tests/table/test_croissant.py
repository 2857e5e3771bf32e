"""The Croissant description of a release, read by MLCommons' own library."""

import csv
import hashlib
import json
import logging
from typing import Any

import mlcroissant
import pytest
from mlcroissant._src.core.rdf import make_context

from lod import Summary
from lod.table.columns import COLUMNS
from lod.table.rows import SEPARATOR
from tests.support.loops import some


@pytest.fixture(scope="module")
def description(varied_release: Summary) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((varied_release.path / "croissant.json").read_text(encoding="utf-8"))
    return read


def test_the_description_is_valid_without_any_warning(
    varied_release: Summary, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        read = mlcroissant.Dataset(varied_release.path / "croissant.json")
    assert caplog.messages == []
    assert [each.name for each in read.metadata.record_sets] == ["questions"]


def test_the_context_is_the_prescribed_one(description: dict[str, Any]) -> None:
    assert description["@context"] == make_context()


def test_the_rows_are_those_of_the_table(varied_release: Summary) -> None:
    table = varied_release.path / "questions.csv"
    read = mlcroissant.Dataset(varied_release.path / "croissant.json", mapping={"questions.csv": str(table)})
    with table.open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream))
    rows = list(read.records("questions"))
    assert len(rows) == len(expected) > 10
    for row, cells in zip(rows, expected, strict=True):
        for column in some(COLUMNS):
            value = row[f"questions/{column.name}"]
            assert _text(value) == cells[column.name], column.name


def test_every_dump_and_table_has_its_size_and_checksum(
    varied_release: Summary, description: dict[str, Any]
) -> None:
    names = {each["name"] for each in description["distribution"]}
    assert {"questions.ttl", "questions.nq", "questions.csv"} <= names
    for each in some(description["distribution"]):
        content = (varied_release.path / each["name"]).read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["contentSize"] == f"{len(content)} B"
        assert each["contentUrl"] == f"https://w3id.org/anq/dumps/{each['name']}"


def _text(value: Any) -> str:
    """Return a value as the table spells it."""
    if isinstance(value, list):
        return SEPARATOR.join(map(_text, value))
    if value is None or value != value:  # noqa: PLR0124 - not a number: nothing
        return ""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float):
        return str(int(value))
    return value.date().isoformat() if hasattr(value, "date") else str(value)
