"""Run all ways side by side on the same invented questions, and write down the ratios.

python -m bench    writes bench/RESULTS.md, and growth.svg beside it
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench import environment, plot, report
from bench.contenders import WAYS, Makes, Way
from bench.corpora import Corpora
from bench.measure import OtherLoad, spent
from bench.report import BenchRun
from bench.same import difference

ALWAYS = frozenset(("ours", "physical limit"))
"""What the others are divided by."""
LONG = 100.0
"""Seconds beyond which a way is run once only: what is short is noisy, what is long is dear."""


def main() -> None:
    """Measure, print and write."""
    told, beside = _arguments(), OtherLoad()
    told.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        bench = Bench(Corpora(told.corpora or work / "corpora"), work, BenchRun(told.rounds, LONG))
        if "Morph-KGC" in told.ways:
            bench.find_morph_kgc(told.morph_kgc or work / "morph-kgc", install=not told.no_install)
        for size in sorted(told.sizes):
            bench.measure([way for way in WAYS if way.name in {*told.ways, *ALWAYS}], size)
    bench.run.others = beside.cores()
    picture = told.out.with_name("growth.svg")
    plot.draw(bench.run.measured, picture)
    told.out.write_text(report.page(bench.run, picture.name), encoding="utf-8")
    print("\n".join(report.targets(bench.run.measured)))


class Bench:
    """Runs ways, holds them to the triples that they must make, and keeps what they took."""

    def __init__(self, corpora: Corpora, work: Path, run: BenchRun) -> None:
        self.run = run
        self._corpora, self._out, self._reference = corpora, work / "out", work / "reference"
        self._places: dict[str, Path | int] = {"python": Path(sys.executable), "register": corpora.register}
        self._places["out"] = self._out

    def find_morph_kgc(self, folder: Path, *, install: bool) -> None:
        """Find or make the environment that Morph-KGC needs; note it if there is none."""
        if python := environment.python_of(folder, install=install):
            self._places["morph_kgc"] = python
            self.run.versions = environment.versions(python)
        else:
            self.run.left_out.append(f"Morph-KGC, which {'could not be' if install else 'is not'} installed")

    def measure(self, ways: list[Way], size: int) -> None:
        """Run ways in turn on so many questions, ours first, and print the figures."""
        self._places["corpus"] = self._corpora.of(size)
        ways = [way for way in ways if way.can(size, self._places.keys() | {"bytes"})]
        for turn in range(self.run.rounds):
            for way in ways:
                if not turn:
                    self._first(way, size)
                elif self.run.measured[way.name, size].wall <= self.run.long:
                    self._again(way, size)
        print("\n".join(report.table(self.run, size)), flush=True)

    def _first(self, way: Way, size: int) -> None:
        """Run a way, and look at what it has made."""
        self.run.measured[way.name, size] = spent(way.line(self._places))
        made = next(self._out.rglob("questions.nt"), None)
        if way.name == "ours" and made:
            self._places["bytes"] = sum(file.stat().st_size for file in made.parent.glob("questions.*"))
        if way.makes is not Makes.NONE:
            self._compare(way, size, made)
        shutil.rmtree(self._out)

    def _again(self, way: Way, size: int) -> None:
        best = self.run.measured[way.name, size].best(spent(way.line(self._places)))
        self.run.measured[way.name, size] = best
        shutil.rmtree(self._out)

    def _compare(self, way: Way, size: int, made: Path | None) -> None:
        """Count the triples; compare them with ours where the questions are fewest."""
        if made is None:
            raise SystemExit(f"{way.name}: wrote no questions.nt")
        with made.open("rb") as lines:
            self.run.triples[way.name, size] = sum(1 for _ in lines)
        if not self._reference.exists():
            self.run.compared_at = size
            shutil.copytree(made.parent, self._reference)
        if size == self.run.compared_at and (wrong := difference(self._reference, made, way.makes)):
            raise SystemExit(f"{way.name}: {wrong}")


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0])
    add = arguments.add_argument
    add("--sizes", type=_sizes, default="1000,16000,64000", help="numbers of questions")
    names = [way.name for way in WAYS]
    add("--ways", nargs="+", choices=names, default=names, metavar="WAY", help=f"some only of {names}")
    add("--rounds", type=int, default=3, help="how often a way that is not slow is run")
    add("--corpora", type=Path, help="a folder that keeps the invented questions for the next run")
    add("--morph-kgc", type=Path, help="a folder that has, or gets, a virtual environment with Morph-KGC")
    add("--no-install", action="store_true", help="leave Morph-KGC out if it is not installed there")
    add("--out", type=Path, default=Path("bench/RESULTS.md"), help="the page to write")
    return arguments.parse_args()


def _sizes(text: str) -> set[int]:
    return {int(size) for size in text.split(",")}


if __name__ == "__main__":
    main()
