"""The index of a mirror: what each file is, where it came from, and since when it has these bytes.

The index is one JSON file, replaced in one step. It is written before a new file takes its place, so that it
may for an instant be ahead of one; what is read of it is therefore compared with the bytes it is about.
"""

import hashlib
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from lod.errors import NotReadOrWritten, quote
from lod.versioned_dir import replace_file

INDEX = "index.json"

_VERSION = 1
_CHECKPOINT_SECONDS = 60.0


class MirroredMember(Struct, frozen=True, kw_only=True):
    """A member of an archive, and when these bytes of it were first fetched."""

    crc32: str
    size: int
    first_fetched: datetime

    def is_same(self, crc32: str, size: int) -> bool:
        """Return whether a member has these bytes, by their checksum."""
        return (self.crc32, self.size) == (crc32, size)


class MirroredFile(Struct, frozen=True, kw_only=True):
    """A file of a mirror: when these bytes were first fetched, when the server last had them, its validators.

    Only an archive has members.
    """

    address: str
    first_fetched: datetime
    last_fetched: datetime
    last_modified: str | None = None
    etag: str | None = None
    sha256: str
    size: int
    members: dict[str, MirroredMember] | None = None

    @property
    def modified(self) -> datetime | None:
        """The date that the server gives to the file."""
        try:
            return parsedate_to_datetime(self.last_modified) if self.last_modified else None
        except ValueError:
            return None

    def validators(self) -> dict[str, str]:
        """Return the header of a request that is answered with 304 if the file has not changed."""
        values = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in values.items() if value}


class AbsentPage(Struct, frozen=True, kw_only=True):
    """A page that was not there when it was asked for."""

    address: str
    asked: datetime


class _IndexFile(Struct, kw_only=True):
    version: int = _VERSION
    files: dict[str, MirroredFile] = {}
    absent: dict[str, AbsentPage] = {}


class Mirror:
    """A folder of downloaded files, with its index."""

    def __init__(self, folder: Path, index: _IndexFile) -> None:
        self.folder = folder
        self._index = index
        self._saved = time.monotonic()

    @classmethod
    def open(cls, folder: Path) -> "Mirror":
        """Open a mirror; one without an index is empty. Raise NotReadOrWritten if the index is damaged."""
        path = folder / INDEX
        try:
            index = msgspec.json.decode(path.read_bytes(), type=_IndexFile)
        except FileNotFoundError:
            index = _IndexFile()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _unreadable(path, str(error)) from None
        if index.version != _VERSION:
            raise _unreadable(path, f"version {index.version}")
        return cls(folder, index)

    @property
    def entries(self) -> Mapping[str, MirroredFile]:
        """The files by their paths in the mirror, such as questions/17-QE.zip."""
        return MappingProxyType(self._index.files)

    @property
    def absent(self) -> Mapping[str, AbsentPage]:
        """The pages that were asked for in vain, by the paths that they would have."""
        return MappingProxyType(self._index.absent)

    def first_fetch(self, archive: Path, member: zipfile.ZipInfo) -> datetime | None:
        """Return when these bytes of a member were first fetched; None if the index does not know them."""
        entry = self._index.files.get(self._key(archive))
        known = entry.members.get(member.filename) if entry and entry.members else None
        is_same = known and known.is_same(f"{member.CRC:08x}", member.file_size)
        return known.first_fetched if known and is_same else None

    def _key(self, path: Path) -> str:
        """Return the path of a file in the mirror; empty if it is not in it."""
        absolute, folder = path.resolve(), self.folder.resolve()
        return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else ""

    def sound_origin(self, file: Path) -> MirroredFile | None:
        """Return where a file in the mirror came from; None if the index does not know these bytes."""
        return self.sound_entry(key) if (key := self._key(file)) else None

    def sound_entry(self, path: str) -> MirroredFile | None:
        """Return what the index says of a file, if its bytes are still those."""
        entry = self._index.files.get(path)
        return entry if entry and _digest(self.folder / path) == entry.sha256 else None

    def record(self, path: str, entry: MirroredFile) -> None:
        """Change what the index says of a file; `save` makes it last."""
        self._index.files[path] = entry
        self._index.absent.pop(path, None)

    def record_absent(self, path: str, address: str) -> None:
        """Note that there is no such page."""
        self._index.absent[path] = AbsentPage(address=address, asked=now())

    def checkpoint(self) -> None:
        """Save the index, unless that was done a moment ago."""
        if time.monotonic() - self._saved > _CHECKPOINT_SECONDS:
            self.save()

    def save(self) -> None:
        """Replace the index on disk."""
        data = msgspec.json.format(msgspec.json.encode(self._index, order="sorted"), indent=1)
        replace_file(self.folder / INDEX, data + b"\n")
        self._saved = time.monotonic()


def now() -> datetime:
    """Return the time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None if there is none."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _unreadable(path: Path, found: str) -> NotReadOrWritten:
    return NotReadOrWritten(
        f"{path}: expected the index of a mirror, found {quote(found, 200)}; remove it to download anew"
    )
