"""How far a long run is."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Progress = Callable[[str, int, int], None]
"""Is told the stage, how much of it is done, and how much there is."""

_STEP = 1000
"""How many things pass before that is told."""
_T = TypeVar("_T")


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def counted(things: Iterable[_T], stage: str, total: int, progress: Progress) -> Iterator[_T]:
    """Pass things on, and tell now and then how many have passed."""
    done = 0
    for done, thing in enumerate(things, 1):
        if done % _STEP == 0:
            progress(stage, done, max(total, done))
        yield thing
    progress(stage, done, max(total, done))
