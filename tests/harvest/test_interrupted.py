"""A harvest that is killed, interrupted or out of disk leaves every file whole, and the next one goes on."""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug import Request, Response

from lod.errors import NotReadOrWritten
from lod.harvest import HarvestState, Mirror
from lod.harvest.partial import FOLDER
from tests.harvest.conftest import QUESTIONS, Clock, Run
from tests.harvest.test_archives import QE, only
from tests.support.official_server import TUESDAY, OfficialFile, OfficialServer, archive, replaced, streamed
from tests.support.waiting import until

NEW = archive(QUESTIONS | {"json/QANR5L17QE41.json": "{}"})

KILLED_AT_EACH_STEP = """
import itertools, os, pathlib, shutil, signal, sys, zipfile
from lod.harvest import HarvestOptions, Mirror, harvest

base, sources, path = map(pathlib.Path, sys.argv[1:4])
old, new = (base / path).read_bytes(), pathlib.Path(sys.argv[4]).read_bytes()
options = HarvestOptions(kinds=("QE",), sources=sources, timeout=20)

def step_of(event, arguments):
    # a step is anything done to a file of the mirror
    names = {"open", "os.rename", "os.remove", "os.mkdir", "os.truncate", "os.rmdir"}
    return event in names and any(str(mirror) in str(argument) for argument in arguments)

def forked(kill_at):
    child = os.fork()
    if child == 0:
        steps = itertools.count(1)
        def watch(event, arguments):
            if step_of(event, arguments) and next(steps) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        outcomes = list(harvest(mirror, options))
        os._exit(0 if all(str(o.state) != "failed" for o in outcomes) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

for kill_at in itertools.count(1):
    mirror = base.with_name(f"mirror-{kill_at}")
    shutil.copytree(base, mirror)
    code = forked(kill_at)
    assert (mirror / path).read_bytes() in (old, new), kill_at
    assert zipfile.ZipFile(mirror / path).testzip() is None
    Mirror.open(mirror)
    if code == 0:
        break
    assert code == -signal.SIGKILL, (kill_at, code)
    assert forked(None) == 0, kill_at
    assert (mirror / path).read_bytes() == new, kill_at
    entry = Mirror.open(mirror).sound_entry(str(path))
    assert entry and len(entry.members) == 41
    kept = {name: member.first_fetched for name, member in entry.members.items()}
    assert len(set(kept.values())) <= 2
    assert sorted(p.name for p in mirror.iterdir()) == [".partial", "index.json", "questions"]
    assert not list((mirror / ".partial").iterdir()), kill_at
    shutil.rmtree(mirror)
print(kill_at)
"""


@pytest.mark.slow
def test_killed_at_any_step_the_mirror_stays_whole_and_the_next_run_completes_it(
    server: OfficialServer, run: Run, sources: Path, tmp_path: Path
) -> None:
    run()
    server.files["/qe.zip"] = OfficialFile(NEW, TUESDAY, '"tuesday"')
    (tmp_path / "new.zip").write_bytes(NEW)
    words = [tmp_path / "mirror", sources, QE, tmp_path / "new.zip"]
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EACH_STEP, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_what_had_arrived_whole_is_put_in_place_without_the_network(
    server: OfficialServer, run: Run, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    first = clock.now
    clock.now += timedelta(days=1)
    server.files["/qe.zip"] = OfficialFile(NEW, TUESDAY, '"tuesday"')

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("lod.harvest.partial.PartialFile.move", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert (tmp_path / "mirror" / QE).read_bytes() != NEW
    clock.now += timedelta(days=1)
    server.always = replaced(b"", 403)
    assert only(run()).state is HarvestState.FAILED
    assert (tmp_path / "mirror" / QE).read_bytes() == NEW
    entry = Mirror.open(tmp_path / "mirror").sound_entry(QE)
    assert entry
    assert entry.first_fetched == first + timedelta(days=1)
    dates = [member.first_fetched for member in (entry.members or {}).values()]
    assert sorted(dates) == [*[first] * 40, first + timedelta(days=1)]


class Stalling:
    """Sends half of the file, then nothing more, and tells when it has come to that."""

    def __init__(self, server: OfficialServer) -> None:
        self._server = server
        self.has_stalled = False

    def __call__(self, _request: Request, response: Response) -> Response:
        return streamed(response, self._half(response.get_data()))

    def _half(self, data: bytes) -> Iterator[bytes]:
        yield data[: len(data) // 2]
        self.has_stalled = True
        self._server.ended.wait(30)


CODES = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}


@pytest.mark.parametrize("number", CODES)
def test_an_interrupted_download_is_resumed_by_the_next_run(
    server: OfficialServer, run: Run, sources: Path, tmp_path: Path, number: signal.Signals
) -> None:
    run()
    old = (tmp_path / "mirror" / QE).read_bytes()
    server.files["/qe.zip"] = OfficialFile(NEW, TUESDAY, '"tuesday"')
    stalling = Stalling(server)
    server.faults = [stalling]
    words = ["harvest", tmp_path / "mirror", "--sources", sources, "-k", "QE", "--contact", "x@example.org"]
    process = subprocess.Popen(
        [sys.executable, "-m", "lod", *map(str, words)], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    part = tmp_path / "mirror" / FOLDER / "questions-17-QE.zip.part"
    until(lambda: stalling.has_stalled and part.exists() and part.stat().st_size == len(NEW) // 2)
    process.send_signal(number)
    printed, told = process.communicate(timeout=20)
    assert process.returncode == CODES[number], told
    assert b"Traceback" not in told
    assert printed == b""
    assert (tmp_path / "mirror" / QE).read_bytes() == old
    server.answered.clear()
    assert only(run()).state is HarvestState.CHANGED
    assert (tmp_path / "mirror" / QE).read_bytes() == NEW
    assert server.answered[0].headers["Range"] == f"bytes={len(NEW) // 2}-"


@pytest.mark.parametrize("size", [0, 1000, len(NEW) - 1, len(NEW)])
def test_a_full_disk_leaves_the_mirror_whole(
    server: OfficialServer, run: Run, tmp_path: Path, size: int
) -> None:
    """The limit is met by the part of the archive, or by the index, which is larger."""
    run()
    mirror = Mirror.open(tmp_path / "mirror")
    for number in range(200):
        mirror.record_absent(f"questions/pages/q12/12-{number}QE.htm", "http://localhost/")
    mirror.save()
    old, index = (tmp_path / "mirror" / QE).read_bytes(), (tmp_path / "mirror/index.json").read_bytes()
    assert len(index) > len(NEW)
    server.files["/qe.zip"] = OfficialFile(NEW, TUESDAY, '"tuesday"')
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(NotReadOrWritten, match=r"mirror.*File too large") as error:
            run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert error.value.exit_code == 6
    assert (tmp_path / "mirror" / QE).read_bytes() == old
    assert (tmp_path / "mirror/index.json").read_bytes() == index
    assert sorted(path.name for path in (tmp_path / "mirror").iterdir()) == [
        *(".partial", "index.json", "questions")
    ]
    assert only(run()).state is HarvestState.CHANGED
    assert Mirror.open(tmp_path / "mirror").sound_entry(QE)
