"""What differs between two releases: each kind of change, in data that were published."""

import copy
import json
from typing import Any

import pytest

from lod import Compression, Release
from lod.changes import ChangeKind, compare_releases, count_changes, question_graphs
from lod.errors import CheckFailed
from tests.changes.conftest import Documents, Publish
from tests.conftest import SAMPLES
from tests.update.conftest import question

TEMPLATE = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))["question"]
NUMBERS = range(90101, 90111)


def changed(documents: Documents, number: int, **fields: Any) -> Documents:
    after = copy.deepcopy(documents)
    after[number]["question"] |= fields
    return after


def numbers(before: Release | None, after: Release) -> dict[int, set[ChangeKind]]:
    return {int(each.iri.rpartition("/")[2]): set(each.kinds) for each in compare_releases(before, after)}


def infos(day: str) -> dict[str, Any]:
    return {"typeJO": "JO_QUESTION", "dateJO": day, "pageJO": None, "numJO": None}


def test_each_kind_of_change_is_found(publish: Publish) -> None:
    before = {number: question(number) for number in NUMBERS}
    answer = {"textesReponse": TEMPLATE["textesReponse"], "cloture": TEMPLATE["cloture"]}
    end = {
        "codeCloture": "FM",
        "libelleCloture": "Fin de mandat",
        "dateCloture": "2026-06-11",
        "infoJO": None,
    }
    before = changed(before, 90109, **answer)
    after = copy.deepcopy(before)
    answered, renewed, flagged, ended, corrected, completed = range(90101, 90107)
    after = changed(after, answered, **answer)
    after = changed(after, renewed, renouvellements={"renouvellement": {"infoJO": infos("2026-05-12")}})
    after = changed(after, flagged, signalement=TEMPLATE["signalement"])
    after = changed(after, ended, cloture=end)
    after[corrected]["question"]["indexationAN"]["analyses"]["analyse"] = "Recensement des licornes"
    before[completed]["question"]["textesQuestion"]["texteQuestion"]["infoJO"]["pageJO"] = None
    ministries = before[90107]["question"]["minAttribs"]
    ministries["minAttrib"] = ministries["minAttrib"][0]
    without_day = after[90108]["question"]["minAttribs"]["minAttrib"]
    before[90108]["question"]["minAttribs"]["minAttrib"] = without_day[0]
    without_day[1]["infoJO"] = None
    after[90109]["question"]["textesReponse"] = before[90101]["question"]["textesReponse"]
    after[90109]["question"]["cloture"] = None
    del after[90110]
    after[90120] = question(90120)
    first, second = publish(before), publish(after)
    found = numbers(first, second)
    assert found == {
        answered: {ChangeKind.ANSWERED},
        renewed: {ChangeKind.RENEWED},
        flagged: {ChangeKind.FLAGGED},
        ended: {ChangeKind.ENDED},
        corrected: {ChangeKind.CORRECTED},
        completed: {ChangeKind.COMPLETED},
        90107: {ChangeKind.REATTRIBUTED},
        90108: {ChangeKind.REATTRIBUTED},  # on a day that nobody states
        90109: {ChangeKind.CORRECTED},  # an answer that is no longer there
        90110: {ChangeKind.WITHDRAWN},
        90120: {ChangeKind.NEW},
    }
    assert count_changes(compare_releases(first, second))[ChangeKind.CORRECTED] == 2
    third = publish(before)
    assert numbers(second, third)[90110] == {ChangeKind.RETURNED}


def test_documents_layout_and_the_program_are_no_change(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = {number: question(number) for number in NUMBERS}
    first = publish(documents)
    monkeypatch.setattr("lod.build.record.VERSION", "9.9.9")
    second = publish(documents, indent=2, split=True, compress=Compression.ZSTD)
    assert numbers(first, second) == {}
    assert [graph.iri for graph in question_graphs(first)] == [graph.iri for graph in question_graphs(second)]


def test_questions_out_of_order_are_refused(publish: Publish) -> None:
    release = publish({number: question(number) for number in NUMBERS[:2]})
    dump = release.dumps("nq")[0].path
    first, rest = dump.read_bytes().split(b"\n", 1)
    dump.write_bytes(rest + first + b"\n")
    with pytest.raises(CheckFailed, match="expected questions in the order of IRIs"):
        list(question_graphs(Release(release.folder, trust=True)))


def test_without_a_release_before_or_under_another_base_everything_is_new(publish: Publish) -> None:
    documents = {number: question(number) for number in NUMBERS[:2]}
    first = publish(documents)
    second = publish(documents, base="https://data.example.org/q/")
    for before in (None, first):
        assert numbers(before, second) == {number: {ChangeKind.NEW} for number in NUMBERS[:2]}
