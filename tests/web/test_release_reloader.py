"""The release that is served stays while another comes, whatever is wrong with that, and goes when it can."""

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
    """A folder of two releases: the link leads to the first of them."""
    monkeypatch.setattr(module, "SECONDS", 0.05)
    monkeypatch.setattr(module, "AGAIN", 0.2)
    build_release([SAMPLES / "pages"], tmp_path / "out", Options())
    second = build_release([SAMPLES / "pages", SAMPLES / "json"], tmp_path / "other", Options())
    shutil.move(second.path, tmp_path / "second")
    return tmp_path / "out"


def lead(out: Path, folder: Path) -> None:
    (out / ".fresh").symlink_to(folder)
    (out / ".fresh").replace(out / "current")


def watched(out: Path, change: Change) -> str:
    """Watch while something changes; give the release that is served in the end."""

    async def all_of_it() -> str:
        place = ServerConfig(release=out / "current", address=ADDRESS, work=out / "site", has_queries=False)
        current = ReleaseReloader(place)
        watching = asyncio.create_task(current.watch())
        await change(current)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        return current.site.release.manifest.release

    return asyncio.run(all_of_it())


def test_a_release_whose_files_come_late_is_served_when_they_have_come(out: Path) -> None:
    second, late = out.parent / "second", out.parent / "late"
    (second / "questions.jsonld").rename(late)

    async def change(current: ReleaseReloader) -> None:
        lead(out, second)
        await soon(lambda: not current.is_sound)
        late.rename(second / "questions.jsonld")
        await soon(lambda: current.is_sound)

    assert watched(out, change) == Release(second).manifest.release


def test_a_release_is_served_when_the_folder_of_its_index_is_free_again(
    out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    second = out.parent / "second"

    async def change(current: ReleaseReloader) -> None:
        with locked(out / "site", "busy"):
            lead(out, second)
            await soon(lambda: not current.is_sound)
            await asyncio.sleep(1)
        await soon(lambda: current.is_sound)

    assert watched(out, change) == Release(second).manifest.release
    assert len(caplog.records) == 1


def test_a_release_that_breaks_what_opens_it_ends_no_watch(
    out: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    second = out.parent / "second"

    def breaks(_release: Release, _folder: Path, _progress: Progress) -> Path:
        raise KeyError("id")

    async def change(current: ReleaseReloader) -> None:
        monkeypatch.setattr(module, "ensure_index", breaks)
        lead(out, second)
        await soon(lambda: not current.is_sound)
        monkeypatch.setattr(module, "ensure_index", ensure_index)
        await soon(lambda: current.is_sound)

    assert watched(out, change) == Release(second).manifest.release
    assert "is still served" in caplog.text


def test_a_server_that_ends_does_not_wait_for_an_index(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Release(out / "current").manifest.release, out.parent / "second"
    started = []

    def lasts(_release: Release, folder: Path, progress: Progress) -> Path:
        started.append(time.monotonic())
        while time.monotonic() - started[0] < 15:
            time.sleep(0.05)
            progress("indexing", 1, 2)
        return folder

    async def change(_current: ReleaseReloader) -> None:
        monkeypatch.setattr(module, "ensure_index", lasts)
        lead(out, second)
        await soon(lambda: bool(started))

    assert watched(out, change) == first
    assert time.monotonic() - started[0] < 10


def test_of_the_release_before_nothing_stays_open(out: Path) -> None:
    def held_open() -> set[str]:
        found = {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}
        return {each for each in found if each.startswith(str(out / "site"))}

    async def change(current: ReleaseReloader) -> None:
        await current.site.made(lambda: current.site.pages.home(Language.FR))
        assert held_open()
        lead(out, out.parent / "second")
        await soon(lambda: not held_open())

    assert watched(out, change) == Release(out.parent / "second").manifest.release
