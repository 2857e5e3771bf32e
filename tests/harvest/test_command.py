"""What `lod harvest` prints, and how it ends."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from lod.cli.main import app
from tests.support.command import lod
from tests.support.official_server import OfficialServer, replaced

Command = Callable[..., tuple[int, str, str]]
CONTACT = ("--contact", "x@example.org")
BOTH = ("-k", "QE", "-k", "AMO30")


@pytest.fixture
def command(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run `lod harvest` in this process; return its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LOD_CONTACT", raising=False)

    def run(*words: str) -> tuple[int, str, str]:
        given = ["harvest", "--sources", str(sources), *words]
        code = typer.main.get_command(app).main(given, standalone_mode=False)
        return code, *capsys.readouterr()

    return run


def test_each_source_has_a_sentence(command: Command) -> None:
    code, printed, told = command(*BOTH, *CONTACT)
    assert (code, told) == (0, "")
    assert re.fullmatch(r"AMO30: new, \d+ kB, 20 members\n17-QE: new, \d+ kB, 40 members\n", printed)
    assert command(*BOTH, *CONTACT) == (0, "AMO30: not changed\n17-QE: not changed\n", "")


def test_a_contact_is_asked_for_and_may_come_from_the_environment(
    command: Command, server: OfficialServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    warning = "warning: no contact is sent; give your e-mail or web address with --contact\n"
    assert command(*BOTH)[2] == warning
    monkeypatch.setenv("LOD_CONTACT", "y@example.org")
    assert command(*BOTH)[2] == ""
    assert server.answered[-1].headers["User-Agent"] == "lod/0.1.0 (y@example.org)"


def test_a_source_that_fails_is_named_with_the_exit_code_7(command: Command, server: OfficialServer) -> None:
    server.faults = [replaced(b"<html>", 200, Content_Type="text/html")]
    sentence = f"error: AMO30: expected a zip, found « text/html » ({server.url('/amo.zip')})\n"
    assert command(*BOTH, *CONTACT, "--quiet") == (7, "", sentence)


def test_the_result_can_be_read_by_programs(command: Command, server: OfficialServer) -> None:
    server.faults = [replaced(b"", 404)]
    code, printed, told = command(*BOTH, *CONTACT, "--json")
    register, questions = json.loads(printed)
    assert code == 7
    assert told.count("\n") == 1
    assert (register["state"], questions["state"]) == ("absent", "new")
    assert questions["members"] == {"total": 40, "added": 40, "changed": 0, "removed": 0}
    assert questions["path"] == "questions/17-QE.zip"


def test_an_absent_page_is_a_failure_only_if_it_was_named(command: Command) -> None:
    assert command("--question", "17-1QE", *CONTACT)[0] == 7
    code, printed, _ = command("--pages", "17-1QE", *CONTACT)
    assert (code, "there is nothing at this address (404)" in printed) == (0, True)
    assert command("--pages", "17-1QE", *CONTACT)[1].startswith("nothing to download: ")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--pages", "x"), "error: --pages: expected a file, or questions such as 13-5QE"),
        (("--kind", "QX"), "error: expected an archive that the table of sources has"),
        (("--rate", "0"), "Invalid value for '--rate'"),
    ],
)
def test_wrong_usage_ends_with_2_before_anything_is_made(
    tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    ran = lod("harvest", "mirror", *CONTACT, *words, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert why in ran.stderr
    assert list(tmp_path.iterdir()) == []
