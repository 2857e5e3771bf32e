"""The same work in this process or in several that are forked from it.

Processes are forked, watched and ended by the thread that needs their results: a run that the system refuses
a process, a pipe or a thread ends with an error, and so does one whose processes are killed.
"""

import contextlib
import itertools
import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any, Generic, TypeAlias, TypeVar

from lod.errors import NotReadOrWritten

Tools = TypeVar("Tools")
Task = TypeVar("Task")
Result = TypeVar("Result")
_Work: TypeAlias = tuple[Callable[[], Any], Callable[[Any, Any], Any]]
"""What makes the tools of a process, and what it does with them and a task."""

_TASKS_EACH = 2
"""How many tasks a process has at a time: the one that it does, and the next."""
_TASKS_AHEAD = 4
"""How many tasks for each process are given before the result of the first of them is awaited."""
_EXIT_SECONDS = 5.0
"""How long a process that has done its tasks may take to end by itself."""


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

        Raise NotReadOrWritten if a process cannot be started or is killed. None outlives the iterator.
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
        workers = list[_Worker]()
        try:
            for number in range(1, self.jobs + 1):
                try:
                    workers.append(_Worker.fork((self.make_tools, function), workers))
                except OSError as error:
                    which, why = f"process {number} of {self.jobs}", error.strerror or error
                    raise NotReadOrWritten(f"{which} cannot be started: {why}; use fewer --jobs") from None
            yield from _results_in_order(workers, tasks)
            for worker in workers:
                worker.finish()
            for worker in workers:
                worker.process.join(_EXIT_SECONDS)
        finally:
            for worker in workers:
                worker.end()


@dataclass(frozen=True, slots=True)
class _Worker:
    """A forked process as its parent sees it.

    It ends by SIGKILL, which unlike SIGTERM cannot be lost while it is being forked; or when this end of its
    connection is closed, so that it never waits for a parent that is gone or does not know of it.
    """

    process: ForkProcess
    connection: Connection
    tasks: deque[int] = field(default_factory=deque)
    """The numbers of the tasks that it has, in order."""

    @classmethod
    def fork(cls, work: _Work, earlier: "list[_Worker]") -> "_Worker":
        """Fork a process; raise OSError if the system refuses that."""
        ours, theirs = multiprocessing.Pipe()
        try:
            with theirs:
                inherited = [ours, *(worker.connection for worker in earlier)]
                process = multiprocessing.get_context("fork").Process(
                    target=_run, args=(work, theirs, inherited), daemon=True
                )
                process.start()
        except BaseException:
            ours.close()
            raise
        return cls(process, ours)

    def send(self, number: int, task: Any) -> None:
        """Give it a task; a process that has ended has perhaps sent why."""
        self.tasks.append(number)
        try:
            self.connection.send((task,))
        except OSError:
            while True:
                self.receive()

    def receive(self) -> tuple[int, Any]:
        """Wait for the result of its first task; return the number of the task and the result."""
        try:
            result, error = self.connection.recv()
        except (EOFError, OSError):
            raise NotReadOrWritten("a process was killed: is there enough memory?") from None
        if error is not None:
            raise error
        return self.tasks.popleft(), result

    def finish(self) -> None:
        """Tell it that there are no more tasks."""
        with contextlib.suppress(OSError):  # it has ended
            self.connection.send(None)

    def end(self) -> None:
        """End it, whatever it does, and wait until it has ended."""
        self.connection.close()
        self.process.kill()
        self.process.join()


def _results_in_order(workers: list[_Worker], tasks: Iterable[Any]) -> Iterator[Any]:
    """Give tasks to workers as these get free; yield the results in the order of the tasks."""
    remaining, results = enumerate(tasks), dict[int, Any]()
    given, is_last = 0, False
    for number in itertools.count():
        while number not in results:
            while not is_last and given - number < len(workers) * _TASKS_AHEAD and (free := _free(workers)):
                if (task := next(remaining, None)) is None:
                    is_last = True
                else:
                    free.send(*task)
                    given += 1
            if is_last and number == given:
                return
            results.update(_receive_some(workers))
        yield results.pop(number)


def _free(workers: list[_Worker]) -> _Worker | None:
    """Return the worker with the fewest tasks; None if each has as many as it may."""
    worker = min(workers, key=lambda each: len(each.tasks))
    return worker if len(worker.tasks) < _TASKS_EACH else None


def _receive_some(workers: list[_Worker]) -> list[tuple[int, Any]]:
    """Wait until there is a result, or a process has ended; return the results that there are."""
    ready = wait([worker.connection for worker in workers])
    return [worker.receive() for worker in workers if worker.connection in ready]


def _run(work: _Work, connection: Connection, inherited: list[Connection]) -> None:
    """Do tasks in a forked process; leave signals to the parent, and end with it."""
    for other in inherited:  # they would keep other processes from noticing that the parent is gone
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    make_tools, function = work
    try:
        inbox = _open_inbox(connection)
        tools = make_tools()
        while (message := inbox.get()) is not None:
            connection.send((function(tools, *message), None))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent raises it
        error.add_note("".join(traceback.format_exception(error)))
        with contextlib.suppress(OSError):  # the parent is gone
            _send_error(connection, error)


def _open_inbox(connection: Connection) -> "queue.SimpleQueue[tuple[Any] | None]":
    """Return a queue of the messages that arrive, which are read at once: the parent never waits for that."""
    inbox = queue.SimpleQueue[tuple[Any] | None]()
    try:
        threading.Thread(target=_read, args=(connection, inbox), daemon=True).start()
    except RuntimeError as error:
        raise NotReadOrWritten(f"a process cannot be started: {error}; use fewer --jobs") from None
    return inbox


def _read(connection: Connection, inbox: "queue.SimpleQueue[tuple[Any] | None]") -> None:
    """Read messages until there are no more tasks; without a parent, end this process."""
    try:
        while (message := connection.recv()) is not None:
            inbox.put(message)
        inbox.put(None)
    except BaseException:  # noqa: BLE001 - what cannot be read is never done
        os._exit(1)


def _send_error(connection: Connection, error: BaseException) -> None:
    try:
        connection.send((None, error))
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - it cannot be pickled
        connection.send((None, RuntimeError("\n".join(error.__notes__))))
