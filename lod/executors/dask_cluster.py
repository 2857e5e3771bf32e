"""The same work on an existing Dask cluster."""

import contextlib
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from typing import Any, Generic, TypeVar
from uuid import uuid4

from lod.errors import LodError, Misused, NotReadOrWritten, quote
from lod.extras import DISTRIBUTION, missing
from lod.version import VERSION

Tools = TypeVar("Tools")
Task = TypeVar("Task")
Result = TypeVar("Result")

PATIENCE = 20.0
"""Seconds within which a scheduler must answer, and a cluster without workers must have one again."""

_POLL_SECONDS = 1.0
_TASKS_AHEAD = 3
"""How many tasks each worker is given before the result of the first of them is awaited."""

_LOGGERS = ("distributed", "distributed.client", "tornado.application", "asyncio")
_EXAMPLE = "an address such as tcp://127.0.0.1:8786"


@contextlib.contextmanager
def connect(address: str, make_tools: Callable[[], Tools]) -> Iterator["DaskCluster[Tools]"]:
    """Connect to the scheduler at an address; `make_tools` is called once in every worker that gets a task.

    Tools with a method `close` are closed at the end.

    Raise Misused if Dask is not installed, if the address is not one, or if the cluster has another version
    of this program; NotReadOrWritten if no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise missing("Dask", "a cluster", "dask") from None
    _check_address(address)
    with _silent_loggers():
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False, name="lod")
        except OSError:
            raise NotReadOrWritten(f"{address}: no Dask scheduler answers there") from None
        try:
            _check_versions(client, address)
            initializer = f"lod-{uuid4().hex}"
            with _translate_errors(address):
                client.register_plugin(_initializer_plugin(make_tools), name=initializer)
            try:
                yield DaskCluster(client, address, initializer)
            finally:
                with contextlib.suppress(Exception):  # a cluster that is gone has no tools left
                    client.unregister_worker_plugin(initializer)
        finally:
            with contextlib.suppress(Exception):  # the scheduler may be gone
                client.close(timeout=_POLL_SECONDS)


class DaskCluster(Generic[Tools]):
    """Does tasks on the workers of a scheduler; those of a worker that is killed are done by another one."""

    def __init__(self, client: Any, address: str, initializer: str) -> None:
        self._client = client
        self._address = address
        self._initializer = initializer
        self._without_workers_since: float | None = None

    def imap(self, function: Callable[[Tools, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task, in the order of the tasks; each worker is given a few tasks ahead.

        Raise NotReadOrWritten if the cluster gives up.
        """
        futures = deque[Future[Result]]()
        executor = self._client.get_executor(pure=False)
        try:
            for task in tasks:
                with _translate_errors(self._address):
                    futures.append(executor.submit(_call, self._initializer, function, task, VERSION))
                    ahead = _TASKS_AHEAD * max(1, self._count_workers())
                while len(futures) > ahead:
                    yield self._result(futures.popleft())
            while futures:
                yield self._result(futures.popleft())
        finally:
            with contextlib.suppress(Exception):  # a scheduler that is gone has forgotten the tasks
                executor.shutdown(wait=False)

    def _result(self, future: Future[Result]) -> Result:
        while True:
            with _translate_errors(self._address):
                try:
                    return future.result(_POLL_SECONDS)
                except TimeoutError:
                    self._count_workers()

    def _count_workers(self) -> int:
        """Return the number of workers; raise NotReadOrWritten if there has been none for too long."""
        count, now = len(self._client.nthreads()), time.monotonic()
        self._without_workers_since = None if count else self._without_workers_since or now
        if self._without_workers_since and now - self._without_workers_since > PATIENCE:
            raise NotReadOrWritten(f"{self._address}: no worker in the Dask cluster for {PATIENCE:.0f} s")
        return count


def _initializer_plugin(make_tools: Callable[[], Any]) -> Any:
    """Return a plugin through which every worker of the cluster, present or future, gets an initializer."""
    from distributed import WorkerPlugin

    class Initializer(WorkerPlugin):
        """Makes the tools of a worker before its first task, not earlier: Dask must not wait for them."""

        def setup(self, worker: Any) -> None:  # noqa: ARG002 - the signature is Dask's
            self.process_tools = ProcessTools(make_tools)

        def teardown(self, worker: Any) -> None:  # noqa: ARG002 - the signature is Dask's
            self.process_tools.close()

    return Initializer()


class ProcessTools(Generic[Tools]):
    """The tools of one worker, which the threads of that worker share, one task at a time."""

    def __init__(self, make_tools: Callable[[], Tools]) -> None:
        self._make_tools = make_tools
        self._lock = threading.Lock()
        self._tools: list[Tools] = []

    def call(self, function: Callable[[Tools, Task], Result], task: Task) -> Result:
        """Do a task."""
        with self._lock:
            if not self._tools:
                self._tools.append(self._make_tools())
            return function(self._tools[0], task)

    def close(self) -> None:
        """Close the tools, if they were made and can be closed."""
        for tools in self._tools:
            getattr(tools, "close", lambda: None)()


def _call(initializer: str, function: Callable[[Any, Task], Result], task: Task, version: str) -> Result:
    """Do a task on a worker; an error names the machine."""
    from distributed import get_worker

    try:
        if version != VERSION:  # a worker that joined after the run began
            raise Misused(f"expected lod {version} as where the run began, found {VERSION}")
        plugin: Any = get_worker().plugins[initializer]
        tools: ProcessTools[Any] = plugin.process_tools
        return tools.call(function, task)
    except LodError as error:
        raise type(error)(f"{socket.gethostname()}: {error}") from None
    except OSError as error:
        raise NotReadOrWritten(f"{socket.gethostname()}: {NotReadOrWritten.from_os(error)}") from None
    except MemoryError:
        raise NotReadOrWritten(f"{socket.gethostname()}: {NotReadOrWritten.no_memory()}") from None


def _check_address(address: str) -> None:
    """Raise Misused if this cannot be the address of a scheduler."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        protocol, host = parse_address(address)
        get_backend(protocol)
        parse_host_port(host)
    except ValueError:
        raise Misused(f"the scheduler must be {_EXAMPLE}, not {quote(address)}") from None


def _check_versions(client: Any, address: str) -> None:
    """Raise Misused unless the whole cluster has this version of the program: others write other bytes."""
    with _translate_errors(address):
        versions = client.get_versions(packages=[DISTRIBUTION])
    for name, found in [("the scheduler", versions["scheduler"]), *versions["workers"].items()]:
        if (version := found["packages"].get(DISTRIBUTION)) != VERSION:
            raise Misused(f"{address}: expected lod {VERSION} as here, found {version or 'none'} at {name}")


@contextlib.contextmanager
def _translate_errors(address: str) -> Iterator[None]:
    """Raise NotReadOrWritten, in one sentence, where the cluster has given up."""
    from distributed import KilledWorker

    try:
        yield
    except KilledWorker:
        why = "one worker after the other was killed by the same task: is there enough memory?"
        raise NotReadOrWritten(f"{address}: {why}") from None
    except (CancelledError, OSError):
        raise NotReadOrWritten(f"{address}: the Dask scheduler does not answer any more") from None


@contextlib.contextmanager
def _silent_loggers() -> Iterator[None]:
    """Silence the loggers of Dask: this program reports what went wrong itself."""
    levels = [(logger, logger.level) for logger in map(logging.getLogger, _LOGGERS)]
    for logger, _ in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels:
            logger.setLevel(level)
