"""A zip: which of its members are read, which are not and why, and what harm it can do."""

import contextlib
import lzma
import os
import struct
import zipfile
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from lod.compression import inflate
from lod.errors import BadValue, Severity, escape_unprintable

MAX_MEMBERS = 1_000_000
"""The number of files in one archive beyond which it is refused."""

MAX_RATIO = 200
"""How many times its packed size a member may unpack to, once it is larger than a page."""

HIDDEN = BadValue("a document", "a hidden file, which is not read")

_ENCRYPTED = 0x1
_SIGNATURE = b"PK\x03\x04"
_USUAL = 0x800 | 0x8 | 0x6
"""Flags that change nothing here: how names are written, where sizes stand, how well it is packed."""

_HEADER = struct.Struct("<4s22xHH")
"""What stands before a member: a signature, what the directory has too, the lengths of its name and extra."""

_EXTRA = 256
"""As many bytes as there may be between the name of a usual member and its data."""

_SMALL = 2**20
_DAMAGES = (
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
"""What the library raises for archives that are damaged or made to do harm."""


class LeftOut(NamedTuple):
    """What is not read of an archive: a member by its name, or something of the archive itself."""

    name: str
    why: BadValue
    severity: Severity


class Opened(NamedTuple):
    """An archive, the members that are to be read, what is left out, where members and directory begin."""

    archive: zipfile.ZipFile
    members: list[zipfile.ZipInfo]
    left_out: list[LeftOut]
    begins: "array[int]"

    def open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        """Open a member; raise BadValue if it is encrypted or damaged."""
        if member.flag_bits & _ENCRYPTED:
            raise BadValue("a readable file", "an encrypted one")
        with damage_told("member of an archive"):
            return self.archive.open(member)

    def at_once(self, member: zipfile.ZipInfo) -> bytes | None:
        """Give a small member that is usual and sound in all; None if it must be opened to be judged."""
        deflated = member.compress_type == zipfile.ZIP_DEFLATED and not member.flag_bits & ~_USUAL
        small = max(member.file_size, member.compress_size) <= _SMALL
        if not deflated or not small or not member.filename.isascii():
            return None
        try:
            return inflate(self._packed(member), member.file_size, member.CRC)
        except OSError:
            return None  # it is met again when the member is opened

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        """Give the packed bytes of a member, or none if not all of them stand between it and the next one."""
        start, name = member.header_offset, member.filename.encode()
        if not 0 <= start < self.begins[-1]:
            return b""
        room = self.begins[bisect_right(self.begins, start)] - start
        wanted = _HEADER.size + len(name) + _EXTRA + member.compress_size
        found = os.pread(self.archive.fp.fileno(), min(room, wanted), start) if self.archive.fp else b""
        if not found.startswith(_SIGNATURE) or not found.startswith(name, _HEADER.size):
            return b""
        _, named, extra = _HEADER.unpack_from(found)
        begin = _HEADER.size + named + extra
        packed = found[begin : begin + member.compress_size]
        return packed if named == len(name) and len(packed) == member.compress_size else b""


def is_zip(path: Path) -> bool:
    """Say whether a file is a zip; raise BadValue if it is the beginning of one."""
    if zipfile.is_zipfile(path):
        return True
    with path.open("rb") as stream:
        if stream.read(len(_SIGNATURE)) == _SIGNATURE:
            raise BadValue("a whole archive", "a zip without its directory: it is cut short")
    return False


class ZipCache:
    """Keeps open the archive that one process has read last: to read its directory again takes long."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._opened: Opened | None = None

    def open(self, path: Path) -> Opened:
        """Return an open archive; raise BadValue if it is damaged or too large."""
        if self._opened is None or self._path != path:
            self.close()
            self._path, self._opened = path, _open_zip(path)
        return self._opened

    def close(self) -> None:
        """Let go of the archive, which documents that are still being read may hold open."""
        self._path = self._opened = None


def _open_zip(path: Path) -> Opened:
    with damage_told("archive"):
        archive = zipfile.ZipFile(path)
    inside = archive.infolist()
    every = sorted((m for m in inside if not m.is_dir()), key=lambda m: m.filename)
    if not 0 < len(every) <= MAX_MEMBERS:
        raise BadValue(f"an archive of 1 to {MAX_MEMBERS} files", str(len(every)))
    left_out = list[LeftOut]()
    if before := min(member.header_offset for member in inside):
        told = BadValue("an archive alone", f"{before} bytes before it, which are not read")
        left_out.append(LeftOut("", told, Severity.WARNING))
    kept = list(_kept(every, MAX_RATIO * path.stat().st_size + 2**26, left_out))
    offsets = (m.header_offset for m in inside if 0 <= m.header_offset < archive.start_dir)
    begins = array("q", sorted({archive.start_dir, *offsets}))
    return Opened(archive, kept, left_out, begins)


@contextlib.contextmanager
def damage_told(what: str) -> Iterator[None]:
    """Raise BadValue for whatever the library raises."""
    try:
        yield
    except BadValue:
        raise
    except _DAMAGES as error:
        kind = "zip" if what == "archive" else "one"
        raise BadValue(f"a whole {what}", f"a damaged {kind} ({error})") from None


def is_hidden(name: str) -> bool:
    """Say whether a file is one that systems leave behind: `.DS_Store`, `__MACOSX/…`, anything in `.git`."""
    return any((step.startswith(".") and step != "..") or step == "__MACOSX" for step in name.split("/"))


def _kept(every: list[zipfile.ZipInfo], limit: int, left_out: list[LeftOut]) -> Iterator[zipfile.ZipInfo]:
    """Give the members that are to be read, and note why others are not.

    No member unpacks to more than the size it declares: the library stops there.
    """
    seen, total = set[str](), 0
    for member in every:
        total += member.file_size
        name = escape_unprintable(member.filename)
        if is_hidden(member.filename):
            left_out.append(LeftOut(name, HIDDEN, Severity.WARNING))
        elif member.filename in seen:
            left_out.append(
                LeftOut(name, BadValue("each name once in an archive", "it twice"), Severity.REJECTED)
            )
        elif total > limit:
            expected = f"at most {limit} bytes in all from an archive of this size"
            left_out.append(LeftOut(name, BadValue(expected, "more"), Severity.REJECTED))
            return
        else:
            seen.add(member.filename)
            yield member
