"""The store in which a release is queried: made once, mended, shared, removed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lod import Release, Summary
from lod.query import ask
from lod.query.release_store import release_store

EVERYTHING = "SELECT * WHERE { ?s ?p ?o }"


def test_a_release_is_loaded_at_its_first_query_only(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOD_CACHE", str(tmp_path))
    stages: list[str] = []

    def answer(release: Path = sample_release.path, *, trust: bool = False) -> bool:
        stages.clear()
        everything = ask(
            EVERYTHING, str(release), trust=trust, progress=lambda stage, *_: stages.append(stage)
        )
        assert everything.rows()[1]
        return "loading" in stages

    assert answer()
    assert not answer()
    copied = tmp_path / "copied"
    shutil.copytree(sample_release.path, copied)
    assert not answer(copied), "the same release elsewhere"
    assert answer(copied, trust=True), "files that are not compared"
    data = max(tmp_path.glob("stores/*/current/*.sst"), key=lambda path: path.stat().st_size)
    data.write_bytes(b"\0" * data.stat().st_size)
    assert answer(), "damaged"
    assert not answer()


def test_stores_of_releases_that_have_not_been_queried_for_longest_are_removed(
    sample_release: Summary, split_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOD_CACHE", str(tmp_path))
    with release_store(Release(sample_release.path)) as store:
        monkeypatch.setattr("lod.query.release_store.MAX_BYTES", 1)
        with release_store(Release(split_release.path)):
            assert store.is_dir(), "it is in use"
    with release_store(Release(split_release.path)) as other:
        assert other.is_dir()
        assert not store.is_dir()


def test_a_release_is_queried_without_a_cache_that_can_be_written(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LOD_CACHE", str(tmp_path / "file" / "cache"))
    assert ask(EVERYTHING, str(sample_release.path)).rows()[1]


def test_of_two_first_queries_one_loads_the_release(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOD_CACHE", str(tmp_path))
    command = [sys.executable, "-m", "lod", "query", "ASK { ?s ?p ?o }", "--on", str(sample_release.path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[0].decode().split()[-1] for process in both] == ["true", "true"]
    assert len(list(tmp_path.glob("stores/*/stores/*"))) == 1
