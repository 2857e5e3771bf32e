"""A folder that holds a store: the newest and the one before, `current` a link to the newest."""

import contextlib
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from lod import disk

_STAGING, _STORES = ".staging", "stores"


class Place:
    """A folder of stores, held by one load at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.staging = folder / _STAGING

    def clear(self) -> None:
        """Begin with an empty staging folder, whatever a load that was killed has left."""
        shutil.rmtree(self.staging, ignore_errors=True)
        (self._folder / disk.FRESH).unlink(missing_ok=True)

    def publish(self, store: Path, name: str) -> Path:
        """Make a finished store the current one; the one before stays for those who read it."""
        before = (self._folder / disk.CURRENT).resolve()
        stores = self._folder / _STORES
        stores.mkdir(exist_ok=True)
        place = next(p for n in count(1) if not (p := stores / f"{name}.{n}").exists())
        disk.sync_folders(store)
        store.rename(place)
        disk.sync(stores)
        disk.point_current(self._folder, place.relative_to(self._folder))
        for old in stores.iterdir():
            if old.resolve() not in {place.resolve(), before}:
                shutil.rmtree(old, ignore_errors=True)
        return place


def current(folder: Path, name: str) -> Path | None:
    """Give the current store of a folder if it is the one of this name."""
    place = (folder / disk.CURRENT).resolve()
    return place if place.name.rpartition(".")[0] == name and place.is_dir() else None


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Place]:
    """Hold a folder of stores; whatever ends a load early leaves the current store as it is.

    Raise Busy if another load holds the folder, NotReadOrWritten if the disk fails.
    """
    with disk.held(folder, "another load holds this folder"):
        place = Place(folder)
        place.clear()
        place.staging.mkdir()
        try:
            yield place
        finally:
            place.clear()
