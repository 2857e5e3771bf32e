"""Days of a site as its operator sees them: what `lod update` prints, how it ends, what is served."""

import json
import re
from pathlib import Path

import pytest

from lod.release import Release, current_release, list_releases
from tests.support.command import lod
from tests.support.official_server import cut
from tests.support.server import served
from tests.support.waiting import until
from tests.update.conftest import FIRST, LAST, Assembly, Command, question, without_names


def update(site: Path, *words: str) -> tuple[int, str, str]:
    """Run `lod update`; return its exit code and what it printed, names of releases left out."""
    ran = lod("update", *words, cwd=site)
    return ran.returncode, without_names(ran.stdout), without_names(ran.stderr)


def metric(text: str, name: str) -> float:
    (value,) = re.findall(rf"^{name} (\S+)$", text, re.MULTILINE)
    return float(value)


def test_days_in_a_row(site: Path, assembly: Assembly, tmp_path: Path) -> None:
    out = site / "out"
    assert update(site) == (0, "25 new questions; release R\n", "")
    settings = ("--no-sparql", "--config", str(site / "lod.toml"))
    with (
        (tmp_path / "log").open("w") as log,
        served(out / "current", tmp_path / "work", *settings, err=log) as server,
    ):
        # a day on which nothing changed: not one byte of a body
        before = len(assembly.server.answered)
        assert update(site) == (0, "nothing new; release R stays\n", "")
        assert [(each.status, each.body_bytes) for each in assembly.server.answered[before:]] == [
            (304, 0)
        ] * 2

        assert "https://data.example.org/" in server.get("questions.atom").text

        # archives made anew with the same members
        first = current_release(out)
        assembly.publish()
        assert update(site) == (0, "nothing new; release R stays\n", "")
        assert current_release(out) == first

        # new questions, answers, a correction
        assembly.questions |= {number: question(number) for number in (LAST + 1, LAST + 2)}
        assembly.answer(FIRST)
        assembly.answer(FIRST + 1)
        assembly.correct(FIRST + 2, "Recensement des licornes")
        assembly.publish()
        assert update(site) == (0, "2 new questions, 2 answers, 1 correction; release R\n", "")
        second = current_release(out)
        until(lambda: server.get("healthz").json() == {"release": second, "sound": True})
        assert "Recensement des licornes" in server.get(f"an/17/qe/{FIRST + 2}.ttl").text
        text = server.get("metrics").text
        assert metric(text, "lod_release_written_timestamp_seconds") > 0
        assert metric(text, "lod_mirror_checked_timestamp_seconds") == pytest.approx(
            metric(text, "lod_release_written_timestamp_seconds"), abs=60
        )

        # a question withdrawn, and one document that cannot be read
        del assembly.questions[LAST]
        assembly.more[f"json/QANR5L17QE{FIRST + 3}.json"] = "{"
        assembly.publish()
        code, printed, told = update(site)
        assert (code, printed) == (
            3,
            "1 withdrawal, 1 question kept as it was, 1 document rejected; release R\n",
        )
        assert told.startswith(f"rejected: 17-QE.zip!json/QANR5L17QE{FIRST + 3}.json")
        third = current_release(out)
        until(lambda: server.get("healthz").json()["release"] == third)
        assert server.get(f"an/17/qe/{LAST}").status_code == 410

        # the source is cut, and cut again: what is there stays
        assembly.questions[LAST + 3] = question(LAST + 3)
        assembly.publish()
        assembly.server.always = lambda request, response: (
            cut(100)(request, response) if request.path == "/qe.zip" else response
        )
        (site / "lod.toml").write_text((site / "lod.toml").read_text() + "timeout = 2\n")
        code, printed, told = update(site)
        assert (code, printed) == (7, "")
        assert told.splitlines()[-1] == (
            "error: 17-QE could not be had; nothing is published, release R stays"
        )
        assert current_release(out) == third

        # the source is well again, and a question comes back
        assembly.server.always = None
        assembly.more.clear()
        assembly.questions[LAST] = question(LAST)
        assembly.publish()
        assert update(site) == (0, "1 new question, 1 question back; release R\n", "")
        until(lambda: server.get(f"an/17/qe/{LAST}").status_code == 200)
    assert len(list((out / "releases").iterdir())) == 2  # keep = 2
    swaps = (tmp_path / "log").read_text().splitlines()
    assert swaps[:2] == [
        f"release {second} is served now, no longer {first}",
        f"release {third} is served now, no longer {second}",
    ]


def test_the_number_of_releases_that_stay_can_be_given_for_one_run(
    site: Path, assembly: Assembly, command: Command
) -> None:
    for number in (FIRST, FIRST + 1, FIRST + 2):
        assert command("update", "--keep", "3")[0] == 0
        assembly.answer(number)
        assembly.publish()
    assert len(list_releases(site / "out")) == 3
    assert command("update")[0] == 0
    assert len(list_releases(site / "out")) == 2


def test_a_source_that_shrinks_or_has_a_form_that_nobody_knows_is_not_published(
    site: Path, assembly: Assembly, command: Command
) -> None:
    assert command("update")[0] == 0
    release = current_release(site / "out")
    assembly.questions[FIRST]["question"]["humeur"] = "sombre"
    assembly.publish()
    code, printed, told = command("update")
    assert (code, printed) == (4, "")
    assert "humeur" in told
    del assembly.questions[FIRST]["question"]["humeur"]
    for number in range(FIRST, FIRST + 5):
        del assembly.questions[number]
    assembly.publish()
    code, printed, told = command("update")
    assert (code, printed) == (7, "")
    assert "use --allow-shrink if that is intended" in told
    assert current_release(site / "out") == release
    assert command("update", "--allow-shrink") == (0, "5 withdrawals; release R\n", "")


def test_a_rollback_is_not_undone_by_an_update(site: Path, assembly: Assembly, command: Command) -> None:
    out = site / "out"
    assert command("update")[0] == 0
    good = current_release(out)
    for number in (FIRST, FIRST + 1):
        assembly.correct(number, "Titre faux")
    assembly.publish()
    assert command("update")[1] == "2 corrections; release R\n"
    bad = current_release(out)

    assert command("rollback")[1].splitlines() == [
        "release R is current; it was R",
        "updates publish nothing until the sources are better, or until lod update --resume",
    ]
    listed = [(release.name, str(release.status)) for release in list_releases(out)]
    assert listed == [(good, "current"), (bad, "withdrawn")]
    assert [line.split()[-1] for line in command("releases")[1].splitlines()[1:]] == ["current", "withdrawn"]
    assert [each["status"] for each in json.loads(command("releases", "--json")[1])] == [
        "current",
        "withdrawn",
    ]

    refused = (
        "error: release R was withdrawn, and {} of the 2 documents in which it differed are still the same; "
        "release R stays; lod update --resume publishes what the sources have\n"
    )
    assert command("update") == (4, "", refused.format(2))
    # one of them is mended, and there is a new question: the other would be published again
    assembly.correct(FIRST, "Recensement des griffons")
    assembly.questions[LAST + 1] = question(LAST + 1)
    assembly.publish()
    assert command("update") == (4, "", refused.format(1))
    assert current_release(out) == good
    # both are mended
    assembly.correct(FIRST + 1, "Recensement des griffons")
    assembly.publish()
    assert command("update") == (0, "1 new question; release R\n", "")
    assert Release(out / "current").manifest.counts["questions"] == 26
    # the withdrawn release is passed over by the next rollback
    assert command("rollback")[0] == 0
    assert current_release(out) == good


def test_the_operator_may_publish_what_a_rollback_has_taken_back(
    site: Path, assembly: Assembly, command: Command
) -> None:
    out = site / "out"
    command("update")
    good = current_release(out)
    assembly.correct(FIRST, "Titre vrai, tout compte fait")
    assembly.publish()
    command("update")
    second = current_release(out)
    assert command("rollback", str(good), "--quiet") == (0, "", "")
    assert command("update")[0] == 4
    assert command("update", "--resume") == (0, "1 correction; release R\n", "")
    assert current_release(out) == second
    assert command("update") == (0, "nothing new; release R stays\n", "")
