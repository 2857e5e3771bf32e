"""The file of a delta: a line with its SHA-256, then records that are compressed together."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from lod.compression import ZstdError, open_zstd
from lod.errors import CheckFailed, quote

_MAGIC = b"lod-delta-1 "
_HEAD = len(_MAGIC) + 64 + 1


class DeltaHead(msgspec.Struct, frozen=True, kw_only=True, tag="release"):
    """Which release a delta is for and which it makes, with the SHA-256 of their manifests."""

    before: str
    before_manifest: str
    after: str
    after_manifest: str


class ChangedFile(msgspec.Struct, frozen=True, kw_only=True, tag="file"):
    """The file that the next steps make: from which file of the release before, if from any.

    `parts` are the uncompressed sizes of the parts that are compressed apart.
    """

    path: str
    old: str | None = None
    compression: str = "none"
    parts: tuple[int, ...] = ()


class Copy(msgspec.Struct, frozen=True, tag="copy"):
    """So many bytes are as in the old file."""

    size: int


class Skip(msgspec.Struct, frozen=True, tag="skip"):
    """So many bytes of the old file are left out."""

    size: int


class Add(msgspec.Struct, frozen=True, tag="add"):
    """These bytes come next."""

    data: bytes


class EndOfDelta(msgspec.Struct, frozen=True, tag="end"):
    """The delta is whole."""


Step: TypeAlias = Copy | Skip | Add
"""How the next bytes of a file are made."""
Record: TypeAlias = DeltaHead | ChangedFile | Step | EndOfDelta


class DeltaWriter:
    """Writes the records of a delta; the file is there only when all are."""

    def __init__(self, path: Path) -> None:
        self._path, self._body = path, path.with_name(f"{path.name}.body")
        self._stream = open_zstd(self._body, "wb")

    def write(self, record: Record) -> None:
        """Append a record."""
        data = msgspec.msgpack.encode(record)
        self._stream.write(len(data).to_bytes(4, "big") + data)

    def finish(self) -> None:
        """Write the end, and put the delta in place."""
        self.write(EndOfDelta())
        self._stream.close()
        with self._body.open("rb") as body, self._path.open("wb") as whole:
            digest = hashlib.file_digest(body, "sha256").hexdigest()
            body.seek(0)
            whole.write(_MAGIC + digest.encode() + b"\n")
            while block := body.read(2**20):
                whole.write(block)
            whole.flush()
            os.fsync(whole.fileno())
        self._body.unlink()


def read_records(path: Path) -> Iterator[Record]:
    """Yield the records of a delta; raise CheckFailed if it is none, or not the one that was written."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if not head.startswith(_MAGIC):
            raise CheckFailed(f"{path}: expected a delta between releases, found another file")
        found = hashlib.file_digest(stream, "sha256").hexdigest().encode()
        if head != _MAGIC + found + b"\n":
            raise CheckFailed(
                f"{path}: expected the delta that was published, found another one: its SHA-256 is not the "
                "one in its first line; get it again"
            )
        stream.seek(_HEAD)
        yield from _records(path, stream)


def _records(path: Path, stream: IO[bytes]) -> Iterator[Record]:
    try:
        with open_zstd(stream, "rb") as body:
            while size := body.read(4):
                record: Record = msgspec.msgpack.decode(body.read(int.from_bytes(size, "big")), type=Record)
                if isinstance(record, EndOfDelta):
                    return
                yield record
    except (ZstdError, EOFError, msgspec.DecodeError) as error:
        raise CheckFailed(
            f"{path}: expected the records of a delta, found {quote(str(error), 100)}"
        ) from None
    raise CheckFailed(f"{path}: expected a whole delta, found one without its end")
