"""The documents of a file, a folder or a zip: streamed, bounded in size, never unpacked to disk."""

import errno
import hashlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZipInfo

from lod.dates import date_in_name
from lod.errors import BadValue, Cause, NotReadOrWritten, Problem, Severity, escape_unprintable
from lod.source import zip_file
from lod.source.detect import find_stream_reader
from lod.source.document import MAX_BYTES, Document, LargeDocument
from lod.source.zip_file import HIDDEN_FILE, MAX_RATIO, OpenZip, ZipCache, is_hidden

MAX_STREAMED_BYTES = 16 * 2**30
"""No list of all questions of a legislature comes near this size."""

_MEMBERS_PER_UNIT = 100
_CHUNK = 2**16


class Unit(NamedTuple):
    """Documents to read together: a file, or a range of an archive's members in the order of names.

    `size` is that of the file, in bytes; `dated` is the day in its name, or in that of the source.
    """

    path: Path
    name: str
    size: int
    members: range | None = None
    dated: date | None = None


def read_documents(source: Path) -> Iterator[Document | LargeDocument | Problem]:
    """Yield the documents of a source in the order of their names; what cannot be read is a Problem."""
    zips = ZipCache()
    for unit in list_units(source, zips):
        yield from (unit,) if isinstance(unit, Problem) else read_unit(unit, zips)


def list_units(source: Path, zips: ZipCache) -> Iterator[Unit | Problem]:
    """Divide a source into units that can be read independently."""
    date_of_source = date_in_name(source.absolute().name)
    for name, path in list_files(source.absolute()):
        if is_hidden(name):
            yield replace(unreadable_document(name, HIDDEN_FILE), severity=Severity.WARNING)
            continue
        try:
            file = Unit(path, name, _file_size(path), None, date_in_name(name) or date_of_source)
            if zip_file.is_zip(path):
                yield from _zip_units(zips, file)
            else:
                yield file
        except BadValue as bad:
            yield unreadable_document(name, bad)
        except OSError as error:
            yield _missing_file(path, name, error)


def read_unit(unit: Unit, zips: ZipCache) -> Iterator[Document | LargeDocument | Problem]:
    """Yield the documents of a unit; its archive stays open in the cache for the next unit."""
    try:
        if unit.members is None:
            origin = _Origin(unit.name, unit.dated)
            yield _load(origin, lambda: unit.path.open("rb"), MAX_STREAMED_BYTES)
            return
        archive = zips.open(unit.path)
        for member in archive.members[unit.members.start : unit.members.stop]:
            member_name = f"{unit.name}!{escape_unprintable(member.filename)}"
            try:
                dated = zip_file.member_date(member) or date_in_name(member.filename) or unit.dated
                yield _read_member(_Origin(member_name, dated), archive, member)
            except BadValue as bad:
                yield unreadable_document(member_name, bad)
    except BadValue as bad:
        yield unreadable_document(unit.name, bad)
    except OSError as error:
        yield _missing_file(unit.path, unit.name, error)


def list_files(source: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a source, each with its name and path."""
    if source.is_dir():
        root = source.resolve()
        yield from ((escape_unprintable(path.relative_to(root).as_posix()), path) for path in _walk(root))
    else:
        yield escape_unprintable(source.name), source


def total_size(source: Path) -> int:
    """Return the size of a source on disk, in bytes; raise NotReadOrWritten if it is missing."""
    try:
        source.stat()
        return sum(path.stat().st_size for _, path in list_files(source) if path.is_file())
    except OSError as error:
        raise NotReadOrWritten.from_os(error, source) from None


def require_size(source: Path, expected: int) -> None:
    """Raise NotReadOrWritten unless a source has the expected size on this machine."""
    if (found := total_size(source)) != expected:
        raise NotReadOrWritten(
            f"{source}: expected {expected} bytes as at the start of the run, found {found}"
        )


def _walk(folder: Path) -> Iterator[Path]:
    """Walk a folder in the order of names; links to folders are not followed."""
    pending = [folder]
    while pending:
        path = pending.pop()
        if path.is_symlink() or not path.is_dir():
            yield path
            continue
        try:
            pending += sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            raise NotReadOrWritten.from_os(error, path) from None


def _file_size(path: Path) -> int:
    """Return the size of a file in bytes; raise BadValue if it is a device, a pipe or a link to a folder."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise BadValue("a file", "a device, a pipe or a link to a folder")
    return status.st_size


def _zip_units(zips: ZipCache, file: Unit) -> Iterator[Unit | Problem]:
    zips.close()  # the file may be another one by now
    archive, name = zips.open(file.path), file.name
    for member_name, error, severity in archive.skipped:
        problem = unreadable_document(f"{name}!{member_name}" if member_name else name, error)
        yield replace(problem, severity=severity)
    for start in range(0, len(archive.members), _MEMBERS_PER_UNIT):
        members = range(start, min(start + _MEMBERS_PER_UNIT, len(archive.members)))
        yield file._replace(members=members)


class _Origin(NamedTuple):
    """The name of a document, and the day that its archive or a name gives it."""

    name: str
    dated: date | None


def _read_member(origin: _Origin, archive: OpenZip, member: ZipInfo) -> Document | LargeDocument:
    if (data := archive.read_small(member)) is not None:
        return Document(origin.name, data, origin.dated)
    with zip_file.translate_zip_errors("member of an archive"):
        return _load(origin, partial(archive.open, member), MAX_RATIO * member.compress_size)


def _load(origin: _Origin, open_stream: Callable[[], IO[bytes]], limit: int) -> Document | LargeDocument:
    """Read a document whole, or check that one too large for that can be read to its end as a stream.

    The limits apply to the bytes that come out, whatever an archive declares. Anything up to a megabyte is
    accepted.
    """
    data, limit = bytearray(), max(limit, 2**20)
    with open_stream() as stream:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if len(data) > limit:
                raise BadValue(f"at most {limit} bytes", "more")
            if len(data) > MAX_BYTES:
                return _scan_large(origin, bytes(data[:_CHUNK]), open_stream, limit)
    return Document(origin.name, bytes(data), origin.dated)


def _scan_large(
    origin: _Origin, start: bytes, open_stream: Callable[[], IO[bytes]], limit: int
) -> LargeDocument:
    find_stream_reader(start)
    digest, size = hashlib.sha256(), 0
    with open_stream() as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > min(limit, MAX_STREAMED_BYTES):
                raise BadValue(f"at most {min(limit, MAX_STREAMED_BYTES)} bytes", "more")
    return LargeDocument(origin.name, digest.hexdigest(), size, start, open_stream, origin.dated)


def _missing_file(path: Path, name: str, error: OSError) -> Problem:
    """Return the problem of a file that is gone; raise NotReadOrWritten if this machine failed to read it."""
    if error.errno not in (errno.ENOENT, errno.ELOOP):
        raise NotReadOrWritten.from_os(error, path) from None
    return unreadable_document(name, BadValue("a file", "a broken link"))


def unreadable_document(name: str, bad: BadValue) -> Problem:
    """Return the problem of a document that could not be read at all."""
    return Problem(
        document=name,
        place=bad.place or "",
        expected=bad.expected,
        found=bad.found,
        severity=Severity.REJECTED,
        cause=Cause.DOCUMENT,
    )
