"""Progress of a long run."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Progress = Callable[[str, int, int], None]
"""Called with the stage, how much of it is done, and how much there is in all; 0 if that is not known."""

_STEP = 1000
"""How many items pass between two calls."""
Item = TypeVar("Item")


def silent(_stage: str, _done: int, _total: int) -> None:
    """Report nothing."""


def counted(items: Iterable[Item], stage: str, total: int, progress: Progress) -> Iterator[Item]:
    """Yield items, and report now and then how many there were."""
    done = 0
    for done, item in enumerate(items, 1):
        if done % _STEP == 0:
            progress(stage, done, max(total, done))
        yield item
    progress(stage, done, max(total, done))
