"""A worker process as its parent sees it: started, sent one query at a time, ended.

All calls block; `lod query` makes them in its only thread, the server in threads for that.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Self

import msgspec

from lod.errors import LodError, Misused, StoreFailed
from lod.query.limits import AnswerTooLarge, Limits, OutOfMemory, OutOfTime
from lod.query.messages import (
    LENGTH_BYTES,
    Failure,
    QueryJob,
    QueryRequest,
    WorkerReply,
    WorkerStart,
    encode,
)

_LOW_PRIORITY = 10
_STACK_OVERFLOW = b"overflowed its stack"


class EngineCrashed(StoreFailed):
    """The query crashed the engine."""


class WorkerProcess:
    """A process with a store open for reading. A query that exceeds its limits ends the process."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", connection: socket.socket, errors: IO[bytes], limits: Limits
    ) -> None:
        self._process = process
        self._connection = connection
        self._errors = errors
        self._limits = limits
        self._is_busy = False
        self._has_low_priority = False

    @classmethod
    def start(cls, folder: Path, limits: Limits, *, seconds: float | None = None) -> Self:
        """Start a process and wait until it has opened a store; raise StoreFailed if it cannot in time."""
        connection, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        with theirs, ExitStack() as undo:
            undo.callback(connection.close)
            undo.callback(errors.close)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "lod.query.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**os.environ, "PYTHONUTF8": "1"},
                start_new_session=True,
            )
            undo.pop_all()
        worker = cls(process, connection, errors, limits)
        message = WorkerStart(folder=str(folder), limits=limits, seconds=seconds)
        try:
            with suppress(OSError):  # of a process that has ended; why is found on receiving
                connection.sendall(encode(message))
            worker._receive()
        except BaseException:
            worker.close()
            raise
        return worker

    def answer(self, job: QueryJob, out: IO[bytes], seconds: float | None = None) -> None:
        """Have the answer to a query written into a file.

        `seconds` is the time limit if it differs from that of all queries. Raise Misused if the query is not
        valid, a kind of StoreFailed if it was not answered within its limits.
        """
        body = encode(QueryRequest(job=job, seconds=seconds or self._limits.seconds))
        self._is_busy = True
        with suppress(OSError):
            socket.send_fds(self._connection, [body[:LENGTH_BYTES]], [out.fileno()])
            self._connection.sendall(body[LENGTH_BYTES:])
        self._receive()

    @property
    def is_healthy(self) -> bool:
        """Whether the process can take a query: if it has ended, its end of the connection is closed."""
        try:
            return not self._is_busy and bool(self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:  # open, and nothing to read
            return True
        except OSError:
            return False

    def lower_priority(self) -> None:
        """Give other processes precedence over this one, which takes no further query."""
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW_PRIORITY)
        self._has_low_priority = True

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._is_busy = True
        self._process.kill()

    def close(self) -> None:
        """End the process at once, wait until it has ended, and close the connection."""
        self.kill()
        self._process.wait()
        self._connection.close()
        self._errors.close()

    def _receive(self) -> None:
        """Wait for a reply; raise the error that it reports, or what ended the process."""
        length = self._read(LENGTH_BYTES)
        reply = msgspec.msgpack.decode(self._read(int.from_bytes(length)), type=WorkerReply)
        self._is_busy = reply.is_last or self._has_low_priority
        if reply.failure is not None:
            raise self._error(reply.failure, reply.message)

    def _read(self, size: int) -> bytes:
        received = b""
        while len(received) < size:
            piece = b""
            with suppress(OSError):
                piece = self._connection.recv(size - len(received))
            if not piece:
                raise self._cause_of_end()
            received += piece
        return received

    def _error(self, failure: Failure, message: str) -> LodError:
        if failure is Failure.MEMORY:
            return OutOfMemory(self._limits)
        if failure is Failure.ANSWER_SIZE:
            return AnswerTooLarge(self._limits)
        return Misused(message) if failure is Failure.BAD_QUERY else StoreFailed(message)

    def _cause_of_end(self) -> StoreFailed:
        code = self._process.wait()
        if code == -signal.SIGALRM:
            return OutOfTime(self._limits)
        if code == -signal.SIGKILL or (code == -signal.SIGABRT and not self._has_overflowed_stack()):
            return OutOfMemory(self._limits)  # the kernel kills, Rust and C++ abort
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return EngineCrashed(
            f"the query crashed the engine ({how}); it may be nested too deeply or too large"
        )

    def _has_overflowed_stack(self) -> bool:
        self._errors.seek(0)
        return _STACK_OVERFLOW in self._errors.read()
