"""Run all contenders side by side on the same invented questions, and write down the ratios.

python -m bench [--sizes 1000,4000] [--out bench/RESULTS.md]
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from bench.contenders import CONTENDERS
from bench.corpus import Corpus, write_zip

LIMITS = {"rdflib": 4_000, "rdflib and pySHACL": 1_000}
"""The size beyond which a contender is not asked to go: it would take hours."""


class Measured(NamedTuple):
    """What a contender took for a corpus."""

    name: str
    size: int
    cpu: float
    wall: float
    megabytes: float


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("--sizes", default="1000,4000,16000")
    arguments.add_argument("--out", type=Path, default=Path("bench/RESULTS.md"))
    told = arguments.parse_args()
    found = []
    for one in measured([int(size) for size in told.sizes.split(",")]):
        print(f"{one.size:>7} {one.name:<22} {one.cpu:8.1f} s CPU {one.wall:8.1f} s {one.megabytes:7.0f} MB")
        found.append(one)
    told.out.write_text(report(found), encoding="utf-8")


def measured(sizes: list[int]) -> Iterator[Measured]:
    """Run every contender on every size, one after the other."""
    with tempfile.TemporaryDirectory() as place:
        folder, corpus = Path(place), Corpus()
        write_zip(folder / "register.zip", corpus.register())
        for size in sizes:
            path = folder / f"{size}.zip"
            questions = map(corpus.question, range(1, size + 1))
            write_zip(path, ((question["uid"], {"question": question}) for question in questions))
            for name in CONTENDERS:
                if size <= LIMITS.get(name, size):
                    yield _measure(name, size, path, folder)


def _measure(name: str, size: int, corpus: Path, folder: Path) -> Measured:
    out = folder / "out"
    command = [
        sys.executable,
        "-m",
        "bench.contenders",
        name,
        str(corpus),
        str(folder / "register.zip"),
        str(out),
    ]
    started = time.monotonic()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} failed at {size} questions")
    wall = time.monotonic() - started
    out.unlink() if out.is_file() else shutil.rmtree(out)
    return Measured(name, size, used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def report(found: list[Measured]) -> str:
    """Lay out what was measured, with the ratio of CPU to the floor of the same size in the same run."""
    floors = {one.size: one.cpu for one in found if one.name == "floor"}
    versions = ", ".join(f"{name} {version(name)}" for name in ("rdflib", "pyshacl", "pyoxigraph", "msgspec"))
    lines = [
        "# Results",
        "",
        "One run of `python -m bench`, all ways side by side on the same invented questions in the official",
        "JSON. Read the ratios: the machine is shared. « floor » inflates, parses and writes as many bytes.",
        "",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; {versions}.",
        "",
        "| questions | way | CPU, s | to the floor | wall, s | peak memory of a process, MB |",
        "| ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.size:,} | {one.name} | {one.cpu:.1f} | {one.cpu / floors[one.size]:.1f} | {one.wall:.1f} "
        f"| {one.megabytes:.0f} |"
        for one in found
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
