"""What the tests of updates share: an official server whose archives are made anew each day."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from pytest_httpserver import HTTPServer

from lod.cli.main import app
from lod.errors import LodError, Refused
from lod.versioned_dir import RELEASE
from tests.conftest import SAMPLES
from tests.support.official_server import MONDAY, OfficialFile, OfficialServer, archive, table

FIRST, LAST = 90101, 90125
"""The numbers of the questions of the first day: so many that one may be missing the next day."""
_TEMPLATE = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))
_REGISTER = {
    path.relative_to(SAMPLES / "register").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((SAMPLES / "register").rglob("*.json"))
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture(scope="session")
def http() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", threaded=True) as http:
        yield http


def question(number: int) -> dict[str, Any]:
    """Return a question without an answer, in the official form."""
    document = copy.deepcopy(_TEMPLATE)
    found = document["question"]
    found["uid"], found["identifiant"]["numero"] = f"QANR5L17QE{number}", str(number)
    found["textesReponse"] = found["cloture"] = found["signalement"] = None
    return dict(document)


@dataclass
class Assembly:
    """The questions that the server offers, and its days: each makes its archives anew."""

    server: OfficialServer
    questions: dict[int, dict[str, Any]] = field(
        default_factory=lambda: {number: question(number) for number in range(FIRST, LAST + 1)}
    )
    more: dict[str, str] = field(default_factory=dict)
    days: int = 0

    def publish(self) -> None:
        """Make the archives of the next day."""
        self.days += 1
        when, packed = MONDAY + timedelta(self.days), (2026, 9, 7 + self.days, 5, 0, 0)
        documents = {
            f"json/QANR5L17QE{number}.json": json.dumps(each, ensure_ascii=False)
            for number, each in sorted(self.questions.items())
        }
        self.server.files["/amo.zip"] = OfficialFile(archive(_REGISTER, packed), modified=when)
        self.server.files["/qe.zip"] = OfficialFile(archive(documents | self.more, packed), modified=when)

    def answer(self, number: int) -> None:
        found = self.questions[number]["question"]
        for name in ("textesReponse", "cloture"):
            found[name] = _TEMPLATE["question"][name]

    def correct(self, number: int, title: str) -> None:
        self.questions[number]["question"]["indexationAN"]["analyses"]["analyse"] = title


@pytest.fixture
def assembly(http: HTTPServer) -> Iterator[Assembly]:
    """The first day."""
    server = OfficialServer(http)
    http.expect_request(re.compile("")).respond_with_handler(server.respond)
    assembly = Assembly(server)
    assembly.publish()
    yield assembly
    server.ended.set()
    http.check()
    http.clear()


@pytest.fixture
def site(assembly: Assembly, tmp_path: Path) -> Path:
    """The folder of a site, with its configuration."""
    rows = (("QE", 17, assembly.server.url("/qe.zip")), ("AMO30", None, assembly.server.url("/amo.zip")))
    table(tmp_path / "sources.toml", rows)
    lines = (
        'sources = "sources.toml"',
        'kinds = ["QE"]',
        'contact = "x@example.org"',
        "keep = 2",
        "jobs = 1",
        'address = "https://data.example.org/"',
    )
    (tmp_path / "lod.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return tmp_path


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process, in the folder of the site.

    Return its exit code and what it printed, names of releases left out.
    """
    monkeypatch.chdir(site)

    def run(*words: str) -> tuple[int, str, str]:
        error = ""
        try:
            code = typer.main.get_command(app).main(words, standalone_mode=False) or 0
        except LodError as raised:
            problems = raised.problems if isinstance(raised, Refused) else ()
            code, error = raised.exit_code, "".join(f"{each}\n" for each in (*problems, f"error: {raised}"))
        printed, told = capsys.readouterr()
        return code, without_names(printed), without_names(told + error)

    return run


def without_names(text: str) -> str:
    """Return a text with R in place of the names of releases."""
    return re.sub(RELEASE, "R", text)
