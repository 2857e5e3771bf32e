"""What the tests of a harvest share: the official server, its addresses, a clock, and no waiting."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from lod.harvest import HarvestOptions, HarvestOutcome, harvest
from tests.support.official_server import OfficialFile, OfficialServer, archive, table

QUESTIONS = {f"json/QANR5L17QE{number}.json": f'{{"numero": {number}}}' * 400 for number in range(1, 41)}
REGISTER = {f"json/acteur/PA{number}.json": f'{{"uid": "PA{number}"}}' * 40 for number in range(1, 21)}


@dataclass
class Clock:
    """The time that the mirror notes."""

    now: datetime = datetime(2026, 9, 8, 7, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in ("mirror", "partial", "download"):
        monkeypatch.setattr(f"lod.harvest.{module}.now", clock)
    return clock


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of the waits between requests, none of which takes place."""
    waits: list[float] = []
    real, main = time.sleep, threading.current_thread()

    def sleep(seconds: float) -> None:
        if threading.current_thread() is main:
            waits.append(seconds)
        else:
            real(seconds)

    monkeypatch.setattr("time.sleep", sleep)
    return waits


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture(scope="session")
def http() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", threaded=True) as http:
        yield http


@pytest.fixture
def server(http: HTTPServer) -> Iterator[OfficialServer]:
    """The server with a register and one archive of questions."""
    server = OfficialServer(http)
    server.files["/amo.zip"] = OfficialFile(archive(REGISTER))
    server.files["/qe.zip"] = OfficialFile(archive(QUESTIONS))
    http.expect_request(re.compile("")).respond_with_handler(server.respond)
    yield server
    server.ended.set()
    http.check()
    http.clear()


@pytest.fixture
def sources(server: OfficialServer, tmp_path: Path) -> Path:
    rows = (("QE", 17, server.url("/qe.zip")), ("AMO30", None, server.url("/amo.zip")))
    page, item = server.url("/q{legislature}/{legislature}-{number}{kind}.htm"), server.url("/dyn/{uid}.json")
    return table(tmp_path / "sources.toml", rows, f'[single]\npage = "{page}"\nitem = "{item}"')


Run = Callable[..., list[HarvestOutcome]]


@pytest.fixture
def run(sources: Path, tmp_path: Path) -> Run:
    """Harvest the questions, or what else the options say, into the mirror."""

    def run(**options: object) -> list[HarvestOutcome]:
        if not {"kinds", "questions", "pages"} & options.keys():
            options["kinds"] = ("QE",)
        wanted = HarvestOptions(sources=sources, **({"timeout": 20.0} | options))  # type: ignore[arg-type]
        return list(harvest(tmp_path / "mirror", wanted))

    return run
