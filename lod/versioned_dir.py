"""Folders that keep versions of something, with a link `current` to one of them: releases, stores, sites.

A new version is made in a staging folder and becomes the current one in one step, or not at all. One process
at a time may work in such a folder.
"""

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from lod.errors import Busy, Misused, NotReadOrWritten, quote

CURRENT = "current"
"""The link that readers follow."""
NEXT_CURRENT = ".current"
"""The link that is about to replace it."""
STAGING = ".lod-staging"
"""The folder in which the next version is made. It is emptied, so its name is one that nobody else uses."""
RELEASE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}"
"""The pattern of the names of releases: only what is named after one is ever removed."""
INDEX = ".sqlite"
"""The file ending of indexes, which may lie in the folder of the sites."""
_NEW = ".new"
"""The file ending of a file that is about to replace another."""
_NUMBERED = re.compile(rf"{RELEASE}\.[0-9]+")


class VersionedDirectory:
    """A locked folder whose versions are kept in a subfolder of it, such as `stores`."""

    def __init__(self, folder: Path, subfolder: str) -> None:
        self._folder = folder
        self._versions = folder / subfolder
        self.staging = folder / STAGING

    @classmethod
    @contextlib.contextmanager
    def locked(
        cls, folder: Path, subfolder: str, busy: str, *, allow_files: bool = False
    ) -> Iterator["VersionedDirectory"]:
        """Lock a folder, created if need be, with an empty staging folder; leave no staging folder behind.

        Raise Misused if its `current` belongs to something else, or, unless `allow_files`, if it has other
        files; Busy with the sentence `busy` if another process works there; NotReadOrWritten if the disk
        fails. `current` then stays as it is.
        """
        with locked(folder, busy):
            (refuse_foreign_current if allow_files else refuse_foreign)(folder, subfolder)
            directory = cls(folder, subfolder)
            directory.discard_staging()
            directory.staging.mkdir()
            try:
                yield directory
            finally:
                directory.discard_staging()

    def discard_staging(self) -> None:
        """Remove the staging folder, even that of a run that was killed."""
        if self.staging.is_symlink():
            self.staging.unlink()
        shutil.rmtree(self.staging, ignore_errors=True)
        (self._folder / NEXT_CURRENT).unlink(missing_ok=True)

    def version(self, name: str) -> Path:
        """Return the path that a version has or would have."""
        return self._versions / name

    def publish(self, finished: Path, name: str, *, is_synced: bool = False) -> Path:
        """Make a finished folder the current version; one of the same name, which is damaged, is mended.

        Its files must be synced to disk; its folders are synced here, unless `is_synced` says that they are.
        """
        path = self.version(name)
        self._versions.mkdir(exist_ok=True)
        if not is_synced:
            sync_folders(finished)
        if os.path.lexists(path):
            _mend(path, finished)
        else:
            finished.rename(path)
        return self.select(name)

    def select(self, name: str) -> Path:
        """Make a version that exists the current one."""
        path = self.version(name)
        sync(self._versions)
        link = self._folder / NEXT_CURRENT
        link.unlink(missing_ok=True)
        link.symlink_to(path.relative_to(self._folder))
        link.replace(self._folder / CURRENT)
        sync(self._folder)
        return path

    def publish_numbered(self, finished: Path, release: str, *, is_synced: bool = False) -> Path:
        """Make a finished folder the current version, named after a release with a number; see `publish`.

        The version that was current stays for its readers. Older ones are removed, and nothing else is.
        """
        previous = (self._folder / CURRENT).resolve()
        names = (f"{release}.{number}" for number in count(1))
        name = next(name for name in names if not self.version(name).exists())
        path = self.publish(finished, name, is_synced=is_synced)
        for old in self._versions.iterdir():
            if _NUMBERED.fullmatch(old.name) and old.resolve() not in {path.resolve(), previous}:
                shutil.rmtree(old, ignore_errors=True)
        return path


def _mend(damaged: Path, whole: Path) -> None:
    """Replace the files of a folder one by one by those of a whole one, then remove what is not in that.

    A folder cannot be replaced in one step, and this one may be the current one: its readers find each file
    at any time, as it was or as it should be, and so does a run after one that was killed here.
    """
    _make_folder(damaged)
    names = {entry.name for entry in os.scandir(whole)}
    for name in sorted(names):
        if (whole / name).is_dir():
            _mend(damaged / name, whole / name)
        else:
            _remove(damaged / name, only_folders=True)
            (whole / name).replace(damaged / name)
    for entry in os.scandir(damaged):
        if entry.name not in names:
            _remove(Path(entry.path))
    sync(damaged)


def _make_folder(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        path.mkdir()


def _remove(path: Path, *, only_folders: bool = False) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif not only_folders:
        path.unlink()


def current_of_release(folder: Path, release: str) -> Path | None:
    """Return the current numbered version if it was made from this release, else None."""
    path = (folder / CURRENT).resolve()
    return path if path.name.rpartition(".")[0] == release and path.is_dir() else None


def refuse_foreign(folder: Path, subfolder: str) -> None:
    """Raise Misused if `current` belongs to something else, or versions would lie among other files."""
    refuse_foreign_current(folder, subfolder)
    if not folder.is_dir() or (folder / subfolder).is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix != INDEX and not path.name.startswith("."):
            raise Misused(
                f"{folder}: expected a folder without other files, found {quote(path.name)} in it; "
                "name another folder"
            )


def refuse_foreign_current(folder: Path, subfolder: str) -> None:
    """Raise Misused if `current` is anything but a link into the subfolder of versions."""
    link = folder / CURRENT
    for path in (link, folder / NEXT_CURRENT):
        if os.path.lexists(path) and not path.is_symlink():
            found = "a folder" if path.is_dir() else "a file"
            raise Misused(f"{path}: expected a link into « {subfolder} », found {found}; name another folder")
    if link.is_symlink():
        target = link.readlink()
        if os.path.realpath(folder / target.parent) != os.path.realpath(folder / subfolder):
            found = f"one to {quote(str(target), 200)}"
            raise Misused(f"{link}: expected a link into « {subfolder} », found {found}; name another folder")


@contextlib.contextmanager
def locked(folder: Path, busy: str) -> Iterator[None]:
    """Lock a folder, created if need be, while the block runs; one created in vain is removed.

    Raise Busy with the sentence `busy` if another process has locked it, NotReadOrWritten if the disk fails.
    """
    handle = None
    try:
        is_new = _created(folder)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{folder}: {busy}") from None
        try:
            yield
        finally:
            if is_new:
                with contextlib.suppress(OSError):  # it is not empty
                    folder.rmdir()
    except OSError as error:
        raise NotReadOrWritten.from_os(error, folder) from error
    finally:
        if handle is not None:
            os.close(handle)


def _created(folder: Path) -> bool:
    """Create a folder and return True; return False if it exists."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise NotReadOrWritten(f"{folder}: expected a folder, found a file") from None
        return False
    return True


def sync_folders(top: Path) -> None:
    """Sync the entries of a folder and of all folders in it to disk; the files must be synced already."""
    for folder, _, _ in os.walk(top):
        sync(Path(folder))


def sync(path: Path) -> None:
    """Sync a file, or the entries of a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file in one step that outlasts a power cut."""
    new = path.with_name(path.name + _NEW)
    try:
        with new.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync(path.parent)
