"""An update that is killed leaves the last release or the new one whole, and the next completes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.update.conftest import FIRST, Assembly, Command

KILLED = """
import hashlib, itertools, json, os, shutil, signal, sys
from pathlib import Path
from lod.configuration import load_configuration
from lod.release import Release, current_release
from lod.update import UpdateOptions, update

base, old, chosen = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
site = base.with_name("killed")

def changes_a_file(event, arguments):
    # what is written beside a release, in its draft or in the mirror; a link or a folder that is put in place
    if event == "open":
        path, mode, flags = arguments
        return flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(site) in str(path)
    names = {"os.rename", "os.remove", "os.mkdir", "os.symlink", "os.link", "os.truncate", "os.rmdir"}
    return event in names and any(str(site) in str(each) for each in arguments)

def forked(kill_at, counted):
    child = os.fork()
    if child == 0:
        steps = itertools.count(1)
        def watch(event, arguments):
            if changes_a_file(event, arguments):
                step = next(steps)
                counted.write_text(str(step))  # which is beside the site
                if step == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        os.chdir(site)
        update(load_configuration(Path("lod.toml")), UpdateOptions(), lambda outcome: None)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def digests(release):
    listed = Release(release).manifest.files
    assert all(hashlib.sha256((release / f.path).read_bytes()).hexdigest() == f.sha256 for f in listed)
    return {file.path: file.sha256 for file in listed if file.dump or file.table}

def fresh():
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(base, site, symlinks=True)

counted = base.with_name("steps")
fresh()
assert forked(None, counted) == 0
steps, expected = int(counted.read_text()), digests(site / "out" / "current")
assert current_release(site / "out") != old
assert len(expected) == 5
for kill_at in sorted({1 + n * (steps - 1) // (chosen - 1) for n in range(chosen)}):
    fresh()
    assert forked(kill_at, counted) == -signal.SIGKILL, kill_at
    found = digests(site / "out" / "current")
    assert current_release(site / "out") == old or found == expected, kill_at
    assert forked(None, counted) == 0, kill_at
    new = current_release(site / "out")
    assert digests(site / "out" / "current") == expected, kill_at
    left = sorted(path.name for path in (site / "out" / "releases").iterdir())
    assert left == sorted({old, new}), (kill_at, left)
    assert not list((site / "mirror" / ".partial").iterdir()), kill_at
print(steps)
"""


@pytest.mark.slow
def test_killed_at_any_step_the_last_release_stays_whole_and_the_next_update_completes_it(
    site: Path, assembly: Assembly, command: Command
) -> None:
    command("update")
    old = (site / "out" / "current").resolve().name
    assembly.answer(FIRST)
    assembly.publish()
    command_line = [sys.executable, "-c", KILLED, str(site), old, "12"]
    done = subprocess.run(command_line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30
