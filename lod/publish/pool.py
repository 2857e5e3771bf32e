"""The same work in this process or in several: tasks in, results out, in the order of the tasks."""

import itertools
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from lod.errors import NotReadOrWritten

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 4
"""How many tasks a process is given before the result of the first of them is asked for."""


def ordered(jobs: int, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """Do the tasks, in as many processes, forked from this one; a single task is done here.

    Raise NotReadOrWritten if a process is killed.
    """
    waiting = iter(tasks)
    first = list(itertools.islice(waiting, 2))
    if jobs == 1 or len(first) < 2:
        yield from map(work, itertools.chain(first, waiting))
        return
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=forked, initializer=_quietly) as pool:
        try:
            yield from _in_order(pool, jobs * _AHEAD, work, itertools.chain(first, waiting))
        except BrokenProcessPool:
            raise NotReadOrWritten("a process was killed: is there enough memory?") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, ahead: int, work: Callable[[T], R], tasks: Iterable[T]
) -> Iterator[R]:
    begun = deque[Future[R]]()
    for task in tasks:
        begun.append(pool.submit(work, task))
        if len(begun) > ahead:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()


def _quietly() -> None:
    """Leave it to the first process to say that the run was ended early."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
