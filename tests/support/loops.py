"""Loops that must have something to go over."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def some(values: Iterable[T], count: int | None = None) -> list[T]:
    """Return the values as a list; fail if there are none, or not as many as are promised."""
    found = list(values)
    assert found, "nothing to check"
    assert count is None or len(found) == count, f"expected {count} to check, found {len(found)}"
    return found
