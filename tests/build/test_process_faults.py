"""A build to which the system refuses a process, a pipe, a thread or a file ends soon, with a sentence."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from lod import build_release, versioned_dir
from tests.conftest import ROOT, SAMPLES

DEADLINE = 60
"""Seconds after which a run hangs; each takes one or two."""

POOL = """
import errno, itertools, multiprocessing, os, socket, sys, threading
from lod.errors import LodError
from lod.executors.process_pool import ProcessPool

real, count, failing, parent = {module}.{name}, itertools.count(1), 0, os.getpid()

def refused(*arguments, **options):
    if (os.getpid() == parent) is {in_parent} and next(count) == failing:
        raise {error}
    return real(*arguments, **options)

def double(tools, task):
    return 2 * task

{module}.{name} = refused
outcomes = []
for failing in range(1, {calls} + 2):
    count = itertools.count(1)
    try:
        results = list(ProcessPool(3, None, lambda: None).imap(double, range(20)))
        outcomes.append(results == list(range(0, 40, 2)))
    except LodError as error:
        outcomes.append(str(error))
    assert not multiprocessing.active_children()
print(*outcomes, sep="\\n")
"""
"""Runs a pool of three processes again and again, each time with the next call of a function refused, then
once more, when none is."""

REFUSED = "OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))"
NO_FILE = "OSError(errno.EMFILE, os.strerror(errno.EMFILE))"


def run(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=DEADLINE, check=False, cwd=ROOT
    )


@pytest.mark.parametrize(
    ("module", "name", "error", "calls", "sentence"),
    [
        ("os", "fork", REFUSED, 3, "process {} of 3 cannot be started: Resource temporarily unavailable"),
        ("os", "pipe", NO_FILE, 6, "process {} of 3 cannot be started: Too many open files"),
        ("socket", "socketpair", NO_FILE, 3, "process {} of 3 cannot be started: Too many open files"),
    ],
)
def test_a_refused_call_ends_the_run_and_every_process(
    module: str, name: str, error: str, calls: int, sentence: str
) -> None:
    result = run(POOL.format(module=module, name=name, error=error, calls=calls, in_parent=True))
    assert (result.returncode, result.stderr) == (0, "")
    numbers = [1 + call * 3 // calls for call in range(calls)]
    expected = [f"{sentence.format(number)}; use fewer --jobs" for number in numbers]
    assert result.stdout.splitlines() == [*expected, "True"]


@pytest.mark.parametrize(
    ("module", "name", "error", "sentence"),
    [
        (
            "threading.Thread",
            "start",
            'RuntimeError("can\'t start new thread")',
            "a process cannot be started: can't start new thread; use fewer --jobs",
        ),
        (
            "multiprocessing.connection.Connection",
            "recv",
            "MemoryError",
            "a process was killed: is there enough memory?",
        ),
    ],
)
def test_what_fails_in_a_process_ends_the_run_and_every_process(
    module: str, name: str, error: str, sentence: str
) -> None:
    result = run(POOL.format(module=module, name=name, error=error, calls=1, in_parent=False))
    assert (result.returncode, result.stderr) == (0, "")
    assert sentence in result.stdout.splitlines()[0]


BUILD = """
import errno, itertools, os, sys
calls, fork = itertools.count(1), os.fork
def refused():
    if next(calls) == 2:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return fork()
os.fork = refused
sys.argv = {command!r}
from lod.cli import main
main.main()
"""


def test_a_build_to_which_a_second_process_is_refused_ends_and_leaves_nothing(tmp_path: Path) -> None:
    command = ["lod", "build", str(SAMPLES / "pages"), "--out", str(tmp_path / "out"), "--jobs", "2"]
    result = run(BUILD.format(command=command))
    sentence = "process 2 of 2 cannot be started: Resource temporarily unavailable; use fewer --jobs"
    assert (result.returncode, result.stderr) == (6, f"error: {sentence}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("files", [10, 12, 16])
def test_a_build_with_few_files_ends(files: int, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "lod", "build", SAMPLES / "pages", "--out", tmp_path / "out", "--jobs", "2"],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
    )
    assert result.returncode == 6
    assert result.stderr.startswith("error: ")
    assert "Too many open files" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out" / "current").exists()
    build_release([SAMPLES / "pages"], tmp_path / "out")  # what was left does not matter
    assert not (tmp_path / "out" / versioned_dir.STAGING).exists()
