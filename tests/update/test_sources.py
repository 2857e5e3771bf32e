"""What a release says of its sources, and what makes a new one: in this process, with a clock of its own."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from lod.configuration import Configuration, load_configuration
from lod.release import STATE, current_release
from lod.update import UpdateOptions, UpdateResult, update
from tests.conftest import SAMPLES
from tests.update.conftest import FIRST, Assembly, Command

MONDAY, TUESDAY, WEDNESDAY = (datetime(2026, 9, day, 7, 30, tzinfo=UTC) for day in (7, 8, 9))


@pytest.fixture
def configuration(site: Path) -> Configuration:
    return load_configuration(site / "lod.toml")


def run(
    configuration: Configuration, when: datetime, monkeypatch: pytest.MonkeyPatch, **options: bool
) -> UpdateResult:
    """Update at a time."""
    for module in ("harvest.mirror", "harvest.partial", "harvest.download", "update"):
        monkeypatch.setattr(f"lod.{module}.now", lambda: when)
    return update(configuration, UpdateOptions(**options), lambda _: None)


def first_fetches(result: UpdateResult) -> dict[str, str]:
    lines = (result.path / "sources.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["document"]: line["first_fetched"] for line in map(json.loads, lines)}


def test_a_release_says_when_the_bytes_of_each_document_were_first_fetched(
    configuration: Configuration, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(configuration, MONDAY, monkeypatch)
    assembly.publish()
    assert not run(configuration, TUESDAY, monkeypatch).is_new
    assembly.answer(FIRST)
    assembly.publish()
    found = first_fetches(run(configuration, WEDNESDAY, monkeypatch))
    changed = {name for name, time in found.items() if time == "2026-09-09T07:30:00Z"}
    assert changed == {f"17-QE.zip!json/QANR5L17QE{FIRST}.json"}
    assert {time for name, time in found.items() if name not in changed} == {"2026-09-07T07:30:00Z"}
    manifest = json.loads((configuration.out / "current/manifest.json").read_text(encoding="utf-8"))
    address = assembly.server.url("/qe.zip")
    assert manifest["inputs"][0] == {"name": "17-QE.zip", "address": address, "documents": 25}


def test_archives_made_anew_give_the_same_release(
    configuration: Configuration, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(configuration, MONDAY, monkeypatch)
    assembly.publish()
    elsewhere = structs.replace(configuration, out=configuration.out.with_name("elsewhere"))
    second = run(elsewhere, TUESDAY, monkeypatch)
    assert (second.is_new, second.release) == (True, first.release)


def test_an_update_that_was_killed_before_it_could_remember_is_repeated(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(configuration, MONDAY, monkeypatch)
    (configuration.out / STATE).unlink()
    second = run(configuration, TUESDAY, monkeypatch)
    assert (second.is_new, second.release) == (False, first.release)


def test_settings_own_documents_and_corrections_are_reasons_to_build(
    configuration: Configuration, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, folder = site / "own", site / "corrections"
    own.mkdir()
    folder.mkdir()
    configuration = structs.replace(configuration, documents=(own,), corrections=(folder,))
    run(configuration, MONDAY, monkeypatch)
    configuration = structs.replace(configuration, publisher="Quelqu'un")
    assert run(configuration, MONDAY, monkeypatch).is_new
    page = SAMPLES / "pages" / "90001-lien-vide.txt"
    (own / page.name).write_bytes(page.read_bytes())
    assert run(configuration, MONDAY, monkeypatch).changes == {"new": 1}
    (folder / "titre.toml").write_text(
        f'question = "QANR5L17QE{FIRST}"\nproperty = "title"\nold = "Recensement des griffons"\n'
        'new = "Recensement des licornes"\nreason = "invented"\nsource = "a test"\ndate = 2026-09-07\n'
    )
    assert run(configuration, MONDAY, monkeypatch).changes == {"corrected": 1}
    assert not run(configuration, TUESDAY, monkeypatch).is_new


def test_after_a_rollback_to_a_release_made_by_hand_only_the_operator_can_go_on(
    site: Path, command: Command
) -> None:
    command("build", str(SAMPLES / "pages"), "--out", "out", "--quiet", "--jobs", "1")
    by_hand = current_release(site / "out")
    assert command("update", "--allow-shrink")[0] == 0
    command("rollback")
    assert current_release(site / "out") == by_hand
    code, _, told = command("update")
    assert (code, "its documents are not known" in told) == (4, True)
