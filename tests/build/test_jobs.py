"""Any number of processes build the same release, and none of them outlives the run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.corpus import Corpus, write_zip
from lod import NotReadOrWritten, Options, build_release, versioned_dir
from lod.build import assemble
from lod.executors.process_pool import ProcessPool
from tests.conftest import ROOT, SAMPLES
from tests.support.processes import until_ended

pytestmark = pytest.mark.slow  # each test builds releases


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of some invented questions, one of which is broken, and the register that they need."""
    folder, chamber = tmp_path_factory.mktemp("corpus"), Corpus()
    questions = [chamber.question(number) for number in range(1, 121)]
    questions[7]["type"] = None
    write_zip(folder / "corpus.zip", ((q["uid"], {"question": q}) for q in questions))
    write_zip(folder / "register.zip", chamber.register())
    return folder


def files(release: Path) -> dict[str, bytes]:
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*.*")}


def test_the_release_is_the_same_whatever_the_number_of_processes_and_the_batch(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    for jobs, batch in ((1, 100), (2, 100), (3, 7)):
        monkeypatch.setattr(assemble, "BATCH", batch)
        registers = (corpus / "register.zip", SAMPLES / "register")
        options = Options(registers=registers, jobs=jobs, documents=True)
        sources = [corpus / "corpus.zip", SAMPLES / "forms", SAMPLES / "json"]
        summary = build_release(sources, tmp_path / f"{jobs}", options)
        built.append((summary.release, summary.counts, [str(problem) for problem in summary.problems]))
        assert not [path for path in summary.path.rglob("*") if "parts" in path.name]
    assert built[0] == built[1] == built[2]
    assert built[0][1]["rejected"] == 1
    one, two, three = (files(tmp_path / f"{jobs}" / "current") for jobs in (1, 2, 3))
    assert one == two == three


def kill_this_process(_tools: None, _task: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def no_tools() -> None:
    """Make the tools of tasks that need none."""


def test_a_process_that_is_killed_ends_the_run_in_one_sentence() -> None:
    with pytest.raises(NotReadOrWritten, match="a process was killed"):
        list(ProcessPool(2, None, no_tools).imap(kill_this_process, range(4)))


def double(_tools: None, task: int) -> int:
    time.sleep(0.02 * (task % 3))
    return 2 * task


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(ProcessPool(3, None, no_tools).imap(double, range(30))) == [2 * task for task in range(30)]


class Tools:
    """Tools that note the process which made them."""

    def __init__(self) -> None:
        self.process = os.getpid()


def process_of_tools(tools: Tools, _task: int) -> tuple[int, int]:
    return tools.process, os.getpid()


def test_each_process_makes_its_own_tools_and_a_single_process_uses_those_of_its_pool() -> None:
    here = Tools()
    forked = set(ProcessPool(2, here, Tools).imap(process_of_tools, range(20)))
    assert all(maker == user for maker, user in forked)
    assert os.getpid() not in {user for _, user in forked}
    assert list(ProcessPool(1, here, Tools).imap(process_of_tools, range(2))) == [(os.getpid(),) * 2] * 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_in_several_processes_that_is_ended_leaves_nothing(
    corpus: Path, tmp_path: Path, number: signal.Signals
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    code = f"""
import os, pathlib, sys, time
from lod.cli import main as cli
from lod.build.worker import Worker
publish = Worker.publish
def slow(self, batch):
    (pathlib.Path({str(marks)!r}) / str(os.getpid())).touch()
    time.sleep(0.3)
    return publish(self, batch)
Worker.publish = slow
sys.argv = ["lod", "build", {str(corpus / "corpus.zip")!r}, "--out", {str(tmp_path / "out")!r}, "--jobs", "2"]
from lod.build import assemble
assemble.BATCH = 5
cli.main()
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE)
    for _ in range(400):
        if len(list(marks.iterdir())) == 2:
            break
        time.sleep(0.05)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=20)
    codes = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}
    assert process.returncode == codes[number], stderr
    assert b"Traceback" not in stderr
    until_ended([int(worker.name) for worker in marks.iterdir()])
    if number is signal.SIGKILL:
        build_release([SAMPLES / "pages"], tmp_path / "out")
    assert not (tmp_path / "out" / versioned_dir.STAGING).exists()
