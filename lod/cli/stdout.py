"""Standard output, whose failures become errors of this program."""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lod.errors import LodError, NotReadOrWritten, Unread

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NULL = Path(os.devnull)


def prepare() -> None:
    """Replace standard output by one with our errors; on a terminal without accents, escape them."""
    if sys.stdout is None:  # it was closed
        sys.stdout = _NULL.open("w", encoding="utf-8")
    elif isinstance(sys.stdout, io.TextIOWrapper):
        stream = io.BufferedWriter(_Output(sys.stdout.fileno(), "wb", closefd=False))
        encoding, by_line = sys.stdout.encoding, sys.stdout.line_buffering
        sys.stdout = io.TextIOWrapper(stream, encoding, line_buffering=by_line)
    for each in (sys.stdout, sys.stderr):
        if isinstance(each, io.TextIOWrapper):
            each.reconfigure(errors="backslashreplace")


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output, after all text so far."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


class _Output(io.FileIO):
    """Raises Unread if the reader is gone, NotReadOrWritten if the disk fails; later output is discarded."""

    def write(self, data: "ReadableBuffer", /) -> int:
        failure: LodError
        try:
            return super().write(data)
        except BrokenPipeError:
            failure = Unread("standard output: its reader is gone")
        except OSError as error:
            failure = NotReadOrWritten.from_os(error, "standard output")
        with _NULL.open("wb") as null:
            os.dup2(null.fileno(), self.fileno())
        raise failure
