"""The processes that a test, or what it runs, has begun."""

from collections.abc import Collection

import psutil

from tests.support.waiting import until


def children(of: int | None = None) -> set[int]:
    """Give the processes that a process, or this one, has begun, by their numbers."""
    return {process.pid for process in psutil.Process(of).children()}


def until_ended(processes: Collection[int]) -> None:
    """Wait until processes have ended, whether or not anybody has taken note of it."""
    until(lambda: not any(map(_runs, processes)))


def _runs(process: int) -> bool:
    try:
        found = psutil.Process(process)
        # The first thread of a process may be a zombie while others still hold its files and connections.
        return found.status() != psutil.STATUS_ZOMBIE or found.num_threads() > 1
    except psutil.NoSuchProcess:
        return False
