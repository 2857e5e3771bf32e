"""A worker: a process that opens a store and answers queries in turn, within limits.

Its standard input is the socket of the connection to its parent; lod.query.messages describes the messages.
The limits are the kernel's, so a query that exceeds them ends at most this process.
"""

import errno
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import TypeVar

import msgspec
import pyoxigraph as ox

from lod.errors import LodError, Misused
from lod.query import engine
from lod.query.limits import Limits
from lod.query.messages import LENGTH_BYTES, Failure, QueryRequest, WorkerReply, WorkerStart, encode

_Message = TypeVar("_Message", WorkerStart, QueryRequest)


def main() -> None:
    """Open the store, then answer queries until the parent closes the connection."""
    connection = socket.socket(fileno=sys.stdin.fileno())
    start, _ = _receive(connection, WorkerStart)
    if start is None:
        return
    store, reply = _open(start)
    connection.sendall(encode(reply))
    while store is not None and not reply.is_last:
        request, files = _receive(connection, QueryRequest)
        if request is None:
            return
        reply = _answer(store, request, files[0], start.limits)
        connection.sendall(encode(reply))


def _receive(connection: socket.socket, kind: type[_Message]) -> tuple[_Message | None, list[int]]:
    """Return the next message and its file descriptors; no message if the connection is closed."""
    length, files, _, _ = socket.recv_fds(connection, LENGTH_BYTES, 1, socket.MSG_WAITALL)
    if len(length) < LENGTH_BYTES:
        return None, []
    body = connection.recv(int.from_bytes(length), socket.MSG_WAITALL)
    return msgspec.msgpack.decode(body, type=kind), list(files)


def _open(start: WorkerStart) -> tuple[ox.Store | None, WorkerReply]:
    """Open the store, which does not count against the memory limit."""
    _set_alarm(start.seconds or 0)
    size = start.limits.answer_megabytes << 20
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        store = engine.open_store(Path(start.folder))
        _limit_memory(start.limits)
    except (LodError, MemoryError) as error:
        return None, _failure(error)
    else:
        return store, WorkerReply()
    finally:
        _set_alarm(0)


def _limit_memory(limits: Limits) -> None:
    """Limit the address space to what the process has now and the megabytes of a query."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    size = pages * resource.getpagesize() + (limits.megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _answer(store: ox.Store, request: QueryRequest, file: int, limits: Limits) -> WorkerReply:
    """Answer a query into a file; the alarm ends the process if this takes too long.

    The reply is the last one if the process has grown beyond a quarter of its limit: the memory would be
    missing to later queries.
    """
    _set_alarm(request.seconds)
    try:
        with os.fdopen(file, "wb") as out:
            engine.answer(store, request.job, out)
    except (LodError, MemoryError, OSError) as error:
        return _failure(error)
    finally:
        _set_alarm(0)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return WorkerReply(is_last=kilobytes > limits.megabytes << 8)


def _set_alarm(seconds: float) -> None:
    """Have the kernel end this process after so many seconds; zero cancels that."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _failure(error: LodError | MemoryError | OSError) -> WorkerReply:
    if isinstance(error, MemoryError):
        return WorkerReply(failure=Failure.MEMORY, is_last=True)
    if isinstance(error, OSError):
        is_size = error.errno == errno.EFBIG
        message = "" if is_size else f"the query engine failed: {engine.one_line(error)}"
        return WorkerReply(failure=Failure.ANSWER_SIZE if is_size else Failure.ENGINE, message=message)
    return WorkerReply(
        failure=Failure.BAD_QUERY if isinstance(error, Misused) else Failure.ENGINE, message=str(error)
    )


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    main()
