"""The content of a file in chunks, compressed on the way if the client accepts that."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import IO

from lod.compression import gzip_chunks

_CHUNK_BYTES = 1 << 18


async def chunks(file: IO[bytes], *, is_gzip: bool) -> AsyncIterator[bytes]:
    """Yield a file from its beginning; a thread reads and compresses it."""
    file.seek(0)
    pieces = gzip_chunks(_read(file)) if is_gzip else _read(file)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk
