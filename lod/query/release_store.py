"""The store in which a release is queried: made once in the user's cache, and used again by later queries."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lod.file_digests import cache_folder
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release, digest
from lod.store import loaded

MAX_BYTES = 4 << 30
"""What the stores in the cache may take together; those that have not been used for longest are removed."""

_STORES = "stores"
_LOCK = ".lock"


@contextlib.contextmanager
def release_store(release: Release, progress: Progress = silent) -> Iterator[Path]:
    """Yield the folder of a store with a release, made now or by an earlier query.

    It is in the user's cache, under the digest of the manifest; of several processes one makes it, and the
    others wait. A damaged one is made again. Without a cache that can be written, or if the files of the
    release are not compared with its manifest, the store is a temporary one.
    """
    with contextlib.ExitStack() as held:
        folder = _cached_folder(release) if release.is_compared else None
        if folder is None:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="lod-store-")))
            yield loaded(release, folder, progress)
            return
        held.enter_context(_turn(folder, fcntl.LOCK_SH))  # nobody removes it meanwhile
        yield _made(release, folder, progress)


def _made(release: Release, folder: Path, progress: Progress) -> Path:
    with _turn(folder.with_suffix(".making"), fcntl.LOCK_EX):
        store = loaded(release, folder, progress)
    os.utime(folder)
    _prune(folder)
    return store


def _cached_folder(release: Release) -> Path | None:
    """Return the folder of a release in the cache; None if there is no cache that can be written."""
    cache = cache_folder()
    if cache is None:
        return None
    stores = cache / _STORES
    try:
        stores.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return stores / digest(release.folder / MANIFEST)[:32] if os.access(stores, os.W_OK) else None


@contextlib.contextmanager
def _turn(folder: Path, kind: int) -> Iterator[None]:
    """Hold the lock of a folder, once others release it; raise BlockingIOError if told not to wait."""
    with folder.with_name(folder.name + _LOCK).open("ab") as lock:
        fcntl.flock(lock, kind)
        yield


def _prune(used: Path) -> None:
    """Remove the stores that have not been used for longest, until the rest is small enough."""
    folders = [path for path in used.parent.iterdir() if path.is_dir() and path != used]
    room = MAX_BYTES - _bytes(used)
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True):
        room -= _bytes(folder)
        if room < 0:
            with contextlib.suppress(BlockingIOError), _turn(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(folder, ignore_errors=True)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
