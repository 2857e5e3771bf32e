"""Compressed files: assembled from parts that several processes compress, read as if uncompressed."""

import enum
import gzip
import io
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, Literal, cast

from zlib_ng import zlib_ng

from lod.errors import CheckFailed, quote
from lod.formats import COMPRESSED

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_LEVEL = 5
_ZSTD: dict[int, int] = {
    zstd.CompressionParameter.compression_level: 3,
    zstd.CompressionParameter.checksum_flag: 1,
}
_GZIP_HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""Deflate, no name, no time, unknown system (RFC 1952)."""
_LAST_BLOCK = b"\x03\x00"
"""An empty block marked as the last one (RFC 1951)."""
_GZIP_TRAILER = 8
_END_OF_PART = b"\x00\x00\xff\xff"
"""The mark at the end of each gzip part: an empty stored block."""
_MARKS_BY_CHANCE = 4
"""How many such marks may be in a part by chance before it is taken for one of another program."""
ZstdError = zstd.ZstdError
_ZSTD_BLOCK = 2**16
_TAIL = struct.Struct("<LQ")
"""What follows a gzip part until it is joined: the checksum and the number of its uncompressed bytes."""


class Compression(enum.StrEnum):
    """How a file is compressed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"

    @property
    def suffix(self) -> str:
        """The suffix of the name of such a file."""
        return _SUFFIXES[self]

    @classmethod
    def of_path(cls, path: Path) -> "Compression":
        """Return how a file is compressed, by its name."""
        matches = (compression for compression, suffix in _SUFFIXES.items() if suffix == path.suffix.lower())
        return next(matches, cls.NONE)


_SUFFIXES = {Compression.NONE: ""} | {Compression(how): f".{each.name}" for how, each in COMPRESSED.items()}


def inflate(packed: bytes, size: int, checksum: int) -> bytes | None:
    """Return raw deflate data decompressed, if it is whole and has this size and this CRC-32; else None."""
    inflater = zlib_ng.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # its types do not say that it is an exception
        return None
    return data if inflater.eof and len(data) == size and zlib_ng.crc32(data) == checksum else None


def compress_part(data: bytes, how: Compression) -> bytes:
    """Return a part of a file compressed, for a PartJoiner: the same bytes wherever the part stands."""
    if how is Compression.ZSTD:
        return zstd.compress(data, options=_ZSTD)
    if how is Compression.GZIP:
        deflate = zlib_ng.compressobj(_GZIP_LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
        blocks = deflate.compress(data) + deflate.flush(zlib_ng.Z_SYNC_FLUSH)
        return blocks + _TAIL.pack(zlib_ng.crc32(data), len(data))
    return data


def gzip_compress(data: bytes) -> bytes:
    """Return a whole file compressed with gzip: the same bytes at any time."""
    return b"".join(gzip_chunks([data]))


def gzip_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file that is given in chunks compressed with gzip."""
    deflate = zlib_ng.compressobj(_GZIP_LEVEL, zlib_ng.DEFLATED, zlib_ng.MAX_WBITS + 16)
    for chunk in chunks:
        if compressed := deflate.compress(chunk):
            yield bytes(compressed)
    yield bytes(deflate.flush())


def gzip_decompress(data: bytes) -> bytes:
    """Return what `gzip_compress` has compressed."""
    return bytes(zlib_ng.decompress(data, zlib_ng.MAX_WBITS + 16))


class PartJoiner:
    """Joins parts as one file: one gzip member in all, or one zstd frame for each part."""

    def __init__(self, how: Compression) -> None:
        self._is_gzip = how is Compression.GZIP
        self._checksum = 0
        self._size = 0

    def start(self) -> bytes:
        """Return the bytes before all parts."""
        return _GZIP_HEAD if self._is_gzip else b""

    def add(self, part: bytes) -> bytes:
        """Return the bytes of a part in the file."""
        if not self._is_gzip:
            return part
        checksum, size = _TAIL.unpack(part[-_TAIL.size :])
        self._checksum = zlib_ng.crc32_combine(self._checksum, checksum, size)
        self._size += size
        return part[: -_TAIL.size]

    def end(self) -> bytes:
        """Return the bytes after all parts."""
        if not self._is_gzip:
            return b""
        return _LAST_BLOCK + struct.pack("<LL", self._checksum, self._size % 2**32)


def part_sizes(path: Path, how: Compression) -> list[int] | None:
    """Return the uncompressed sizes of the parts that a compressed file was joined from.

    Return None if this program would not write the same bytes from these parts.
    """
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
        is_gzip, sizes = how is Compression.GZIP, list[int]()
        start = len(_GZIP_HEAD) if is_gzip else 0
        end = len(data) - len(_LAST_BLOCK) - _GZIP_TRAILER if is_gzip else len(data)
        while start < end:
            part = _gzip_part(data, start, end) if is_gzip else _zstd_part(data, start)
            if part is None:
                return None
            text, start = part
            sizes.append(len(text))
    return sizes


def _gzip_part(data: mmap, start: int, end: int) -> tuple[bytes, int] | None:
    """Return a part that begins here, decompressed, and its end: a mark, unless that is there by chance."""
    stop, inflater, text = start, zlib_ng.decompressobj(-zlib.MAX_WBITS), b""
    for _ in range(_MARKS_BY_CHANCE):
        mark = data.find(_END_OF_PART, stop, end)
        if mark < 0:
            return None
        fed, stop = stop, mark + len(_END_OF_PART)
        try:
            text += inflater.decompress(data[fed:stop])
        except zlib_ng.error:  # type: ignore[misc]  # its types do not say that it is an exception
            return None
        if compress_part(text, Compression.GZIP)[: -_TAIL.size] == data[start:stop]:
            return text, stop
    return None


def _zstd_part(data: mmap, start: int) -> tuple[bytes, int] | None:
    """Return the frame that begins here, decompressed, and its end."""
    inflater, texts, stop = zstd.ZstdDecompressor(), list[bytes](), start
    try:
        while not inflater.eof and stop < len(data):
            block = data[stop : stop + _ZSTD_BLOCK]
            texts.append(inflater.decompress(block))
            stop += len(block)
    except zstd.ZstdError:
        return None
    stop, text = stop - len(inflater.unused_data), b"".join(texts)
    return (text, stop) if compress_part(text, Compression.ZSTD) == data[start:stop] else None


def open_zstd(file: Path | IO[bytes], mode: Literal["rb", "wb"]) -> IO[bytes]:
    """Open a file that is compressed with zstd as a whole, or one that stands at its beginning."""
    return cast("IO[bytes]", zstd.open(file, mode))


@contextmanager
def open_decompressed(path: Path, how: Compression) -> Iterator[IO[bytes]]:
    """Open a file to read its decompressed bytes; raise CheckFailed where it turns out to be damaged."""
    try:
        if how is not Compression.NONE and not path.stat().st_size:
            raise EOFError("an empty file")
        with _stream(path, how) as stream:
            yield cast("IO[bytes]", stream)
    except (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError) as error:
        raise CheckFailed(f"{path}: expected a whole {how} file, found {quote(str(error), 100)}") from None


def _stream(path: Path, how: Compression) -> io.BufferedIOBase:
    if how is Compression.GZIP:
        return gzip.open(path)
    return zstd.open(path) if how is Compression.ZSTD else path.open("rb")
