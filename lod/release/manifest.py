"""The manifest of a release: which files it has, what each of them holds, how many questions there are."""

import enum
import hashlib
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from lod.compression import Compression
from lod.disk import CURRENT
from lod.errors import CheckFailed, NotReadOrWritten, Refused, quote

MANIFEST = "manifest.json"
WITHDRAWN = "withdrawn.ttl"
"""The file with the tombstones, if there are any: of questions that earlier releases had."""
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
"""A name of a release, of which those of folders and files are made."""
SHRINK_LIMIT = 0.05
"""The share of the questions that a release may have lost against the last one before it is refused."""


class DumpScope(enum.StrEnum):
    """What is in a dump: questions and what they share, or one without the other."""

    ALL = "all"
    QUESTIONS = "questions"
    SHARED = "shared"


class Dump(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a dump is: its format (`nt`), its compression, what it holds; of questions, of which."""

    format: str
    compression: Compression
    holds: DumpScope
    legislature: int | None = None
    type: str | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a table is: its format (`csv`, `parquet`), its compression, its rows, one a question."""

    format: str
    compression: Compression
    rows: int


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A finished file of a release."""

    path: str
    bytes: int
    sha256: str
    triples: int | None = None
    dump: Dump | None = None
    table: Table | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the entry of the manifest."""
        entry: dict[str, Any] = msgspec.to_builtins(self)
        return entry


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a manifest says to those who read a release."""

    release: str
    base: str
    counts: dict[str, int]
    files: list[File]

    @property
    def last_day(self) -> date:
        """The last day on which anything in the release was published; raise ValueError if it names none."""
        return date.fromisoformat(self.release[:10])


def load(folder: Path) -> Manifest:
    """Read the manifest of a release; raise CheckFailed if there is none, or something else."""
    path = folder / MANIFEST
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        hint = f": is it « {folder / CURRENT} »?" if (folder / CURRENT / MANIFEST).exists() else ""
        raise CheckFailed(f"{folder}: expected a release with its {MANIFEST}, found none{hint}") from None
    except OSError as error:
        raise NotReadOrWritten(f"{path}: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CheckFailed(
            f"{path}: expected the manifest of a release, found {quote(str(error), 100)}"
        ) from None
    if not _NAME.fullmatch(found.release):
        raise CheckFailed(f"{path}, release: expected a name without a path, found {quote(found.release)}")
    return found


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
