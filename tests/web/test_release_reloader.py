"""A new release replaces the one that is served; a damaged one does not, and is retried."""

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lod import Options, build_release
from lod.progress import Progress
from lod.release import Release
from lod.versioned_dir import locked
from lod.web.index.builder import ensure_index
from lod.web.pages import Language
from lod.web.server import release_reloader as module
from lod.web.server.release_reloader import ReleaseReloader, ServerConfig
from tests.conftest import SAMPLES
from tests.support.server import ADDRESS
from tests.support.waiting import soon

Change = Callable[[ReleaseReloader], Awaitable[None]]


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two releases; its link leads to the first."""
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.2)
    build_release([SAMPLES / "pages"], tmp_path / "out", Options())
    second = build_release([SAMPLES / "pages", SAMPLES / "json"], tmp_path / "other", Options())
    shutil.move(second.path, tmp_path / "second")
    return tmp_path / "out"


def set_current(out: Path, folder: Path) -> None:
    (out / ".fresh").symlink_to(folder)
    (out / ".fresh").replace(out / "current")


def watched(out: Path, change: Change) -> str:
    """Return the name of the release that is served after a change."""

    async def run() -> str:
        config = ServerConfig(release=out / "current", address=ADDRESS, work=out / "site", has_sparql=False)
        reloader = ReleaseReloader(config)
        watching = asyncio.create_task(reloader.watch())
        await change(reloader)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        return reloader.site.release.manifest.release

    return asyncio.run(run())


def test_a_release_whose_files_arrive_late_is_served_once_they_are_there(out: Path) -> None:
    second, late = out.parent / "second", out.parent / "late"
    (second / "questions.jsonld").rename(late)

    async def change(reloader: ReleaseReloader) -> None:
        set_current(out, second)
        await soon(lambda: not reloader.is_sound)
        late.rename(second / "questions.jsonld")
        await soon(lambda: reloader.is_sound)

    assert watched(out, change) == Release(second).manifest.release


def test_a_release_is_served_once_the_folder_of_its_index_is_unlocked(
    out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    second = out.parent / "second"

    async def change(reloader: ReleaseReloader) -> None:
        with locked(out / "site", "busy"):
            set_current(out, second)
            await soon(lambda: not reloader.is_sound)
            await asyncio.sleep(1)
        await soon(lambda: reloader.is_sound)

    assert watched(out, change) == Release(second).manifest.release
    assert len(caplog.records) == 1


def test_an_unexpected_error_while_opening_a_release_does_not_stop_the_watch(
    out: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    second = out.parent / "second"

    def fail(_release: Release, _folder: Path, _progress: Progress) -> Path:
        raise KeyError("id")

    async def change(reloader: ReleaseReloader) -> None:
        monkeypatch.setattr(module, "ensure_index", fail)
        set_current(out, second)
        await soon(lambda: not reloader.is_sound)
        monkeypatch.setattr(module, "ensure_index", ensure_index)
        await soon(lambda: reloader.is_sound)

    assert watched(out, change) == Release(second).manifest.release
    assert "is still served" in caplog.text


def test_a_server_that_stops_does_not_wait_for_an_index(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Release(out / "current").manifest.release, out.parent / "second"
    started = []

    def build_slowly(_release: Release, folder: Path, progress: Progress) -> Path:
        started.append(time.monotonic())
        while time.monotonic() - started[0] < 15:
            time.sleep(0.05)
            progress("indexing", 1, 2)
        return folder

    async def change(_reloader: ReleaseReloader) -> None:
        monkeypatch.setattr(module, "ensure_index", build_slowly)
        set_current(out, second)
        await soon(lambda: bool(started))

    assert watched(out, change) == first
    assert time.monotonic() - started[0] < 10


def test_no_file_of_the_old_release_stays_open(out: Path) -> None:
    def open_files() -> set[str]:
        paths = {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}
        return {each for each in paths if each.startswith(str(out / "site"))}

    async def change(reloader: ReleaseReloader) -> None:
        await reloader.site.run_in_thread(lambda: reloader.site.pages.home(Language.FR))
        assert open_files()
        set_current(out, out.parent / "second")
        await soon(lambda: not open_files())

    assert watched(out, change) == Release(out.parent / "second").manifest.release
