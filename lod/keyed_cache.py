"""A cache of the values of a function; a look-up is quicker than with `functools.cache`."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_MAX_SIZE = 4096
"""More keys than a batch of questions has; keys of one question only are soon dropped."""


class KeyedCache(dict[K, V]):
    """The values of a function by its argument, each computed when it is first looked up."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        if len(self) > _MAX_SIZE:
            self.clear()
        self[key] = value = self._make(key)
        return value
