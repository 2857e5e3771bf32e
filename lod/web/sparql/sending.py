"""An answer that is a file: small ones at once, large ones piece by piece, a few at a time, not for ever."""

import asyncio
import os
from typing import IO, Any, ClassVar

from starlette.responses import Response

from lod.web.sparql.request import RequestRefused

_SMALL = 1 << 20
"""Bytes up to which an answer is kept in memory while it is sent."""

_PIECE = 1 << 18
_LONGEST = 300.0
"""Seconds in which a large answer must have been taken."""


def sent(file: IO[bytes], headers: dict[str, str]) -> Response:
    """Answer with a file, which is closed when it has been sent.

    Raise Refusal if too many large answers are being sent.
    """
    size = os.fstat(file.fileno()).st_size
    if size <= _SMALL:
        with file:
            file.seek(0)
            return Response(file.read(), headers=headers)
    if StreamedFile.now >= StreamedFile.MOST:
        file.close()
        raise RequestRefused(503, "too many large answers are being sent: ask again", {"Retry-After": "10"})
    return StreamedFile(file, {**headers, "Content-Length": str(size)})


class StreamedFile(Response):
    """A file that is sent piece by piece. Who takes too long to read it is cut off."""

    MOST: ClassVar[int] = 16
    now: ClassVar[int] = 0

    def __init__(self, file: IO[bytes], headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        self._file = file
        StreamedFile.now += 1

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        """Send the file; its head only to who asked for that."""
        try:
            with self._file:
                async with asyncio.timeout(_LONGEST):
                    await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                    if scope["method"] != "HEAD":
                        await self._pieces(send)
                    await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            pass  # the server closes a connection whose answer is not whole
        finally:
            StreamedFile.now -= 1

    async def _pieces(self, send: Any) -> None:
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
