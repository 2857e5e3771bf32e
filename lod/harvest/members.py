"""The members of an archive: each read to its end and checked, and compared with those before."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from lod.errors import BadValue, escape_unprintable, quote
from lod.harvest.client import Deadline
from lod.harvest.mirror import MirroredMember

_MAX_MEMBERS = 1_000_000
_MAX_RATIO = 200
"""How many times its size an archive may unpack to, and a little more if it is small."""
_SMALL_BYTES = 2**26
_CHUNK_BYTES = 2**18
_ENCRYPTED_FLAG = 0x1
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    IndexError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)
"""The exceptions that the library raises for damaged or harmful archives."""


class MemberChanges(Struct, frozen=True, kw_only=True):
    """How many members an archive has, and how it differs from the one before."""

    total: int
    added: int
    changed: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def read_members(path: Path, deadline: Deadline) -> list[zipfile.ZipInfo]:
    """Return the members of an archive; raise BadValue if any is damaged or the archive harmful.

    No more is unpacked of a member than the size that it declares.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_sizes(members, path.stat().st_size)
            for member in members:
                _check_member(archive, member, deadline)
    except _ZIP_ERRORS as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("a whole zip", f"a damaged one ({escape_unprintable(str(error)[:200])})") from None
    return members


def _check_sizes(members: list[zipfile.ZipInfo], archive_bytes: int) -> None:
    if not 0 < len(members) <= _MAX_MEMBERS:
        raise BadValue(f"a zip of 1 to {_MAX_MEMBERS} files", f"one of {len(members)}")
    limit = _MAX_RATIO * archive_bytes + _SMALL_BYTES
    if sum(member.file_size for member in members) > limit:
        raise BadValue(f"a zip of this size that unpacks to at most {limit} bytes", "one that declares more")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, deadline: Deadline) -> None:
    """Read a member to its end, which compares its checksum."""
    if member.flag_bits & _ENCRYPTED_FLAG:
        raise BadValue("readable members", f"an encrypted one, {quote(member.filename)}")
    size = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            deadline.check()
    if size != member.file_size:
        raise BadValue(
            f"{member.file_size} bytes of {quote(member.filename)}", f"{size}: the archive is damaged"
        )


def mirrored(
    members: list[zipfile.ZipInfo], before: Mapping[str, MirroredMember], fetched: datetime
) -> dict[str, MirroredMember]:
    """Return what the index says of members: one with the bytes that it had before keeps its first fetch."""
    found = dict[str, MirroredMember]()
    for member in members:
        crc32, known = f"{member.CRC:08x}", before.get(member.filename)
        if not (known and known.is_same(crc32, member.file_size)):
            known = MirroredMember(crc32=crc32, size=member.file_size, first_fetched=fetched)
        found.setdefault(member.filename, known)
    return found


def compare(before: Mapping[str, MirroredMember], after: Mapping[str, MirroredMember]) -> MemberChanges:
    """Return how the members of an archive differ from those before."""
    both = before.keys() & after.keys()
    return MemberChanges(
        total=len(after),
        added=len(after.keys() - both),
        changed=sum(not before[name].is_same(after[name].crc32, after[name].size) for name in both),
        removed=len(before.keys() - both),
    )
