"""What a command costs: processor time, time that passes, and the memory of all its processes together."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

import psutil

_MEGABYTE = 2**20
_LOOK = 0.02
"""Seconds between two looks at the memory."""
_SHARE = 0.05
"""How much of a processor looking may take at most: it is slow where a process has much memory."""


class Spent(NamedTuple):
    """Seconds of processors, seconds of the clock, and the peak of memory in megabytes.

    Memory is the sum of the proportional set sizes (PSS) of a process and all beneath it, looked at often;
    what they share is counted once.
    """

    cpu: float
    wall: float
    megabytes: float

    def best(self, other: "Spent") -> "Spent":
        """Give the least time of two runs, and the most memory."""
        return Spent(
            min(self.cpu, other.cpu), min(self.wall, other.wall), max(self.megabytes, other.megabytes)
        )


def spent(command: list[str], prints_into: IO[bytes] | None = None) -> Spent:
    """Run a command to its end; raise SystemExit if it fails."""
    ended, started = threading.Event(), time.monotonic()
    process = subprocess.Popen(command, stdout=prints_into)
    with ThreadPoolExecutor(1) as watch:
        peak = watch.submit(_peak, process.pid, ended)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            wall = time.monotonic() - started
            ended.set()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: failed with {process.returncode}")
    return Spent(used.ru_utime + used.ru_stime, wall, peak.result() / _MEGABYTE)


class OtherLoad:
    """How much of the machine others have used since this was made."""

    def __init__(self) -> None:
        self._begun = self._now()

    def cores(self) -> float:
        """Give it as a number of cores."""
        clock, others = (now - begun for now, begun in zip(self._now(), self._begun, strict=True))
        return max(0.0, others / clock)

    @staticmethod
    def _now() -> tuple[float, float]:
        """Give the seconds of the clock, and those of processors that others had."""
        told, mine = psutil.cpu_times(), os.times()
        busy: float = told.user + told.nice + told.system + told.irq + told.softirq + told.steal
        return time.monotonic(), busy - sum(mine[:4])


def _peak(pid: int, ended: threading.Event) -> int:
    """Look at the memory of a process and of all beneath it until it has ended; give the most, in bytes."""
    peak, pause = 0, 0.0
    while not ended.wait(pause):
        begun = time.monotonic()
        peak = max(peak, sum(map(_memory, _tree(pid))))
        pause = max(_LOOK, (time.monotonic() - begun) / _SHARE)
    return peak


def _tree(pid: int) -> Iterator[int]:
    """Give a process and all beneath it, as far as they have not ended meanwhile."""
    yield pid
    for child in _children(pid):
        yield from _tree(child)


def _children(pid: int) -> list[int]:
    try:
        told = [each.read_text(encoding="ascii") for each in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has ended, or one of its threads has: the next look tells
        return []
    return [int(child) for each in told for child in each.split()]


def _memory(pid: int) -> int:
    """Give what a process holds, in bytes: nothing if it has ended."""
    try:
        held: int = psutil.Process(pid).memory_full_info().pss
    except psutil.Error:
        return 0
    return held
