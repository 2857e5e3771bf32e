"""The workers: warm processes that answer queries, so that no query harms those of others.

A query that goes over its limits, or breaks what runs it, ends its process alone; another takes its place.
Half of the processes may be busy with queries that last; any other query that lasts gives way to those who
wait. When many wait, who came last is served first: those who came first have mostly gone.
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Coroutine
from pathlib import Path
from typing import IO, Any

from lod.errors import StoreFailed
from lod.query.jobs import QueryJob
from lod.query.run import Limits
from lod.query.worker_process import OutOfTime, WorkerProcess

SERVED = Limits(seconds=30, megabytes=2048)
"""What a query from the web may take."""

_PATIENCE = 1.0
"""Seconds after which a query is one that lasts."""

_IN_A_CROWD = 0.3
"""The same while more wait than there are processes."""

_GLANCE = 0.1
"""Seconds between two looks at how long a query takes and whether others wait."""

_LEAST = 4
"""Processes that there are on any machine: two for queries that last, two for the others."""

_AGAIN = 1.0
"""Seconds until a process that did not start is started again."""


class Overloaded(StoreFailed):
    """So many ask that this query has no turn."""


class Workers:
    """Processes over one store, each with one query at a time, and a bounded number who wait for one."""

    def __init__(
        self, folder: Path, limits: Limits = SERVED, *, number: int | None = None, room: int | None = None
    ) -> None:
        self.folder = folder.resolve()
        """Where the store lies, whatever becomes current later."""
        self._limits = limits
        self._number = number or max(os.cpu_count() or 1, _LEAST)
        self._room = room or 8 * self._number
        self._idle: list[WorkerProcess] = []
        self._waiting: deque[asyncio.Future[WorkerProcess]] = deque()
        self._asked: set[asyncio.Task[None]] = set()
        self._mending: set[asyncio.Task[None]] = set()
        self._lasting = 0
        self._is_closing = False

    @property
    def waiting(self) -> int:
        """How many wait for a process."""
        return len(self._waiting)

    @property
    def idle(self) -> int:
        """How many processes could take a query now."""
        return len(self._idle)

    async def start(self) -> None:
        """Start all processes; raise StoreFailed if the store does not open."""
        starting = (WorkerProcess.start(self.folder, self._limits) for _ in range(self._number))
        found = await asyncio.gather(*starting, return_exceptions=True)
        self._idle = [each for each in found if isinstance(each, WorkerProcess)]
        for each in found:
            if isinstance(each, BaseException):
                await self.close()
                raise each

    async def ask(self, asked: QueryJob, out: IO[bytes]) -> None:
        """Have a query answered into a file; who is cancelled frees the process.

        Raise Misused if it is no query, Crowded if it gets no turn, another kind of StoreFailed if it is not
        answered within its limits. The caller sees to it that the query merely reads.
        """
        if self._is_closing:
            raise Overloaded("the data are being replaced: ask again")
        task = asyncio.create_task(self._answer(asked, out))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        await task

    async def close(self) -> None:
        """Take no more queries, answer those there are, each within its limits, then end all processes."""
        self._is_closing = True
        while self._asked:
            await asyncio.wait(self._asked)
        while self._mending:
            await asyncio.wait(self._mending)
        while self._idle:
            await self._idle.pop().end()

    async def _answer(self, asked: QueryJob, out: IO[bytes]) -> None:
        warm = await self._turn()
        try:
            await self._watch(warm, asyncio.create_task(warm.ask(asked, out)))
        finally:
            self._free(warm)

    async def _turn(self) -> WorkerProcess:
        """Give a process that is free, or wait for one; who waited longest leaves when there is no room."""
        while self._idle:
            if (warm := self._idle.pop()).is_well:
                return warm
            self._free(warm)
        if len(self._waiting) >= self._room:
            self._turn_away(self._waiting.popleft())
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait({turn}, timeout=self._limits.seconds)
        except asyncio.CancelledError:
            if turn.done() and not turn.exception():
                self._free(turn.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
        if not turn.done():
            self._turn_away(turn)
        return turn.result()

    @staticmethod
    def _turn_away(turn: asyncio.Future[WorkerProcess]) -> None:
        turn.set_exception(Overloaded("too many queries are asked at once: ask again"))

    async def _watch(self, warm: WorkerProcess, reply: asyncio.Task[None]) -> None:
        """Wait for the answer as long as the query may take."""
        loop = asyncio.get_running_loop()
        start, is_lasting = loop.time(), False
        try:
            while not (await asyncio.wait({reply}, timeout=_GLANCE))[0]:
                age = loop.time() - start
                if age >= self._limits.seconds:
                    raise _late(self._limits)
                if is_lasting or age < self._patience():
                    continue
                if self._lasting < self._number // 2:
                    self._lasting, is_lasting = self._lasting + 1, True
                    warm.step_back()
                elif self._waiting:
                    raise Overloaded("others wait, and this query takes longer than most: ask again")
            reply.result()
        finally:
            self._lasting -= is_lasting
            if not reply.done():
                warm.kill()
                await asyncio.wait({reply})
            if not reply.cancelled():
                reply.exception()  # taken note of, even where nobody waits for it any more

    def _patience(self) -> float:
        return _IN_A_CROWD if self._is_crowded() else _PATIENCE

    def _is_crowded(self) -> bool:
        return len(self._waiting) > self._number

    def _free(self, warm: WorkerProcess) -> None:
        """Hand a process to who waits, or put another in the place of one that is not well."""
        if not warm.is_well:
            self._mend(self._replace(warm))
            return
        while self._waiting:
            turn = self._waiting.pop() if self._is_crowded() else self._waiting.popleft()
            if not turn.done():
                turn.set_result(warm)
                return
        self._idle.append(warm)

    def _mend(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._mending.add(task)
        task.add_done_callback(self._mending.discard)

    async def _replace(self, warm: WorkerProcess) -> None:
        await warm.end()
        while not self._is_closing:
            try:
                fresh = await WorkerProcess.start(self.folder, self._limits)
            except (StoreFailed, OSError):
                await asyncio.sleep(_AGAIN)
            else:
                self._free(fresh)
                return


def _late(limits: Limits) -> OutOfTime:
    return OutOfTime(f"expected an answer within {limits.seconds:g} seconds, found none: ask for less")
