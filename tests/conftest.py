"""What tests share: the samples, the real documents if they are there, builds made once."""

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import settings

from lod import Compression, Options, Question, Summary, build_release, load_register, read_file
from lod.context import ResourceBlock
from lod.source.register import Register

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"
REAL_PAGES = SHARED / "data" / "pages"
REAL_QUESTION_TIME = SHARED / "data" / "Questions_gouvernement_L16.json.zip"
REAL_REGISTER = SHARED / "data" / "AMO10_deputes_actifs_mandats_actifs_organes_2025-04.json.zip"
REAL_DIVIDED_REGISTER = SHARED / "data" / "AMO50_divises_sample_2025-11.json.zip"

Freed = Callable[[], list[BaseException | None]]
"""Frees what nobody holds any more."""

VARIED = ("pages", "json", "older-pages")
"""The folders of samples that have questions of several legislatures and kinds."""

pytest_plugins = ["pytester", "tests.support.session"]


def pytest_configure() -> None:
    """Let the processes that tests start end at SIGINT, and no test fail because the machine is slow."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("any machine", deadline=None)
    settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the program remembers between runs, instead of that of the user."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["LOD_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def regen(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--regen"))


@pytest.fixture
def freed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> Freed:
    """Have another thread free what nobody holds any more; give the errors that nobody could hear of."""
    unheard: list[BaseException | None] = []
    monkeypatch.setattr("sys.unraisablehook", lambda told: unheard.append(told.exc_value))

    def free() -> list[BaseException | None]:
        other = threading.Thread(target=gc.collect)
        other.start()
        other.join()
        return unheard

    return free


@pytest.fixture(scope="session")
def sample_register() -> Register:
    return load_register(SAMPLES / "register")[0]


@pytest.fixture(scope="session")
def sample_questions() -> list[Question]:
    return [found for found in read_file(SAMPLES / "pages") if isinstance(found, Question)]


@pytest.fixture(scope="session")
def sample_release(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The samples with their register, published once."""
    out = tmp_path_factory.mktemp("samples")
    options = Options(registers=(SAMPLES / "register",), documents=True)
    return build_release([SAMPLES / "pages"], out, options)


@pytest.fixture(scope="session")
def named_release(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The samples published once under a base of their own."""
    options = Options(base="https://data.example.org/q/")
    return build_release([SAMPLES / "pages"], tmp_path_factory.mktemp("named"), options)


@pytest.fixture(scope="session")
def varied_release(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """Samples of several legislatures and kinds with their register, published once."""
    options = Options(registers=(SAMPLES / "register",), documents=True)
    return build_release([SAMPLES / name for name in VARIED], tmp_path_factory.mktemp("varied"), options)


@pytest.fixture(scope="session")
def split_release(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """Samples of several legislatures and kinds, published once, with a dump for each, compressed."""
    out = tmp_path_factory.mktemp("split")
    options = Options(registers=(SAMPLES / "register",), compress=Compression.ZSTD, split=True)
    return build_release([SAMPLES / name for name in VARIED], out, options)


@pytest.fixture(scope="session")
def real_release(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The five real pages with the real register, published once."""
    out = tmp_path_factory.mktemp("real")
    return build_release([REAL_PAGES], out, Options(registers=(REAL_REGISTER,), documents=True))


@pytest.fixture(scope="session")
def real_split_release(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The real pages and four hundred questions to the Government with the real registers, published once."""
    registers = (REAL_REGISTER, REAL_DIVIDED_REGISTER)
    options = Options(registers=registers, compress=Compression.GZIP, split=True)
    sources = [REAL_PAGES, REAL_QUESTION_TIME]
    return build_release(sources, tmp_path_factory.mktemp("real-split"), options)


def blocks_of(ntriples: str) -> Iterator[ResourceBlock]:
    """Give the resources of N-Triples, each with one statement after the other."""
    lines = sorted(ntriples.encode().splitlines())
    for subject, whose in groupby(lines, lambda line: line.split(b" ", 1)[0]):
        said = [line.removesuffix(b" .").split(b" ", 2)[1:] for line in whose]
        yield ResourceBlock(
            subject, tuple(predicate for predicate, _ in said), [[value] for _, value in said]
        )
