"""The processes that a test, or what it runs, has begun."""

import time
from collections.abc import Iterable

import psutil


def children(of: int | None = None) -> set[int]:
    """Give the processes that a process, or this one, has begun, by their numbers."""
    return {process.pid for process in psutil.Process(of).children()}


def until_ended(processes: Iterable[int]) -> None:
    """Wait until processes have ended, whether or not anybody has taken note of it."""
    deadline, left = time.monotonic() + 20, set(processes)
    while left := {each for each in left if _runs(each)}:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
