"""Temporary objects of the processes of a cluster, at an fsspec address; they never change once written."""

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

_MAX_BLOCK = 2**25
"""How many bytes are gathered before an object is written, or read in one request."""

_MAX_GAP = 2**16
"""A gap of up to so many bytes is read, too, rather than made to cost another request."""


class RemoteRange(ByteRange):
    """A range of an object. The whole object is fetched: the next range is read from it, too."""

    __slots__ = ()

    def read(self) -> bytes:
        """Return the bytes; raise NotReadOrWritten if they cannot be read."""
        return _exactly(self, _whole_object(self.path)[self.start : self.start + self.size])


class ObjectSpool:
    """The objects that this process writes, one for each `flush`; a range is known only once it is written.

    A task that is done again writes an object of its own, so what is read never changes.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._object, self._data, self._size = "", list[bytes](), 0

    def append(self, _name: str, data: bytes) -> ByteRange:
        """Append to the object that is written next."""
        if self._size > _MAX_BLOCK:
            self.flush()
        self._object = self._object or f"{self._address}/{uuid4().hex}"
        self._data.append(data)
        self._size += len(data)
        return RemoteRange(self._object, self._size - len(data), len(data))

    def read(self, ranges: Iterable[ByteRange]) -> Iterator[bytes]:
        """Yield the bytes of each range, of any process, with as few requests as possible."""
        requested = list(ranges)
        blocks = _read_blocks(self._address, requested) if requested else []
        starts = [block[:2] for block in blocks]
        for each in requested:
            _, start, data = blocks[bisect.bisect(starts, (each.path, each.start)) - 1]
            offset = each.start - start
            yield _exactly(each, data[offset : offset + each.size])

    def flush(self) -> None:
        """Write the object; raise NotReadOrWritten if that fails, or if the run has ended meanwhile."""
        if not self._object:
            return
        files = _file_system(self._address)
        with _translate_errors(self._address):
            files.pipe_file(self._object, b"".join(self._data))
            files.invalidate_cache()
            if not files.exists(_marker(self._address)):  # nobody else is left to remove it
                files.rm_file(self._object)
                raise NotReadOrWritten(f"{self._address}: the run has ended")
        self._object, self._data, self._size = "", [], 0

    def close(self) -> None:
        """Free the object that was read last."""
        _whole_object.cache_clear()


@contextlib.contextmanager
def run_folder(address: str) -> Iterator[None]:
    """Create the folder of a run in an existing one; remove it with its content at the end.

    Raise NotReadOrWritten if it cannot be written.
    """
    files = _file_system(address)
    with _translate_errors(address):
        files.mkdir(address, create_parents=False)
    try:
        with _translate_errors(address):
            files.pipe_file(_marker(address), b"")
        yield
    except BaseException:
        with contextlib.suppress(NotReadOrWritten):
            _remove(address)
        raise
    _remove(address)


def run_address(address: str | None, default: Path) -> str:
    """Return a new address for the folder of a run, in the folder at `address` or in the local `default`."""
    if address is None:
        default.mkdir(parents=True, exist_ok=True)
    parent = address or str(default)
    return f"{_file_system(parent).unstrip_protocol(parent).rstrip('/')}/lod-{uuid4().hex}"


def _remove(address: str) -> None:
    files = _file_system(address)
    with _translate_errors(address):
        if files.exists(_marker(address)):
            files.rm_file(_marker(address))  # a process that writes from here on removes its object again
        files.invalidate_cache()
        if files.exists(address):
            files.rm(address, recursive=True)


def _marker(address: str) -> str:
    """Return the address of the object that exists as long as the run goes on."""
    return f"{address}/running"


def _read_blocks(address: str, ranges: list[ByteRange]) -> list[tuple[str, int, Any]]:
    """Read blocks that contain these ranges; return the object, the start and the bytes of each, in order."""
    from fsspec.utils import merge_offset_ranges

    starts, ends = [each.start for each in ranges], [each.start + each.size for each in ranges]
    with _translate_errors(address):
        paths = [each.path for each in ranges]
        paths, starts, ends = merge_offset_ranges(paths, starts, ends, max_gap=_MAX_GAP, max_block=_MAX_BLOCK)
        data = _file_system(address).cat_ranges(paths, starts, ends, on_error="raise")
    return list(zip(paths, starts, data, strict=True))


@lru_cache(maxsize=1)
def _whole_object(address: str) -> bytes:
    with _translate_errors(address):
        return bytes(_file_system(address).cat_file(address))


def _exactly(requested: ByteRange, data: bytes) -> bytes:
    """Return the bytes read; raise NotReadOrWritten if they are not as many as requested."""
    if len(data) != requested.size:
        expected = f"expected {requested.size} bytes at {requested.start}"
        raise NotReadOrWritten(f"{requested.path}: {expected}, found {len(data)}")
    return data


def _file_system(address: str) -> "AbstractFileSystem":
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise missing("fsspec", "a cluster", "dask") from None
    with _translate_errors(address):
        return url_to_fs(address)[0]


@contextlib.contextmanager
def _translate_errors(address: str) -> Iterator[None]:
    """Raise NotReadOrWritten for any error at an address: every file system has errors of its own."""
    try:
        yield
    except LodError:
        raise
    except Exception as error:  # noqa: BLE001 - the errors of the libraries of stores have nothing in common
        why = error.strerror if isinstance(error, OSError) else None
        lines = str(why or error).strip().splitlines() or [type(error).__name__]
        raise NotReadOrWritten(f"{address}: {escape_unprintable(lines[0])}") from None
