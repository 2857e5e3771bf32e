"""A session is green only if it wrote nothing anew, read the real documents, and left nothing out."""

import os
import subprocess
import sys
from fnmatch import fnmatch

import pytest

from tests.conftest import ROOT

PASSES = "def test_a() -> None: ...\n"
SKIPS = "import pytest\n\ndef test_a() -> None:\n    pytest.skip({!r})\n"
REAL = "import pytest\n\n@pytest.mark.real\ndef test_real() -> None:\n    assert {}\n" + PASSES
MODULE = "import pytest\n\npytest.skip('zstd is not installed', allow_module_level=True)\n"
ABSENT = "the real documents are not beside the repository"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in ("LOD_REQUIRE_REAL", "LOD_REQUIRE_TOOLS"):
        monkeypatch.delenv(name, raising=False)
    return pytester


def exit_code(run: pytest.Pytester, text: str, *options: str) -> int:
    run.makepyfile(text)
    return int(run.runpytest_inprocess("-p", "tests.support.session", *options).ret)


def test_a_run_that_leaves_nothing_out_is_green(run: pytest.Pytester) -> None:
    assert exit_code(run, PASSES) == 0


@pytest.mark.parametrize("text", [PASSES, SKIPS.format("wrote x.nq")])
def test_a_run_that_writes_golden_files_anew_fails(run: pytest.Pytester, text: str) -> None:
    assert exit_code(run, text, "--regen") == 1


@pytest.mark.parametrize(("text", "before"), [(SKIPS.format("zstd is not installed"), 0), (MODULE, 5)])
def test_a_skipped_test_fails_a_run_that_requires_all_tools(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, text: str, before: int
) -> None:
    assert exit_code(run, PASSES + text) == before
    monkeypatch.setenv("LOD_REQUIRE_TOOLS", "1")
    assert exit_code(run, PASSES + text) == 1


def test_a_test_may_be_skipped_for_want_of_the_real_documents(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOD_REQUIRE_TOOLS", "1")
    assert exit_code(run, PASSES.replace("test_a", "test_b") + SKIPS.format(ABSENT)) == 0


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (REAL.format("True"), (), 0),
        (REAL.format("False"), (), 1),
        (REAL.format("True") + REAL.format("True").replace("_real", "_other"), ("-k", "test_real"), 1),
        (REAL.format("pytest.skip('not today')"), (), 1),
        (PASSES, (), 1),
    ],
    ids=["passed", "failed", "one of two", "skipped", "none"],
)
def test_every_test_of_real_documents_must_pass_where_they_are_required(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, text: str, options: tuple[str, ...], code: int
) -> None:
    monkeypatch.setenv("LOD_REQUIRE_REAL", "1")
    assert exit_code(run, text, *options) == code


@pytest.mark.slow
@pytest.mark.parametrize(("value", "code"), [("True", 0), ("False", 1), ("pytest.skip('not today')", 1)])
def test_a_run_in_several_processes_is_judged_as_a_whole(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str, code: int
) -> None:
    monkeypatch.setenv("LOD_REQUIRE_REAL", "1")
    monkeypatch.setenv("LOD_REQUIRE_TOOLS", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    run.makepyfile(test_a=REAL.format("True"), test_b=REAL.format(value))
    assert run.runpytest_subprocess("-p", "tests.support.session", "-n", "2").ret == code


def test_a_failed_test_is_a_failure_whatever_else_happened(run: pytest.Pytester) -> None:
    assert exit_code(run, "def test_a() -> None:\n    raise ValueError\n", "--regen") == 1


def test_what_is_not_green_is_named(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOD_REQUIRE_TOOLS", "1")
    run.makepyfile(SKIPS.format("zstd is not installed"))
    result = run.runpytest_inprocess("-p", "tests.support.session")
    result.stdout.fnmatch_lines(["*= not green =*", "*::test_a was skipped: zstd is not installed"])


@pytest.mark.slow
def test_tests_that_reach_another_program_are_marked_and_others_are_not() -> None:
    chosen = {
        "tests/build/test_compress.py::test_the_tools_of_every_system_read_it": True,  # asks for a tool
        "tests/build/test_cluster.py::test_threads_of_one_worker_take_turns": True,  # starts a cluster
        "tests/web/test_promises.py": True,  # a fixture starts `lod serve`
        "tests/web/test_index.py": False,
        "tests/support/test_session.py": False,
    }
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "-m", "engine", *chosen]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LOD_REQUIRE_")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    for name, is_marked in chosen.items():
        assert (name in done.stdout) == is_marked, name


def test_no_folder_of_tests_is_skipped_because_of_its_name(pytestconfig: pytest.Config) -> None:
    folders = [path.parent for path in (ROOT / "tests").rglob("test_*.py")]
    parts = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    patterns = pytestconfig.getini("norecursedirs")
    assert [part for part in parts for pattern in patterns if fnmatch(part, pattern)] == []
