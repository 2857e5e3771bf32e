"""A release with fewer data files: consistent in itself, and clear about what cannot be done with it."""

import json
from pathlib import Path

import pytest

from lod import Options, build_release
from lod.release import Release
from lod.verify import verify
from tests.conftest import SAMPLES
from tests.support.command import lod

SOURCES = [SAMPLES / "pages", SAMPLES / "json"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = Options(registers=(SAMPLES / "register",))
    return build_release(SOURCES, tmp_path_factory.mktemp("whole"), options).path


@pytest.mark.parametrize(
    "wanted", [("nt",), ("nt", "nq"), ("csv", "nt"), ("jsonld", "nt"), ("ttl", "nt"), ("nt", "nq", "ttl")]
)
def test_the_files_that_are_written_are_those_of_a_whole_release(
    whole: Path, tmp_path: Path, wanted: tuple[str, ...]
) -> None:
    options = Options(registers=(SAMPLES / "register",), formats=wanted)
    release = build_release(SOURCES, tmp_path, options).path
    data = {path.name for path in release.glob("questions.*")} - {"questions.csv-metadata.json"}
    assert data == {f"questions.{form}" for form in wanted}
    for name in data:
        assert (release / name).read_bytes() == (whole / name).read_bytes()
    stated = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["formats"]
    assert set(stated) == set(wanted)
    assert verify(release).problems == []
    assert (release / "croissant.json").exists() == ("csv" in wanted)


def test_a_whole_release_does_not_state_its_formats(whole: Path) -> None:
    assert "formats" not in json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    assert Release(whole).manifest.formats == ("ttl", "jsonld", "nt", "nq", "csv")


def test_tombstones_and_kept_questions_do_without_the_other_formats(tmp_path: Path) -> None:
    build_release(SOURCES, tmp_path, Options(formats=("nt",)))
    smaller = build_release([SAMPLES / "pages"], tmp_path, Options(formats=("nt",), allow_shrink=True))
    withdrawn = (smaller.path / "withdrawn.ttl").read_text(encoding="utf-8")
    assert withdrawn.count("dcterms:modified") == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--formats", "ttl"), "--formats: expected nt among the formats, found none"),
        (("--formats", "nt,xml"), "--formats: expected some of ttl, jsonld, nt, nq, csv, found « xml »"),
        (("--formats", ""), "--formats: expected some of ttl, jsonld, nt, nq, csv, found «  »"),
        (("--formats", "nt", "--parquet"), "--parquet is made from the table: add csv to --formats"),
        (("--formats", "nt", "--xlsx"), "--xlsx is made from the table: add csv to --formats"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    ran = lod("build", SAMPLES / "pages", "--out", tmp_path / "out", *words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"error: {why}")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "form"),
    [
        (("load", "RELEASE", "--into", "store"), "nq"),
        (("query", "questions-by-group", "--on", "RELEASE"), "nq"),
        (("serve", "RELEASE", "--port", "0"), "jsonld"),
        (("site", "RELEASE", "--out", "www"), "jsonld"),
    ],
)
def test_a_command_names_the_format_that_it_needs(
    tmp_path: Path, command: tuple[str, ...], form: str
) -> None:
    release = build_release([SAMPLES / "pages"], tmp_path / "out", Options(formats=("nt",))).path
    ran = lod(*(str(release) if word == "RELEASE" else word for word in command), cwd=tmp_path)
    assert ran.returncode == 5
    assert f"expected dumps as « {form} », found none; build the release with {form}" in ran.stderr
