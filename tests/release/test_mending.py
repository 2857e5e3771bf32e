"""A damaged release is mended without a moment at which it is not there."""

import os
import shutil
from pathlib import Path

import pytest

from lod import Options, Refused, Summary, build_release, verify_release
from lod import versioned_dir as module
from tests.conftest import SAMPLES

OPTIONS = Options(registers=(SAMPLES / "register",), documents=True, allow_shrink=True)


class Killed(BaseException):
    """The end of a run that nobody expects."""


@pytest.fixture
def out(sample_release: Summary, tmp_path: Path) -> Path:
    """The samples, published; then a dump is altered, a document is gone, and there are other things."""
    (tmp_path / "releases").mkdir()
    release = tmp_path / "releases" / sample_release.release
    shutil.copytree(sample_release.path, release)
    (tmp_path / "current").symlink_to(Path("releases") / sample_release.release)
    (release / "questions.ttl").write_text("altered")
    next(release.glob("an/17/qe/*.jsonld")).unlink()
    (release / "shapes.ttl").unlink()
    (release / "shapes.ttl").mkdir()
    (release / "shapes.ttl" / "file").write_text("instead of a file")
    (release / "other").mkdir()
    (release / "other" / "file").write_text("of somebody else")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_file_that_is_there_stays_there_while_a_release_is_mended(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = files(out / "current") - {"other/file", "shapes.ttl/file"}
    steps = 0

    def watch(name: str) -> None:
        whole = getattr(os, name)

        def step(*arguments: object, **options: object) -> object:
            nonlocal steps
            try:
                return whole(*arguments, **options)
            finally:
                steps += 1
                assert promised <= files(out / "current"), name

        monkeypatch.setattr(os, name, step)

    for name in ("replace", "rename", "unlink", "rmdir", "mkdir", "symlink"):
        watch(name)
    summary = build_release([SAMPLES / "pages"], out, OPTIONS)
    monkeypatch.undo()
    assert steps > len(promised)
    assert verify_release(out / "current").problems == []
    assert summary.path == out / "releases" / (out / "current").readlink().name


@pytest.mark.parametrize("step", [0, 1, 5, 12, 17])
def test_mending_that_is_killed_at_any_step_leaves_a_release_that_is_mended_later(
    out: Path, step: int, monkeypatch: pytest.MonkeyPatch, sample_release: Summary
) -> None:
    whole, left, calls = Path.replace, files(out / "current") & files(sample_release.path), 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls > step:
            raise Killed
        return whole(self, target)

    def mend() -> None:
        fresh = out / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(sample_release.path, fresh)
        module.VersionedDirectory(out, "releases").publish(fresh, sample_release.release)

    monkeypatch.setattr(Path, "replace", replace)
    if step < len(files(sample_release.path)):
        with pytest.raises(Killed):
            mend()
    assert left <= files(out / "current")
    monkeypatch.undo()
    mend()
    assert files(out / "current") == files(sample_release.path)
    assert verify_release(out / "current").problems == []


@pytest.mark.parametrize("name", ["questions.jsonld", "questions.csv", "questions.nt"])
def test_a_damaged_release_is_mended_if_it_may_be_left_out_of_account(name: str, tmp_path: Path) -> None:
    first = build_release([SAMPLES / "pages"], tmp_path)
    data = bytearray((first.path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (first.path / name).write_bytes(data)
    with pytest.raises(Refused, match="use --allow-shrink to publish all the same"):
        build_release([SAMPLES / "pages"], tmp_path)
    second = build_release([SAMPLES / "pages"], tmp_path, Options(allow_shrink=True))
    assert second.release == first.release
    assert verify_release(second.path).problems == []
