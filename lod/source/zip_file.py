"""The members of a zip: which are read, which are skipped and why, with limits against harmful archives."""

import contextlib
import lzma
import os
import struct
import zipfile
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from lod.compression import inflate
from lod.errors import BadValue, Severity, escape_unprintable

MAX_MEMBERS = 1_000_000
"""An archive with more files is rejected."""

MAX_RATIO = 200
"""How many times its compressed size a member may unpack to, once it is larger than a page."""

HIDDEN_FILE = BadValue("a document", "a hidden file, which is not read")

_ENCRYPTED_FLAG = 0x1
_MEMBER_SIGNATURE = b"PK\x03\x04"
_HARMLESS_FLAGS = 0x800 | 0x8 | 0x6
"""Flags that do not matter here: the encoding of names, where sizes stand, the level of compression."""

_HEADER = struct.Struct("<4s22xHH")
"""A member's header: signature, values that the directory repeats, lengths of name and extra field."""

_MAX_EXTRA_BYTES = 256
"""The largest extra field of a usual member, between its name and its data."""

_SMALL_BYTES = 2**20
_NO_YEAR = 1980
"""The year with which archives begin to count, and which programs write that know no day."""
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,
    struct.error,
)
"""The exceptions that the library raises for damaged or harmful archives."""


class SkippedMember(NamedTuple):
    """A part of an archive that is not read: a member by its name, or "" for bytes of the archive itself."""

    name: str
    why: BadValue
    severity: Severity


class OpenZip(NamedTuple):
    """An open archive, the members to read and those skipped, the offsets of members and directory."""

    archive: zipfile.ZipFile
    members: list[zipfile.ZipInfo]
    skipped: list[SkippedMember]
    offsets: "array[int]"

    def open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        """Open a member; raise BadValue if it is encrypted or damaged."""
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise BadValue("a readable file", "an encrypted one")
        with translate_zip_errors("member of an archive"):
            return self.archive.open(member)

    def read_small(self, member: zipfile.ZipInfo) -> bytes | None:
        """Return the bytes of a small, usual and sound member; None if it has to be opened to be judged."""
        deflated = member.compress_type == zipfile.ZIP_DEFLATED and not member.flag_bits & ~_HARMLESS_FLAGS
        small = max(member.file_size, member.compress_size) <= _SMALL_BYTES
        if not deflated or not small or not member.filename.isascii():
            return None
        try:
            return inflate(self._compressed_bytes(member), member.file_size, member.CRC)
        except OSError:
            return None  # opening the member raises the error again

    def _compressed_bytes(self, member: zipfile.ZipInfo) -> bytes:
        """Return the compressed bytes of a member, or none if they do not all lie before the next member."""
        start, name = member.header_offset, member.filename.encode()
        if not 0 <= start < self.offsets[-1]:
            return b""
        room = self.offsets[bisect_right(self.offsets, start)] - start
        length = _HEADER.size + len(name) + _MAX_EXTRA_BYTES + member.compress_size
        data = os.pread(self.archive.fp.fileno(), min(room, length), start) if self.archive.fp else b""
        if not data.startswith(_MEMBER_SIGNATURE) or not data.startswith(name, _HEADER.size):
            return b""
        _, name_length, extra_length = _HEADER.unpack_from(data)
        begin = _HEADER.size + name_length + extra_length
        packed = data[begin : begin + member.compress_size]
        return packed if name_length == len(name) and len(packed) == member.compress_size else b""


def member_date(member: zipfile.ZipInfo) -> date | None:
    """Return the day on which a member was last changed, or None if the archive does not say."""
    year, month, day = member.date_time[:3]
    if year <= _NO_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_zip(path: Path) -> bool:
    """Return whether a file is a zip; raise BadValue if it is only the beginning of one."""
    if zipfile.is_zipfile(path):
        return True
    with path.open("rb") as stream:
        if stream.read(len(_MEMBER_SIGNATURE)) == _MEMBER_SIGNATURE:
            raise BadValue("a whole archive", "a zip without its directory: it is cut short")
    return False


class ZipCache:
    """Keeps open the archive that one process has read last: to read its directory again takes long.

    Each process has its own, because processes must not share a file position.
    """

    def __init__(self) -> None:
        self._path: Path | None = None
        self._archive: OpenZip | None = None

    def open(self, path: Path) -> OpenZip:
        """Return an open archive; raise BadValue if it is damaged or too large."""
        if self._archive is None or self._path != path:
            self.close()
            self._path, self._archive = path, _open_zip(path)
        return self._archive

    def close(self) -> None:
        """Let go of the archive, which documents that are still being read may keep open."""
        self._path = self._archive = None


def _open_zip(path: Path) -> OpenZip:
    with translate_zip_errors("archive"):
        archive = zipfile.ZipFile(path)
    entries = archive.infolist()
    files = sorted((m for m in entries if not m.is_dir()), key=lambda m: m.filename)
    if not 0 < len(files) <= MAX_MEMBERS:
        raise BadValue(f"an archive of 1 to {MAX_MEMBERS} files", str(len(files)))
    skipped = list[SkippedMember]()
    if prefix_bytes := min(member.header_offset for member in entries):
        error = BadValue("nothing before the archive", f"{prefix_bytes} bytes, which are not read")
        skipped.append(SkippedMember("", error, Severity.WARNING))
    members = list(_select_members(files, MAX_RATIO * path.stat().st_size + 2**26, skipped))
    starts = (m.header_offset for m in entries if 0 <= m.header_offset < archive.start_dir)
    offsets = array("q", sorted({archive.start_dir, *starts}))
    return OpenZip(archive, members, skipped, offsets)


@contextlib.contextmanager
def translate_zip_errors(what: str) -> Iterator[None]:
    """Raise BadValue for any exception that the library raises for a bad archive."""
    try:
        yield
    except BadValue:
        raise
    except _ZIP_ERRORS as error:
        kind = "zip" if what == "archive" else "one"
        raise BadValue(f"a whole {what}", f"a damaged {kind} ({error})") from None


def is_hidden(name: str) -> bool:
    """Return whether a system left a file behind: `.DS_Store`, `__MACOSX/…`, anything in `.git`."""
    return any((step.startswith(".") and step != "..") or step == "__MACOSX" for step in name.split("/"))


def _select_members(
    files: list[zipfile.ZipInfo], limit: int, skipped: list[SkippedMember]
) -> Iterator[zipfile.ZipInfo]:
    """Yield the members to read, and note why others are skipped.

    The library never unpacks more of a member than the size it declares.
    """
    names, total_bytes = set[str](), 0
    for member in files:
        total_bytes += member.file_size
        name = escape_unprintable(member.filename)
        if is_hidden(member.filename):
            skipped.append(SkippedMember(name, HIDDEN_FILE, Severity.WARNING))
        elif member.filename in names:
            skipped.append(
                SkippedMember(
                    name, BadValue("each name once in an archive", "a duplicate name"), Severity.REJECTED
                )
            )
        elif total_bytes > limit:
            expected = f"at most {limit} bytes in all from an archive of this size"
            skipped.append(SkippedMember(name, BadValue(expected, "more"), Severity.REJECTED))
            return
        else:
            names.add(member.filename)
            yield member
