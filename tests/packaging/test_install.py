"""The package installs without the editor, a release demands it; extras have one name."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from lod.extras import DISTRIBUTION, missing
from tests.conftest import ROOT, SAMPLES
from tests.packaging.repository import in_a_clone, texts

pytestmark = pytest.mark.engine  # pip downloads what the package needs

EDITOR = Path("lod/web/sparql/assets/vendor")
EDITOR_FILES = ("LICENCES.txt", "yasgui.min.css", "yasgui.min.js")
WHEEL = "lod_assemblee-0.1.0-py3-none-any.whl"
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "dist", "node_modules", "out", "vendor")
STRANGERS = (
    re.compile(r"(?<![\w-])lod\[[a-z,]+\]"),
    re.compile(r"pip3? install (?:--?\S+ )*['\"]?lod(?![\w-])"),
    re.compile(r"(?<!\w)lod-[0-9][0-9.]*-py3"),
)
"""What would install somebody else's package, or a wheel that there is not."""


def run(
    *command: str | Path, at: Path | None = None, release: str = ""
) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"LOD_RELEASE": release}
    return subprocess.run(
        list(map(str, command)), cwd=at, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, without what is made in it: the editor above all."""
    copy = tmp_path_factory.mktemp("tree") / "repository"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    assert not (copy / EDITOR).exists()
    return copy


@pytest.fixture(scope="module")
def bin_(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the package, what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    done = run(folder / "bin/python", "-m", "pip", "install", "--quiet", f"{DISTRIBUTION} @ {tree.as_uri()}")
    assert done.returncode == 0, done.stderr
    return folder / "bin"


@pytest.fixture(scope="module")
def built(bin_: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built")
    done = run(bin_ / "lod", "build", SAMPLES / "pages", "--out", out, at=out)
    assert done.returncode == 0, done.stderr
    return out / "current"


def test_what_is_installed_builds_and_verifies_the_samples(bin_: Path, built: Path) -> None:
    assert (built / "questions.ttl").stat().st_size > 10_000
    done = run(bin_ / "lod", "verify", built, at=built)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("serve RELEASE", "expected uvicorn for a server, found none: pip install 'lod-assemblee[web]'"),
        ("site RELEASE --out x", "expected apsw for pages, found none: pip install 'lod-assemblee[web]'"),
        (
            "build PAGES --out x --parquet",
            "expected pyarrow for Parquet, found none: pip install 'lod-assemblee[parquet]'",
        ),
        (
            "build PAGES --out x --xlsx",
            "expected XlsxWriter for workbooks, found none: pip install 'lod-assemblee[xlsx]'",
        ),
        (
            "build PAGES --out x --scheduler tcp://localhost:1",
            "expected fsspec for a cluster, found none: pip install 'lod-assemblee[dask]'",
        ),
        (
            "query questions-by-group --on RELEASE --chart x.svg",
            "expected matplotlib for a chart, found none: pip install 'lod-assemblee[chart]'",
        ),
    ],
)
def test_a_command_names_the_extra_that_it_needs(
    bin_: Path, built: Path, tmp_path: Path, command: str, sentence: str
) -> None:
    places = {"RELEASE": str(built), "PAGES": str(SAMPLES / "pages")}
    done = run(bin_ / "lod", *(places.get(word, word) for word in command.split()), at=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"error: {sentence}\n")


def test_a_release_is_not_built_without_the_editor(tree: Path, tmp_path: Path) -> None:
    done = run(*wheel(tree, tmp_path), release="1")
    assert done.returncode != 0
    assert f"LOD_RELEASE is set: expected {EDITOR_FILES[2]}, {EDITOR_FILES[1]}" in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())


def test_the_archive_of_the_sources_builds_the_wheel_of_a_release(tree: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tree, tmp_path / "repository"))
    (copy / EDITOR).mkdir()
    for name in EDITOR_FILES:
        (copy / EDITOR / name).write_text("made by make web", encoding="utf-8")
    done = run(sys.executable, "-m", "build", "--outdir", tmp_path / "dist", copy, release="1")
    assert done.returncode == 0, done.stderr
    with ZipFile(tmp_path / "dist" / WHEEL) as archive:
        names = set(archive.namelist())
    assert {f"{EDITOR}/{name}" for name in EDITOR_FILES} <= names
    assert {"lod/ontology/anq.ttl", "lod/queries/overdue.rq", "lod/deploy/nginx/site.conf"} <= names
    assert not {name for name in names if name.startswith(("tests/", "samples/", "web/"))}
    with tarfile.open(tmp_path / "dist" / "lod_assemblee-0.1.0.tar.gz") as archive:
        sources = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "Makefile",
        "hatch_build.py",
        "web/package-lock.json",
        "web/vendor.js",
        "samples/ask.py",
    } <= sources


def wheel(tree: Path, into: Path) -> list[str | Path]:
    return [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", into, tree]


def test_no_text_names_another_distribution() -> None:
    for wrong in ("pip install lod", "pip install 'lod[web]'", "pip install -U lod", "lod-0.1.0-py3-none"):
        assert any(stranger.search(wrong) for stranger in STRANGERS)
    assert [found for found in texts().items() if any(s.search(found[1]) for s in STRANGERS)] == []


def test_every_extra_that_is_named_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == DISTRIBUTION
    named = set(extras_in("\n".join(texts().values())))
    assert named >= {"chart", "dask", "parquet", "web", "xlsx"}
    assert named <= set(project["optional-dependencies"])


def extras_in(text: str) -> Iterator[str]:
    for found in re.finditer(rf"{DISTRIBUTION}\[([a-z,]+)\]", text):
        yield from found[1].split(",")
    for found in re.finditer(r"\bmissing\([^)]*\"([a-z]+)\"\)", text):
        yield found[1]


def test_a_missing_library_is_told_in_one_sentence() -> None:
    said = missing("pandas", "a table", "frames")
    assert str(said) == "expected pandas for a table, found none: pip install 'lod-assemblee[frames]'"


@in_a_clone
def test_every_instruction_that_makes_a_release_demands_the_editor() -> None:
    lines = [line for text in texts().values() for line in text.splitlines() if "pip wheel" in line]
    commands = [line for line in lines if re.search(r"python -m pip wheel|bin/pip wheel", line)]
    assert len(commands) == 3
    assert [line for line in commands if "LOD_RELEASE=1 " not in line] == []
