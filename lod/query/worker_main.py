"""The warm process: a store opened once, one query after the other, limited so that it harms only itself.

Its standard input is a socket. A message on it is four bytes that say how long it is, then MessagePack: an
Order comes with the file that takes the answer, a Report goes back. Without a next order the process ends.
"""

import errno
import os
import resource
import signal
import socket
import sys
from pathlib import Path

import msgspec
import pyoxigraph as ox

from lod.errors import LodError, Misused
from lod.query import engine
from lod.query.jobs import Why, WorkerReply, WorkerRequest

_HEAD = 4


def main(folder: Path, megabytes: int, largest: int) -> None:
    """Answer the orders that come, until none comes: each in so much memory, with so many bytes at most."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    link = socket.socket(fileno=sys.stdin.fileno())
    store = engine.opened(folder)
    limit = _taken() + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    report = WorkerReply()
    _send(link, report)
    while not report.is_last and (handed := _next(link)):
        report = _done(store, *handed, megabytes << 18)
        _send(link, report)


def _taken() -> int:
    """Give the bytes of address space that the open store takes: the limit is of what queries take."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _next(link: socket.socket) -> tuple[WorkerRequest, int] | None:
    head, files, _, _ = socket.recv_fds(link, _HEAD, 1, socket.MSG_WAITALL)
    if len(head) < _HEAD or not files:
        return None
    body = link.recv(int.from_bytes(head), socket.MSG_WAITALL)
    return msgspec.msgpack.decode(body, type=WorkerRequest), files[0]


def _done(store: ox.Store, order: WorkerRequest, file: int, grown: int) -> WorkerReply:
    """Answer into the file; the system ends the process if nobody does who waits for it.

    A process that has grown beyond so many bytes ends: what it holds on to is no longer there for others.
    """
    signal.alarm(order.seconds)
    try:
        with os.fdopen(file, "wb") as out:
            engine.answer(store, order.asked, out)
    except MemoryError:
        return WorkerReply(why=Why.MEMORY, is_last=True)
    except OSError as error:
        return WorkerReply(why=Why.SIZE if error.errno == errno.EFBIG else Why.FAILED)
    except LodError as error:
        return WorkerReply(why=Why.MISUSED if isinstance(error, Misused) else Why.FAILED, says=str(error))
    finally:
        signal.alarm(0)
    return WorkerReply(is_last=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10 > grown)


def _send(link: socket.socket, report: WorkerReply) -> None:
    body = msgspec.msgpack.encode(report)
    link.sendall(len(body).to_bytes(_HEAD) + body)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
