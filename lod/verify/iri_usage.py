"""Which names are described and which are used: too many for memory, so on disk by digest."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SIZE: Final = 8
"""Bytes of a digest: of ten million names, two have the same one with a chance of one in 400,000."""
_FILES = 64
_RECENT = 2**16


class IriUsage:
    """A set of names, in files by the beginning of their digests."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._files = [(folder / str(number)).open("w+b") for number in range(_FILES)]
        self._recent = set[str]()

    def add(self, name: str) -> None:
        """Take in a name."""
        if name in self._recent:
            return
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent.add(name)
        found = digest(name)
        self._files[found[0] % _FILES].write(found)

    def parts(self) -> Iterator[set[bytes]]:
        """Give the digests, those of one file together."""
        for file in self._files:
            file.seek(0)
            data = file.read()
            yield {data[start : start + _SIZE] for start in range(0, len(data), _SIZE)}

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()


def digest(name: str) -> bytes:
    """Give the digest of a name."""
    return hashlib.blake2b(name.encode(), digest_size=_SIZE).digest()
