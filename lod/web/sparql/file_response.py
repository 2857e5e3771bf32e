"""Responses whose body is a file: small ones are sent at once, large ones in chunks, a few at a time."""

import asyncio
import os
from typing import IO, Any, ClassVar

from starlette.responses import Response

from lod.web.http.responses import compressed_tag
from lod.web.http.streaming import chunks
from lod.web.sparql.request import RequestRefused

_SMALL_BYTES = 1 << 20
"""The size up to which an answer is held in memory while it is sent."""
_MAX_SECONDS = 300.0
"""The time within which a client must have received a large answer."""


def file_response(file: IO[bytes], headers: dict[str, str], *, is_gzip: bool) -> Response:
    """Return a response that sends a file and then closes it, compressed if it is large and `is_gzip`.

    Raise RequestRefused if too many large answers are being sent.
    """
    size = os.fstat(file.fileno()).st_size
    if size <= _SMALL_BYTES:
        with file:
            file.seek(0)
            return Response(file.read(), headers=headers)
    if StreamedFile.open_now >= StreamedFile.MAX_OPEN:
        file.close()
        message = "too many large answers are being sent; try again later"
        raise RequestRefused(503, message, {"Retry-After": "10"})
    if is_gzip:
        headers = {**headers, "Content-Encoding": "gzip"}
        if "ETag" in headers:
            headers["ETag"] = compressed_tag(headers["ETag"])
        return StreamedFile(file, headers, is_gzip=True)
    return StreamedFile(file, {**headers, "Content-Length": str(size)})


class StreamedFile(Response):
    """A response that sends a file in chunks and disconnects a client that reads too slowly."""

    MAX_OPEN: ClassVar[int] = 16
    open_now: ClassVar[int] = 0

    def __init__(self, file: IO[bytes], headers: dict[str, str], *, is_gzip: bool = False) -> None:
        super().__init__(headers=headers)
        if is_gzip:
            del self.headers["Content-Length"]
        self._file = file
        self._is_gzip = is_gzip
        StreamedFile.open_now += 1

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        """Send the headers, and the file unless the request is HEAD."""
        try:
            with self._file:
                async with asyncio.timeout(_MAX_SECONDS):
                    await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                    if scope["method"] != "HEAD":
                        await self._send_chunks(send)
                    await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            pass  # the server closes a connection whose response is incomplete
        finally:
            StreamedFile.open_now -= 1

    async def _send_chunks(self, send: Any) -> None:
        async for chunk in chunks(self._file, is_gzip=self._is_gzip):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
