"""Archives come whole into the mirror, and only when they have changed."""

import json
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from lod.errors import Busy, Misused, NotReadOrWritten
from lod.harvest import HarvestOptions, HarvestOutcome, HarvestState, Mirror, harvest
from lod.harvest.mirror import INDEX
from lod.versioned_dir import locked
from tests.conftest import REAL_QUESTION_TIME
from tests.harvest.conftest import QUESTIONS, Clock, Run
from tests.support.official_server import MONDAY, TUESDAY, OfficialFile, OfficialServer, archive

QE, AMO30 = "questions/17-QE.zip", "registers/AMO30.zip"


def only(outcomes: list[HarvestOutcome]) -> HarvestOutcome:
    (outcome,) = outcomes
    return outcome


def test_a_first_harvest_brings_registers_first_then_questions(
    server: OfficialServer, run: Run, tmp_path: Path
) -> None:
    outcomes = run(kinds=("QE", "AMO30"))
    assert server.asked == ["/amo.zip", "/qe.zip"]
    assert [str(outcome) for outcome in outcomes] == [
        f"AMO30: new, {-(-len(server.files['/amo.zip'].data) // 1000)} kB, 20 members",
        f"17-QE: new, {-(-len(server.files['/qe.zip'].data) // 1000)} kB, 40 members",
    ]
    assert (tmp_path / "mirror" / AMO30).read_bytes() == server.files["/amo.zip"].data
    assert (tmp_path / "mirror" / QE).read_bytes() == server.files["/qe.zip"].data


@pytest.mark.usefixtures("clock")
def test_the_index_says_where_each_file_came_from(server: OfficialServer, run: Run, tmp_path: Path) -> None:
    server.files["/qe.zip"].etag = '"monday"'
    run()
    written = json.loads((tmp_path / "mirror" / INDEX).read_bytes())
    entry = written["files"][QE]
    member = entry["members"].pop("json/QANR5L17QE1.json")
    assert entry.pop("members").keys() == QUESTIONS.keys() - {"json/QANR5L17QE1.json"}
    assert entry == {
        "address": server.url("/qe.zip"),
        "first_fetched": "2026-09-08T07:30:00Z",
        "last_fetched": "2026-09-08T07:30:00Z",
        "last_modified": "Mon, 07 Sep 2026 05:00:00 GMT",
        "etag": '"monday"',
        "sha256": Mirror.open(tmp_path / "mirror").entries[QE].sha256,
        "size": len(server.files["/qe.zip"].data),
    }
    with zipfile.ZipFile(tmp_path / "mirror" / QE) as opened:
        info = opened.getinfo("json/QANR5L17QE1.json")
    assert member == {
        "crc32": f"{info.CRC:08x}",
        "first_fetched": "2026-09-08T07:30:00Z",
        "size": info.file_size,
    }
    assert Mirror.open(tmp_path / "mirror").entries[QE].modified == MONDAY


@pytest.mark.parametrize("etag", [None, '"monday"', 'W/"monday"'])
def test_of_what_has_not_changed_no_byte_is_transferred(
    server: OfficialServer, run: Run, clock: Clock, tmp_path: Path, etag: str | None
) -> None:
    server.files["/qe.zip"].etag = etag
    run()
    before = (tmp_path / "mirror" / QE).stat().st_ino
    clock.now += timedelta(days=1)
    started = time.monotonic()
    assert str(only(run())) == "17-QE: not changed"
    assert time.monotonic() - started < 2
    assert (server.answered[-1].status, server.answered[-1].body_bytes) == (304, 0)
    assert (tmp_path / "mirror" / QE).stat().st_ino == before
    entry = Mirror.open(tmp_path / "mirror").entries[QE]
    assert entry.last_fetched - entry.first_fetched == timedelta(days=1)


def test_an_archive_without_validators_is_downloaded_again(server: OfficialServer, run: Run) -> None:
    server.files["/qe.zip"].modified = None
    run()
    assert only(run()).state is HarvestState.REGENERATED
    assert [answer.status for answer in server.answered] == [200, 200]


def test_an_archive_regenerated_with_equal_members_changes_none_of_their_dates(
    server: OfficialServer, run: Run, clock: Clock, tmp_path: Path
) -> None:
    run()
    clock.now += timedelta(days=1)
    server.files["/qe.zip"] = OfficialFile(archive(QUESTIONS, (2026, 9, 8, 5, 0, 0)), TUESDAY)
    assert str(only(run())) == "17-QE: regenerated, with the same content"
    mirror = Mirror.open(tmp_path / "mirror")
    entry = mirror.entries[QE]
    assert (tmp_path / "mirror" / QE).read_bytes() == server.files["/qe.zip"].data
    assert entry.first_fetched == clock.now
    assert {member.first_fetched for member in (entry.members or {}).values()} == {
        clock.now - timedelta(days=1)
    }


def test_a_changed_archive_tells_which_members_changed(
    server: OfficialServer, run: Run, clock: Clock, tmp_path: Path
) -> None:
    run()
    first = clock.now
    clock.now += timedelta(days=1)
    documents = QUESTIONS | {"json/QANR5L17QE1.json": "{}", "json/QANR5L17QE41.json": "{}"}
    del documents["json/QANR5L17QE2.json"]
    server.files["/qe.zip"] = OfficialFile(archive(documents), TUESDAY)
    outcome = only(run())
    assert str(outcome).endswith("40 members: 1 new, 1 changed, 1 gone")
    mirror, path = Mirror.open(tmp_path / "mirror"), tmp_path / "mirror" / QE
    with zipfile.ZipFile(path) as opened:
        fetched = {info.filename: mirror.first_fetch(path, info) for info in opened.infolist()}
    new = {"json/QANR5L17QE1.json", "json/QANR5L17QE41.json"}
    assert fetched == {name: clock.now if name in new else first for name in documents}


def test_the_first_fetch_is_known_of_no_other_bytes(run: Run, tmp_path: Path) -> None:
    run()
    mirror, path = Mirror.open(tmp_path / "mirror"), tmp_path / "mirror" / QE
    other = tmp_path / "other.zip"
    other.write_bytes(archive({"json/QANR5L17QE1.json": "other"}))
    with zipfile.ZipFile(path) as opened, zipfile.ZipFile(other) as changed:
        known, unknown = opened.infolist()[0], changed.infolist()[0]
    assert known.filename == unknown.filename
    assert mirror.first_fetch(path, known)
    assert mirror.first_fetch(path, unknown) is None
    assert mirror.first_fetch(other, known) is None
    assert Mirror.open(tmp_path / "none").first_fetch(path, known) is None


@pytest.mark.parametrize("damage", ["removed", "altered"])
def test_a_file_that_is_no_longer_whole_is_downloaded_again(
    server: OfficialServer, run: Run, clock: Clock, tmp_path: Path, damage: str
) -> None:
    run()
    path = tmp_path / "mirror" / QE
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    first = clock.now
    clock.now += timedelta(days=1)
    assert only(run()).state is HarvestState.REGENERATED
    assert path.read_bytes() == server.files["/qe.zip"].data
    assert Mirror.open(tmp_path / "mirror").entries[QE].first_fetched == first


def test_a_much_smaller_archive_is_refused_unless_allowed(
    server: OfficialServer, run: Run, tmp_path: Path
) -> None:
    run()
    before = server.files["/qe.zip"].data
    few = dict(list(QUESTIONS.items())[:35])
    server.files["/qe.zip"] = OfficialFile(archive(few), TUESDAY)
    outcome = only(run())
    assert outcome.state is HarvestState.FAILED
    assert "expected at least about 40 members as before, found 35" in str(outcome)
    assert "--allow-shrink" in str(outcome)
    assert (tmp_path / "mirror" / QE).read_bytes() == before
    assert only(run(allow_shrink=True)).state is HarvestState.CHANGED
    assert (tmp_path / "mirror" / QE).read_bytes() == server.files["/qe.zip"].data


def test_an_archive_of_as_many_members_but_many_fewer_bytes_is_refused(
    server: OfficialServer, run: Run
) -> None:
    run()
    server.files["/qe.zip"] = OfficialFile(archive(dict.fromkeys(QUESTIONS, "{}")), TUESDAY)
    assert "bytes as before, found" in str(only(run()))


def test_a_failing_source_does_not_keep_the_others_from_coming(server: OfficialServer, run: Run) -> None:
    del server.files["/amo.zip"]
    register, questions = run(kinds=("AMO30", "QE"))
    assert "there is nothing at this address (404)" in str(register)
    assert questions.state is HarvestState.NEW


def test_one_process_at_a_time_works_in_a_mirror(run: Run, tmp_path: Path) -> None:
    with (
        locked(tmp_path / "mirror", "busy"),
        pytest.raises(Busy, match="mirror: another harvest is under way"),
    ):
        run()


@pytest.mark.parametrize("text", ["", "{", '{"version": 99}', '{"files": {"x": 1}}', "\udcff"])
def test_an_index_that_cannot_be_read_is_named(
    server: OfficialServer, run: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / INDEX).write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(NotReadOrWritten, match=r"index\.json: expected the index of a mirror.*remove it"):
        run()
    assert server.asked == []


@pytest.mark.real
def test_a_real_archive_is_brought_whole(server: OfficialServer, run: Run, tmp_path: Path) -> None:
    server.files["/qe.zip"].data = REAL_QUESTION_TIME.read_bytes()
    outcome = only(run())
    assert outcome.members
    assert outcome.members.total == 400
    assert (tmp_path / "mirror" / QE).read_bytes() == REAL_QUESTION_TIME.read_bytes()


def test_archives_and_single_questions_are_not_asked_for_together(tmp_path: Path) -> None:
    options = HarvestOptions(kinds=("QE",), questions=("17-1QE",))
    with pytest.raises(Misused, match="found both"):
        list(harvest(tmp_path / "mirror", options))
    assert not (tmp_path / "mirror").exists()
