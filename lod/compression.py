"""Compressed files: made of pieces that several processes compress, read as if they were plain."""

import enum
import gzip
import io
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from zlib_ng import zlib_ng

from lod.errors import CheckFailed, quote

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
"""Deflate, no name, no time, an unknown system (RFC 1952)."""
_LAST_BLOCK = b"\x03\x00"
"""A block of nothing that says it is the last one (RFC 1951)."""
_TAIL = struct.Struct("<LQ")
"""What stands behind a piece of gzip until it is joined: the checksum and the number of its plain bytes."""


class Compression(enum.StrEnum):
    """How a file is compressed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"

    @property
    def ending(self) -> str:
        """The end of the name of such a file."""
        return _ENDINGS[self]

    @classmethod
    def of(cls, path: Path) -> "Compression":
        """Say how a file is compressed, by its name."""
        found = (how for how, ending in _ENDINGS.items() if ending == path.suffix.lower())
        return next(found, cls.NONE)


_ENDINGS = {Compression.NONE: "", Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}


def inflated(packed: bytes, size: int, checksum: int) -> bytes | None:
    """Give what raw deflate holds, if it is whole and has this size and this CRC-32; else None."""
    inflater = zlib_ng.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # its types do not say that it is an exception
        return None
    return data if inflater.eof and len(data) == size and zlib_ng.crc32(data) == checksum else None


def piece(data: bytes, how: Compression) -> bytes:
    """Compress a piece of a file, for a Joiner: the same bytes wherever it stands."""
    if how is Compression.ZSTD:
        return zstd.compress(data, options=_ZSTD)
    if how is Compression.GZIP:
        deflate = zlib_ng.compressobj(_GZIP_LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
        blocks = deflate.compress(data) + deflate.flush(zlib_ng.Z_SYNC_FLUSH)
        return blocks + _TAIL.pack(zlib_ng.crc32(data), len(data))
    return data


def gzipped(data: bytes) -> bytes:
    """Compress a whole file with gzip: the same bytes whenever it is done."""
    deflate = zlib_ng.compressobj(_GZIP_LEVEL, zlib_ng.DEFLATED, zlib_ng.MAX_WBITS + 16)
    return bytes(deflate.compress(data) + deflate.flush())


def plain(data: bytes) -> bytes:
    """Give back what was compressed by `gzipped`."""
    return bytes(zlib_ng.decompress(data, zlib_ng.MAX_WBITS + 16))


class Joiner:
    """Puts pieces together as one file: one member of gzip, or one frame of zstd a piece."""

    def __init__(self, how: Compression) -> None:
        self._is_gzip = how is Compression.GZIP
        self._checksum = 0
        self._size = 0

    def start(self) -> bytes:
        """Give what stands before all pieces."""
        return _GZIP_HEAD if self._is_gzip else b""

    def add(self, piece: bytes) -> bytes:
        """Give what a piece is in the file."""
        if not self._is_gzip:
            return piece
        checksum, size = _TAIL.unpack(piece[-_TAIL.size :])
        self._checksum = zlib_ng.crc32_combine(self._checksum, checksum, size)
        self._size += size
        return piece[: -_TAIL.size]

    def end(self) -> bytes:
        """Give what stands after all pieces."""
        if not self._is_gzip:
            return b""
        return _LAST_BLOCK + struct.pack("<LL", self._checksum, self._size % 2**32)


@contextmanager
def opened(path: Path, how: Compression) -> Iterator[IO[bytes]]:
    """Open a file to read its plain bytes; raise CheckFailed where it turns out to be damaged."""
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
