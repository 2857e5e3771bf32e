"""What the processes of a cluster keep for each other: objects at an fsspec address, never changed."""

import bisect
import contextlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from lod.build.spool import ByteRange
from lod.errors import LodError, NotReadOrWritten, escape_unprintable
from lod.extras import missing

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_MOST = 2**25
"""The bytes that are gathered before they are written."""

_GAP = 2**16
"""The bytes that are rather read for nothing than left out at the cost of one more request."""


class RemoteRange(ByteRange):
    """A stretch of an object, which is fetched whole: what stands beside it is wanted next."""

    __slots__ = ()

    def read(self) -> bytes:
        """Give the bytes; raise NotReadOrWritten if they cannot be had."""
        return _as_written(self, _whole(self.path)[self.start : self.start + self.size])


class ObjectSpool:
    """What this process keeps, an object for each `flush`; nobody is told of one that is not there whole.

    A task that is done again writes an object of its own, so what is read never changes.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._object, self._data, self._size = "", list[bytes](), 0

    def append(self, _name: str, data: bytes) -> ByteRange:
        """Add to the object that is to be written next."""
        if self._size > _MOST:
            self.flush()
        self._object = self._object or f"{self._address}/{uuid4().hex}"
        self._data.append(data)
        self._size += len(data)
        return RemoteRange(self._object, self._size - len(data), len(data))

    def read(self, places: Iterable[ByteRange]) -> Iterator[bytes]:
        """Read what any process has kept, with as few requests as that takes."""
        wanted = list(places)
        blocks = _blocks(self._address, wanted) if wanted else []
        starts = [block[:2] for block in blocks]
        for place in wanted:
            _, start, data = blocks[bisect.bisect(starts, (place.path, place.start)) - 1]
            at = place.start - start
            yield _as_written(place, data[at : at + place.size])

    def flush(self) -> None:
        """Write the object; raise NotReadOrWritten if that fails, or if the run has ended meanwhile."""
        if not self._object:
            return
        files = _files(self._address)
        with _told(self._address):
            files.pipe_file(self._object, b"".join(self._data))
            files.invalidate_cache()
            if not files.exists(_mark(self._address)):  # nobody else is left who would remove it
                files.rm_file(self._object)
                raise NotReadOrWritten(f"{self._address}: the run has ended")
        self._object, self._data, self._size = "", [], 0

    def close(self) -> None:
        """Let go of what was read last."""
        _whole.cache_clear()


@contextlib.contextmanager
def folder(address: str) -> Iterator[None]:
    """Begin the folder of a run, in one that is there; remove it with all that is in it at the end.

    Raise NotReadOrWritten if it cannot be written.
    """
    files = _files(address)
    with _told(address):
        files.mkdir(address, create_parents=False)
    try:
        with _told(address):
            files.pipe_file(_mark(address), b"")
        yield
    except BaseException:
        with contextlib.suppress(NotReadOrWritten):
            _remove(address)
        raise
    _remove(address)


def of_a_run(address: str | None, otherwise: Path) -> str:
    """Name the folder of a run: one of its own in that of an address, or in this one of the disk."""
    if address is None:
        otherwise.mkdir(parents=True, exist_ok=True)
    parent = address or str(otherwise)
    return f"{_files(parent).unstrip_protocol(parent).rstrip('/')}/lod-{uuid4().hex}"


def _remove(address: str) -> None:
    files = _files(address)
    with _told(address):
        if files.exists(_mark(address)):
            files.rm_file(_mark(address))  # who writes from here on removes it again
        files.invalidate_cache()
        if files.exists(address):
            files.rm(address, recursive=True)


def _mark(address: str) -> str:
    """Name the object that is there as long as the run goes on."""
    return f"{address}/running"


def _blocks(address: str, places: list[ByteRange]) -> list[tuple[str, int, Any]]:
    """Read the stretches that hold these places: of each its object, its start and its bytes, in order."""
    from fsspec.utils import merge_offset_ranges

    starts, ends = [place.start for place in places], [place.start + place.size for place in places]
    with _told(address):
        paths = [place.path for place in places]
        paths, starts, ends = merge_offset_ranges(paths, starts, ends, max_gap=_GAP, max_block=_MOST)
        data = _files(address).cat_ranges(paths, starts, ends, on_error="raise")
    return list(zip(paths, starts, data, strict=True))


@lru_cache(maxsize=1)
def _whole(address: str) -> bytes:
    with _told(address):
        return bytes(_files(address).cat_file(address))


def _as_written(place: ByteRange, data: bytes) -> bytes:
    if len(data) != place.size:
        expected = f"expected {place.size} bytes at {place.start}"
        raise NotReadOrWritten(f"{place.path}: {expected}, found {len(data)}")
    return data


def _files(address: str) -> "AbstractFileSystem":
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise missing("fsspec", "a cluster", "dask") from None
    with _told(address):
        return url_to_fs(address)[0]


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    """Say in one sentence what is wrong at an address: every file system raises errors of its own."""
    try:
        yield
    except LodError:
        raise
    except Exception as error:  # noqa: BLE001 - those of the libraries of stores have nothing in common
        why = error.strerror if isinstance(error, OSError) else None
        lines = str(why or error).strip().splitlines() or [type(error).__name__]
        raise NotReadOrWritten(f"{address}: {escape_unprintable(lines[0])}") from None
