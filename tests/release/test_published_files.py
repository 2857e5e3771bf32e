"""What is loaded, served, queried or checked is what was published; files are read for that once."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import IO

import pytest

from lod import CheckFailed, Release, Summary
from tests.support.command import lod
from tests.support.server import served

SENTENCE = "questions.nq: expected the file that was published, found another one of the same size"
OLD = 1_700_000_000
"""A time so long ago that a file of it can be remembered."""


@pytest.fixture
def out(sample_release: Summary, tmp_path: Path) -> Path:
    """A folder of releases with a copy of the samples; one letter of its N-Quads is another one."""
    release = tmp_path / "out" / "releases" / sample_release.release
    shutil.copytree(sample_release.path, release)
    (tmp_path / "out" / "current").symlink_to(Path("releases") / sample_release.release)
    change_letter(release / "questions.nq")
    return tmp_path / "out"


def change_letter(file: Path) -> None:
    data = file.read_bytes()
    assert b"parapluies" in data
    file.write_bytes(data.replace(b"parapluies", b"parapluxes", 1))


COMMANDS: dict[str, tuple[str, ...]] = {
    "load": ("load", "{out}/current"),
    "query": ("query", "ASK {{ ?s ?p ?o }}", "--on", "{out}/current"),
    "query the folder above": ("query", "ASK {{ ?s ?p ?o }}", "--on", "{out}"),
    "serve": ("serve", "{out}/current", "--port", "0"),
    "serve without SPARQL": ("serve", "{out}/current", "--port", "0", "--no-sparql"),
    "site": ("site", "{out}/current", "--out", "{out}/www"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_one_changed_letter_is_exit_code_5_and_names_the_file(out: Path, command: str) -> None:
    result = lod(*(word.format(out=out) for word in COMMANDS[command]))
    assert (result.returncode, result.stdout) == (5, "")
    assert SENTENCE in result.stderr
    assert result.stderr.count("\n") == 1
    assert {path.name for path in out.iterdir()} == {"current", "releases"}


def test_one_changed_letter_in_what_lod_check_reads_is_exit_code_5(out: Path) -> None:
    change_letter(out / "current" / "questions.nt")
    result = lod("check", out / "current")
    assert (result.returncode, result.stdout) == (5, "")
    assert SENTENCE.replace("nq", "nt") in result.stderr
    assert lod("check", out / "current", "--trust").returncode == 0


def test_trust_takes_the_files_as_they_are(out: Path) -> None:
    ask = 'ASK { ?s ?p ?o FILTER(CONTAINS(STR(?o), "parapluxes")) }'
    result = lod("query", ask, "--on", out / "current", "--trust", "--format", "csv")
    assert (result.returncode, result.stdout.split()[-1]) == (0, "true")
    assert lod("load", out / "current", "--trust").returncode == 0
    assert lod("site", out / "current", "--out", out / "www", "--trust").returncode == 0


def test_trust_serves_the_files_as_they_are(out: Path) -> None:
    with served(out / "current", out / "site", "--trust", "--no-sparql") as server:
        assert "parapluxes" in server.get("dumps/questions.nq").text


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names of the files that were read for their digests."""
    monkeypatch.setenv("LOD_CACHE", str(tmp_path / "cache"))
    names: list[str] = []
    read = hashlib.file_digest

    def digest(stream: IO[bytes], kind: str) -> object:
        names.append(Path(stream.name).name)
        return read(stream, kind)  # type: ignore[arg-type]  # a file that was opened

    monkeypatch.setattr(hashlib, "file_digest", digest)
    return names


@pytest.fixture
def release(sample_release: Summary, tmp_path: Path) -> Path:
    """A copy whose files have not changed for long."""
    folder = Path(shutil.copytree(sample_release.path, tmp_path / "release"))
    for file in folder.glob("*.*"):
        os.utime(file, (OLD, OLD))
    return folder


def test_a_file_is_read_once_until_it_changes(release: Path, reads: list[str]) -> None:
    for _ in range(2):
        Release(release).check_files(["questions.nq", "questions.nt"])
    assert reads == ["questions.nq", "questions.nt"]
    change_letter(release / "questions.nq")
    with pytest.raises(CheckFailed, match=SENTENCE):
        Release(release).check_files(["questions.nq", "questions.nt"])
    assert reads == ["questions.nq", "questions.nt", "questions.nq"]


def test_a_file_put_in_place_of_one_with_the_same_size_and_time_is_read(
    release: Path, reads: list[str]
) -> None:
    Release(release).check_files(["questions.nq"])
    changed = release / "changed"
    shutil.copy2(release / "questions.nq", changed)
    change_letter(changed)
    os.utime(changed, (OLD, OLD))
    changed.replace(release / "questions.nq")
    with pytest.raises(CheckFailed, match=SENTENCE):
        Release(release).check_files(["questions.nq"])
    assert len(reads) == 2


def test_a_file_that_has_just_changed_is_not_remembered(release: Path, reads: list[str]) -> None:
    os.utime(release / "questions.nq")
    for _ in range(2):
        Release(release).check_files(["questions.nq"])
    assert len(reads) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b'{"folder": 1}', b"\xff"])
def test_without_a_cache_that_can_be_read_files_are_read_again(
    release: Path, reads: list[str], damage: bytes, tmp_path: Path
) -> None:
    Release(release).check_files(["questions.nq"])
    (cache,) = (tmp_path / "cache").iterdir()
    cache.write_bytes(damage)
    Release(release).check_files(["questions.nq"])
    assert len(reads) == 2


def test_a_cache_that_cannot_be_written_does_not_matter(
    release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LOD_CACHE", str(tmp_path / "file" / "cache"))
    Release(release).check_files()


def test_releases_that_were_removed_are_forgotten(release: Path, reads: list[str], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(release, tmp_path / "copy"))
    Release(copy).check_files(["questions.nq"])
    shutil.rmtree(copy)
    Release(release).check_files(["questions.nq"])
    assert len(reads) == 2
    assert len(list((tmp_path / "cache").iterdir())) == 1
