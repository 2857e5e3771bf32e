"""Who does the work of a run: this process, others forked from it, or those of a Dask cluster."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from lod.pool import Pool
from lod.publish import cluster, shards
from lod.publish.worker import put_away

T = TypeVar("T")
R = TypeVar("R")


class Crew(Protocol):
    """Those who do the work; what comes of it is the same, whoever they are."""

    def ordered(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Do the tasks, and give the results in their order; raise NotReadOrWritten if they cannot go on."""
        ...


@contextlib.contextmanager
def at_hand(jobs: int, scheduler: str | None, place: str | None) -> Iterator[Crew]:
    """Give as many processes, or the cluster of a scheduler, with the folder of the run at this place."""
    if scheduler is None or place is None:
        yield Pool(jobs)
        return
    with cluster.connected(scheduler) as crew, shards.folder(place):
        try:
            yield crew
        finally:
            crew.afterwards(put_away)
