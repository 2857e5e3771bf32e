"""Files that are derived from a release, listed with their SHA-256 as `sha256sum` does, to notice damage."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from lod.file_digests import FileDigests
from lod.versioned_dir import sync

Statuses: TypeAlias = dict[str, tuple[int, int, int] | None]
"""Inode, bytes and time of files, by their paths; None of one that is not there."""

STORE_CHECKSUMS = "SHA256SUMS"
"""The list of the files of an embedded store, in its folder."""


def write_checksums(list_file: Path, names: Iterable[str]) -> None:
    """Write the list of some files in its folder, and sync it to disk."""
    digests = FileDigests(list_file.parent)
    list_file.write_text("".join(f"{digests.digest(name)}  {name}\n" for name in sorted(names)), "utf-8")
    sync(list_file)


def are_whole(list_file: Path) -> bool:
    """Return whether there is a list, and each file of it has its SHA-256; unchanged files are read once."""
    digests = FileDigests(list_file.parent)
    try:
        listed = _listed(list_file)
        return bool(listed) and all(digests.digest(name) == digest for name, digest in listed.items())
    except (OSError, ValueError):
        return False
    finally:
        digests.save()


def statuses(list_file: Path) -> Statuses:
    """Return what would change if the list or a file of it did, without reading these files."""
    try:
        names = [list_file.name, *_listed(list_file)]
    except (OSError, ValueError):
        names = [list_file.name]
    return {name: _status(list_file.with_name(name)) for name in names}


def _listed(list_file: Path) -> dict[str, str]:
    lines = list_file.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _status(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
