"""Single questions: their pages and items, one at a time, lists over weeks."""

import json
from pathlib import Path

import pytest

from lod.errors import Misused
from lod.harvest import HarvestState, Mirror
from lod.harvest.pages import page_target, read_list
from lod.harvest.sources import SourceTable
from lod.model import QuestionId, QuestionKind
from tests.conftest import SAMPLES, SHARED
from tests.harvest.conftest import Run
from tests.harvest.test_archives import only
from tests.support.official_server import MONDAY, OfficialFile, OfficialServer, replaced

NUMBERS = range(99103, 99106)


def sample(number: int) -> bytes:
    """Return a page of the 12th legislature that has this number."""
    data = (SAMPLES / "html" / "12-99103QE.html").read_bytes()
    assert b"99103" in data
    return data.replace(b"99103", str(number).encode())


def page(data: bytes) -> OfficialFile:
    return OfficialFile(data, MONDAY, media_type="text/html")


@pytest.fixture
def pages(server: OfficialServer) -> OfficialServer:
    """The server with three pages of the 12th legislature."""
    for number in NUMBERS:
        server.files[f"/q12/12-{number}QE.htm"] = page(sample(number))
    return server


def test_a_question_by_its_number_is_its_page(pages: OfficialServer, run: Run, tmp_path: Path) -> None:
    assert only(run(questions=("12-99103QE",))).state is HarvestState.NEW
    path = "questions/pages/q12/12-99103QE.htm"
    assert (tmp_path / "mirror" / path).read_bytes() == sample(99103)
    assert Mirror.open(tmp_path / "mirror").entries[path].address == pages.url("/q12/12-99103QE.htm")
    assert only(run(questions=("12-99103QE",))).state is HarvestState.UNCHANGED
    assert pages.answered[-1].status == 304


def test_a_question_by_its_identifier_is_its_item(server: OfficialServer, run: Run, tmp_path: Path) -> None:
    data = (SAMPLES / "json" / "QANR5L17QE90101.json").read_bytes()
    server.files["/dyn/QANR5L17QE90101.json"] = OfficialFile(data, media_type="application/json")
    assert only(run(questions=("QANR5L17QE90101",))).state is HarvestState.NEW
    assert (tmp_path / "mirror/questions/items/QANR5L17QE90101.json").read_bytes() == data


def test_a_page_that_changes_is_brought_again(pages: OfficialServer, run: Run) -> None:
    run(questions=("12-99103QE",))
    pages.files["/q12/12-99103QE.htm"] = OfficialFile(sample(99103) + b"\n", None)
    assert only(run(questions=("12-99103QE",))).state is HarvestState.CHANGED


@pytest.mark.parametrize(
    ("question", "data", "why"),
    [
        ("12-99103QE", b"<html>12-99103QE.htm: erreur</html>", "expected the page of question n° 99103"),
        ("12-99103QE", sample(99104), "expected the page of question n° 99103"),
        ("12-99103QE", sample(991030), "expected the page of question n° 99103"),
        ("12-99103QE", b"", "expected the page of question n° 99103"),
        ("QANR5L17QE1", b"<html>", "expected a question in JSON"),
        ("QANR5L17QE1", b"[" * 100_000, "expected a question in JSON"),
        ("QANR5L17QE1", b"[]", "expected a question with the uid QANR5L17QE1, found « None »"),
        ("QANR5L17QE1", b'{"question": {"uid": "QANR5L17QE2"}}', "found « QANR5L17QE2 »"),
    ],
)
def test_a_document_that_is_not_the_question_is_refused(
    server: OfficialServer, run: Run, tmp_path: Path, question: str, data: bytes, why: str
) -> None:
    server.always = replaced(data)
    outcome = only(run(questions=(question,)))
    assert outcome.state is HarvestState.FAILED
    assert why in str(outcome)
    assert not [path for path in (tmp_path / "mirror").rglob("*12*") if path.is_file()]


@pytest.mark.parametrize("text", ["n° <b>12&nbsp;345</b>", "N°12345", "n&deg; : <num> 12 345 </num>"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_number_is_found_however_it_is_printed(tmp_path: Path, text: str, encoding: str) -> None:
    question = QuestionId(legislature=12, kind=QuestionKind.WRITTEN, number=12345)
    target = page_target(question, SourceTable())
    (tmp_path / "page").write_text(f"<html>Question {text} x", encoding=encoding)
    assert target.inspect(tmp_path / "page", None) is None  # type: ignore[arg-type]


@pytest.mark.real
def test_the_number_of_every_real_page_is_found() -> None:
    numbers = {"11_qe": 450, "11_qg": 450, "14_qe": 3200, "14_qosd": 450, "16_qe": 200, "16_qg": 200}
    for name, number in numbers.items():
        question = QuestionId(legislature=11, kind=QuestionKind.WRITTEN, number=number)
        target = page_target(question, SourceTable())
        target.inspect(SHARED / "data" / "html" / f"{name}.html", None)  # type: ignore[arg-type]


def test_a_list_has_numbers_ranges_and_comments() -> None:
    text = "13-5QE, 13-7..8QG\n# the 12th\n12-1QOSD  # one\n"
    assert [question.uid for question in read_list(text)] == [
        *("QANR5L13QE5", "QANR5L13QG7", "QANR5L13QG8", "QANR5L12QOSD1")
    ]


@pytest.mark.parametrize("text", ["13-5", "QE", "13-5QE,x", "13-5QX", "13-1..2..3QE", "13-１QE", "../13-5QE"])
def test_a_list_of_anything_else_is_a_usage_error(server: OfficialServer, run: Run, text: str) -> None:
    with pytest.raises(Misused, match="expected a file, or questions such as 13-5QE"):
        run(pages=text)
    with pytest.raises(Misused, match="expected a question such as 17-16300QE"):
        run(questions=(text,))
    assert server.asked == []


@pytest.mark.parametrize("text", [",", "#", "13-5..4QE"])
def test_an_empty_list_is_a_usage_error(run: Run, text: str) -> None:
    with pytest.raises(Misused, match="found none"):
        run(pages=text)


def test_a_list_is_asked_for_slowly_and_never_twice(
    pages: OfficialServer, run: Run, tmp_path: Path, slept: list[float]
) -> None:
    file = tmp_path / "list.txt"
    file.write_text("12-99102..99106QE\n", encoding="utf-8")
    outcomes = run(pages=str(file))
    new, absent = HarvestState.NEW, HarvestState.ABSENT
    assert [outcome.state for outcome in outcomes] == [absent, new, new, new, absent]
    assert pages.asked == [f"/q12/12-{number}QE.htm" for number in range(99102, 99107)]
    assert slept[0] == 0
    assert all(0.5 < seconds <= 1 for seconds in slept[1:])
    pages.answered.clear()
    assert run(pages=str(file)) == []
    assert pages.asked == []
    slept.clear()
    run(pages="12-99103QE,12-99107..99108QE", rate=0.1)
    assert pages.asked == ["/q12/12-99107QE.htm", "/q12/12-99108QE.htm"]
    assert 9 < slept[1] <= 10


def test_what_was_absent_is_asked_for_again_by_name_only(
    pages: OfficialServer, run: Run, tmp_path: Path
) -> None:
    run(pages="12-99107QE")
    mirror = Mirror.open(tmp_path / "mirror")
    assert list(mirror.absent) == ["questions/pages/q12/12-99107QE.htm"]
    pages.files["/q12/12-99107QE.htm"] = page(sample(99107))
    assert run(pages="12-99107QE") == []
    assert only(run(questions=("12-99107QE",))).state is HarvestState.NEW
    assert Mirror.open(tmp_path / "mirror").absent == {}


def test_a_list_ends_when_the_server_no_longer_answers_and_goes_on_another_day(
    pages: OfficialServer, run: Run, tmp_path: Path
) -> None:
    pages.faults = [None]
    pages.always = replaced(b"", 403)
    states = [outcome.state for outcome in run(pages="12-99103..99109QE")]
    assert states == [HarvestState.NEW, *[HarvestState.FAILED] * 3]
    assert len(pages.asked) == 4
    written = json.loads((tmp_path / "mirror/index.json").read_bytes())
    assert list(written["files"]) == ["questions/pages/q12/12-99103QE.htm"]
    assert written["absent"] == {}
    pages.always = None
    assert len(run(pages="12-99103..99105QE")) == 2


def test_the_index_is_not_written_anew_for_each_page(
    pages: OfficialServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = list[int]()
    save = Mirror.save

    def counted(mirror: Mirror) -> None:
        saves.append(len(mirror.entries))
        save(mirror)

    monkeypatch.setattr(Mirror, "save", counted)
    run(pages="12-99103..99105QE")
    assert saves == [3]
    monkeypatch.setattr("lod.harvest.mirror._CHECKPOINT_SECONDS", -1)
    del pages.answered[:]
    run(pages="12-99106..99107QE")
    assert len(saves) == 4
