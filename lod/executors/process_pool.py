"""The same work in this process or in several that are forked from it."""

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
from typing import Any, Generic, TypeVar

from lod.errors import NotReadOrWritten

Tools = TypeVar("Tools")
Task = TypeVar("Task")
Result = TypeVar("Result")

_POLL_SECONDS = 0.2
_TASKS_AHEAD = 4
"""How many tasks each process is given before the result of the first of them is awaited."""


@dataclass(frozen=True, slots=True)
class ProcessPool(Generic[Tools]):
    """Does tasks in `jobs` processes forked from this one, or in this one if `jobs` is 1.

    `tools` are those of this process; `make_tools` is called once in every process that is forked.
    """

    jobs: int
    tools: Tools
    make_tools: Callable[[], Tools]

    def imap(self, function: Callable[[Tools, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task, in the order of the tasks; a single task is done in this process.

        Raise NotReadOrWritten if a process is killed.
        """
        remaining = iter(tasks)
        first = list(itertools.islice(remaining, 2))
        all_tasks = itertools.chain(first, remaining)
        if self.jobs == 1 or len(first) < 2:
            return (function(self.tools, task) for task in all_tasks)
        return self._imap_forked(function, all_tasks)

    def _imap_forked(
        self, function: Callable[[Tools, Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        others = set(multiprocessing.active_children())
        with ProcessPoolExecutor(
            self.jobs,
            mp_context=multiprocessing.get_context("fork"),
            initializer=_initialize,
            initargs=(os.getpid(), self.make_tools),
        ) as pool:
            try:
                futures = deque[Future[Result]]()
                for task in tasks:
                    futures.append(pool.submit(_call, function, task))
                    if len(futures) > self.jobs * _TASKS_AHEAD:
                        yield futures.popleft().result()
                while futures:
                    yield futures.popleft().result()
            except BrokenProcessPool:
                raise NotReadOrWritten("a process was killed: is there enough memory?") from None
            except BaseException:  # whatever ends the run early does not wait for tasks that are being done
                for process in set(multiprocessing.active_children()) - others:
                    process.terminate()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


_tools: Any = None
"""The tools of a forked process, made by its initializer; the process that forks has none here."""


def _initialize(parent: int, make_tools: Callable[[], Any]) -> None:
    """Prepare a forked process: it leaves signals to its parent, ends with it, and makes its tools."""
    global _tools  # noqa: PLW0603 - an initializer of a pool can leave what it makes nowhere else
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_exit_with_parent, args=(parent,), daemon=True).start()
    _tools = make_tools()


def _call(function: Callable[[Any, Task], Result], task: Task) -> Result:
    return function(_tools, task)


def _exit_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)
    os._exit(1)
