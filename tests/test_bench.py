"""The bench runs what it says, holds all ways to the same triples, and judges by the figures."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import rdflib

from bench import plot, queries, report, targets
from bench.contenders import WAYS, Makes
from bench.corpora import Corpora
from bench.corpus import Corpus, write_zip
from bench.measure import OtherLoad, Spent, spent
from bench.report import BenchRun
from bench.same import BASE, difference
from bench.ways import flat
from lod import Document, Question, read_questions
from lod.context import published
from lod.query import cookbook
from tests.conftest import ROOT

RML = rdflib.Namespace("http://w3id.org/rml/")
NOT_YET = {"ours, Dask"}
"""Ways of which targets speak before they are there."""
SOME = {
    (way, size): Spent(cpu * size / 1000, size / 1000, megabytes)
    for way, cpu, megabytes in (("ours", 6, 90), ("physical limit", 0.5, 20), ("rdflib", 600, 900))
    for size in (1_000, 4_000)
}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    return Corpora(tmp_path_factory.mktemp("corpora"))


@pytest.mark.slow
def test_one_command_measures_all_ways_and_writes_page_and_picture(tmp_path: Path) -> None:
    page, picture = tmp_path / "RESULTS.md", tmp_path / "growth.svg"
    command = [sys.executable, "-m", "bench", "--sizes", "20", "--rounds", "1", "--no-install"]
    subprocess.run([*command, "--out", page], cwd=ROOT, capture_output=True, check=True)
    text = page.read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| 20 | ")]
    assert [row[1] for row in rows] == [way.name for way in WAYS if way.name != "Morph-KGC"]
    assert all(float(figure) >= 0 for row in rows for figure in row[4:])
    assert all(int(row[3].replace(",", "")) > 1_000 for row in rows if row[3] != "–")
    assert "Not measured: Morph-KGC, which is not installed." in text
    assert all(f"| {target.text} | " in text for target in targets.TARGETS)
    assert str(tmp_path) not in text
    assert f"]({picture.name})" in text
    assert ET.parse(picture).getroot().tag.endswith("svg")


@pytest.mark.slow
def test_one_command_asks_every_query_and_writes_its_page(tmp_path: Path) -> None:
    page = tmp_path / "QUERIES.md"
    command = [sys.executable, "-m", "bench.queries", "--size", "60", "--rounds", "1"]
    subprocess.run([*command, "--out", page], cwd=ROOT, capture_output=True, check=True)
    text = page.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(.+?)` \| ([\d,]+) \|", text, re.MULTILINE))
    assert rows.keys() == cookbook().keys()
    assert rows["text-search"] == rows["european-parliament"] == "60"
    assert "\n\n60 questions, " in text
    assert str(tmp_path) not in text


def test_a_query_that_takes_too_long_is_told() -> None:
    asked = [
        queries.TimedQuery(name=name, rows=1, spent=Spent(1, wall, 90))
        for name, wall in (("a", 1.9), ("b", 2.1))
    ]
    [*_, verdict, table] = queries.page("", ["this machine"], asked)
    assert verdict == "1 of 2 queries are answered within 2 s; the slowest, `b`, in 2.10 s."
    assert [line[-6:] for line in table.splitlines()[2:]] == ["| no |", " yes |"]


def test_a_target_is_judged_by_the_size_it_means_or_the_nearest() -> None:
    judged = {target.text: (sizes, ratio) for target, sizes, ratio in targets.judged(SOME)}
    assert judged["checked, at most 20 times"] == ((4_000, 4_000), 12)
    assert judged["rdflib takes at least 25 times the CPU of ours, unchecked"] == (None, None)
    meant = {**SOME, ("ours", 16_000): Spent(480, 16, 90), ("physical limit", 16_000): Spent(8, 16, 20)}
    judged = {target.text: (sizes, ratio) for target, sizes, ratio in targets.judged(meant)}
    assert judged["checked, at most 20 times"] == ((16_000, 16_000), 60)
    assert not next(target for target in targets.TARGETS if target.most == 20).is_met_by(60)


def test_growth_is_judged_only_from_the_size_it_means_to_four_times_that() -> None:
    of_growth = [target for target in targets.TARGETS if target.growth]
    assert {target.sizes(SOME) for target in of_growth} == {None}
    grown = {("ours", 16_000): Spent(10, 10, 100), ("ours", 64_000): Spent(40, 40, 130)}
    assert [target.ratio(grown, (64_000, 16_000)) for target in of_growth] == [4, 1.3]
    assert [target.is_met_by(target.ratio(grown, (64_000, 16_000))) for target in of_growth] == [True, False]


def test_targets_speak_of_ways_that_are_there() -> None:
    named = {name for target in targets.TARGETS for name in (target.of, target.to)}
    assert named <= {way.name for way in WAYS} | NOT_YET


def test_the_page_says_no_and_yes() -> None:
    page = report.page(BenchRun(3, 20, measured=SOME), "growth.svg")
    assert "| checked, at most 20 times | 4,000 | 12.0 | yes |" in page
    assert "| rdflib and pySHACL take at least 200 times the CPU of ours | – | not measured | – |" in page
    worse = {**SOME, ("physical limit", 4_000): Spent(1, 1, 20)}
    assert "| checked, at most 20 times | 4,000 | 24.0 | no |" in report.page(
        BenchRun(3, 20, measured=worse), ""
    )


def test_the_same_figures_give_the_same_picture(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        plot.draw(SOME, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_memory_is_that_of_all_processes() -> None:
    hold = "held = bytearray(b'x' * 60_000_000)"
    inner = f"import time; {hold}; time.sleep(1)"
    outer = f"import subprocess, sys; {hold}; subprocess.run([sys.executable, '-c', {inner!r}])"
    assert spent([sys.executable, "-c", outer]).megabytes > 115


def test_what_is_measured_is_no_work_of_others() -> None:
    cores = os.cpu_count() or 1
    burn = "import time; begun = time.process_time()\nwhile time.process_time() - begun < 1: pass"
    one = f"Popen([sys.executable, '-c', {burn!r}])"
    all_at_once = (
        f"import sys; from subprocess import Popen\nfor _ in [{one} for _ in range({cores})]: _.wait()"
    )
    beside, begun = OtherLoad(), time.monotonic()
    mine = spent([sys.executable, "-c", all_at_once])
    others = beside.cores()
    assert mine.cpu > 0.9 * cores
    assert others + mine.cpu / (time.monotonic() - begun) < 1.2 * cores


def test_a_way_that_fails_ends_the_run() -> None:
    with pytest.raises(SystemExit, match="failed with 3"):
        spent([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_questions_of_a_large_corpus_are_of_one_legislature() -> None:
    for number in (1, 62_499, 62_500, 700_000):
        data = json.dumps({"question": Corpus().question(number)}).encode()
        assert [type(found) for found in read_questions(Document("q.json", data))] == [Question]


def test_a_corpus_is_used_again_until_it_would_be_another(corpora: Corpora) -> None:
    path = corpora.of(5)
    content, made = path.read_bytes(), path.stat().st_mtime_ns
    assert corpora.of(5).stat().st_mtime_ns == made
    write_zip(path, ((f"{n}", {"question": {}}) for n in range(5)))
    assert corpora.of(5).read_bytes() == content


def test_triples_that_are_missing_or_too_many_are_told(tmp_path: Path) -> None:
    titles = [f'<{BASE}an/17/qe/{n}> <http://purl.org/dc/terms/title> "t"@fr .\n' for n in range(3)]
    rubric = f"<{BASE}an/17/qe/1> <http://data.europa.eu/eli/ontology#is_about> <{BASE}def/rubrique/a> .\n"
    (tmp_path / "concepts.ttl").touch()
    (tmp_path / "questions.nt").write_text(titles[0] + titles[1] + rubric, encoding="utf-8")
    made = tmp_path / "made.nt"
    for text, makes, told in (
        (titles[0] + titles[1] + rubric, Makes.ALL, ""),
        (titles[0] + titles[1], Makes.SUBSET, ""),
        (titles[0] + titles[1], Makes.ALL, "1 triples are missing, 0 are too many"),
        (titles[0] + titles[2], Makes.SUBSET, "1 triples are missing, 1 are too many"),
        (titles[0] + titles[1] + rubric, Makes.SUBSET, "0 triples are missing, 1 are too many"),
    ):
        made.write_text(text, encoding="utf-8")
        assert difference(tmp_path, made, makes).partition(", such as")[0] == told


def test_the_flat_rows_fill_the_columns_of_the_tables(corpora: Corpora) -> None:
    found: dict[str, set[tuple[str, ...]]] = {table: set() for table in flat.TABLES}
    for rows in flat.questions(corpora.of(50)):
        for table, some in rows.items():
            found[table] |= {tuple(sorted(row)) for row in some}
            assert all(row.values() for row in some)
    assert found == {table: {tuple(sorted(("number", *columns)))} for table, columns in flat.TABLES.items()}


def test_the_mapping_reads_columns_that_are_there_and_says_what_the_context_has() -> None:
    mapping = rdflib.Graph().parse(ROOT / "bench" / "questions.rml.ttl")
    used = set()
    for rule in mapping.subjects(rdflib.RDF.type, RML.TriplesMap):
        [file] = mapping.objects(rule, RML.logicalSource / RML.source)
        table = f"{file}".removesuffix(".parquet")
        used.add(table)
        assert columns(mapping, rule) <= {"number", *flat.TABLES[table]}, rule
    assert used == flat.TABLES.keys()
    known = {term.iri for term in published().terms.values()}
    assert {f"{said}" for said in mapping.objects(None, RML.predicate)} <= known
    assert {f"{said}" for said in mapping.objects(None, RML["class"])} <= set(published().types.values())


def columns(mapping: rdflib.Graph, rule: rdflib.term.Node) -> set[str]:
    """Name the columns that a rule reads."""
    maps = [*mapping.objects(rule, RML.subjectMap)]
    maps += mapping.objects(rule, RML.predicateObjectMap / RML.objectMap)
    read = {f"{name}" for one in maps for name in mapping.objects(one, RML.reference)}
    templates = [f"{text}" for one in maps for text in mapping.objects(one, RML.template)]
    return read.union(*(re.findall("{(.+?)}", text) for text in templates))
