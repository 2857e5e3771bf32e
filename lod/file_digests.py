"""SHA-256 of files, remembered in the user's cache as long as their inode, size and time stay the same."""

import contextlib
import hashlib
import os
import secrets
import time
from pathlib import Path
from typing import TypeAlias

import msgspec

Status: TypeAlias = tuple[int, int, int, int]
"""Device, inode, bytes, and the time of the last change of the content, in nanoseconds."""

_SETTLED_NS = 2_000_000_000
"""A file that changed less than this before it was read is not remembered: it could change once more without
a new time."""


class RememberedFiles(msgspec.Struct):
    """The files of one folder, by their paths in it, with what they had when they were read."""

    folder: str
    files: dict[str, tuple[Status, str]]


class FileDigests:
    """Digests of the files in one folder; each file is read once, and again only if it has changed.

    Without a cache that can be read and written, files are read again in every process.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._known: dict[str, tuple[Status, str]] = {}
        self._is_loaded = False
        self._is_saved = True

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file in the folder, in hexadecimal; raise OSError if it cannot be read."""
        self._load()
        with (self._folder / path).open("rb") as stream:
            found = os.fstat(stream.fileno())
            status = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
            remembered = self._known.get(path)
            if remembered is None or remembered[0] != status:
                self._known[path] = remembered = status, hashlib.file_digest(stream, "sha256").hexdigest()
                self._is_saved = False
        return remembered[1]

    def save(self) -> None:
        """Remember what was read for other processes."""
        cache = None if self._is_saved else cache_folder()
        if cache is None:
            return
        settled = time.time_ns() - _SETTLED_NS
        files = {path: known for path, known in self._known.items() if known[0][3] < settled}
        data = msgspec.json.encode(RememberedFiles(folder=str(self._folder), files=files))
        with contextlib.suppress(OSError):  # a cache that cannot be written is none
            cache.mkdir(parents=True, exist_ok=True)
            place = cache / _cache_name(self._folder)
            fresh = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
            fresh.write_bytes(data)
            fresh.replace(place)
            _forget_removed_folders(cache)
        self._is_saved = True

    def _load(self) -> None:
        cache = None if self._is_loaded else cache_folder()
        self._is_loaded = True
        if cache is not None:
            remembered = _read(cache / _cache_name(self._folder))
            self._known = remembered.files if remembered else {}


def cache_folder() -> Path | None:
    """Return the folder for digests in the user's cache; None for a user without a home."""
    try:
        own = os.environ.get("LOD_CACHE")
        return Path(own or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lod")
    except RuntimeError:
        return None


def _cache_name(folder: Path) -> str:
    return f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]}.json"


def _read(path: Path) -> RememberedFiles | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=RememberedFiles)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _forget_removed_folders(cache: Path) -> None:
    for path in cache.glob("*.json"):
        remembered = _read(path)
        if remembered is None or not Path(remembered.folder).is_dir():
            path.unlink(missing_ok=True)
