"""What a function gave, remembered: quicker to ask than a cached function, for what is asked most often."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_REMEMBERED = 4096
"""More than a batch of questions names; what one question alone names is soon forgotten."""


class KeyedCache(dict[K, V]):
    """The values of a function by its argument, each made when it is first asked for."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        if len(self) > _REMEMBERED:
            self.clear()
        self[key] = value = self._make(key)
        return value
