"""How one stream of lines becomes another: copied from the old one, skipped there, or added.

Both are read side by side, in little memory: lines that differ are looked for further down in both, up to a
limit. Streams in the same order, as the files of two releases are, never need more than that; of others, what
is not found is added.
"""

from collections.abc import Iterator
from typing import IO

from lod.delta.records import Add, Copy, Skip, Step

_BLOCK = 2**20
_LOOK_AHEAD = (2**16, 2**19, 2**22, 2**25)
"""How far lines are looked for in both streams, at first and at most."""
_PROOF = 256
"""How many bytes must be the same where both streams go on together."""


def steps(old: IO[bytes], new: IO[bytes]) -> Iterator[Step]:
    """Yield the steps by which the old stream becomes the new one."""
    before, after = _Window(old), _Window(new)
    while after.fill(_BLOCK):
        before.fill(_BLOCK)
        if same := _common_lines(before, after):
            yield Copy(same)
            before.drop(same)
            after.drop(same)
        else:
            skipped, added = _apart(before, after)
            if skipped:
                yield Skip(skipped)
            yield from _added(after.data[:added])
            before.drop(skipped)
            after.drop(added)


def _added(data: bytes) -> Iterator[Step]:
    for start in range(0, len(data), _BLOCK):
        yield Add(data[start : start + _BLOCK])


class _Window:
    """The next bytes of a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.data = b""
        self.is_last = False

    def fill(self, size: int) -> bool:
        """Read on until there are so many bytes or the stream ends; return whether there is any byte."""
        while len(self.data) < size and not self.is_last:
            block = self._stream.read(size - len(self.data))
            self.is_last = not block
            self.data += block
        return bool(self.data)

    def drop(self, size: int) -> None:
        self.data = self.data[size:]

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the offsets of lines, and the lines."""
        start = 0
        for line in self.data.splitlines(keepends=True):
            yield start, line
            start += len(line)


def _common_lines(before: _Window, after: _Window) -> int:
    """Return how many bytes at the beginning of both are the same, to the end of a line if they differ."""
    low, high = 0, min(len(before.data), len(after.data))
    if before.data[:high] == after.data[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if before.data[low:middle] == after.data[low:middle]:
            low = middle
        else:
            high = middle - 1
    return after.data.rfind(b"\n", 0, low) + 1


def _apart(before: _Window, after: _Window) -> tuple[int, int]:
    """Return how many bytes of both are not the same until they go on together, or all that were read."""
    for size in _LOOK_AHEAD:
        before.fill(size)
        after.fill(size)
        if found := _next_together(before, after):
            return found
        if before.is_last and after.is_last:
            break
    return len(before.data), len(after.data)


def _next_together(before: _Window, after: _Window) -> tuple[int, int] | None:
    places = dict[bytes, int]()
    for place, line in before.lines():
        places.setdefault(line, place)
    for there, line in after.lines():
        here = places.get(line)
        if here is not None and _go_on_together(before, here, after, there):
            return here, there
    return None


def _go_on_together(before: _Window, here: int, after: _Window, there: int) -> bool:
    left, right = before.data[here : here + _PROOF], after.data[there : there + _PROOF]
    size = min(len(left), len(right))
    is_end = before.is_last or after.is_last
    return left[:size] == right[:size] and (size == _PROOF or is_end)
