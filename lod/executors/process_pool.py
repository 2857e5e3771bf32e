"""The same work in this process or in several: tasks in, results out, in the order of the tasks."""

import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeVar

from lod.errors import NotReadOrWritten

T = TypeVar("T")
R = TypeVar("R")

_LOOK = 0.2
_AHEAD = 4
"""How many tasks a process is given before the result of the first of them is asked for."""


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """As many processes, forked from this one."""

    jobs: int

    def ordered(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Do the tasks; a single task, or those of a single process, are done here.

        Raise NotReadOrWritten if a process is killed.
        """
        waiting = iter(tasks)
        first = list(itertools.islice(waiting, 2))
        if self.jobs == 1 or len(first) < 2:
            yield from map(work, itertools.chain(first, waiting))
        else:
            yield from _forked(self.jobs, work, itertools.chain(first, waiting))


def _forked(jobs: int, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    forked, others = multiprocessing.get_context("fork"), set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, mp_context=forked, initializer=_begin, initargs=(os.getpid(),)) as pool:
        try:
            yield from _in_order(pool, jobs * _AHEAD, work, tasks)
        except BrokenProcessPool:
            raise NotReadOrWritten("a process was killed: is there enough memory?") from None
        except BaseException:  # whatever ends the run early does not wait for what is being done
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise
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


def _begin(parent: int) -> None:
    """Leave it to the first process to say that the run was ended early; end with it if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)
