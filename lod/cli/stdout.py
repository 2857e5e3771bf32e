"""Standard output, which says in our words what is wrong with it."""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lod.errors import LodError, NotReadOrWritten, Unread

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NOWHERE = Path(os.devnull)


class _Output(io.FileIO):
    """Raises Unread if nobody reads any more, NotReadOrWritten if the disk fails; the rest goes nowhere."""

    def write(self, data: "ReadableBuffer", /) -> int:
        why: LodError
        try:
            return super().write(data)
        except BrokenPipeError:
            why = Unread("standard output: nobody reads it any more")
        except OSError as error:
            why = NotReadOrWritten(f"standard output: {error.strerror}")
        with _NOWHERE.open("wb") as nowhere:
            os.dup2(nowhere.fileno(), self.fileno())
        raise why


def prepare() -> None:
    """Let failures of standard output be told, and a terminal without accents still get words."""
    if sys.stdout is None:  # it was closed
        sys.stdout = _NOWHERE.open("w", encoding="utf-8")
    elif isinstance(sys.stdout, io.TextIOWrapper):
        stream = io.BufferedWriter(_Output(sys.stdout.fileno(), "wb", closefd=False))
        encoding, by_line = sys.stdout.encoding, sys.stdout.line_buffering
        sys.stdout = io.TextIOWrapper(stream, encoding, line_buffering=by_line)
    for each in (sys.stdout, sys.stderr):
        if isinstance(each, io.TextIOWrapper):
            each.reconfigure(errors="backslashreplace")
