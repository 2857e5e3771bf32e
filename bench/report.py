"""The results as a page: the machine, the ways, the targets, the figures, the picture."""

import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import psutil

from bench.contenders import WAYS, Way
from bench.measure import Spent
from bench.targets import Measured, SpeedTarget, judged

_LIBRARIES = ("rdflib", "pyshacl", "shacl", "pyoxigraph", "msgspec", "isal", "psutil")
_ABOUT = """\
One run of `python -m bench`: all ways in turn, on the same invented questions in the official JSON, one
file per question in a zip. Read the ratios: seconds are those of one machine on one day."""
_WAYS = """\
- **ours** is `lod build` as users run it, with `--jobs 1`; **two processes** is the same with `--jobs 2`.
  **Unchecked** leaves out the SHACL engine, which users cannot do; preparing the check is still included.
  **Reading alone** reads and describes the questions and writes nothing.
- **physical limit** decompresses and parses the same documents with the fastest libraries known, and
  writes as many bytes as the four dumps of ours had in this run.
- **pyoxigraph** is a program written from scratch: from JSON to pyoxigraph's terms, a hundred questions at
  a time, appended in three formats; it makes the subset. **Behind our reading** it writes everything that
  we describe.
- **Morph-KGC** maps flat tables with `bench/questions.rml.ttl`. Making the tables, in Parquet, is part of
  its time. It makes the subset as N-Triples, in one process.
- **rdflib** is the obvious program: one graph of everything, three serialisers, pySHACL on the whole
  graph. **In batches** is rdflib at its best: one graph for every hundred questions. The graphs contain
  our description; our reading is part of their time.

Of the two with pyoxigraph, the one written from scratch is the fair comparison, and the one in the
targets: it neither pays for our reading, which is stricter than it needs, nor profits from it. It makes
fewer triples than ours and checks nothing, so it has less to do.

The subset is what the documents of questions and answers state, without the rubric (its IRI is made from a
label), the capacity of the author (it needs the register), common answers (they need other questions) and
provenance."""
_MEANT = """\
The targets are for 16,000 questions, and for growth from 16,000 to 64,000. If a pair was not run on
16,000, the nearest number on which both were run is used."""
_HOW = """\
CPU is the user and system time of all processes of a way. Memory is the peak of the sum of the
proportional set sizes (PSS) of all its processes, sampled up to fifty times a second; shared memory is
counted once. « × limit » and « × ours » are ratios to what these took for the same number of questions."""
_HEADS = (
    *("questions", "way", "output", "triples"),
    *("CPU, s", "× limit", "× ours", "wall, s", "× ours", "memory, MB", "× ours"),
)


@dataclass(slots=True)
class BenchRun:
    """What a run has measured: what was spent, how many triples were written, what was left out and why.

    Ways that take no longer than `long` seconds are run as many times as there are rounds; `others` is how
    many cores other work has used meanwhile.
    """

    rounds: int
    long: float
    measured: dict[tuple[str, int], Spent] = field(default_factory=dict)
    triples: dict[tuple[str, int], int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    compared_at: int = 0
    others: float = 0
    left_out: list[str] = field(default_factory=list)


def page(run: BenchRun, picture: str) -> str:
    """Lay out a run."""
    parts = [
        "# Results",
        _ABOUT,
        "\n".join(_machine(run)),
        "## The ways",
        _WAYS,
        "## Targets",
        _MEANT,
        "\n".join(targets(run.measured)),
        "## Figures",
        "\n".join([_HOW, *_rounds(run)]),
        "\n".join(table(run)),
        "\n".join(_compared(run)),
        *(f"Not measured: {sentence}." for sentence in run.left_out),
        f"![CPU and memory by the number of questions]({picture})",
    ]
    return "\n\n".join(parts) + "\n"


def table(run: BenchRun, *sizes: int) -> Iterator[str]:
    """Give the figures for these numbers of questions, or for all, with ratios to the limit and to ours."""
    yield f"| {' | '.join(_HEADS)} |"
    yield "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for size in sizes or sorted({size for _, size in run.measured}):
        limit, ours = run.measured["physical limit", size], run.measured["ours", size]
        for way in WAYS:
            if spent := run.measured.get((way.name, size)):
                cells = [f"{size:,}", way.name, way.writes, _triples(run, way, size)]
                cells += [_seconds(spent.cpu), _ratio(spent.cpu / limit.cpu), _ratio(spent.cpu / ours.cpu)]
                cells += [_seconds(spent.wall), _ratio(spent.wall / ours.wall)]
                cells += [f"{spent.megabytes:.0f}", _ratio(spent.megabytes / ours.megabytes)]
                yield f"| {' | '.join(cells)} |"


def targets(measured: Measured) -> Iterator[str]:
    """Give each target with what was measured."""
    yield "| target | questions | measured | met? |"
    yield "| --- | ---: | ---: | --- |"
    for target, sizes, ratio in judged(measured):
        yield f"| {target.text} | {_judgement(target, sizes, ratio)} |"


def _judgement(target: SpeedTarget, sizes: tuple[int, int] | None, ratio: float | None) -> str:
    if sizes is None or ratio is None:
        return "– | not measured | –"
    asked = " to ".join(f"{size:,}" for size in sorted(set(sizes)))
    return f"{asked} | {_ratio(ratio)} | {'yes' if target.is_met_by(ratio) else 'no'}"


def machine(libraries: Iterable[str], others: float) -> Iterator[str]:
    """Say on what was measured: the machine, the versions, how many cores other work took meanwhile."""
    memory, cores = psutil.virtual_memory().total / 2**30, psutil.cpu_count()
    yield f"{_processor()}, {cores} cores, {memory:.0f} GB of memory, {platform.system()}."
    yield f"Python {platform.python_version()}, {_listed({name: version(name) for name in libraries})}."
    yield f"Other work on this machine used {others:.1f} cores during the run."


def _machine(run: BenchRun) -> Iterator[str]:
    yield from machine(_LIBRARIES, run.others)
    if run.versions:
        yield f"Morph-KGC, in an environment of its own: {_listed(run.versions)}."


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _rounds(run: BenchRun) -> Iterator[str]:
    if run.rounds > 1:
        yield f"A way that takes less than {run.long:.0f} s is run {run.rounds} times, in turn with the"
        yield "others; the shortest time and the largest memory count."


def _compared(run: BenchRun) -> Iterator[str]:
    yield f"At {run.compared_at:,} questions all triples were compared with ours. The ways that make the"
    yield "subset make exactly that; the others make everything that can be derived from each question alone."


def _triples(run: BenchRun, way: Way, size: int) -> str:
    written = run.triples.get((way.name, size))
    return "–" if written is None else f"{written:,}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 10 else f"{seconds:.2f}"


def _ratio(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"
