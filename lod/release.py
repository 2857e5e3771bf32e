"""A release directory: written whole beside the others, then made current in one step, or not at all."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lod.errors import Busy, NotReadOrWritten, Refused

MANIFEST = "manifest.json"
SHRINK_LIMIT = 0.05
"""The share of the questions that a release may have lost against the last one before it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A finished file of a release."""

    path: str
    bytes: int
    sha256: str
    triples: int | None

    def as_json(self) -> dict[str, Any]:
        """Give the entry of the manifest."""
        entry: dict[str, Any] = {"path": self.path, "bytes": self.bytes, "sha256": self.sha256}
        return entry if self.triples is None else {**entry, "triples": self.triples}


class Part:
    """A file being written: what goes in is counted and digested on the way."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("wb")
        self._digest = hashlib.sha256()
        self._bytes = 0
        self.triples: int | None = None

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
        return File(path=path, bytes=self._bytes, sha256=self._digest.hexdigest(), triples=self.triples)

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        with contextlib.suppress(OSError):
            self._stream.close()


class Draft:
    """A release being written, out of sight of readers."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._staging = out / ".staging"
        self._parts: dict[str, Part] = {}
        self.files: dict[str, File] = {}

    def part(self, path: str) -> Part:
        """Begin a file of the release, or begin it anew."""
        if path in self._parts:
            self._parts[path].abandon()
        self._parts[path] = Part(self._staging / path)
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

    def has(self, files: Iterable[File]) -> None:
        """Take in files that others have finished in its folder."""
        self.files.update((file.path, file) for file in files)

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
        for folder, _, _ in os.walk(self._staging):
            _sync(Path(folder))
        place = self._out / "releases" / release
        place.parent.mkdir(exist_ok=True)
        if is_whole(place) and (place / MANIFEST).read_bytes() == (self._staging / MANIFEST).read_bytes():
            shutil.rmtree(self._staging)
        else:
            shutil.rmtree(place, ignore_errors=True)
            self._staging.rename(place)
        _sync(place.parent)
        self._point_current_to(Path("releases") / release)
        return place

    def _point_current_to(self, target: Path) -> None:
        fresh = self._out / ".current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self._out / "current")
        _sync(self._out)


@contextlib.contextmanager
def draft(out: Path) -> Iterator[Draft]:
    """Hold an output directory and begin a release in it; whatever ends the build early leaves no trace.

    Raise Busy if another build holds the directory, NotReadOrWritten if the disk fails.
    """
    held = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        held = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{out}: another build holds this directory") from None
        begun = Draft(out)
        begun.abandon()
        try:
            yield begun
        finally:
            begun.abandon()
    except OSError as error:
        raise NotReadOrWritten(f"{error.filename or out}: {error.strerror}") from error
    finally:
        if held is not None:
            os.close(held)


def is_whole(release: Path) -> bool:
    """Say whether every file of a release is there with the bytes that its manifest lists."""
    try:
        files = json.loads((release / MANIFEST).read_text(encoding="utf-8"))["files"]
        return all(digest(release / file["path"]) == file["sha256"] for file in files)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def refuse_to_shrink(out: Path, questions: int) -> None:
    """Raise Refused if the current release has many more questions than are about to be published."""
    if not os.path.lexists(out / "current"):
        return
    current = out / "current" / MANIFEST
    try:
        before = int(json.loads(current.read_text(encoding="utf-8"))["counts"]["questions"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise Refused(
            f"{current}: expected the manifest of the last release, found none that can be read; "
            "say --allow-shrink to publish all the same"
        ) from None
    if questions < before * (1 - SHRINK_LIMIT):
        raise Refused(
            f"{out}: expected at least about {before} questions as in the last release, found {questions}; "
            "say --allow-shrink if that is meant"
        )


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
