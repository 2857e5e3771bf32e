"""The table has a row for each question, agrees with the RDF, and can be read by independent readers."""

import csv
import io
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import csvw
import pyarrow.parquet
import pyoxigraph
import pytest
from msgspec.structs import replace

from lod import (
    CheckFailed,
    Compression,
    Options,
    Question,
    Release,
    Summary,
    build_release,
    compression,
    table,
)
from lod.build import assemble
from lod.build.data_files import TableOutputs
from lod.iri import Iris
from lod.model import Text
from lod.table import parquet
from lod.table.columns import COLUMNS
from lod.table.rows import read
from tests.conftest import SAMPLES, VARIED
from tests.release.test_release import page
from tests.support.reading import plain

BASE = "https://w3id.org/anq/"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("tables"))


@pytest.fixture(params=["varied", pytest.param("real", marks=pytest.mark.real)])
def release(request: pytest.FixtureRequest) -> Path:
    if request.param == "varied":
        folder: Path = request.getfixturevalue("varied")
        return folder
    summary: Summary = request.getfixturevalue("real_release")
    return summary.path


def build(out: Path, **options: Any) -> Path:
    chosen = Options(registers=(SAMPLES / "register",), **{"parquet": True, **options})
    return build_release([SAMPLES / name for name in VARIED], out, chosen).path


def rows_of(release: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((release / table.CSV).read_bytes().decode(), newline="")))


def triples_of(release: Path) -> set[str]:
    """Return every triple as N-Triples, by an independent parser."""
    with Release(release).dumps("nt")[0].stream() as stream:
        return {f"{t.triple} ." for t in pyoxigraph.parse(stream, format=pyoxigraph.RdfFormat.N_TRIPLES)}


def test_there_is_a_row_for_each_question_in_the_order_of_the_iris(release: Path) -> None:
    rows = rows_of(release)
    questions = {
        line.split(" ", 1)[0][1:-1] for line in triples_of(release) if "<http://schema.org/Question>" in line
    }
    assert [row["iri"] for row in rows] == sorted(questions, key=str.encode)
    listed = {file.path: file.table for file in Release(release).manifest.files if file.table}
    assert listed[table.CSV] is not None
    assert listed[table.CSV].rows == len(rows) == Release(release).manifest.counts["questions"]


def test_every_cell_with_a_property_is_exactly_a_triple_of_the_dumps(release: Path) -> None:
    described = json.loads((release / table.METADATA).read_text("utf-8"))
    triples = triples_of(release)
    said = list(statements(described["tableSchema"], rows_of(release)))
    assert len(said) == len(set(said)) >= 7 * len(rows_of(release))
    assert set(said) <= triples


def test_every_iri_in_a_cell_is_described(release: Path) -> None:
    concepts = pyoxigraph.parse(path=release / "concepts.ttl", format=pyoxigraph.RdfFormat.TURTLE)
    described = {triple.split(" ", 1)[0] for triple in triples_of(release)}
    described |= {str(triple.subject) for triple in concepts}
    for name in ("author_iri", "group_iri", "rubric_iri", "ministry_asked_iri", "ministry_in_charge_iri"):
        cells = {row[name] for row in rows_of(release) if row[name]}
        assert cells
        assert {f"<{cell}>" for cell in cells} <= described


def statements(schema: dict[str, Any], rows: list[dict[str, str]]) -> Iterator[str]:
    """Yield the triples that the metadata make of the rows."""

    def filled(template: str, row: dict[str, str]) -> str:
        for name, cell in row.items():
            template = template.replace(f"{{+{name}}}", cell).replace(f"{{{name}}}", cell)
        return f"<{template}>"

    for row in rows:
        for column in schema["columns"]:
            cell = row[column["name"]]
            if "propertyUrl" not in column or not cell:
                assert "propertyUrl" in column or column["suppressOutput"]
                continue
            subject = filled(column.get("aboutUrl", schema["aboutUrl"]), row)
            value = filled(column["valueUrl"], row) if "valueUrl" in column else literal(column, cell)
            yield f"{subject} <{column['propertyUrl']}> {value} ."


def literal(column: dict[str, Any], cell: str) -> str:
    if "lang" in column:
        return str(pyoxigraph.Literal(cell, language=column["lang"]))
    return str(pyoxigraph.Literal(cell, datatype=pyoxigraph.NamedNode(f"{XSD}{column['datatype']}")))


def test_an_independent_csvw_reader_accepts_the_table(release: Path) -> None:
    document = csvw.CSVW(str(release / table.CSV), validate=True)
    assert document.is_valid
    (read_table,) = document.tables
    rows = list(read_table)
    assert len(rows) == len(rows_of(release))
    assert all(isinstance(row["date_published"], date) and isinstance(row["number"], int) for row in rows)
    assert [row["question_text"] or "" for row in rows] == [r["question_text"] for r in rows_of(release)]
    assert [column.name for column in read_table.tableSchema.columns] == [c.name for c in COLUMNS]


@pytest.mark.parametrize(
    ("column", "cell"), [("type", "QX"), ("date_published", "1.9.2026"), ("number", "9x"), ("iri", "")]
)
def test_an_independent_csvw_reader_rejects_a_wrong_cell(
    varied: Path, tmp_path: Path, column: str, cell: str
) -> None:
    rows = rows_of(varied)
    rows[0][column] = cell
    (tmp_path / table.METADATA).write_bytes((varied / table.METADATA).read_bytes())
    with (tmp_path / table.CSV).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # a wrong cell is a warning, which the reader itself catches
        assert not csvw.CSVW(str(tmp_path / table.CSV), validate=True).is_valid


def test_rows_end_with_crlf_and_lines_within_a_cell_with_lf(varied: Path) -> None:
    data = (varied / table.CSV).read_bytes()
    assert data.count(b"\r\n") == len(rows_of(varied)) + 1
    assert data.count(b"\r") == data.count(b"\r\n") < data.count(b"\n")


def test_parquet_holds_the_same_rows_with_types(varied: Path) -> None:
    held = pyarrow.parquet.read_table(varied / table.PARQUET)
    with (varied / table.CSV).open(encoding="utf-8", newline="") as lines:
        expected = [dict(zip((c.name for c in COLUMNS), row, strict=True)) for row in read(lines)]
    assert held.to_pylist() == expected
    assert any(
        isinstance(row["renewals"], list) and row["renewals"] == [date(2014, 5, 13)] for row in expected
    )
    assert {row["answer_text"] is None for row in expected} == {True, False}
    assert not held.schema.field("iri").nullable


def test_parquet_is_written_group_by_group(
    varied: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parquet, "ROWS", 3)
    with (varied / table.CSV).open(encoding="utf-8", newline="") as lines:
        written = parquet.write(lines, tmp_path / "t.parquet")
    groups = pyarrow.parquet.ParquetFile(tmp_path / "t.parquet").metadata.num_row_groups
    assert groups == -(-written // 3) > 1
    whole = pyarrow.parquet.read_table(varied / table.PARQUET)
    assert pyarrow.parquet.read_table(tmp_path / "t.parquet").to_pylist() == whole.to_pylist()


def test_the_bytes_of_tables_do_not_depend_on_processes_or_layout(
    varied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemble, "BATCH", 3)
    again = build(tmp_path / "jobs", jobs=2, split=True)
    for name in (table.CSV, table.METADATA, table.PARQUET):
        assert (again / name).read_bytes() == (varied / name).read_bytes()


@pytest.mark.parametrize("how", [Compression.GZIP, Compression.ZSTD])
def test_the_table_is_compressed_as_the_dumps_are(varied: Path, tmp_path: Path, how: Compression) -> None:
    packed = build(tmp_path, compress=how)
    with Release(packed).file(f"{table.CSV}{how.suffix}").open("rb") as stream:
        assert stream.read(2) in {b"\x1f\x8b", b"\x28\xb5"}
    assert not (packed / table.CSV).exists()
    assert (packed / table.PARQUET).read_bytes() == (varied / table.PARQUET).read_bytes()
    with compression.open_decompressed(packed / f"{table.CSV}{how.suffix}", how) as stream:
        assert stream.read() == (varied / table.CSV).read_bytes()


def test_parquet_is_not_written_unless_requested(sample_release: Summary) -> None:
    assert (sample_release.path / table.CSV).is_file()
    assert not (sample_release.path / table.PARQUET).exists()


def test_a_missing_parquet_library_is_reported_in_one_sentence(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pyarrow'] = None; from lod.cli.main import main; main()"
    asked = ["build", str(SAMPLES / "pages"), "--out", str(tmp_path / "out"), "--parquet"]
    done = subprocess.run([sys.executable, "-c", code, *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "error: expected pyarrow for Parquet, found none: pip install 'lod-assemblee[parquet]'\n"
    )
    assert not (tmp_path / "out").exists()


def test_texts_keep_quotes_separators_and_formulas(
    sample_questions: list[Question],
) -> None:
    odd = replace(
        sample_questions[0],
        title='=HYPERLINK("x"), «\u00a0y\u00a0»; z',
        text=Text(plain='"a"\n\n-1+1, b\n' + "x" * 200_000),
        keywords=("a|b", "c"),
    )
    lines = io.StringIO((table.header() + table.row(Iris(), odd)).decode(), newline="")
    ((_, *cells),) = read(lines)
    values = dict(zip([column.name for column in COLUMNS][1:], cells, strict=True))
    assert values["title"] == odd.title
    assert values["question_text"] == plain(odd.text)
    assert values["keywords"] == ["a¦b", "c"]


def test_a_rejected_question_has_no_row(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    author = "[Mme Zéphyrine Exemple](/PA9990001)"
    for number in (90010, 90011, 90012):
        (folder / f"{number}.txt").write_text(page(number, author=author), encoding="utf-8")
    odd = page(90020, author=author, seat="Ain (40^e")
    (folder / "odd.txt").write_text(odd, encoding="utf-8")
    summary = build_release([folder], tmp_path / "out")
    assert [row["number"] for row in rows_of(summary.path)] == ["90010", "90011", "90012"]


def test_a_table_that_lacks_a_row_ends_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append = TableOutputs.append
    monkeypatch.setattr(TableOutputs, "append", lambda self, data, rows: append(self, data, rows - 1))
    with pytest.raises(CheckFailed, match="expected a row for each of 5 questions, found 4"):
        build_release([SAMPLES / "pages"], tmp_path / "out")
    assert not (tmp_path / "out" / "current").exists()


def test_the_catalogue_describes_the_tables(varied: Path) -> None:
    catalogue = pyoxigraph.Store()
    catalogue.load(path=str(varied / "catalog.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    query = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?media ?format ?standard ?kind WHERE { ?data dcat:distribution ?d . ?d dcat:downloadURL ?url ;
          dcat:mediaType ?media ; dct:format ?format .
          OPTIONAL { ?d dct:conformsTo ?standard . ?standard a ?kind }
          FILTER (?url = <%s>) }"""
    iana = "https://www.iana.org/assignments/media-types/"
    files = "http://publications.europa.eu/resource/authority"
    said = {}
    for name in (table.CSV, table.PARQUET):
        found = catalogue.query(query % f"{BASE}dumps/{name}")
        assert isinstance(found, pyoxigraph.QuerySolutions)
        said[name] = {tuple(str(value) for value in row) for row in found}
    assert said[table.CSV] == {
        (
            f"<{iana}text/csv>",
            f"<{files}/file-type/CSV>",
            "<http://www.w3.org/ns/csvw>",
            "<http://purl.org/dc/terms/Standard>",
        )
    }
    assert said[table.PARQUET] == {
        (f"<{iana}application/vnd.apache.parquet>", f"<{files}/file-type/PARQUET>", "None", "None")
    }
