"""A warm process as the server sees it: started, asked one query at a time, ended."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import IO, NoReturn

import msgspec

from lod.errors import Misused, StoreFailed
from lod.query.jobs import QueryJob, Why, WorkerReply, WorkerRequest
from lod.query.run import Limits, ran_out_of_memory

LARGEST = 1 << 26
"""The bytes an answer may have."""

_HEAD = 4
_NICE = 10
_GRACE = 10
"""Seconds beyond its limit after which a query ends its process, should the server be gone."""


class OutOfTime(StoreFailed):
    """There was no answer within the seconds a query may take."""


class OutOfMemory(StoreFailed):
    """There was no answer within the memory a query may take."""


class TooLarge(StoreFailed):
    """The answer has more bytes than it may have."""


class EngineCrashed(StoreFailed):
    """The query broke the engine."""


class WorkerProcess:
    """A process with a store open to read. What a query does to it is told, and ends with it."""

    def __init__(
        self, process: asyncio.subprocess.Process, link: socket.socket, told: IO[bytes], limits: Limits
    ) -> None:
        self._process = process
        self._link = link
        self._told = told
        self._limits = limits
        self._is_free = True
        self._is_last = False

    @property
    def is_well(self) -> bool:
        """Say whether the process can take a query: one that is gone no longer holds its end of the link."""
        try:
            return self._is_free and self._link.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:  # there it is, and has nothing to say
            return True
        except OSError:
            return False

    @classmethod
    async def start(cls, folder: Path, limits: Limits) -> "WorkerProcess":
        """Start a process and wait until its store is open; raise StoreFailed if it does not open."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        told = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            undo.callback(told.close)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "lod.query.worker_main"),
                *(str(folder), str(limits.megabytes), str(LARGEST)),
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=told,
                env={**os.environ, "PYTHONUTF8": "1"},
                start_new_session=True,
            )
            undo.pop_all()
        warm = cls(process, ours, told, limits)
        try:
            await warm._report()
        except BaseException as error:
            await warm.end()
            if isinstance(error, StoreFailed):
                raise StoreFailed(f"{folder}: expected a store of Oxigraph, found none that opens") from None
            raise
        return warm

    async def ask(self, asked: QueryJob, out: IO[bytes]) -> None:
        """Have the answer written into a file; who waits no longer must end the process.

        Raise Misused if the query is none, and a kind of StoreFailed if it was not answered.
        """
        loop = asyncio.get_running_loop()
        order = WorkerRequest(asked=asked, seconds=int(self._limits.seconds) + _GRACE)
        body = msgspec.msgpack.encode(order)
        self._is_free = False
        try:
            socket.send_fds(self._link, [len(body).to_bytes(_HEAD)], [out.fileno()])
            await loop.sock_sendall(self._link, body)
        except OSError:
            await self._explain()
        report = await self._report()
        self._is_free = not (report.is_last or self._is_last)
        _check(report, self._limits)

    def step_back(self) -> None:
        """Let other processes go first, from now on until this one is at its end."""
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICE)
        self._is_last = True

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._is_free = False
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """End the process at once and wait until it has ended."""
        self.kill()
        await self._process.wait()
        self._link.close()
        self._told.close()

    async def _report(self) -> WorkerReply:
        head = await self._exactly(_HEAD)
        return msgspec.msgpack.decode(await self._exactly(int.from_bytes(head)), type=WorkerReply)

    async def _exactly(self, size: int) -> bytes:
        loop, read = asyncio.get_running_loop(), b""
        while len(read) < size:
            try:
                piece = await loop.sock_recv(self._link, size - len(read))
            except OSError:
                piece = b""
            if not piece:
                await self._explain()
            read += piece
        return read

    async def _explain(self) -> NoReturn:
        """Say what the process that is gone has died of."""
        code = await self._process.wait()
        self._told.seek(0)
        if code == -signal.SIGKILL or ran_out_of_memory(code, self._told.read()):
            raise _no_memory(self._limits)
        if code == -signal.SIGALRM:
            raise OutOfTime(f"expected an answer within {self._limits.seconds:g} seconds, found none")
        raise EngineCrashed("expected a query that can be run, found one too deeply nested or too large")


def _check(report: WorkerReply, limits: Limits) -> None:
    if report.why is Why.MISUSED:
        raise Misused(report.says)
    if report.why is Why.MEMORY:
        raise _no_memory(limits)
    if report.why is Why.SIZE:
        raise TooLarge(f"expected an answer of at most {LARGEST >> 20} MB, found more: ask for less")
    if report.why:
        raise StoreFailed("the query was not answered")


def _no_memory(limits: Limits) -> OutOfMemory:
    return OutOfMemory(f"expected an answer within {limits.megabytes} MB of memory, found none: ask for less")
