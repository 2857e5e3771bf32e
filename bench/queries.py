"""Time every query of the cookbook, as users ask it, on many invented questions in an embedded store.

python -m bench.queries    writes bench/QUERIES.md
"""

import functools
import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import report
from bench.corpora import Corpora, arguments, lod
from bench.measure import OtherLoad, Spent, spent
from lod.query import cookbook

MOST = 2.0
"""Seconds of the clock that a query may take."""
VALUES = {
    # what every parameter is given, so that the query has as much to do as it can have
    "code": "73",
    "deputy": "Bézé Trédagrimachoni",
    "identifier": "QANR5L17QE10",
    "law": "e",
    "since": "2025-10-01",
    "today": "2026-12-31",
    "words": "a",
}
_LIBRARIES = ("pyoxigraph", "msgspec", "typer", "psutil")
_ABOUT = """\
One run of `python -m bench.queries`: `lod query` runs every query of the cookbook on an embedded Oxigraph
store and writes the result as CSV or Turtle. The time is that of the whole command: for each query two
processes are started and the store is opened. The search words match all questions."""
_HEADS = ("query", "rows", "wall, s", "CPU, s", "memory, MB", "in time?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedQuery:
    """A query, how many lines its answer has beside the head, and what it took."""

    name: str
    rows: int
    spent: Spent


def main() -> None:
    """Build, load, ask, print and write."""
    told, beside = arguments("queries", __doc__, rounds=(3, "how often each query is asked")), OtherLoad()
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        triples = _load(Corpora(told.corpora or work / "corpora"), told.size, work / "out")
        asked = []
        for name in cookbook():
            asked.append(_ask(name, work / "out" / "store", told.rounds))
            print(f"{asked[-1].spent.wall:5.2f} s  {name}", flush=True)
    about = f"{told.size:,} questions, {triples:,} triples. {_rounds(told.rounds)}"
    machine = report.machine(_LIBRARIES, beside.cores())
    told.out.write_text("\n\n".join(page(about, machine, asked)) + "\n", encoding="utf-8")
    print(verdict(asked))


def page(about: str, machine: Iterable[str], asked: list[TimedQuery]) -> Iterator[str]:
    """Lay out a run, paragraph by paragraph."""
    yield "# Queries"
    yield _ABOUT
    yield "\n".join(machine)
    yield about
    yield verdict(asked)
    yield "\n".join(_table(asked))


def verdict(asked: list[TimedQuery]) -> str:
    """Say how many queries are answered in time, and which is the slowest."""
    slowest = max(asked, key=lambda one: one.spent.wall)
    met = sum(one.spent.wall <= MOST for one in asked)
    return (
        f"{met} of {len(asked)} queries are answered within {MOST:g} s; "
        f"the slowest, `{slowest.name}`, in {slowest.spent.wall:.2f} s."
    )


def _table(asked: list[TimedQuery]) -> Iterator[str]:
    yield f"| {' | '.join(_HEADS)} |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for one in sorted(asked, key=lambda one: (-one.spent.wall, one.name)):
        figures = f"{one.rows:,} | {one.spent.wall:.2f} | {one.spent.cpu:.2f} | {one.spent.megabytes:.0f}"
        yield f"| `{one.name}` | {figures} | {'yes' if one.spent.wall <= MOST else 'no'} |"


def _rounds(rounds: int) -> str:
    return f"Of {rounds} runs of each query, the shortest time and the largest memory count."


def _load(corpora: Corpora, size: int, out: Path) -> int:
    """Build a release of so many questions and load it; give the number of triples that the store holds."""
    load = subprocess.run(
        lod("load", f"{corpora.release(size, out)}", "--json"), check=True, capture_output=True
    )
    triples: int = json.loads(load.stdout)["triples"]
    return triples


def _ask(name: str, store: Path, rounds: int) -> TimedQuery:
    """Ask a query as often as there are rounds, with values that are known to the invented questions."""
    saved = cookbook()[name]
    form = "turtle" if "CONSTRUCT" in saved.text else "csv"
    values = [word for p in saved.parameters for word in ("--param", f"{p.name}={VALUES[p.name]}")]
    command = lod("query", name, "--on", f"{store}", "--format", form, *values)
    runs = [_run(command) for _ in range(rounds)]
    took = functools.reduce(Spent.best, (one for one, _ in runs))
    return TimedQuery(name=name, rows=runs[0][1] - (form == "csv"), spent=took)


def _run(command: list[str]) -> tuple[Spent, int]:
    """Run a command; give what it took, and how many lines it printed."""
    with tempfile.TemporaryFile() as printed:
        took = spent(command, printed)
        printed.seek(0)
        return took, sum(1 for _ in printed)


if __name__ == "__main__":
    main()
