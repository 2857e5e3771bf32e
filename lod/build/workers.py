"""Who does the work of a run: this process, others forked from it, or those of a Dask cluster."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from lod.build import object_spool
from lod.build.worker import put_away
from lod.executors import dask_cluster
from lod.executors.process_pool import ProcessPool

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Those who do the work; what comes of it is the same, whoever they are."""

    def ordered(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Do the tasks, and give the results in their order; raise NotReadOrWritten if they cannot go on."""
        ...


@contextlib.contextmanager
def open_executor(jobs: int, scheduler: str | None, place: str | None) -> Iterator[Executor]:
    """Give as many processes, or the cluster of a scheduler, with the folder of the run at this place."""
    if scheduler is None or place is None:
        yield ProcessPool(jobs)
        return
    with dask_cluster.connected(scheduler) as crew, object_spool.folder(place):
        try:
            yield crew
        finally:
            crew.afterwards(put_away)
