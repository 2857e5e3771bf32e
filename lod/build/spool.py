"""Files of its own for each process: what was appended is known by file, place and size."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple


class ByteRange(NamedTuple):
    """A stretch of a file."""

    path: str
    start: int
    size: int

    def read(self) -> bytes:
        """Give the bytes."""
        with Path(self.path).open("rb", buffering=0) as stream:
            return os.pread(stream.fileno(), self.size, self.start)


def bytes_of(data: bytes | ByteRange) -> bytes:
    """Give bytes that are at hand, or those of a stretch of a file."""
    return data if isinstance(data, bytes) else data.read()


class LocalSpool:
    """The files that this process appends to, in a folder where other processes have theirs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = 0
        self._streams: dict[str, IO[bytes]] = {}
        self._read: dict[str, int] = {}

    def append(self, name: str, data: bytes) -> ByteRange:
        """Append to this process's file of that name."""
        if self._process != os.getpid():  # begun before this process was forked: those files are not its own
            self._process, self._streams = os.getpid(), {}
        if name not in self._streams:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._streams[name] = (self._folder / f"{name}.{self._process}").open("wb")
        stream = self._streams[name]
        start = stream.tell()
        stream.write(data)
        return ByteRange(stream.name, start, len(data))

    def read(self, places: Iterable[ByteRange]) -> Iterator[bytes]:
        """Read what any process has appended, and keep the files open for more."""
        for place in places:
            if place.path not in self._read:
                self._read[place.path] = os.open(place.path, os.O_RDONLY)
            yield os.pread(self._read[place.path], place.size, place.start)

    def flush(self) -> None:
        """See to it that other processes can read what was appended."""
        for stream in self._streams.values():
            stream.flush()

    def close(self) -> None:
        """Close the files of this process."""
        for stream in self._streams.values():
            stream.close()
        for handle in self._read.values():
            os.close(handle)
        self._streams, self._read = {}, {}
