"""Documents that list many questions: each question is read by itself, however large the document is."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import Corpus, element, write_json, write_xml, write_zip
from lod import Document, Options, Problem, Question, build_release, read_questions
from lod.errors import Severity
from lod.source import archive
from lod.source.exports import json as json_reader
from lod.source.exports import xml as xml_reader
from tests.conftest import ROOT

CORPUS = Corpus()
VALUES = [CORPUS.question(number) for number in range(1, 6)]


def as_xml(value: dict[str, Any]) -> str:
    stream = io.StringIO()
    element(stream, "question", {key: item for key, item in value.items() if not key.startswith("@")})
    return stream.getvalue()


AS_XML = as_xml(VALUES[0])


def read(data: str | bytes) -> list[Question | Problem]:
    return list(read_questions(Document("list", data if isinstance(data, bytes) else data.encode())))


def single(value: dict[str, Any]) -> Question:
    [record] = read(json.dumps({"question": value}))
    assert isinstance(record, Question), record
    return record


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every list of questions too large to be read whole."""
    for module in (archive, json_reader, xml_reader):
        monkeypatch.setattr(module, "MAX_BYTES", 20_000)
    monkeypatch.setattr(json_reader, "_HEAD_CHARACTERS", 18_000)
    monkeypatch.setattr(json_reader, "_CHUNK_CHARACTERS", 500)


def from_file(path: Path) -> list[Question | Problem]:
    return [item for document in archive.read_documents(path) for item in read_questions(document)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda values: {"questionsGvt": {"question": values}},
        lambda values: {"questionsEcrites": {"@xmlns": "x", "question": values}},
        lambda values: {"export": {"@date": None, "files": [{}]}, "questions": {"question": values}},
        lambda values: values,
        lambda values: {"question": values},
    ],
)
def test_a_list_of_questions_is_found_by_content(wrapped: Any) -> None:
    assert read(json.dumps(wrapped(VALUES))) == [single(value) for value in VALUES]


def test_a_bad_question_of_a_list_is_named_by_its_rank_and_the_others_are_read() -> None:
    bad = {**VALUES[1], "type": None}
    items = read(json.dumps({"questions": {"question": [VALUES[0], bad, VALUES[2], "text"]}}))
    assert [type(item) for item in items] == [Question, Problem, Question, Problem]
    problems = [item for item in items if isinstance(item, Problem)]
    assert [(p.severity, p.place) for p in problems] == [
        (Severity.REJECTED, "question 2, type"),
        (Severity.REJECTED, "question 4"),
    ]


def test_a_remark_on_a_question_of_a_list_has_its_rank() -> None:
    items = read(json.dumps({"l": [VALUES[0], {**VALUES[1], "surprise": "oh"}]}))
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert (problem.severity, problem.place) == (Severity.WARNING, "question 2, surprise")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"notice": "oh", "questions": [VALUES[0]]}),
        json.dumps({"question": VALUES[0], "notice": "oh"}),
        f"<questions><notice>oh</notice><part>{AS_XML}</part></questions>",
    ],
)
def test_content_outside_the_questions_is_reported(text: str) -> None:
    question, problem = read(text if text.startswith("{") else f"<?xml version='1.0'?>{text}")
    assert isinstance(question, Question)
    assert isinstance(problem, Problem)
    assert (problem.place, problem.severity) == ("notice", Severity.WARNING)


@pytest.mark.parametrize("kind", ["acteur", "mandat", "organe"])
def test_a_file_of_the_register_is_refused_with_the_option_to_use(kind: str) -> None:
    [problem] = read(json.dumps({kind: {"uid": "PA9990001"}}))
    assert isinstance(problem, Problem)
    assert problem.found == f"a file of the register, « {kind} »; give it with --register"


def test_every_list_of_a_file_is_read() -> None:
    records = read(json.dumps({"a": VALUES[:2], "b": {"question": VALUES[2]}, "c": [VALUES[3]]}))
    assert records == [single(value) for value in VALUES[:4]]


@pytest.mark.usefixtures("small_limit")
def test_a_large_file_without_a_question_is_reported(tmp_path: Path) -> None:
    (tmp_path / "l.xml").write_text("<export>" + "<a>oh</a>" * 9000 + "</export>")
    [problem] = from_file(tmp_path / "l.xml")
    assert isinstance(problem, Problem)
    assert "a list of these" in problem.expected


@pytest.mark.usefixtures("small_limit")
def test_lists_too_large_for_memory_give_the_same_records(tmp_path: Path) -> None:
    expected = [single(value) for value in VALUES]
    write_json(tmp_path / "l.json", iter(VALUES))
    write_xml(tmp_path / "l.xml", iter(VALUES))
    write_zip(tmp_path / "l.zip", iter([("list", {"questionsEcrites": {"question": VALUES}})]))
    for name in ("l.json", "l.xml", "l.zip"):
        assert from_file(tmp_path / name) == expected, name
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "l.json").read_bytes())
    assert from_file(tmp_path / "bom.json") == expected


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize(
    ("name", "data", "questions", "expected"),
    [
        pytest.param("cut.json", lambda text: text[:-400], 4, "a whole list of questions", id="cut"),
        pytest.param("more.json", lambda text: text + "[1]", 5, "nothing after the list", id="more after it"),
        pytest.param("bad.json", lambda t: t.replace('"QE"', '"XX"', 1), 4, "one of QE", id="a bad one"),
        pytest.param(
            "twice.json",
            lambda t: t.replace('"uid"', '"type": "QE", "uid"', 1),
            4,
            "each key once",
            id="a key twice",
        ),
        pytest.param(
            "nul.json", lambda t: t.replace('"texte": "', '"texte": "\\u0000', 1), 4, "control", id="a NUL"
        ),
        pytest.param(
            "half.json",
            lambda t: t.replace('"texte": "', '"texte": "\\ud800', 1),
            4,
            "control",
            id="half a character",
        ),
        pytest.param(
            "no.json", lambda t: t.replace('"uid"', '"iud"'), 0, "a list of questions", id="no identifier"
        ),
        pytest.param(
            "latin.json",
            lambda t: t.replace('"uid"', '"\xe9uid"', 1).encode("latin-1"),
            0,
            "text in UTF-8",
            id="Latin-1",
        ),
    ],
)
def test_an_error_in_a_large_list_is_one_problem(
    tmp_path: Path, name: str, data: Any, questions: int, expected: str
) -> None:
    write_json(tmp_path / name, iter(VALUES))
    changed = data((tmp_path / name).read_text(encoding="utf-8"))
    (tmp_path / name).write_bytes(changed if isinstance(changed, bytes) else changed.encode())
    items = from_file(tmp_path / name)
    problems = [item for item in items if isinstance(item, Problem)]
    assert (len(items) - len(problems), len(problems)) == (questions, 1)
    assert expected in problems[0].expected


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize(
    ("old", "new", "questions", "expected"),
    [
        ("</questionsEcrites>", "", 5, "well-formed XML"),
        ("<questionsEcrites>", "<!DOCTYPE x><questionsEcrites>", 0, "without a document type"),
        ("<texteQuestion>", "<a>" * 200 + "</a>" * 200 + "<texteQuestion>", 0, "nested at most"),
        ("<texte>", "<texte>" + "x" * 30_000, 0, "characters of one question"),
    ],
)
def test_an_error_in_a_large_xml_file_is_one_problem(
    tmp_path: Path, old: str, new: str, questions: int, expected: str
) -> None:
    write_xml(tmp_path / "l.xml", iter(VALUES))
    text = (tmp_path / "l.xml").read_text(encoding="utf-8").replace(old, new, 1)
    (tmp_path / "l.xml").write_text(text, encoding="utf-8")
    items = from_file(tmp_path / "l.xml")
    problems = [item for item in items if isinstance(item, Problem)]
    assert (len(items) - len(problems), len(problems)) == (questions, 1)
    assert expected in problems[0].expected


def test_every_question_of_a_list_is_accounted_for_and_derived_from_it(tmp_path: Path) -> None:
    write_json(tmp_path / "l.json", iter([*VALUES, {**VALUES[0], "uid": "QANR5L17QE7"}]))
    summary = build_release([tmp_path / "l.json"], tmp_path / "out", Options())
    assert {key: summary.counts[key] for key in ("documents", "questions", "rejected")} == {
        "documents": 6,
        "questions": 5,
        "rejected": 1,
    }
    quads = (summary.path / "questions.nq").read_text(encoding="utf-8").splitlines()
    identifiers = [line for line in quads if '"sha256:' in line]
    assert len(identifiers) == 1
    assert identifiers[0].endswith("<https://w3id.org/anq/graphe/metadonnees> .")
    assert sum("wasDerivedFrom" in line for line in quads) == 5


READ_SCRIPT = """
import resource, sys
from pathlib import Path
from lod.build.accounting import Accounting
from lod.build.ingest import ingest
from lod.build.worker import Settings, open_executor
from lod.source import archive
archive.MAX_BYTES = 1_000_000
settings = Settings(spool=Path(sys.argv[2]), base="https://w3id.org/anq/")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with (
    open_executor(settings) as (worker, executor),
    ingest([Path(sys.argv[1])], worker, executor, Accounting()) as questions,
):
    count = len(questions)
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["zip", "json", "xml"])
def test_memory_does_not_grow_with_the_questions(tmp_path: Path, form: str) -> None:
    def memory_growth(count: int) -> int:
        path = tmp_path / f"{count}.{form}"
        questions = (CORPUS.question(number) for number in range(1, count + 1))
        if form == "zip":
            write_zip(path, ((f"{n}", {"question": q}) for n, q in enumerate(questions)))
        else:
            {"json": write_json, "xml": write_xml}[form](path, questions)
        process = subprocess.run(
            [sys.executable, "-c", READ_SCRIPT, path, tmp_path / f"parts-{count}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(process.stdout.split()[1])

    assert memory_growth(3000) - memory_growth(300) < 10_000  # KiB; their texts alone are more
