"""A release directory: written whole beside the others, then made current in one step, or not at all."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lod import disk
from lod.release.manifest import MANIFEST, Dump, File, Table, digest, is_whole

_KEPT = "releases"


class DraftPart:
    """A file being written: what goes in is counted and digested on the way."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("wb")
        self._digest = hashlib.sha256()
        self._bytes = 0
        self.triples: int | None = None
        self.dump: Dump | None = None
        self.table: Table | None = None

    def write(self, text: str) -> None:
        """Append text in UTF-8."""
        self.write_bytes(text.encode())

    def write_bytes(self, data: bytes) -> None:
        """Append bytes."""
        self._stream.write(data)
        self._digest.update(data)
        self._bytes += len(data)

    def finish(self, path: str) -> File:
        """Put the file on the disk for good."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        return File(
            path=path,
            bytes=self._bytes,
            sha256=self._digest.hexdigest(),
            triples=self.triples,
            dump=self.dump,
            table=self.table,
        )

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        with contextlib.suppress(OSError):
            self._stream.close()


class Draft:
    """A release being written, out of sight of readers."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._staging = out / disk.STAGING
        self._parts: dict[str, DraftPart] = {}
        self.files: dict[str, File] = {}

    def part(self, path: str) -> DraftPart:
        """Begin a file of the release."""
        self._parts[path] = DraftPart(self._staging / path)
        return self._parts[path]

    def write(self, path: str, text: str, triples: int | None = None) -> File:
        """Write a whole file of the release."""
        part = self.part(path)
        part.write(text)
        part.triples = triples
        return self.finish(path)

    def finish(self, path: str) -> File:
        """Finish a file that was begun."""
        self.files[path] = self._parts[path].finish(path)
        del self._parts[path]
        return self.files[path]

    def drop(self, path: str) -> None:
        """Take back a file that was begun, if it was."""
        if part := self._parts.pop(path, None):
            part.abandon()
            (self._staging / path).unlink()

    def has(self, files: Iterable[File]) -> None:
        """Take in files that others have finished in its folder."""
        self.files.update((file.path, file) for file in files)

    def adopt(self, path: str, table: Table) -> File:
        """Take in a table that a library has written at its place, and put it on the disk for good."""
        place = self._staging / path
        disk.sync(place)
        size = place.stat().st_size
        self.files[path] = File(path=path, bytes=size, sha256=digest(place), table=table)
        return self.files[path]

    def folder(self, name: str = "") -> Path:
        """Give the folder of the release, or one in it that is not part of it."""
        return self._staging / name

    def discard(self, name: str) -> None:
        """Remove a folder that is not part of the release."""
        shutil.rmtree(self._staging / name, ignore_errors=True)

    def digest(self, also: str) -> str:
        """Give the digest of the files so far and of what else makes this release what it is."""
        content = "".join(f"{file.sha256} {path}\n" for path, file in sorted(self.files.items()))
        return hashlib.sha256((content + also).encode()).hexdigest()

    def clear(self) -> None:
        """Remove the files of the release, finished or not, to begin it anew."""
        for part in self._parts.values():
            part.abandon()
        for name in {Path(path).parts[0] for path in (*self.files, *self._parts)}:
            place = self._staging / name
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        self._parts, self.files = {}, {}

    def abandon(self) -> None:
        """Remove what was written."""
        for part in self._parts.values():
            part.abandon()
        if self._staging.is_symlink():
            self._staging.unlink()
        shutil.rmtree(self._staging, ignore_errors=True)

    def publish(self, release: str, manifest: dict[str, Any]) -> Path:
        """Make this the current release; the same release, already there and whole, is kept as it is."""
        entries = [self.files[path].as_json() for path in sorted(self.files)]
        self.write(MANIFEST, json.dumps({**manifest, "files": entries}, ensure_ascii=False, indent=2) + "\n")
        disk.sync_folders(self._staging)
        place = self._out / _KEPT / release
        place.parent.mkdir(exist_ok=True)
        if is_whole(place) and (place / MANIFEST).read_bytes() == (self._staging / MANIFEST).read_bytes():
            shutil.rmtree(self._staging)
        else:
            shutil.rmtree(place, ignore_errors=True)
            self._staging.rename(place)
        disk.sync(place.parent)
        disk.point_current(self._out, Path(_KEPT) / release)
        return place


@contextlib.contextmanager
def draft(out: Path) -> Iterator[Draft]:
    """Hold an output directory and begin a release in it; whatever ends the build early leaves no trace.

    Raise Misused if what is current there is no release, Busy if another build holds the directory,
    NotReadOrWritten if the disk fails.
    """
    with disk.locked(out, "another build holds this directory"):
        disk.refuse_foreign(out, _KEPT)
        begun = Draft(out)
        begun.abandon()
        try:
            yield begun
        finally:
            begun.abandon()
