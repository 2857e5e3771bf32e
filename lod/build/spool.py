"""Temporary files of the processes of a build: what was appended is known by file, offset and size."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple


class ByteRange(NamedTuple):
    """A range of bytes in a file."""

    path: str
    start: int
    size: int

    def read(self) -> bytes:
        """Return the bytes."""
        with Path(self.path).open("rb", buffering=0) as stream:
            return os.pread(stream.fileno(), self.size, self.start)


def read_bytes(data: bytes | ByteRange) -> bytes:
    """Return bytes as they are, or those of a range."""
    return data if isinstance(data, bytes) else data.read()


class LocalSpool:
    """The files that this process appends to, in a folder where other processes have their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._streams: dict[str, IO[bytes]] = {}
        self._handles: dict[str, int] = {}

    def append(self, name: str, data: bytes) -> ByteRange:
        """Append to this process's file of that name."""
        if name not in self._streams:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._streams[name] = (self._folder / f"{name}.{os.getpid()}").open("wb")
        stream = self._streams[name]
        start = stream.tell()
        stream.write(data)
        return ByteRange(stream.name, start, len(data))

    def read(self, ranges: Iterable[ByteRange]) -> Iterator[bytes]:
        """Yield the bytes of each range, of any process; the files stay open."""
        for path, start, size in ranges:
            if path not in self._handles:
                self._handles[path] = os.open(path, os.O_RDONLY)
            yield os.pread(self._handles[path], size, start)

    def flush(self) -> None:
        """Make what was appended readable by other processes."""
        for stream in self._streams.values():
            stream.flush()

    def close(self) -> None:
        """Close the files of this process."""
        for stream in self._streams.values():
            stream.close()
        for handle in self._handles.values():
            os.close(handle)
        self._streams, self._handles = {}, {}
