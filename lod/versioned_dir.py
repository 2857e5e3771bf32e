"""A folder replaced as a whole: it keeps the newest and the one before, `current` a link to the newest."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from lod import disk
from lod.errors import Misused, quote

RELEASE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}"
"""How releases are named: only what is named after one is ever removed."""
INDEX = ".sqlite"
"""How the names of indexes end, which may lie where the site of a release does."""
_OURS = re.compile(rf"{RELEASE}\.[0-9]+")


class VersionedDirectory:
    """A folder that keeps what it holds in one beneath it, such as `stores`."""

    def __init__(self, folder: Path, kept: str) -> None:
        self._folder = folder
        self._kept = folder / kept
        self.staging = folder / disk.STAGING

    def clear(self) -> None:
        """Begin with an empty staging folder, whatever a run that was killed has left."""
        shutil.rmtree(self.staging, ignore_errors=True)
        (self._folder / disk.FRESH).unlink(missing_ok=True)

    def publish(self, fresh: Path, name: str, *, is_on_disk: bool = False) -> Path:
        """Make a finished folder the current one; the one before stays for those who read it.

        Those before these are removed; what others have put beside them is left alone.
        `is_on_disk` says that not only what is in its files is on the disk for good.
        """
        before = (self._folder / disk.CURRENT).resolve()
        self._kept.mkdir(exist_ok=True)
        place = next(p for n in count(1) if not (p := self._kept / f"{name}.{n}").exists())
        if not is_on_disk:
            disk.sync_folders(fresh)
        fresh.rename(place)
        disk.sync(self._kept)
        disk.point_current(self._folder, place.relative_to(self._folder))
        for old in self._kept.iterdir():
            if _OURS.fullmatch(old.name) and old.resolve() not in {place.resolve(), before}:
                shutil.rmtree(old, ignore_errors=True)
        return place


def refuse_foreign(folder: Path, kept: str) -> None:
    """Raise Misused if what is current in a folder is another's, or a new one would lie among documents."""
    disk.refuse_foreign(folder, kept)
    if not folder.is_dir() or (folder / kept).is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix != INDEX and not path.name.startswith("."):
            found = f"{quote(path.name)} in it"
            raise Misused(f"{folder}: expected a folder without other files, found {found}; say another one")


def current(folder: Path, name: str) -> Path | None:
    """Give what is current in a folder if it is of this name."""
    place = (folder / disk.CURRENT).resolve()
    return place if place.name.rpartition(".")[0] == name and place.is_dir() else None


@contextlib.contextmanager
def locked(folder: Path, kept: str, busy: str) -> Iterator[VersionedDirectory]:
    """Hold such a folder, made if need be; whatever ends the block early leaves what is current as it is.

    Raise Misused if it is for something else, Busy in the words of `busy` if another process holds it,
    NotReadOrWritten if the disk fails.
    """
    with disk.locked(folder, busy):
        refuse_foreign(folder, kept)
        place = VersionedDirectory(folder, kept)
        place.clear()
        place.staging.mkdir()
        try:
            yield place
        finally:
            place.clear()
