"""A workbook has the rows of the CSV, with types, and says where a spreadsheet has no room for them."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.utils.escape import unescape

from lod import Compression, Options, Question, Release, build_release, table
from lod.iri import Iris
from lod.model import Text
from lod.table import xlsx
from lod.table.columns import COLUMNS
from lod.table.rows import read
from tests.conftest import SAMPLES

TITLES = ("IRI de la question", "Identifiant officiel", "Législature", "Type de question")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = Options(registers=(SAMPLES / "register",), xlsx=True)
    return build_release([SAMPLES / "pages", SAMPLES / "json"], tmp_path_factory.mktemp("out"), options).path


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each sheet, by an independent reader."""
    workbook = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


def written(questions: list[Question], path: Path) -> dict[str, list[tuple[Any, ...]]]:
    data = table.header() + b"".join(table.row(Iris(), question) for question in questions)
    assert xlsx.write(io.StringIO(data.decode(), newline=""), path) == len(questions)
    return sheets(path)


def test_a_workbook_has_the_rows_of_the_csv_with_types(release: Path) -> None:
    ((name, (titles, *rows)),) = sheets(release / table.XLSX).items()
    assert name == "Questions"
    assert titles[:4] == TITLES
    assert len(titles) == len(COLUMNS)
    with (release / table.CSV).open(encoding="utf-8", newline="") as lines:
        expected = list(read(lines))
    assert len(rows) == len(expected) == 8
    for row, values in zip(rows, expected, strict=True):
        for cell, value in zip(row, values, strict=True):
            if isinstance(value, list):
                assert (cell or "") == " | ".join(map(str, value))
            else:
                assert (cell.date() if isinstance(cell, datetime) else cell) == value
    assert any(isinstance(cell, datetime) for cell in rows[0])


def test_the_manifest_counts_the_rows_of_the_workbook(release: Path) -> None:
    (entry,) = [file.table for file in Release(release).manifest.files if file.path == table.XLSX]
    assert entry is not None
    assert (entry.format, entry.compression, entry.rows) == ("xlsx", Compression.NONE, 8)
    catalogue = (release / "catalog.ttl").read_text(encoding="utf-8")
    assert "<dumps/questions.xlsx>" in catalogue
    assert "file-type/XLSX>" in catalogue


def test_the_same_rows_give_the_same_bytes(release: Path, tmp_path: Path) -> None:
    with (release / table.CSV).open(encoding="utf-8", newline="") as lines:
        xlsx.write(lines, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (release / table.XLSX).read_bytes()
    with zipfile.ZipFile(release / table.XLSX) as archive:
        assert b"2026-09-16T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "-1",
        "http://example.org/",
        "<b>&amp;",
        "deux\nlignes",
        "  bords  ",
        "_x0041_",
        "\U0001f600",
    ],
)
def test_a_text_stays_what_it_is(sample_questions: list[Question], tmp_path: Path, text: str) -> None:
    ((_, row),) = written([replace(sample_questions[0], title=text)], tmp_path / "t.xlsx").values()
    assert unescape(row[[column.name for column in COLUMNS].index("title")]) == text


@pytest.mark.parametrize(("letter", "most"), [("x", 32_767), ("\U0001f600", 16_383)])
def test_a_text_longer_than_a_cell_says_so_and_where_the_whole_is(
    sample_questions: list[Question], tmp_path: Path, letter: str, most: int
) -> None:
    index = [column.name for column in COLUMNS].index("question_text")
    fitting, longer = (
        replace(sample_questions[0], text=Text(plain=letter * length)) for length in (most, most + 1)
    )
    ((_, first, second),) = written([fitting, longer], tmp_path / "t.xlsx").values()
    assert first[index] == letter * most
    note = f"Texte coupé : une cellule ne peut en contenir davantage. Texte entier : {second[0]}"
    assert second[index].endswith(note)
    assert len(second[index].encode("utf-16-le")) // 2 <= 32_767
    assert second[index].startswith(letter * (most // 2))


def test_rows_beyond_a_sheet_go_to_another(
    sample_questions: list[Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 3)
    found = written(sample_questions[:3], tmp_path / "t.xlsx")
    assert {name: len(rows) for name, rows in found.items()} == {"Questions": 3, "Questions 2": 2}
    assert found["Questions 2"][0][:4] == TITLES


def test_a_table_without_rows_is_a_workbook_with_titles(tmp_path: Path) -> None:
    ((name, rows),) = written([], tmp_path / "t.xlsx").items()
    assert (name, len(rows)) == ("Questions", 1)
