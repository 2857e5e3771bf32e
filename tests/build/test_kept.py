"""A question whose document was received but rejected is kept as the last release has it, never withdrawn."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from lod import Compression, Options, Summary, build_release, table, verify_release
from lod.build.record import KeptQuestion, RecordWriter
from lod.describe import describe
from lod.describe.shared import graph_of
from lod.errors import Refused
from lod.iri import Iris, SharedGraph
from lod.release import WITHDRAWN
from lod.version import VERSION
from tests.build.test_tombstones import gone
from tests.conftest import SAMPLES
from tests.release.test_release import tree
from tests.source.test_export_keys import as_json, changed
from tests.support.lives import STATES

DAY = "1790000000"
ANSWER = {"textesReponse.texteReponse.texte": "Les communes des sources."}
FIRST, SECOND, THIRD = "QANR5L17QE91.json", "QANR5L17QE92.json", "QANR5L17QE93.json"


def written(folder: Path, **documents: str) -> Path:
    """Write three questions with a common answer, some of them as other documents."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (91, 92, 93):
        ids = {"uid": f"QANR5L17QE{number}", "identifiant.numero": str(number)}
        text = documents.get(f"q{number}", as_json(changed(**ids, **ANSWER)))
        (folder / f"QANR5L17QE{number}.json").write_text(text, encoding="utf-8")
    return folder


def build(folder: Path, out: Path, **options: object) -> Summary:
    return build_release([folder], out, Options(allow_shrink=True, **options))  # type: ignore[arg-type]


def triples(release: Path, about: str) -> set[str]:
    """Return the triples of a question, of its parts and of its answers, but for common answers."""
    lines = (release / "questions.nt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if f"/an/17/qe/{about}" in line.split(" ")[0]}


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY)


BAD = {
    "broken JSON": as_json(changed(uid="QANR5L17QE92"))[:900],
    "no day": as_json(
        changed(
            uid="QANR5L17QE92",
            textesQuestion=None,
            minAttribs=None,
            **{"identifiant.numero": "92", **ANSWER},
        )
    ),
    "nothing": "",
    "an error page": "<!DOCTYPE html><html><body><h1>503</h1></body></html>",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_question_whose_document_is_rejected_stays_as_it_was(bad: str, tmp_path: Path) -> None:
    before = build(written(tmp_path / "a"), tmp_path / "out").path
    after = build(written(tmp_path / "a", q92=bad), tmp_path / "out")
    assert (after.counts["questions"], after.counts["kept"], after.counts["rejected"]) == (3, 1, 1)
    assert triples(after.path, "92") == triples(before, "92") != set()
    assert (after.path / "questions.csv").read_bytes() == (before / "questions.csv").read_bytes()
    assert not (after.path / WITHDRAWN).exists()
    assert verify_release(after.path).problems == []
    assert [str(problem) for problem in after.problems if problem.document == "QANR5L17QE92"] == [
        (
            "QANR5L17QE92: expected a document of this question that can be published, found only documents "
            "that are rejected: it is kept as the last release has it"
        )
    ]
    assert {problem.part for problem in after.problems} == {(17, "QE")}
    assert after.exit_code == 3


def test_the_last_release_is_then_an_input(tmp_path: Path) -> None:
    build(written(tmp_path / "a"), tmp_path / "out")
    after = build(written(tmp_path / "a", q92="{"), tmp_path / "out")
    inputs = json.loads((after.path / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert [each["name"] for each in inputs][-1] == "the last release, an/17/qe/92"


def test_a_kept_question_is_kept_again_with_the_same_bytes(tmp_path: Path) -> None:
    build(written(tmp_path / "a"), tmp_path / "out")
    written(tmp_path / "a", q92="{")
    once = build(tmp_path / "a", tmp_path / "out")
    files = tree(once.path)
    again = build(tmp_path / "a", tmp_path / "out", jobs=2)
    assert (again.release, tree(again.path)) == (once.release, files)


def test_without_any_document_it_is_withdrawn(tmp_path: Path) -> None:
    build(written(tmp_path / "a"), tmp_path / "out")
    build(written(tmp_path / "a", q92="{"), tmp_path / "out")
    (tmp_path / "a" / SECOND).unlink()
    assert [*gone(build(tmp_path / "a", tmp_path / "out").path)] == ["an/17/qe/92"]


def test_a_sound_document_takes_the_place_of_what_was_kept(tmp_path: Path) -> None:
    first = build(written(tmp_path / "a"), tmp_path / "out")
    build(written(tmp_path / "a", q92="{"), tmp_path / "out")
    assert build(written(tmp_path / "a"), tmp_path / "out").release == first.release


def test_another_document_of_the_same_question_counts_more_than_what_was_kept(tmp_path: Path) -> None:
    build(written(tmp_path / "a"), tmp_path / "out")
    (tmp_path / "a" / "copy.json").write_text("QANR5L17QE92 {", encoding="utf-8")
    after = build(tmp_path / "a", tmp_path / "out")
    assert (after.counts["rejected"], after.counts["kept"]) == (1, 0)


def test_a_document_that_names_no_question_may_be_that_of_any_missing_one(tmp_path: Path) -> None:
    build(written(tmp_path / "a"), tmp_path / "out")
    (tmp_path / "a" / SECOND).unlink()
    (tmp_path / "a" / "x").write_bytes(b"\x81\x00")
    after = build(tmp_path / "a", tmp_path / "out")
    assert after.counts["kept"] == 1
    assert not gone(after.path)


def test_a_release_without_the_formats_to_copy_from_is_replaced_as_long_as_no_question_is_lost(
    tmp_path: Path,
) -> None:
    sources, out = written(tmp_path / "a"), tmp_path / "out"
    (sources / "unknown.json").write_text("{", encoding="utf-8")
    build_release([sources], out, Options(formats=("nt",)))
    again = build_release([sources], out, Options(formats=("nt",)))
    assert (again.counts["questions"], again.counts["rejected"]) == (3, 1)
    written(tmp_path / "a", q92="{")
    with pytest.raises(
        Refused, match=r"expected csv and jsonld among the formats .* such as \S+/an/17/qe/92"
    ):
        build_release([sources], out, Options(formats=("nt",)))
    after = build(sources, out)
    assert (after.counts["questions"], after.counts["kept"]) == (2, 0)
    assert "<an/17/qe/92>" in (after.path / WITHDRAWN).read_text(encoding="utf-8")


def test_a_question_never_published_is_not_kept(tmp_path: Path) -> None:
    after = build(written(tmp_path / "a", q92="{"), tmp_path / "out")
    assert (after.counts["questions"], after.counts["kept"]) == (2, 0)


def test_accounts_that_contradict_each_other_leave_the_question_as_it_was(tmp_path: Path) -> None:
    build(written(tmp_path / "a"), tmp_path / "out")
    ids = {"uid": "QANR5L17QE92", "identifiant.numero": "92"}
    other = changed(**ids, **ANSWER, **{"auteur.identite.acteurRef": "PA7"})
    (tmp_path / "a" / "other.json").write_text(as_json(other), encoding="utf-8")
    after = build(tmp_path / "a", tmp_path / "out")
    assert (after.counts["rejected"], after.counts["kept"]) == (2, 1)


def test_answers_in_common_stay_in_common_with_a_kept_one(tmp_path: Path) -> None:
    before = build(written(tmp_path / "a"), tmp_path / "out").path
    after = build(written(tmp_path / "a", q91="{"), tmp_path / "out").path
    assert triples(after, "91") == triples(before, "91")
    assert triples(after, "93") == triples(before, "93")
    assert any("is_member_of" in line for line in triples(after, "93"))


@pytest.mark.parametrize("how", Compression)
def test_layouts_do_not_matter(how: Compression, tmp_path: Path) -> None:
    before = build(written(tmp_path / "a"), tmp_path / "out", compress=how, split=True).path
    after = build(written(tmp_path / "a", q92="{"), tmp_path / "out", documents=True)
    assert after.counts["kept"] == 1
    assert (after.path / "an/17/qe/92.jsonld").is_file()
    assert before != after.path


def varied_files() -> Iterable[Path]:
    return sorted((SAMPLES / "json").glob("*.json"))


@pytest.mark.parametrize("name", [path.name for path in varied_files()])
def test_each_sample_can_be_kept(name: str, tmp_path: Path) -> None:
    known = {"registers": (SAMPLES / "register",)}
    folder = tmp_path / "a"
    folder.mkdir()
    for path in varied_files():
        (folder / path.name).write_bytes(path.read_bytes())
    before = build(folder, tmp_path / "out", **known).path
    (folder / name).write_bytes((folder / name).read_bytes()[:-2])
    after = build(folder, tmp_path / "out", **known)
    assert after.counts["kept"] == 1
    for file in ("questions.nt", "questions.nq", "questions.ttl", "questions.csv", "questions.jsonld"):
        assert (after.path / file).read_bytes() == (before / file).read_bytes()
    assert verify_release(after.path).problems == []


def test_a_question_of_a_release_without_descriptions_is_written_as_it_is() -> None:
    iris = Iris("https://example.org/")
    document = {**describe(STATES["answered"], iris, VERSION).document}
    del document["describedIn"]
    row = [""] * len(table.COLUMNS)
    kept = KeptQuestion(id=STATES["answered"].id, document=document, row=row, context=[])
    assert RecordWriter(iris).write_kept(kept).metadata == 0


@pytest.mark.parametrize("state", STATES)
def test_the_graph_of_a_shared_resource_is_known_from_its_node(state: str) -> None:
    for resource in describe(STATES[state], Iris("https://example.org/"), VERSION).shared:
        if resource.graph != SharedGraph.CONCEPTS:
            assert graph_of(resource.node) == resource.graph
