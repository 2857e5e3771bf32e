"""A file, a folder or a zip: the documents in it, streamed, bounded, never unpacked to disk."""

import errno
import hashlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZipInfo

from lod.errors import BadValue, Cause, NotReadOrWritten, Problem, Severity, escape_unprintable
from lod.source import zip_file
from lod.source.detect import streamer_of
from lod.source.document import MAX_BYTES, Document, LargeDocument
from lod.source.zip_file import HIDDEN, MAX_RATIO, Opened, ZipCache, is_hidden

MAX_LARGE = 16 * 2**30
"""The size that no list of all questions of a legislature comes near."""

_TOGETHER = 100
_CHUNK = 2**16


class Unit(NamedTuple):
    """Documents to be read together: a file, or some of an archive, by their ranks in the order of names.

    The file has so many bytes.
    """

    path: Path
    name: str
    size: int
    members: range | None = None


def documents(source: Path) -> Iterator[Document | LargeDocument | Problem]:
    """Give the documents of a source in the order of their names; what cannot be read is a Problem."""
    zips = ZipCache()
    for unit in units(source, zips):
        yield from (unit,) if isinstance(unit, Problem) else documents_of(unit, zips)


def units(source: Path, zips: ZipCache) -> Iterator[Unit | Problem]:
    """Divide a source into units that can be read one apart from the other."""
    for name, path in inputs(source.absolute()):
        if is_hidden(name):
            yield replace(unreadable(name, HIDDEN), severity=Severity.WARNING)
            continue
        try:
            size = _size_of_file(path)
            if zip_file.is_zip(path):
                yield from _units_of_zip(zips, path, name, size)
            else:
                yield Unit(path, name, size)
        except BadValue as bad:
            yield unreadable(name, bad)
        except OSError as error:
            yield _missing(path, name, error)


def documents_of(unit: Unit, zips: ZipCache) -> Iterator[Document | LargeDocument | Problem]:
    """Yield the documents of a unit; its archive stays open in the cache for the next unit."""
    try:
        if unit.members is None:
            yield _seen(unit.name, lambda: unit.path.open("rb"), MAX_LARGE)
            return
        opened = zips.open(unit.path)
        for member in opened.members[unit.members.start : unit.members.stop]:
            inside = f"{unit.name}!{escape_unprintable(member.filename)}"
            try:
                yield _member(inside, opened, member)
            except BadValue as bad:
                yield unreadable(inside, bad)
    except BadValue as bad:
        yield unreadable(unit.name, bad)
    except OSError as error:
        yield _missing(unit.path, unit.name, error)


def inputs(source: Path) -> Iterator[tuple[str, Path]]:
    """Give the files of a source as they lie on the disk, each with its name there."""
    if source.is_dir():
        root = source.resolve()
        yield from ((escape_unprintable(path.relative_to(root).as_posix()), path) for path in _files(root))
    else:
        yield escape_unprintable(source.name), source


def bytes_of(source: Path) -> int:
    """Give the bytes that a source has on the disk; raise NotReadOrWritten if it is not there."""
    try:
        source.stat()
        return sum(path.stat().st_size for _, path in inputs(source) if path.is_file())
    except OSError as error:
        raise NotReadOrWritten.from_os(error, source) from None


def demand(source: Path, expected: int) -> None:
    """Raise NotReadOrWritten if this machine does not have a source as another one has it."""
    if (found := bytes_of(source)) != expected:
        raise NotReadOrWritten(f"{source}: expected {expected} bytes, as where the run began, found {found}")


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
            raise NotReadOrWritten.from_os(error, path) from None


def _size_of_file(path: Path) -> int:
    """Give the size of a file, in bytes; raise BadValue if it is something that must not be read."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise BadValue("a file", "something that is not one: a device, a pipe or a link to a folder")
    return found.st_size


def _units_of_zip(zips: ZipCache, path: Path, name: str, size: int) -> Iterator[Unit | Problem]:
    zips.close()  # the file may be another one by now
    opened = zips.open(path)
    for inside, why, severity in opened.left_out:
        told = unreadable(f"{name}!{inside}" if inside else name, why)
        yield replace(told, severity=severity)
    for start in range(0, len(opened.members), _TOGETHER):
        yield Unit(path, name, size, range(start, min(start + _TOGETHER, len(opened.members))))


def _member(name: str, opened: Opened, member: ZipInfo) -> Document | LargeDocument:
    if (data := opened.at_once(member)) is not None:
        return Document(name, data)
    with zip_file.damage_told("member of an archive"):
        return _seen(name, partial(opened.open, member), MAX_RATIO * member.compress_size)


def _seen(name: str, opened: Callable[[], IO[bytes]], limit: int) -> Document | LargeDocument:
    """Read a document whole, by chunks, or see to it that one too large for that can be read to its end.

    The limits hold for what comes out, whatever an archive declares; below a megabyte, none is too large.
    """
    data, limit = bytearray(), max(limit, 2**20)
    with opened() as stream:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if len(data) > limit:
                raise BadValue(f"at most {limit} bytes", "more")
            if len(data) > MAX_BYTES:
                return _large(name, bytes(data[:_CHUNK]), opened, limit)
    return Document(name, bytes(data))


def _large(name: str, start: bytes, opened: Callable[[], IO[bytes]], limit: int) -> LargeDocument:
    streamer_of(start)
    digest, size = hashlib.sha256(), 0
    with opened() as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > min(limit, MAX_LARGE):
                raise BadValue(f"at most {min(limit, MAX_LARGE)} bytes", "more")
    return LargeDocument(name, digest.hexdigest(), size, start, opened)


def _missing(path: Path, name: str, error: OSError) -> Problem:
    """Tell of a file that is gone; raise NotReadOrWritten if it is the machine that cannot read."""
    if error.errno not in (errno.ENOENT, errno.ELOOP):
        raise NotReadOrWritten.from_os(error, path) from None
    return unreadable(name, BadValue("a file", "a link that leads nowhere"))


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
