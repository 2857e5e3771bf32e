"""Put small faults into the code, one at a time, and see whether a test notices each of them.

    python -m tests.mutation --seed 13 --sample 100
    python -m tests.mutation --seed 13 --sample 30 --package source
    python -m tests.mutation --seed 13 --sample 30 --changed main

First the tests run once under coverage.py, which records which test runs which line; the record is kept in
`.mutation/` until the program or the tests change. Then each fault is written into a copy of the tree, never
into the tree itself, and the tests that run its line are run there until one fails: those of its package and
the quickest first. The lines that a process runs count for the test that started it.

A fault counts as noticed if a test fails, or takes so long that it is stopped. What is printed last names the
faults that were not noticed. Exit code 1 if fewer than `--least` in 100 were.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest
from coverage import CoverageData

from tests.support.coverage_map import CONTEXT
from tests.support.mutants import Mutant, changed_lines, package, places, sample

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".mutation"
_WITHOUT_CACHE = ["-q", "-p", "no:cacheprovider", "--no-header", "--tb=no"]
_COVERAGE = """[run]
source = {tree}/lod
data_file = {work}/coverage
context = ${{COVERAGE_CONTEXT-}}
parallel = true
concurrency = thread, multiprocessing
sigterm = true
"""
_STARTUP = "import coverage\n\ncoverage.process_startup()\n"


@dataclass(frozen=True)
class Verdict:
    """Whether a fault was noticed, and by what."""

    mutant: Mutant
    noticed: bool
    by: str

    def __str__(self) -> str:
        head = "noticed    " if self.noticed else "NOT NOTICED"
        diff = "\n".join(f"      {line}" for line in self.mutant.diff.splitlines())
        return f"{head} {self.mutant.path}:{self.mutant.line} ({self.by})\n{diff}"


class Record:
    """Which tests run which lines, and how long each takes."""

    def __init__(self, folder: Path) -> None:
        self._data = CoverageData(str(folder / "coverage"))
        self._data.read()
        told = json.loads((folder / "tests.json").read_text(encoding="utf-8"))
        self._seconds: dict[str, float] = told["seconds"]
        self.failed: list[str] = told["failed"]
        self._tree = Path(told["tree"])
        self._users: dict[str, set[str]] = {}
        for test, fixtures in told["fixtures"].items():
            for fixture in fixtures:
                self._users.setdefault(fixture, set()).add(test)

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that run the lines of a fault, else those that run anything in its file.

        What runs when a module is imported runs once, for all tests that run anything in the file.
        """
        by_line = self._data.contexts_by_lineno(str(self._tree / mutant.path))
        lines = range(mutant.line, mutant.last_line + 1) if not mutant.at_import else ()
        found = self._of({context for line in lines for context in by_line.get(line, ())})
        found = found or self._of({context for contexts in by_line.values() for context in contexts})
        near = f"tests/{package(mutant.path)}"
        return sorted(found, key=lambda test: (not test.startswith(near), self._seconds[test], test))

    def seconds(self, tests: list[str]) -> float:
        """Return how long some tests took."""
        return sum(self._seconds[test] for test in tests)

    def _of(self, contexts: set[str]) -> set[str]:
        tests = {test for context in contexts for test in self._users.get(context, {context})}
        return tests & self._seconds.keys()


@contextmanager
def copied_tree() -> Iterator[Path]:
    """Copy what git knows or would add to a folder of its own, beside the documents that tests look for."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as work:
        tree = Path(work) / "tree"
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, tree / name)
        if (ROOT / "web" / "node_modules").exists():
            (tree / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
        if (ROOT.parent / "shared").exists():
            (Path(work) / "shared").symlink_to((ROOT.parent / "shared").resolve())
        yield tree


def environment(*folders: Path) -> dict[str, str]:
    """Return an environment in which the program is that of a folder, whatever is installed."""
    left = {name: value for name, value in os.environ.items() if not name.startswith("LOD_REQUIRE")}
    return left | {"PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": "1"}


def record(tests: list[str]) -> Record:
    """Run the tests (arguments of pytest) once, or take the record of an earlier run over the same code."""
    folder = CACHE / _digest(tests)
    if not (folder / "tests.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        print("recording which test runs which line …", flush=True)
        with copied_tree() as tree, tempfile.TemporaryDirectory(prefix="coverage-") as startup:
            (Path(startup) / "sitecustomize.py").write_text(_STARTUP, encoding="utf-8")
            rc = Path(startup) / "rc"
            rc.write_text(_COVERAGE.format(tree=tree, work=folder), encoding="utf-8")
            env = environment(tree, Path(startup))
            env |= {"COVERAGE_RCFILE": str(rc), "COVERAGE_MAP": str(folder / "written.json"), CONTEXT: ""}
            command = [sys.executable, "-m", "coverage", "run", f"--rcfile={rc}", "-m", "pytest"]
            command += [*_WITHOUT_CACHE, "-p", "tests.support.coverage_map", *tests]
            subprocess.run(command, cwd=tree, env=env | {"COVERAGE_PROCESS_START": str(rc)}, check=False)
            combine = [sys.executable, "-m", "coverage", "combine", "-q", f"--rcfile={rc}"]
            subprocess.run(combine, cwd=tree, env=environment(tree) | {CONTEXT: ""}, check=True)
            told = json.loads((folder / "written.json").read_text(encoding="utf-8")) | {"tree": str(tree)}
        (folder / "tests.json").write_text(json.dumps(told), encoding="utf-8")
    return Record(folder)


def _digest(tests: list[str]) -> str:
    digest = hashlib.sha256("\0".join(tests).encode())
    for path in sorted(path for place in ("lod", "tests") for path in (ROOT / place).rglob("*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def judge(mutant: Mutant, recorded: Record, tree: Path) -> Verdict:
    """Run the tests of a fault in a tree, which afterwards is as it was."""
    tests = recorded.tests(mutant)
    if not tests:
        return Verdict(mutant, noticed=False, by="no test runs this file")
    whole = (tree / mutant.path).read_text(encoding="utf-8")
    (tree / mutant.path).write_text(mutant.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", *_WITHOUT_CACHE, "-rfE", *tests]
    longest = 60 + 5 * recorded.seconds(tests)
    try:
        run = subprocess.run(
            command,
            cwd=tree,
            env=environment(tree),
            capture_output=True,
            text=True,
            check=False,
            timeout=longest,
        )
    except subprocess.TimeoutExpired:
        return Verdict(mutant, noticed=True, by=f"stopped after {longest:.0f} s")
    finally:
        (tree / mutant.path).write_text(whole, encoding="utf-8")
    if run.returncode == 0:
        return Verdict(mutant, noticed=False, by=f"{len(tests)} tests pass")
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if not failed and run.returncode != pytest.ExitCode.USAGE_ERROR:  # which it is if conftest.py fails
        raise RuntimeError(f"pytest ended with {run.returncode} and no failed test: {run.stdout[-500:]}")
    return Verdict(mutant, noticed=True, by=failed[0][:150] if failed else "nothing can be imported")


def chosen(arguments: argparse.Namespace) -> list[Mutant]:
    """Return the faults that the arguments ask for."""
    paths = sorted(path.relative_to(ROOT) for path in (ROOT / "lod").rglob("*.py"))
    if arguments.package:
        paths = [path for path in paths if package(path) in arguments.package]
    every = [place for path in paths for place in places(ROOT, path)]
    if arguments.changed:
        lines = changed_lines(ROOT, arguments.changed)
        every = [place for place in every if place.line in lines.get(place.path, ())]
    return [place.mutant() for place in sample(every, arguments.sample, arguments.seed)]


def run(mutants: list[Mutant], recorded: Record, workers: int) -> list[Verdict]:
    """Judge all faults, several at a time, each worker in a tree of its own."""
    trees: SimpleQueue[Path] = SimpleQueue()

    def one(mutant: Mutant) -> Verdict:
        tree = trees.get()
        try:
            verdict = judge(mutant, recorded, tree)
        finally:
            trees.put(tree)
        print(verdict, flush=True)
        return verdict

    with ThreadPoolExecutor(workers) as pool:
        contexts = [copied_tree() for _ in range(workers)]
        try:
            for context in contexts:
                trees.put(context.__enter__())
            return list(pool.map(one, mutants))
        finally:
            pool.shutdown(cancel_futures=True)
            for context in contexts:
                context.__exit__(None, None, None)


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=13, help="the same faults for the same number and code")
    parser.add_argument("--sample", type=int, default=100, help="how many faults")
    parser.add_argument("--package", action="append", help="only in this package of lod; several times")
    parser.add_argument("--changed", metavar="BASE", help="only in lines that this commit has not")
    parser.add_argument("--workers", type=int, default=2, help="how many at a time")
    parser.add_argument("--least", type=int, default=90, help="in 100, that must be noticed")
    parser.add_argument("--tests", nargs="*", default=[], help="only these files or folders of tests")
    parser.add_argument("--marks", default="", help="only tests with these marks, as pytest's -m")
    arguments = parser.parse_args()
    mutants = chosen(arguments)
    if not mutants:
        parser.error("there is nothing to change")
    recorded = record([*arguments.tests, *(["-m", arguments.marks] if arguments.marks else [])])
    for name in recorded.failed:
        print(f"left out, as it fails without a fault: {name}")
    verdicts = run(mutants, recorded, arguments.workers)
    unnoticed = [verdict for verdict in verdicts if not verdict.noticed]
    print(f"\n{len(verdicts) - len(unnoticed)} of {len(verdicts)} faults were noticed")
    for verdict in unnoticed:
        print(verdict)
    return 0 if 100 * len(unnoticed) <= (100 - arguments.least) * len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
