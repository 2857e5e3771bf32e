"""Ask a running server for documents as fast as it answers, beside the program that asks (wrk).

python -m bench.serving    writes bench/SERVING.md
"""

import re
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from bench import report
from bench.corpora import Corpora, arguments, lod
from bench.measure import OtherLoad

LEAST, LONGEST, MOST_GROWN = 2000, 20.0, 1.1
"""The requests a second there must be, the milliseconds of the 99th percentile, the growth of memory."""

_ABOUT = """\
One run of `python -m bench.serving`: `lod serve` in one process, and wrk on the same machine with 32
connections, each of which requests one document again and again. Memory is that of the server's process,
after the first second and at the end; the SPARQL workers are idle."""
_LIBRARIES = ("starlette", "uvicorn", "uvloop", "httptools", "apsw")
_SERVED = re.compile(r"is served at (\S+) ")
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_HEADS = ("document", "requests per second", "median, ms", "99 %, ms", "memory, MB")


class What(NamedTuple):
    """What is asked for: its name, its path, and the headers of the request."""

    name: str
    path: str
    headers: tuple[str, ...]


class Answered(NamedTuple):
    """How many requests a second were answered, how long they took in milliseconds, memory in megabytes."""

    what: What
    rate: float
    median: float
    ninety_ninth: float
    memory: tuple[float, float]


def main() -> None:
    """Build, serve, ask, print and write."""
    told, beside = arguments("serving", __doc__, seconds=(15, "how long each is asked for")), OtherLoad()
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        release = Corpora(told.corpora or work / "corpora").release(told.size, work / "out")
        others = beside.cores()
        found = list(_measured(release, told.seconds))
    about = f"{told.size:,} questions, {told.seconds} seconds each."
    machine = report.machine(_LIBRARIES, others)
    told.out.write_text("\n\n".join(page(about, machine, found)) + "\n", encoding="utf-8")
    print(verdict(found))


def page(about: str, machine: Iterable[str], found: list[Answered]) -> Iterator[str]:
    """Lay out a run, paragraph by paragraph."""
    yield "# Serving"
    yield _ABOUT
    yield "\n".join(machine)
    yield about
    yield verdict(found)
    yield "\n".join(_table(found))


def verdict(found: list[Answered]) -> str:
    """Say whether a question's JSON-LD is served as fast, and as steadily, as it must be."""
    first = found[0]
    grown = first.memory[1] / first.memory[0]
    is_met = first.rate >= LEAST and first.ninety_ninth <= LONGEST and grown <= MOST_GROWN
    return (
        f"{first.what.name}: {first.rate:,.0f} requests per second (at least {LEAST:,}), 99 % within "
        f"{first.ninety_ninth:.1f} ms (at most {LONGEST:g}), memory {grown:.2f} x "
        f"(at most {MOST_GROWN}): {'met' if is_met else 'not met'}."
    )


def _table(found: list[Answered]) -> Iterator[str]:
    yield f"| {' | '.join(_HEADS)} |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for one in found:
        memory = f"{one.memory[0]:.0f} → {one.memory[1]:.0f}"
        times = f"{one.median:.1f} | {one.ninety_ninth:.1f}"
        yield f"| {one.what.name} | {one.rate:,.0f} | {times} | {memory} |"


def _measured(release: Path, seconds: int) -> Iterator[Answered]:
    command = lod("serve", f"{release}", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = _SERVED.search(server.stdout.readline())
        assert address, "the server did not start"
        for what in _asked(release):
            yield _answered(what, address[1], server.pid, seconds)
        server.send_signal(signal.SIGTERM)


def _asked(release: Path) -> Iterator[What]:
    """Give what is asked for: a question in the middle of the release, in several ways."""
    with (release / "questions.csv").open(encoding="utf-8") as lines:
        iris = [found[1] for line in lines if (found := re.match(r"https?://[^,]*?/(an/[^,]+),", line))]
    path = iris[len(iris) // 2]
    yield What("one question's JSON-LD", path, ("Accept: application/ld+json",))
    yield What("the same, compressed", path, ("Accept: application/ld+json", "Accept-Encoding: gzip"))
    yield What("in Turtle", path, ("Accept: text/turtle",))
    yield What("its page", path, ("Accept: text/html",))
    yield What("a search for one word", "recherche?q=ministre", ("Accept: text/html",))


def _answered(what: What, address: str, pid: int, seconds: int) -> Answered:
    _wrk(what, address, 1)
    before = psutil.Process(pid).memory_info().rss
    told = _wrk(what, address, seconds)
    after = psutil.Process(pid).memory_info().rss
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    assert rate, told
    assert "Non-2xx" not in told, told
    memory = (before / 2**20, after / 2**20)
    return Answered(what, float(rate[1]), _time(told, "50%"), _time(told, "99%"), memory)


def _wrk(what: What, address: str, seconds: int) -> str:
    headers = [word for header in what.headers for word in ("--header", header)]
    command = ["wrk", "--threads", "1", "--connections", "32", "--duration", f"{seconds}s", "--latency"]
    run = subprocess.run(
        [*command, *headers, address + what.path], check=True, capture_output=True, text=True
    )
    return run.stdout


def _time(told: str, share: str) -> float:
    found = re.search(rf"{share}\s+([0-9.]+)(us|ms|s)\b", told)
    assert found, told
    return float(found[1]) * _UNITS[found[2]]


if __name__ == "__main__":
    main()
