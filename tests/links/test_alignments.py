"""Rubrics and groups lead to reviewed resources; a file adds links, and says in a sentence what is wrong."""

import csv
from pathlib import Path

import pytest

from lod import Options, build_release, verify_release
from lod.definitions import DEFAULT_BASE
from lod.errors import Misused
from lod.links.alignments import COLUMNS, RELATIONS, group_alignments, read_links, rubric_alignments
from lod.slugs import words
from tests.conftest import ROOT, SAMPLES

HEAD = ",".join(COLUMNS)
ROW = "PA9990001,http://www.wikidata.org/entity/Q9999999,sameAs,https://query.wikidata.org/,2026-06-01"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "ontology" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def test_every_rubric_is_reviewed_with_a_reason() -> None:
    reviewed = {row["rubric"] for row in rows("eurovoc.tsv")}
    with (ROOT / "ontology" / "rubriques.tsv").open(encoding="utf-8") as lines:
        rubrics = {line.strip() for line in lines if not line.startswith("#")} - {"label"}
    assert reviewed == rubrics
    for row in rows("eurovoc.tsv"):
        assert row["reason"]
        assert row["match"] in {"", *RELATIONS[1:]}
        complete = [row[name] for name in ("eurovoc", "label_fr", "label_en", "microthesaurus")]
        assert all(complete) or not (any(complete) or row["match"])


def test_only_a_rubric_with_the_label_of_a_concept_is_an_exact_match() -> None:
    exact = [each for each in rubric_alignments() if each.relation == "exactMatch"]
    assert len(exact) > 50
    for each in exact:
        singular = [word.rstrip("s") for word in words(each.rubric)]
        assert singular == [word.rstrip("s") for word in words(each.label)], each


def test_false_friends_are_left_out() -> None:
    linked = {each.rubric for each in rubric_alignments()}
    assert linked.isdisjoint({"gendarmerie", "ésotérisme", "gens du voyage", "rapatriés", "armes", "État"})


def test_a_group_has_one_item() -> None:
    groups = group_alignments()
    assert len({each.target for each in groups}) == len({each.official_id for each in groups}) == len(groups)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "id,target\n",
            f"expected the columns {HEAD}, found « id,target »",
        ),
        (f"{HEAD}\nPA1\n", "line 2: expected 5 values, found another number"),
        (f"{HEAD}\n{ROW}\n{ROW},x\n", "line 3: expected 5 values, found another number"),
        (f"{HEAD}\n{ROW.replace('PA9', 'XX9')}\n", "line 2, identifier: expected an official identifier"),
        (f"{HEAD}\n{ROW.replace('http://www.w', 'w')}\n", "line 2, target: expected an http"),
        (
            f"{HEAD}\n{ROW.replace('sameAs', 'same')}\n",
            "line 2, relation: expected one of sameAs,",
        ),
        (f"{HEAD}\n{ROW.replace('https://query', 'query')}\n", "line 2, source: expected the http"),
        (f"{HEAD}\n{ROW.replace('2026-06-01', '1 June')}\n", "line 2, retrieved: expected a day such as"),
        (f"{HEAD}\n\ud800\n", "expected CSV in UTF-8"),
    ],
)
def test_a_file_of_links_that_is_wrong_is_refused_in_a_sentence(
    text: str, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "links.csv"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(Misused) as refused:
        read_links(file)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith(f"{file}")


@pytest.mark.slow
def test_given_links_of_published_people_are_in_the_release_and_the_others_are_told(tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text(f"{HEAD}\n{ROW}\n{ROW.replace('PA9990001', 'PA1')}\n", encoding="utf-8")
    options = Options(registers=(SAMPLES / "register",), links=(file,))
    summary = build_release([SAMPLES / "json"], tmp_path / "out", options)
    lines = (summary.path / "alignments.nt").read_text("utf-8")
    same = "<http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q9999999>"
    assert f"<{DEFAULT_BASE}an/acteur/PA9990001#id> {same} ." in lines
    assert "PA1#id" not in lines
    [alignments] = [each for each in summary.links if each.facts.kind == "alignments"]
    assert [each["text"] for each in alignments.unlinked] == ["PA1"]
    assert verify_release(summary.path).problems == []
