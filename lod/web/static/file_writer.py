"""Files for a web server: text with its compressed twin, one file under several names."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from lod.compression import gzip_compress, gzip_decompress
from lod.errors import CheckFailed, quote

_REMEMBERED = 1 << 12
"""How many folders are remembered to be there."""


class Files:
    """A folder being filled; with twins, each text has a file beside it that is compressed with gzip."""

    def __init__(self, folder: Path, *, has_twins: bool = False) -> None:
        self._folder = folder
        self._has_twins = has_twins
        self._made = set[str]()

    def write(self, path: str, text: bytes) -> None:
        """Write a text."""
        place = self._place(path)
        place.write_bytes(text)
        if self._has_twins:
            _twin(place).write_bytes(gzip_compress(text))

    def write_compressed(self, path: str, text: bytes) -> None:
        """Write a text that comes compressed with gzip."""
        place = self._place(path)
        place.write_bytes(gzip_decompress(text))
        if self._has_twins:
            _twin(place).write_bytes(text)

    def name(self, path: str, other: str) -> None:
        """Give another name to a file that was written, and to its twin."""
        first, place = self._place(path), self._place(other)
        _same(first, place)
        if self._has_twins:
            _same(_twin(first), _twin(place))

    def adopt(self, path: str, file: Path) -> None:
        """Take in a file of a release, without a twin."""
        _same(file, self._place(path))

    def _place(self, path: str) -> Path:
        """Give the place of a path, its folder made; raise CheckFailed for a path that is none of a file."""
        if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
            raise CheckFailed(f"expected the path of a document, found {quote(path)}")
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        return self._folder / path


def _twin(place: Path) -> Path:
    return place.with_name(f"{place.name}.gz")


def _same(file: Path, place: Path) -> None:
    """Let a place be the same file; a copy where the file system has no second names for files."""
    with suppress(FileNotFoundError):
        place.unlink()
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)
