"""A delta applied: the next release is made of a release, checked, and made the current one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO

from lod.compression import Compression, PartJoiner, compress_part, open_decompressed
from lod.delta.records import Add, ChangedFile, Copy, DeltaHead, Record, Skip, read_records
from lod.errors import CheckFailed, Refused, quote
from lod.release import MANIFEST, RELEASES, DraftFile, Release, digest
from lod.release.draft import BUSY
from lod.release.manifest import load
from lod.versioned_dir import VersionedDirectory

_BLOCK = 2**20


def patch(release: Release, delta: Path, out: Path) -> Path:
    """Make the next release of a release the current one of an output folder, and return its path.

    Raise CheckFailed if the delta or the release is damaged, or if not every byte is as it was published;
    Refused if the delta is for another release. Nothing is then published.
    """
    records = read_records(delta)
    head = next(records, None)
    if not isinstance(head, DeltaHead):
        raise CheckFailed(f"{delta}: expected the release that it is for, found none")
    if (head.before, head.before_manifest) != (
        release.manifest.release,
        digest(release.folder / MANIFEST),
    ):
        raise Refused(
            f"{delta}: expected a delta for release {release.manifest.release}, "
            f"found one for release {head.before}; apply it to that one"
        )
    with VersionedDirectory.locked(out, RELEASES, BUSY, allow_files=True) as directory:
        _Patch(release, delta, directory.staging).run(records, head)
        return directory.publish(directory.staging, head.after)


class _Patch:
    """Makes the files of the next release in a folder."""

    def __init__(self, release: Release, delta: Path, folder: Path) -> None:
        self._release, self._delta, self._folder = release, delta, folder

    def run(self, records: Iterator[Record], head: DeltaHead) -> None:
        """Make all files, first the manifest; raise CheckFailed if one is not as it was published."""
        made, record = set[str](), next(records, None)
        while isinstance(record, ChangedFile):
            made.add(record.path)
            record = self._make(record, records)
        if record is not None:
            raise CheckFailed(f"{self._delta}: expected a file, found {quote(type(record).__name__)}")
        place = self._folder / MANIFEST
        if not place.is_file() or digest(place) != head.after_manifest:
            raise self._wrong(MANIFEST)
        for file in load(self._folder).files:
            if file.path not in made:
                self._copy(file.path)
            if digest(self._folder / file.path) != file.sha256:
                raise self._wrong(file.path)

    def _make(self, file: ChangedFile, records: Iterator[Record]) -> Record | None:
        """Make a file by the steps that follow, and return the record after them."""
        pure = PurePosixPath(file.path)
        if pure.is_absolute() or ".." in pure.parts:
            raise CheckFailed(f"{self._delta}: expected files of the release, found {quote(file.path)}")
        how = Compression(file.compression)
        target = DraftFile(self._folder / file.path)
        output = _PartOutput(target, how, file.parts)
        with ExitStack() as stack:
            stack.callback(target.close)
            old = self._old(file, how, stack)
            record = next(records, None)
            while isinstance(record, Copy | Skip | Add):
                for data in [record.data] if isinstance(record, Add) else self._read(old, record.size):
                    if not isinstance(record, Skip):
                        output.write(data)
                record = next(records, None)
            output.finish()
            target.finish(file.path)
        return record

    def _old(self, file: ChangedFile, how: Compression, stack: ExitStack) -> IO[bytes] | None:
        if file.old is None:
            return None
        if file.old != MANIFEST:
            self._release.check_files([file.old])
        return stack.enter_context(open_decompressed(self._release.folder / file.old, how))

    def _read(self, old: IO[bytes] | None, size: int) -> Iterator[bytes]:
        while size:
            data = old.read(min(size, _BLOCK)) if old else b""
            if not data:
                raise CheckFailed(f"{self._delta}: expected more bytes in a file of the release before")
            size -= len(data)
            yield data

    def _copy(self, path: str) -> None:
        place = self._folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._release.file(path), place)
        with place.open("rb") as stream:
            os.fsync(stream.fileno())

    def _wrong(self, path: str) -> CheckFailed:
        return CheckFailed(
            f"{self._delta}: expected {path} as it was published, made another one; "
            "another version of this program may compress otherwise: get the release itself"
        )


class _PartOutput:
    """A file that is compressed in parts of given sizes, or written as it is."""

    def __init__(self, file: DraftFile, how: Compression, sizes: tuple[int, ...]) -> None:
        self._file, self._how, self._sizes = file, how, iter(sizes)
        self._joiner, self._part = PartJoiner(how), bytearray()
        file.write_bytes(self._joiner.start())
        self._size = next(self._sizes, None)

    def write(self, data: bytes) -> None:
        """Append uncompressed bytes."""
        if self._how is Compression.NONE:
            self._file.write_bytes(data)
            return
        self._part += data
        self._write_parts()

    def finish(self) -> None:
        """Write the end."""
        self._write_parts()
        self._file.write_bytes(self._joiner.end())

    def _write_parts(self) -> None:
        while self._size is not None and len(self._part) >= self._size:
            part = compress_part(bytes(self._part[: self._size]), self._how)
            self._file.write_bytes(self._joiner.add(part))
            del self._part[: self._size]
            self._size = next(self._sizes, None)
