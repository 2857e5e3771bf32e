"""The manifest of a release: its files, what each of them contains, how many questions there are."""

import hashlib
import json
import os
import re
from datetime import date
from pathlib import Path

import msgspec

from lod.errors import CheckFailed, LodError, NotReadOrWritten, Refused, quote
from lod.formats import DATA_FILES
from lod.release_files import File
from lod.versioned_dir import CURRENT

MANIFEST = "manifest.json"
WITHDRAWN = "withdrawn.ttl"
"""The file with the tombstones of questions that earlier releases had, if there are any."""
SOURCES = "sources.jsonl"
"""The file that lists the documents of a release that were fetched, if any were."""
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
"""What the name of a release looks like; folders and files are named after it."""
SHRINK_LIMIT = 0.05
"""A release that has lost more than this share of the questions of the last one is refused."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a manifest that readers of a release use."""

    release: str
    base: str
    counts: dict[str, int]
    files: list[File]
    formats: tuple[str, ...] = DATA_FILES
    """The formats of its data files; not stated if it has them all."""

    @property
    def last_day(self) -> date:
        """The last day on which anything in it was published; raise ValueError if its name has none."""
        return date.fromisoformat(self.release[:10])


def load(folder: Path) -> Manifest:
    """Read the manifest of a release; raise CheckFailed if there is no valid one."""
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        hint = f": is it « {folder / CURRENT} »?" if (folder / CURRENT / MANIFEST).exists() else ""
        raise CheckFailed(f"{folder}: expected a release with its {MANIFEST}, found none{hint}") from None
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CheckFailed(
            f"{path}: expected the manifest of a release, found {quote(str(error), 100)}"
        ) from None
    if not _NAME.fullmatch(manifest.release):
        found = quote(manifest.release)
        raise CheckFailed(f"{path}, release: expected a name without a path, found {found}")
    return manifest


def is_whole(release: Path) -> bool:
    """Return whether every file of a release has the digest that its manifest lists."""
    try:
        files = json.loads((release / MANIFEST).read_text(encoding="utf-8"))["files"]
        return all(digest(release / file["path"]) == file["sha256"] for file in files)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def refuse_to_shrink(out: Path, questions: int) -> None:
    """Raise Refused if the current release has many more questions than the one about to be published."""
    if not os.path.lexists(out / CURRENT):
        return
    current = out / CURRENT / MANIFEST
    try:
        before = int(json.loads(current.read_text(encoding="utf-8"))["counts"]["questions"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise Refused(
            f"{current}: expected the manifest of the last release, found none that can be read; "
            "use --allow-shrink to publish all the same"
        ) from None
    if questions < before * (1 - SHRINK_LIMIT):
        raise Refused(
            f"{out}: expected at least about {before} questions as in the last release, found {questions}; "
            "use --allow-shrink if that is intended"
        )


def last_counts(out: Path) -> dict[str, int]:
    """Return the counts of the current release; empty if there is none that can be read."""
    try:
        return load(out / CURRENT).counts
    except LodError:
        return {}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
