"""The pool of worker processes that answer the queries of the endpoint.

A query that exceeds its limits or crashes the engine ends its process alone; another process replaces it.
Half of the processes may be busy with slow queries, at a low priority; any further slow query is stopped as
soon as others wait. While many wait, the newest is served first: those who came first have mostly left.
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, TypeVar

from lod.errors import StoreFailed
from lod.query import Limits
from lod.query.messages import QueryJob
from lod.query.worker_process import WorkerProcess

T = TypeVar("T")

SERVED_LIMITS = Limits(seconds=30, megabytes=2048, answer_megabytes=64)
"""The limits of a query from the web."""

_SLOW_SECONDS = 1.0
"""The time after which a query is a slow one."""
_SLOW_SECONDS_IN_A_CROWD = 0.3
"""The same while more queries wait than there are processes."""
_CHECK_SECONDS = 0.1
"""How often it is checked how long a query takes and whether others wait."""
_MIN_PROCESSES = 4
"""The number of processes on any machine: two for slow queries, two for the others."""
_RESTART_SECONDS = 1.0
"""The pause before a process that failed to start is started again."""


class Overloaded(StoreFailed):
    """The query was not answered because there are too many queries."""


class Workers:
    """Worker processes over one store, each with one query at a time, and a bounded queue of queries.

    The calls to a process block; each is made in a thread, of which there is one per process.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits = SERVED_LIMITS,
        *,
        number: int | None = None,
        max_waiting: int | None = None,
    ) -> None:
        self.folder = folder.resolve()
        """The folder of the store itself, even if the link that led to it changes later."""
        self._limits = limits
        self._number = number or max(os.cpu_count() or 1, _MIN_PROCESSES)
        self._max_waiting = max_waiting or 8 * self._number
        self._threads = ThreadPoolExecutor(self._number, thread_name_prefix="sparql")
        self._idle: list[WorkerProcess] = []
        self._waiting: deque[asyncio.Future[WorkerProcess]] = deque()
        self._answers: set[asyncio.Task[None]] = set()
        self._replacements: set[asyncio.Task[None]] = set()
        self._slow = 0
        self._is_closing = False

    @property
    def waiting(self) -> int:
        """The number of queries that wait for a process."""
        return len(self._waiting)

    @property
    def idle(self) -> int:
        """The number of processes without a query."""
        return len(self._idle)

    @property
    def is_answering(self) -> bool:
        """Whether there is a process that answers queries, now or after others."""
        return not self._is_closing and len(self._replacements) < self._number

    async def start(self) -> None:
        """Start all processes; raise StoreFailed if one cannot open the store."""
        starts = (self._start_process() for _ in range(self._number))
        results = await asyncio.gather(*starts, return_exceptions=True)
        self._idle = [each for each in results if isinstance(each, WorkerProcess)]
        for each in results:
            if isinstance(each, BaseException):
                await self.close()
                raise each

    async def answer(self, job: QueryJob, out: IO[bytes]) -> None:
        """Have the answer to a query written into a file; cancelling this stops the query.

        The caller has checked that the query is read-only. Raise Misused if it is not valid, Overloaded if
        there are too many queries, another StoreFailed if it was not answered within its limits.
        """
        if self._is_closing:
            raise Overloaded("the data is being replaced by a new release; try again")
        task = asyncio.create_task(self._answer(job, out))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        await task

    async def close(self) -> None:
        """Accept no more queries, finish those that run or wait, then end all processes."""
        self._is_closing = True
        while self._answers:
            await asyncio.wait(self._answers)
        while self._replacements:
            await asyncio.wait(self._replacements)
        while self._idle:
            await self._in_thread(self._idle.pop().close)
        self._threads.shutdown(wait=False)

    async def _answer(self, job: QueryJob, out: IO[bytes]) -> None:
        worker = await self._next_process()
        try:
            answer = asyncio.ensure_future(self._in_thread(worker.answer, job, out))
            await self._supervise(worker, answer)
        finally:
            self._release(worker)

    async def _next_process(self) -> WorkerProcess:
        """Return an idle process, or wait for one; if the queue is full, the first in it is turned away."""
        while self._idle:
            if (worker := self._idle.pop()).is_healthy:
                return worker
            self._release(worker)
        if len(self._waiting) >= self._max_waiting:
            _turn_away(self._waiting.popleft())
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait({turn}, timeout=self._limits.seconds)
        except asyncio.CancelledError:
            if turn.done() and not turn.exception():
                self._release(turn.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
        if not turn.done():
            _turn_away(turn)
        return turn.result()

    async def _supervise(self, worker: WorkerProcess, answer: asyncio.Future[None]) -> None:
        """Wait for an answer; stop the query if it is slow and in the way of others."""
        loop = asyncio.get_running_loop()
        start, is_slow = loop.time(), False
        try:
            while not (await asyncio.wait({answer}, timeout=_CHECK_SECONDS))[0]:
                if is_slow or loop.time() - start < self._slow_seconds():
                    continue
                if self._slow < self._number // 2:
                    self._slow, is_slow = self._slow + 1, True
                    worker.lower_priority()
                elif self._waiting:
                    raise Overloaded("the query is slow and others are waiting; try again later")
            answer.result()
        finally:
            self._slow -= is_slow
            if not answer.done():
                worker.kill()
                await asyncio.wait({answer})
            if not answer.cancelled():
                answer.exception()  # marks it as retrieved, even if nobody waits for it any more

    def _slow_seconds(self) -> float:
        return _SLOW_SECONDS_IN_A_CROWD if self._is_crowded() else _SLOW_SECONDS

    def _is_crowded(self) -> bool:
        return len(self._waiting) > self._number

    def _release(self, worker: WorkerProcess) -> None:
        """Give a process to a query that waits, or replace it if it is not healthy."""
        if not worker.is_healthy:
            self._replace_later(self._replace(worker))
            return
        while self._waiting:
            turn = self._waiting.pop() if self._is_crowded() else self._waiting.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    def _replace_later(self, replacement: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(replacement)
        self._replacements.add(task)
        task.add_done_callback(self._replacements.discard)

    async def _replace(self, worker: WorkerProcess) -> None:
        await self._in_thread(worker.close)
        while not self._is_closing:
            try:
                fresh = await self._start_process()
            except (StoreFailed, OSError):
                await asyncio.sleep(_RESTART_SECONDS)
            else:
                self._release(fresh)
                return

    async def _start_process(self) -> WorkerProcess:
        return await self._in_thread(WorkerProcess.start, self.folder, self._limits)

    async def _in_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _turn_away(turn: asyncio.Future[WorkerProcess]) -> None:
    turn.set_exception(Overloaded("there are too many queries at once; try again later"))
