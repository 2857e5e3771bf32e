"""What is on the disk for good: folders held by one process at a time, the link to what is current there."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from lod.errors import Busy, Misused, NotReadOrWritten, quote

CURRENT = "current"
"""The link that readers follow."""
FRESH = ".current"
"""The link that is about to take its place."""
STAGING = ".lod-staging"
"""The folder where the next one is made; it is emptied, so its name is one that nobody else gives."""


@contextlib.contextmanager
def locked(folder: Path, busy: str) -> Iterator[None]:
    """Hold a folder, made if need be, as long as the block runs; one that was made for nothing is removed.

    Raise Busy in the words of `busy` if another process holds it, NotReadOrWritten if the disk fails.
    """
    handle = None
    try:
        is_new = _is_made(folder)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{folder}: {busy}") from None
        try:
            yield
        finally:
            if is_new:
                with contextlib.suppress(OSError):  # something is in it
                    folder.rmdir()
    except OSError as error:
        raise NotReadOrWritten(f"{error.filename or folder}: {error.strerror or error}") from error
    finally:
        if handle is not None:
            os.close(handle)


def _is_made(folder: Path) -> bool:
    """Make a folder, and say so, unless it is there."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise NotReadOrWritten(f"{folder}: expected a folder, found a file") from None
        return False
    return True


def refuse_foreign(folder: Path, kept: str) -> None:
    """Raise Misused if `current` of a folder is no link into what a command keeps there, such as `stores`."""
    link = folder / CURRENT
    for each in (link, folder / FRESH):
        if os.path.lexists(each) and not each.is_symlink():
            found = "a folder" if each.is_dir() else "a file"
            raise Misused(f"{each}: expected a link into « {kept} », found {found}; say another folder")
    if link.is_symlink():
        target = link.readlink()
        if os.path.realpath(folder / target.parent) != os.path.realpath(folder / kept):
            found = f"one to {quote(str(target), 200)}"
            raise Misused(f"{link}: expected a link into « {kept} », found {found}; say another folder")


def point_current(folder: Path, target: Path) -> None:
    """Let the link `current` of a folder lead to a place in it, in one step."""
    fresh = folder / FRESH
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(folder / CURRENT)
    sync(folder)


def sync_folders(top: Path) -> None:
    """Put a folder and those in it on the disk for good: which files they have, not what is in these."""
    for folder, _, _ in os.walk(top):
        sync(Path(folder))


def sync(place: Path) -> None:
    """Put a file, or which files a folder has, on the disk for good."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
