"""A folder that holds a store: the newest and the one before, `current` a link to the newest."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from lod.errors import Busy, NotReadOrWritten

_STAGING, _STORES, _CURRENT, _FRESH = ".staging", "stores", "current", ".current"


class Place:
    """A folder of stores, held by one load at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.staging = folder / _STAGING

    def clear(self) -> None:
        """Begin with an empty staging folder, whatever a load that was killed has left."""
        shutil.rmtree(self.staging, ignore_errors=True)
        (self._folder / _FRESH).unlink(missing_ok=True)

    def publish(self, store: Path, name: str) -> Path:
        """Make a finished store the current one; the one before stays for those who read it."""
        before = (self._folder / _CURRENT).resolve()
        stores = self._folder / _STORES
        stores.mkdir(exist_ok=True)
        place = next(p for n in count(1) if not (p := stores / f"{name}.{n}").exists())
        for folder, _, _ in os.walk(store):
            _sync(Path(folder))
        store.rename(place)
        _sync(stores)
        fresh = self._folder / _FRESH
        fresh.symlink_to(place.relative_to(self._folder))
        fresh.replace(self._folder / _CURRENT)
        _sync(self._folder)
        for old in stores.iterdir():
            if old.resolve() not in {place.resolve(), before}:
                shutil.rmtree(old, ignore_errors=True)
        return place


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Place]:
    """Hold a folder of stores; whatever ends a load early leaves the current store as it is.

    Raise Busy if another load holds the folder, NotReadOrWritten if the disk fails.
    """
    handle = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{folder}: another load holds this folder") from None
        place = Place(folder)
        place.clear()
        place.staging.mkdir()
        try:
            yield place
        finally:
            place.clear()
    except OSError as error:
        raise NotReadOrWritten(f"{error.filename or folder}: {error.strerror or error}") from error
    finally:
        if handle is not None:
            os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
