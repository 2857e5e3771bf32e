"""The same work on a Dask cluster that is there already: tasks in, results out, in the order of the tasks."""

import contextlib
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from lod.errors import LodError, Misused, NotReadOrWritten, quote
from lod.extras import missing
from lod.version import VERSION

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 20.0
"""Seconds that a scheduler may take to answer, and a cluster that has lost its workers to have one again."""

_LOOK = 1.0
_AHEAD = 3
"""How many tasks a worker is given before the result of the first of them is asked for."""

_LOGS = ("distributed", "distributed.client", "tornado.application", "asyncio")
_ONE_AT_A_TIME = threading.Lock()
"""The threads of a worker share its tools."""


class DaskCluster:
    """The workers of a scheduler; what one that is killed was doing, or has done, another does again."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._lonely: float | None = None

    def ordered(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Do the tasks, each worker a few of them ahead.

        Raise NotReadOrWritten if the cluster gives up.
        """
        begun = deque[Future[R]]()
        executor = self._client.get_executor(pure=False)
        try:
            for task in tasks:
                with _told(self._address):
                    begun.append(executor.submit(_done, work, task, VERSION))
                    ahead = _AHEAD * max(1, self._workers())
                while len(begun) > ahead:
                    yield self._result(begun.popleft())
            while begun:
                yield self._result(begun.popleft())
        finally:
            with contextlib.suppress(Exception):  # a scheduler that is gone has forgotten the tasks
                executor.shutdown(wait=False)

    def afterwards(self, work: Callable[[], None]) -> None:
        """Have every worker do a last thing; nobody waits for that."""
        from distributed import fire_and_forget

        with contextlib.suppress(Exception):  # a worker that is gone has nothing left to do
            for address in self._client.nthreads():
                fire_and_forget(self._client.submit(work, workers=[address], pure=False))

    def _result(self, future: Future[R]) -> R:
        while True:
            with _told(self._address):
                try:
                    return future.result(_LOOK)
                except TimeoutError:
                    self._workers()

    def _workers(self) -> int:
        """Give the number of workers; raise NotReadOrWritten if there has been none for long."""
        count, now = len(self._client.nthreads()), time.monotonic()
        self._lonely = None if count else self._lonely or now
        if self._lonely and now - self._lonely > PATIENCE:
            raise NotReadOrWritten(f"{self._address}: no worker in the Dask cluster for {PATIENCE:.0f} s")
        return count


@contextlib.contextmanager
def connected(address: str) -> Iterator[DaskCluster]:
    """Give the cluster of the scheduler at an address.

    Raise Misused if Dask is not installed, if this is no address, or if the cluster has another version of
    this program; NotReadOrWritten if no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise missing("Dask", "a cluster", "dask") from None
    _demand_an_address(address)
    with _quiet():
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False, name="lod")
        except OSError:
            raise NotReadOrWritten(f"{address}: no Dask scheduler answers there") from None
        try:
            _demand_this_program(client, address)
            yield DaskCluster(client, address)
        finally:
            with contextlib.suppress(Exception):  # one that is gone needs no farewell
                client.close(timeout=_LOOK)


def _demand_an_address(address: str) -> None:
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        protocol, place = parse_address(address)
        get_backend(protocol)
        parse_host_port(place)
    except ValueError:
        example = "an address such as tcp://127.0.0.1:8786"
        raise Misused(f"the scheduler must be {example}, not {quote(address)}") from None


def _demand_this_program(client: Any, address: str) -> None:
    """Raise Misused unless all of the cluster has this version of the program: others write other bytes."""
    with _told(address):
        found = client.get_versions(packages=["lod"])
    for who, has in [("the scheduler", found["scheduler"]), *found["workers"].items()]:
        if (version := has["packages"].get("lod")) != VERSION:
            raise Misused(f"{address}: expected lod {VERSION} as here, found {version or 'none'} at {who}")


def _done(work: Callable[[T], R], task: T, version: str) -> R:
    """Do a task on a worker; what goes wrong there is told with the name of the machine."""
    with _ONE_AT_A_TIME:
        try:
            if version != VERSION:  # a worker that came later
                raise Misused(f"expected lod {version} as where the run began, found {VERSION}")
            return work(task)
        except LodError as error:
            raise type(error)(f"{socket.gethostname()}: {error}") from None
        except OSError as error:
            why = f"{error.filename}: {error.strerror}" if error.filename else f"{error}"
            raise NotReadOrWritten(f"{socket.gethostname()}: {why}") from None
        except MemoryError:
            raise NotReadOrWritten(f"{socket.gethostname()}: not enough memory") from None


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    """Say in one sentence why a cluster has given up."""
    from distributed import KilledWorker

    try:
        yield
    except KilledWorker:
        why = "one worker after the other was killed by the same task: is there enough memory?"
        raise NotReadOrWritten(f"{address}: {why}") from None
    except (CancelledError, OSError):
        raise NotReadOrWritten(f"{address}: the Dask scheduler does not answer any more") from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Leave it to the run to say what went wrong."""
    levels = [(logger, logger.level) for logger in map(logging.getLogger, _LOGS)]
    for logger, _ in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels:
            logger.setLevel(level)
