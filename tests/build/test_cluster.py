"""On a Dask cluster the release is the same, whoever is killed on the way; and nothing is left behind."""

import copy
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from bench.corpus import Corpus, write_zip
from lod import (
    Misused,
    NotReadOrWritten,
    Options,
    Problem,
    Summary,
    build_release,
    versioned_dir,
)
from lod.build import assemble
from lod.compression import Compression
from lod.executors import dask_cluster
from lod.progress import Progress
from lod.source import archive
from lod.source.zip_file import ZipCache
from lod.version import VERSION
from tests.build.test_jobs import files, kill_this_process, no_tools
from tests.conftest import ROOT, SAMPLES
from tests.release.test_release import page
from tests.support.waiting import until

pytestmark = pytest.mark.slow  # each test builds releases

NOBODY = "tcp://127.0.0.1:9"
"""Where no scheduler listens."""


@contextmanager
def workers(count: int = 2, threads: int = 1) -> Iterator[Any]:
    """Start a scheduler in this process, and workers in processes of their own."""
    with LocalCluster(
        n_workers=count, processes=True, threads_per_worker=threads, dashboard_address=":0"
    ) as local:
        yield local


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    with workers() as started:
        yield started


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "BATCH", 20)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Archives of invented questions, and pages: one is broken, some are there twice, some contradict."""
    folder, chamber = tmp_path_factory.mktemp("corpus"), Corpus()
    questions = [chamber.question(number) for number in range(1, 301)]
    questions[7]["type"] = None
    twice = copy.deepcopy(questions[40:60])
    for question in twice[:5]:
        question["minInt"]["developpe"] = "Ministère tout autre"
    for n, some in enumerate([questions[start : start + 60] for start in range(0, 300, 60)] + [twice]):
        write_zip(folder / f"{n}.zip", ((q["uid"], {"question": q}) for q in some))
    write_zip(folder / "register", chamber.register())
    (folder / "register").rename(folder.parent / "register.zip")
    author = "[Mme Zéphyrine Exemple](/PA9990001)"
    for number in range(90010, 90014):
        (folder / f"{number}.txt").write_text(page(number, author=author), encoding="utf-8")
    (folder / "odd.txt").write_text(page(90020, author=author, seat="Ain (40^e"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The release that one machine makes."""
    return built(corpus, tmp_path_factory.mktemp("alone"))


WRITING = "described and checked"
"""The stage of a build whose progress the tests take as a sign."""


def built(
    corpus: Path,
    out: Path,
    scheduler: str | None = None,
    progress: Progress | None = None,
    shards: str | None = None,
) -> Summary:
    def writing(stage: str, done: int, total: int) -> None:
        if progress and stage == WRITING:
            progress(stage, done, total)

    registers = (corpus.parent / "register.zip",)
    options = Options(registers=registers, documents=True, jobs=2, scheduler=scheduler, shards=shards)
    return build_release([corpus, SAMPLES / "forms", SAMPLES / "json"], out, options, writing)


def same(summary: Summary, alone: Summary) -> None:
    """Demand that two releases are one, and that nothing else is there."""
    assert summary.counts == alone.counts
    assert list(map(str, summary.problems)) == list(map(str, alone.problems))
    assert files(summary.path) == files(alone.path)
    out = summary.path.parent.parent
    assert sorted(path.name for path in out.iterdir()) == ["current", "releases"]


def pids(local: Any) -> list[int]:
    """Return the processes of the workers, once each has one again."""
    nannies = local.workers.values()
    until(lambda: all(nanny.pid for nanny in nannies))
    return [nanny.pid for nanny in nannies]


def test_the_release_is_that_of_one_machine(local: Any, corpus: Path, alone: Summary, tmp_path: Path) -> None:
    assert alone.counts["rejected"] > 0
    assert alone.counts["duplicates"] > 14
    shards, out = tmp_path / "shards", tmp_path / "out"
    shards.mkdir()
    same(built(corpus, out, local.scheduler_address, shards=f"{shards}"), alone)
    assert list(shards.iterdir()) == []
    same(built(corpus, out, local.scheduler_address), alone)  # with temporary files in the output folder


def test_the_batches_of_a_killed_worker_are_written_by_another(
    local: Any, corpus: Path, alone: Summary, tmp_path: Path
) -> None:
    ends = list[tuple[int, int]]()

    def kill(_stage: str, done: int, total: int) -> None:
        if not ends:
            os.kill(pids(local)[0], signal.SIGKILL)
        ends.append((done, total))

    same(built(corpus, tmp_path / "out", local.scheduler_address, kill), alone)
    assert ends[0][0] < ends[0][1] / 10


def test_the_documents_of_a_killed_worker_are_read_by_another(
    local: Any, corpus: Path, alone: Summary, tmp_path: Path
) -> None:
    shards, order = tmp_path / "shards", list[str]()
    shards.mkdir()

    def kill() -> None:
        while len(list(shards.glob("lod-*/*"))) < 2:  # the mark of the run, and the first shard
            time.sleep(0.001)
        os.kill(pids(local)[0], signal.SIGKILL)
        order.append("killed")

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()

    def note(*_: object) -> None:
        order.append("written")

    same(built(corpus, tmp_path / "out", local.scheduler_address, note, f"{shards}"), alone)
    assert order[0] == "killed"
    assert list(shards.iterdir()) == []


def test_a_task_that_kills_whoever_does_it_ends_the_run_in_one_sentence(local: Any) -> None:
    with (
        dask_cluster.connect(local.scheduler_address, no_tools) as cluster,
        pytest.raises(NotReadOrWritten, match="one worker after the other was killed by the same task"),
    ):
        list(cluster.imap(kill_this_process, range(1)))


WORKING = list[int]()


def overlapping(_tools: None, task: int) -> int:
    WORKING.append(task)
    time.sleep(0.05)
    found = len(WORKING)
    WORKING.remove(task)
    return found


def test_threads_of_one_worker_take_turns(corpus: Path, tmp_path: Path) -> None:
    with workers(1, threads=2) as local:
        with dask_cluster.connect(local.scheduler_address, no_tools) as cluster:
            assert set(cluster.imap(overlapping, range(8))) == {1}
        options = Options(scheduler=local.scheduler_address, compress=Compression.ZSTD, split=True)
        release = build_release([corpus / "0.zip", corpus / "5.zip"], tmp_path / "there", options)
    options = Options(compress=Compression.ZSTD, split=True)
    here = build_release([corpus / "0.zip", corpus / "5.zip"], tmp_path / "here", options)
    assert files(release.path) == files(here.path)


@contextmanager
def begun(*words: str, until: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a program of Dask's; give it, and what it says once it is there."""
    command = [sys.executable, "-m", "dask", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr
        said = next(found[1] for line in process.stderr if (found := re.search(until, line)))
        rest = threading.Thread(target=process.stderr.read)
        rest.start()
        try:
            yield process, said
        finally:
            process.kill()
            rest.join()


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [
        ("worker", "no worker in the Dask cluster for 2 s"),
        ("scheduler", "the Dask scheduler does not answer any more"),
    ],
)
def test_a_cluster_that_is_gone_ends_the_run_and_leaves_the_last_release(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str, sentence: str
) -> None:
    monkeypatch.setattr(dask_cluster, "PATIENCE", 2.0)
    before = build_release([SAMPLES / "pages"], tmp_path)
    place = ("--host", "127.0.0.1", "--no-dashboard")
    with begun("scheduler", "--port", "0", *place, until=r"Scheduler at: +(\S+)") as (scheduler, address):
        alone = ("--nthreads", "1", "--no-nanny", "--local-directory", f"{tmp_path / 'scratch'}")
        with begun("worker", address, *place, *alone, until=r"Registered to: +(\S+)") as (one, _):
            killed = {"worker": one, "scheduler": scheduler}[gone]
            with pytest.raises(NotReadOrWritten, match=f"^{address}: {sentence}$"):
                built(corpus, tmp_path, address, lambda *_: killed.kill())
    assert (tmp_path / "current").resolve() == before.path.resolve()
    assert not (tmp_path / versioned_dir.STAGING).exists()


def test_without_a_scheduler_nothing_is_begun(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "PATIENCE", 1.0)
    with pytest.raises(NotReadOrWritten, match=f"^{NOBODY}: no Dask scheduler answers there$"):
        built(corpus, tmp_path, NOBODY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["", "somewhere", "tcp://somewhere", "foo://somewhere:1", "tcp://a:b"])
def test_an_invalid_address_of_a_scheduler_is_refused(corpus: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(Misused, match=r"^the scheduler must be an address such as"):
        built(corpus, tmp_path, address)


@pytest.mark.parametrize("library", ["distributed", "fsspec.core"])
def test_without_the_extra_the_error_names_the_package_to_install(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Misused, match=r", found none: pip install 'lod-assemblee\[dask\]'$"):
        built(corpus, tmp_path, NOBODY)


def test_a_cluster_with_another_version_of_the_program_is_refused(
    local: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "VERSION", "9.9.9")
    with pytest.raises(Misused, match=f"expected lod 9.9.9 as here, found {VERSION} at the scheduler$"):
        built(corpus, tmp_path, local.scheduler_address)
    monkeypatch.setattr(dask_cluster, "_check_versions", lambda *_: None)  # as if the worker came later
    with pytest.raises(Misused, match=f"expected lod 9.9.9 as where the run began, found {VERSION}$"):
        built(corpus, tmp_path, local.scheduler_address)


def test_a_worker_that_does_not_find_a_document_or_has_another_says_which(
    local: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = SAMPLES / "json", tmp_path / "not here.zip"

    def units(source: Path, zips: ZipCache) -> Iterator[archive.Unit | Problem]:
        yield from archive_units(source, zips)
        yield archive.Unit(there, "not here.zip", 10)

    archive_units = archive.list_units
    monkeypatch.setattr(archive, "list_units", units)
    options = Options(scheduler=local.scheduler_address)
    host = socket.gethostname()
    with pytest.raises(NotReadOrWritten, match=f"^{host}: {there}: No such file or directory$"):
        build_release([here], tmp_path / "out", options)
    there.write_bytes(b"123")
    expected = "expected 10 bytes as at the start of the run, found 3"
    with pytest.raises(NotReadOrWritten, match=f"^{host}: {there}: {expected}$"):
        build_release([here], tmp_path / "out", options)


def test_a_worker_that_has_another_register_says_so(
    local: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, real = SAMPLES / "register", archive.total_size(SAMPLES / "register")
    monkeypatch.setattr(archive, "total_size", lambda _: real + 1)  # as if this process had a larger one
    options = Options(scheduler=local.scheduler_address, registers=(register,))
    expected = f"{register}: expected {real + 1} bytes as at the start of the run, found {real}"
    with pytest.raises(NotReadOrWritten, match=f"{expected}$"):
        build_release([SAMPLES / "pages"], tmp_path / "out", options)


def test_workers_read_an_archive_that_has_changed_since_the_last_run(local: Any, tmp_path: Path) -> None:
    chamber, source = Corpus(), tmp_path / "x.zip"
    for first in (1, 51):
        questions = [chamber.question(number) for number in range(first, first + 40)]
        write_zip(source, ((q["uid"], {"question": q}) for q in questions))
        told = build_release([source], tmp_path / "out", Options(scheduler=local.scheduler_address))
        here = build_release([source], tmp_path / "here", Options())
        assert files(told.path) == files(here.path)


def test_workers_close_their_tools_at_the_end_of_a_run(local: Any, tmp_path: Path) -> None:
    build_release([SAMPLES / "pages"], tmp_path, Options(scheduler=local.scheduler_address))
    with Client(local.scheduler_address, set_as_default=False) as client:
        until(lambda: not any(client.run(initializers).values()))


def initializers(dask_worker: Any) -> list[str]:
    """Return the initializers of runs that a worker still has."""
    return [name for name in dask_worker.plugins if name.startswith("lod-")]


def test_a_run_on_a_cluster_that_is_ended_leaves_nothing(local: Any, corpus: Path, tmp_path: Path) -> None:
    shards, out = tmp_path / "shards", tmp_path / "out"
    shards.mkdir()
    words = ["build", corpus, "--out", out, "--scheduler", local.scheduler_address]
    command = [sys.executable, "-m", "lod", *map(str, words), "--shards", f"{shards}"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        while len(list(shards.glob("lod-*/*"))) < 2 and process.poll() is None:
            time.sleep(0.001)
        process.terminate()
        _, told = process.communicate(timeout=20)
    assert process.returncode == 143
    assert told == b""
    assert list(shards.iterdir()) == []
    assert not out.exists()
