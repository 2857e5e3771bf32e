"""`lod diff`: what is told of two releases, and what is not."""

import copy
import json
from pathlib import Path

import rdflib

from lod import Release
from lod.changes import SharedChange, compare_shared
from lod.changes.shared import SharedChangeKind
from tests.changes.conftest import Publish
from tests.support.command import lod
from tests.update.conftest import question

BASE = "https://w3id.org/anq/"
TITLE = "http://purl.org/dc/terms/title"


def diff(*arguments: str | Path) -> list[dict[str, object]]:
    ended = lod("diff", *arguments, "--format", "json")
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_corrections_are_told_with_the_words_before_and_after(publish: Publish, tmp_path: Path) -> None:
    documents = {number: question(number) for number in (90101, 90102)}
    first = publish(documents)
    documents[90102]["question"]["indexationAN"]["analyses"]["analyse"] = "Recensement des licornes"
    second = publish(documents)
    [change] = diff(first.folder, second.folder)
    assert (change["question"], change["happened"]) == (f"{BASE}an/17/qe/90102", ["corrected"])
    told = {edit["term"]: (edit["before"], edit["after"]) for edit in change["corrected"]}  # type: ignore[attr-defined]
    assert told[TITLE] == (['"Recensement des griffons"@fr'], ['"Recensement des licornes"@fr'])
    table = lod("diff", "--config", configuration(tmp_path))
    assert "an/17/qe/90102" in table.stdout
    assert '"Recensement des griffons"@fr → "Recensement des licornes"@fr' in table.stdout
    turtle = lod("diff", first.folder, second.folder, "--format", "turtle")
    graph = rdflib.Graph().parse(data=turtle.stdout, format="turtle")
    activity = rdflib.URIRef(f"{BASE}changement/{second.manifest.release}/an/17/qe/90102")
    assert (activity, rdflib.RDF.type, rdflib.URIRef("https://www.w3.org/ns/activitystreams#Update")) in graph


def test_what_a_correction_of_ours_replaces_is_not_told(publish: Publish, tmp_path: Path) -> None:
    documents = {90101: question(90101)}
    secret = documents[90101]["question"]["indexationAN"]["analyses"]["analyse"]
    first = publish(documents)
    folder = tmp_path / "corrections"
    folder.mkdir()
    (folder / "titre.toml").write_text(
        f'question = "QANR5L17QE90101"\nproperty = "title"\nold = "{secret}"\nnew = "Recensement"\n'
        'reason = "Donnée personnelle."\nsource = "https://example.org/demande"\ndate = 2026-11-02\n',
        encoding="utf-8",
    )
    second = publish(documents, corrections=(folder,))
    for form in ("json", "table", "turtle"):
        ended = lod("diff", first.folder, second.folder, "--format", form)
        assert (ended.returncode, secret in ended.stdout) == (0, False)
    assert "(not shown) → " in lod("diff", first.folder, second.folder).stdout


def test_shared_resources_are_compared_one_by_one(publish: Publish) -> None:
    documents = {number: question(number) for number in (90101, 90102)}
    first = publish(documents)
    after = copy.deepcopy(documents)
    after[90103] = question(90103)
    after[90103]["question"]["textesQuestion"]["texteQuestion"]["infoJO"]["dateJO"] = "2026-05-05"
    second = publish(after, split=True)
    issue = f"{BASE}jo/an-questions/2026-05-05"
    assert list(compare_shared(first, second)) == [SharedChange(issue, SharedChangeKind.CREATED)]
    assert list(compare_shared(second, first)) == [SharedChange(issue, SharedChangeKind.DELETED)]
    assert len(list(compare_shared(None, first))) > 10
    assert {change.get("resource") for change in diff(first.folder, second.folder)} == {None, issue}


def test_without_an_earlier_release_the_user_must_name_one(publish: Publish, tmp_path: Path) -> None:
    assert isinstance(publish({90101: question(90101)}), Release)
    ended = lod("diff", "--config", configuration(tmp_path))
    assert ended.returncode == 2
    assert "expected a release before" in ended.stderr


def configuration(folder: Path) -> Path:
    path = folder / "lod.toml"
    path.write_text('out = "out"\n', encoding="utf-8")
    return path
