"""A file, a folder or a zip: the documents in it, streamed, bounded, never unpacked to disk."""

import errno
import hashlib
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from lod.errors import BadValue, Cause, NotReadOrWritten, Problem, Severity, printable
from lod.source.detect import streamer_of
from lod.source.document import MAX_BYTES, Document, Large

MAX_MEMBERS = 1_000_000
"""The number of files in one archive beyond which it is refused."""

MAX_LARGE = 16 * 2**30
"""The size that no list of all questions of a legislature comes near."""

MAX_RATIO = 200
"""How many times its packed size a member may unpack to, once it is larger than a page."""

_ENCRYPTED = 0x1
_ZIP = b"PK\x03\x04"
_CHUNK = 2**16
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


def documents(source: Path) -> Iterator[Document | Large | Problem]:
    """Give the documents of a source in the order of their names; what cannot be read is a Problem."""
    for name, path in inputs(source):
        yield from _of_file(path, name)


def inputs(source: Path) -> Iterator[tuple[str, Path]]:
    """Give the files of a source as they lie on the disk, each with its name there."""
    if source.is_dir():
        root = source.resolve()
        yield from ((printable(path.relative_to(root).as_posix()), path) for path in _files(root))
    else:
        yield printable(source.name), source


def _files(folder: Path) -> Iterator[Path]:
    """Walk a folder in the order of names; links to folders are not followed."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path.is_symlink() or not path.is_dir():
            yield path
            continue
        try:
            waiting += sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            raise NotReadOrWritten(f"{path}: {error.strerror}") from None


def _of_file(path: Path, name: str) -> Iterator[Document | Large | Problem]:
    if _is_hidden(name):
        yield _left_out(name)
        return
    try:
        if _is_archive(path):
            yield from _of_zip(path, name)
        else:
            yield _seen(name, lambda: path.open("rb"), MAX_LARGE)
    except BadValue as bad:
        yield unreadable(name, bad)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ELOOP):
            raise NotReadOrWritten(f"{path}: {error.strerror}") from None
        yield unreadable(name, BadValue("a file", "a link that leads nowhere"))


def _is_archive(path: Path) -> bool:
    """Say whether a file is a zip; raise BadValue if it is neither that nor a document that can be read."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise BadValue("a file", "something that is not one: a device, a pipe or a link to a folder")
    if zipfile.is_zipfile(path):
        return True
    with path.open("rb") as stream:
        if stream.read(len(_ZIP)) == _ZIP:
            raise BadValue("a whole archive", "a zip without its directory: it is cut short")
    return False


def _of_zip(path: Path, name: str) -> Iterator[Document | Large | Problem]:
    try:
        opened = zipfile.ZipFile(path)
    except _DAMAGES as error:
        raise BadValue("a whole archive", f"a damaged zip ({error})") from None
    with opened as archive:
        members = sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda m: m.filename)
        if not 0 < len(members) <= MAX_MEMBERS:
            raise BadValue(f"an archive of 1 to {MAX_MEMBERS} files", str(len(members)))
        if before := min(member.header_offset for member in members):
            told = BadValue("an archive alone", f"{before} bytes before it, which are not read")
            yield replace(unreadable(name, told), severity=Severity.WARNING)
        yield from _members(archive, members, name, MAX_RATIO * path.stat().st_size + 2**26)


def _members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str, limit: int
) -> Iterator[Document | Large | Problem]:
    seen: set[str] = set()
    total = 0
    for member in members:
        inside = f"{name}!{printable(member.filename)}"
        if _is_hidden(member.filename):
            yield _left_out(inside)
            continue
        try:
            if member.filename in seen:
                raise BadValue("each name once in an archive", "it twice")
            seen.add(member.filename)
            document = _member(archive, member, inside)
            total += document.size
            if total > limit:
                raise BadValue(f"at most {limit} bytes in all from an archive of this size", "more")
            yield document
        except BadValue as bad:
            yield unreadable(inside, bad)
            if total > limit:
                return


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Document | Large:
    """Unpack one member by chunks: the limits hold for what comes out, whatever the archive declares."""
    if member.flag_bits & _ENCRYPTED:
        raise BadValue("a readable file", "an encrypted one")
    try:
        return _seen(name, partial(archive.open, member), max(MAX_RATIO * member.compress_size, 2**20))
    except BadValue:
        raise
    except _DAMAGES as error:
        raise BadValue("a whole member of an archive", f"a damaged one ({error})") from None


def _seen(name: str, opened: Callable[[], IO[bytes]], limit: int) -> Document | Large:
    """Read a document whole, by chunks, or see to it that one too large for that can be read to its end."""
    data = bytearray()
    with opened() as stream:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if len(data) > limit:
                raise BadValue(f"at most {limit} bytes", "more")
            if len(data) > MAX_BYTES:
                return _large(name, bytes(data[:_CHUNK]), opened, limit)
    return Document(name, bytes(data))


def _large(name: str, start: bytes, opened: Callable[[], IO[bytes]], limit: int) -> Large:
    streamer_of(start)
    digest, size = hashlib.sha256(), 0
    with opened() as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > min(limit, MAX_LARGE):
                raise BadValue(f"at most {min(limit, MAX_LARGE)} bytes", "more")
    return Large(name, digest.hexdigest(), size, start, opened)


def _is_hidden(name: str) -> bool:
    """Say whether a file is one that systems leave behind: `.DS_Store`, `__MACOSX/…`, anything in `.git`."""
    return any((step.startswith(".") and step != "..") or step == "__MACOSX" for step in name.split("/"))


def _left_out(name: str) -> Problem:
    found = BadValue("a document", "a hidden file, which is not read")
    return replace(unreadable(name, found), severity=Severity.WARNING)


def unreadable(name: str, bad: BadValue) -> Problem:
    """Say that a document could not be read at all."""
    return Problem(
        document=name,
        place=bad.place or "",
        expected=bad.expected,
        found=bad.found,
        severity=Severity.REJECTED,
        cause=Cause.DOCUMENT,
    )
