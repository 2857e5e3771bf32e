"""A release being written in a staging folder; it becomes the current release in one step, or not at all."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lod.release import seal
from lod.release.manifest import MANIFEST, digest, is_whole
from lod.release_files import Dump, File, LinkDump, Table
from lod.versioned_dir import VersionedDirectory, sync

RELEASES = "releases"
"""The subfolder of an output folder in which the releases are."""
BUSY = "another build uses this directory"


@contextlib.contextmanager
def open_draft(out: Path) -> Iterator["Draft"]:
    """Lock an output directory and begin a release in it; a build that ends early leaves no trace.

    Raise Misused if `current` there is not a release, Busy if another build uses the directory,
    NotReadOrWritten if the disk fails.
    """
    with VersionedDirectory.locked(out, RELEASES, BUSY, allow_files=True) as directory:
        draft = Draft(directory)
        try:
            yield draft
        finally:
            draft.close()


class Draft:
    """A release being written, out of sight of readers."""

    def __init__(self, directory: VersionedDirectory) -> None:
        self._directory = directory
        self._staging = directory.staging
        self._open: dict[str, DraftFile] = {}
        self.files: dict[str, File] = {}

    def open(self, path: str) -> "DraftFile":
        """Begin a file of the release."""
        self._open[path] = DraftFile(self._staging / path)
        return self._open[path]

    def finish(self, path: str) -> File:
        """Finish a file that was begun."""
        self.files[path] = self._open[path].finish(path)
        del self._open[path]
        return self.files[path]

    def write(self, path: str, text: str, triples: int | None = None) -> File:
        """Write a whole file of the release."""
        file = self.open(path)
        file.write(text)
        file.triples = triples
        return self.finish(path)

    def drop(self, path: str) -> None:
        """Remove a file that was begun, if there is one."""
        if file := self._open.pop(path, None):
            file.close()
            (self._staging / path).unlink()

    def add_finished(self, files: Iterable[File]) -> None:
        """Add files that other processes have finished in the folder of the release."""
        self.files.update((file.path, file) for file in files)

    def add_table(self, path: str, table: Table) -> File:
        """Add a table that a library has written at its path, and sync it to disk."""
        place = self._staging / path
        sync(place)
        size = place.stat().st_size
        self.files[path] = File(path=path, bytes=size, sha256=digest(place), table=table)
        return self.files[path]

    def folder(self, name: str = "") -> Path:
        """Return the folder of the release, or a path in it."""
        return self._staging / name

    def remove_folder(self, name: str) -> None:
        """Remove a folder that is not part of the release."""
        shutil.rmtree(self._staging / name, ignore_errors=True)

    def clear(self) -> None:
        """Remove the files of the release, finished or not, to begin anew."""
        self.close()
        for name in {Path(path).parts[0] for path in (*self.files, *self._open)}:
            place = self._staging / name
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        self._open, self.files = {}, {}

    def close(self) -> None:
        """Close the files that were not finished."""
        for file in self._open.values():
            file.close()

    def publish(self, manifest: dict[str, Any]) -> Path:
        """Name this release and make it the current one; if it is there already and whole, that one is kept.

        The manifest and the catalogues have what stands for the name, which is replaced by it.
        """
        release = seal.name({**manifest, "files": self._entries()}, {})
        for name in seal.CATALOGUES:
            text = (self._staging / name).read_text(encoding="utf-8")
            self.write(name, text.replace(manifest["release"], release), self.files[name].triples)
        self.write(MANIFEST, seal.serialize({**manifest, "release": release, "files": self._entries()}))
        path = self._directory.version(release)
        if is_whole(path) and (path / MANIFEST).read_bytes() == (self._staging / MANIFEST).read_bytes():
            return self._directory.select(release)
        return self._directory.publish(self._staging, release)

    def _entries(self) -> list[dict[str, Any]]:
        return [self.files[path].as_json() for path in sorted(self.files)]


class DraftFile:
    """A file being written; its bytes are counted and digested on the way."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("wb")
        self._digest = hashlib.sha256()
        self._bytes = 0
        self.triples: int | None = None
        self.dump: Dump | None = None
        self.table: Table | None = None
        self.links: LinkDump | None = None

    def write(self, text: str) -> None:
        """Append text in UTF-8."""
        self.write_bytes(text.encode())

    def write_bytes(self, data: bytes) -> None:
        """Append bytes."""
        self._stream.write(data)
        self._digest.update(data)
        self._bytes += len(data)

    def finish(self, path: str) -> File:
        """Sync the file to disk, close it and return its entry under its path in the release."""
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
            links=self.links,
        )

    def close(self) -> None:
        """Close a file that will not be finished."""
        with contextlib.suppress(OSError):
            self._stream.close()
