"""Writing the files of a site: gzip copies, hard links for files with several names."""

import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

from lod.compression import gzip_chunks, gzip_compress, gzip_decompress
from lod.errors import CheckFailed, quote
from lod.formats import CONTENT_TYPES, UNKNOWN, is_compressible

_CACHED_FOLDERS = 1 << 12
_CHUNK_BYTES = 1 << 20


class FileWriter:
    """Writes files into a folder; with `has_gzip`, each text has a compressed copy `….gz` next to it."""

    def __init__(self, folder: Path, *, has_gzip: bool = False) -> None:
        self._folder = folder
        self._has_gzip = has_gzip
        self._created = set[str]()

    def write(self, path: str, text: bytes) -> None:
        """Write a text, or a picture."""
        file = self._file(path)
        file.write_bytes(text)
        if self._is_copied(file):
            _gzip_copy(file).write_bytes(gzip_compress(text))

    def write_compressed(self, path: str, text: bytes) -> None:
        """Write a text that is given compressed with gzip."""
        file = self._file(path)
        file.write_bytes(gzip_decompress(text))
        if self._has_gzip:
            _gzip_copy(file).write_bytes(text)

    def link(self, path: str, alias: str) -> None:
        """Give a written text, and its compressed copy, a second path."""
        file, linked = self._file(path), self._file(alias)
        _hard_link(file, linked)
        if self._has_gzip:
            _hard_link(_gzip_copy(file), _gzip_copy(linked))

    def add(self, path: str, file: Path) -> None:
        """Add a file of the release, unless it is compressed in itself with a compressed copy."""
        added = self._file(path)
        _hard_link(file, added)
        if self._is_copied(added):
            with file.open("rb") as whole, _gzip_copy(added).open("wb") as copy:
                copy.writelines(gzip_chunks(iter(partial(whole.read, _CHUNK_BYTES), b"")))

    def _is_copied(self, file: Path) -> bool:
        """Return whether a file has a compressed copy: those do that are not compressed in themselves."""
        content_type = CONTENT_TYPES.get(file.suffix.removeprefix("."), UNKNOWN)
        return self._has_gzip and is_compressible(content_type)

    def _file(self, path: str) -> Path:
        """Return the file of a path, creating its folder; raise CheckFailed if it is not a relative path."""
        if "\0" in path or any(segment in ("", ".", "..") for segment in path.split("/")):
            raise CheckFailed(f"expected the relative path of a document, found {quote(path)}")
        folder = path.rpartition("/")[0]
        if folder not in self._created:
            if len(self._created) >= _CACHED_FOLDERS:
                self._created.clear()
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
            self._created.add(folder)
        return self._folder / path


def _gzip_copy(file: Path) -> Path:
    return file.with_name(f"{file.name}.gz")


def _hard_link(file: Path, target: Path) -> None:
    """Link a file, replacing the target; copy it where the file system does not allow that."""
    with suppress(FileNotFoundError):
        target.unlink()
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
