"""A release is opened by its manifest; one that is not whole is refused in one sentence."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lod import CheckFailed, NotReadOrWritten, Options, Release, Summary, build_release
from tests.cli.test_cli import lod
from tests.conftest import SAMPLES

PAGES = SAMPLES / "pages"


@pytest.fixture
def release(sample_release: Summary, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(sample_release.path, tmp_path / "release"))


def test_a_release_is_read_as_its_manifest_says(sample_release: Summary) -> None:
    opened = Release(sample_release.path)
    assert opened.manifest.release == sample_release.release
    assert opened.manifest.counts["questions"] == 5
    assert opened.manifest.base == "https://w3id.org/anq/"
    for form in ("ttl", "jsonld", "nt", "nq"):
        (dumped,) = opened.dumps(form)
        with dumped.stream() as stream:
            assert stream.read() == (sample_release.path / f"questions.{form}").read_bytes()
        assert dumped.triples == sample_release.triples


def test_a_release_that_was_opened_stays_the_same_while_another_is_published(tmp_path: Path) -> None:
    build_release([PAGES / "90001-lien-vide.txt"], tmp_path)
    opened = Release(tmp_path / "current")
    build_release([PAGES], tmp_path)
    assert [len(list(r.dumps("nt")[0].lines())) for r in (opened, Release(tmp_path / "current"))] == [
        opened.dumps("nt")[0].triples,
        Release(tmp_path / "current").dumps("nt")[0].triples,
    ]
    assert opened.manifest.counts["questions"] == 1


def altered(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def alter(release: Path) -> None:
        manifest = json.loads((release / "manifest.json").read_text("utf-8"))
        change(manifest)
        (release / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    return alter


def dump(manifest: dict[str, Any]) -> dict[str, Any]:
    """Find the entry of questions.nt."""
    (entry,) = (entry for entry in manifest["files"] if entry["path"] == "questions.nt")
    assert isinstance(entry, dict)
    return entry


def folder_instead(release: Path) -> None:
    (release / "questions.nt").unlink()
    (release / "questions.nt").mkdir()


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (
        lambda release: (release / "manifest.json").unlink(),
        "release: expected a release with its manifest.json, found none",
    ),
    "no JSON": (
        lambda release: (release / "manifest.json").write_text("{"),
        "manifest.json: expected the manifest of a release, found « Input data was truncated »",
    ),
    "no text": (
        lambda release: (release / "manifest.json").write_bytes(b'{"release": "\xff'),
        "manifest.json: expected the manifest of a release, found « ",
    ),
    "too deep": (
        lambda release: (release / "manifest.json").write_text('{"x":' + "[" * 100_000),
        "manifest.json: expected the manifest of a release, found « ",
    ),
    "another JSON": (
        lambda release: (release / "manifest.json").write_text('{"name": "x"}'),
        "manifest.json: expected the manifest of a release, found « Object missing required field",
    ),
    "an unknown compression": (
        altered(lambda manifest: dump(manifest)["dump"].update(compression="brotli")),
        "manifest.json: expected the manifest of a release, found « Invalid enum value 'brotli'",
    ),
    "no dump": (
        altered(lambda manifest: dump(manifest).pop("dump")),
        "manifest.json: expected dumps as « nt », found none",
    ),
    "no concepts": (
        altered(lambda m: m.update(files=[entry for entry in m["files"] if entry["path"] != "concepts.ttl"])),
        "manifest.json: expected a file « concepts.ttl », found none",
    ),
    "a file elsewhere": (
        altered(lambda manifest: dump(manifest).update(path="../questions.nt")),
        "manifest.json: expected files of the release, found « ../questions.nt »",
    ),
    "an absolute file": (
        altered(lambda manifest: dump(manifest).update(path="/etc/passwd")),
        "manifest.json: expected files of the release, found « /etc/passwd »",
    ),
    "a file is gone": (lambda release: (release / "questions.nt").unlink(), "lists, found no file"),
    "a folder instead": (folder_instead, "lists, found no file"),
    "a file is cut": (
        lambda release: os.truncate(release / "questions.nt", 1000),
        "bytes that the manifest lists, found 1000 bytes",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_whole_release_is_exit_code_5_and_one_sentence(release: Path, fault: str) -> None:
    damage, sentence = FAULTS[fault]
    damage(release)
    result = lod("check", release)
    assert result.returncode == 5
    assert result.stderr.startswith(f"error: {release}")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    with pytest.raises(CheckFailed):
        Release(release).dumps("nt") and Release(release).file("concepts.ttl")


def test_the_folder_of_releases_is_no_release_and_the_one_in_it_is_named(release: Path) -> None:
    place = release.parent / "place"
    place.mkdir()
    (place / "current").symlink_to(release)
    with pytest.raises(CheckFailed, match=r"found none: is it « .*/place/current »\?$"):
        Release(place)


def test_a_manifest_that_may_not_be_read_is_told(release: Path) -> None:
    (release / "manifest.json").unlink()
    (release / "manifest.json").mkdir()
    with pytest.raises(NotReadOrWritten, match=r"manifest\.json: Is a directory"):
        Release(release)


def test_a_release_may_change_its_layout_but_not_shrink(tmp_path: Path) -> None:
    build_release([PAGES], tmp_path)
    build_release([PAGES], tmp_path, Options(split=True))
    result = lod("build", PAGES / "90001-lien-vide.txt", "--out", tmp_path, "--split", "--compress", "gzip")
    assert result.returncode == 4
    assert "expected at least about 5 questions as in the last release, found 1" in result.stderr
