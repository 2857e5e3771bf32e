"""The release that is served, replaced by a newer one without dropping a request."""

import asyncio
import gc
import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path

from lod.errors import LodError
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release
from lod.store import loaded
from lod.web.index.builder import default_index_folder, ensure_index
from lod.web.server.site import Site
from lod.web.sparql.workers import SERVED_LIMITS, Workers

LOG = logging.getLogger("lod.web.server")
"""What is wrong with a new release, and which one is served from now on."""
CHECK_SECONDS = 2.0
"""How often to check for another release."""
RETRY_SECONDS = 30.0
"""When to retry a release that could not be opened: its files may still have been on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """The release or the link to the current one, the public address, and the folder of index and store.

    `has_sparql` is whether there is a SPARQL endpoint, and a store for it. `query_processes` is the number of
    its processes, by default one for each core and at least four; `query_megabytes` the memory of a query.
    `trust` is whether the files of the release are taken as they are, without comparing them with its
    checksums.
    """

    release: Path
    address: str
    work: Path | None = None
    has_sparql: bool = True
    query_processes: int | None = None
    query_megabytes: int = SERVED_LIMITS.megabytes
    trust: bool = False


class _Stopped(Exception):
    """The server is shutting down while a release is being opened."""


class ReleaseReloader:
    """Holds the site that is served; a request takes it once, so that no response mixes two releases."""

    def __init__(self, config: ServerConfig, progress: Progress = silent) -> None:
        """Open the release; raise LodError if it cannot be served."""
        self._config = config
        self._seen = self._fingerprint()
        self._last_attempt = 0.0
        self._last_error = ""
        self._is_closing = False
        self.is_sound = True
        """Whether the newest release is the one that is served."""
        self.site = self._open(progress)

    async def start(self) -> None:
        """Start the SPARQL endpoint; if that fails, it is logged, and tried again with a new store."""
        try:
            await self.site.start()
        except Exception as error:  # noqa: BLE001 - all else can be served meanwhile
            self._log(error)

    async def close(self) -> None:
        """Answer the running queries, then stop."""
        await self.site.close()

    async def watch(self) -> None:
        """Check for another release until cancelled; one that is damaged is logged, and not served.

        Index and store are built anew if they were damaged meanwhile.
        """
        try:
            while True:
                await asyncio.sleep(CHECK_SECONDS)
                fingerprint = self._fingerprint()
                if fingerprint != self._seen or self._is_damaged() or self._is_retry_due():
                    self._seen, self._last_attempt = fingerprint, time.monotonic()
                    await self._replace()
                    gc.collect()  # the pages of the old site are a reference cycle that keeps its index open
        finally:
            self._is_closing = True

    def _is_damaged(self) -> bool:
        """Return whether index or store have changed since they were opened; once that is tried, wait."""
        return self.is_sound and not self.site.is_intact

    def _is_retry_due(self) -> bool:
        return not self.is_sound and time.monotonic() - self._last_attempt >= RETRY_SECONDS

    async def _replace(self) -> None:
        old = self.site
        try:
            new = await asyncio.to_thread(self._open, self._stop_if_closing)
            await new.start()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the old one is still served
            self._log(error)
            return
        self.site, self.is_sound, self._last_error = new, True, ""
        LOG.info("release %s is served now, no longer %s", _name(new), _name(old))
        await old.close()

    def _log(self, error: Exception) -> None:
        """Log, once, why the new release is not served."""
        self.is_sound = False
        message = f"{error}; release {_name(self.site)} is still served"
        if message != self._last_error:
            self._last_error = message
            LOG.error(message, exc_info=None if isinstance(error, LodError | OSError) else error)

    def _stop_if_closing(self, _stage: str, _done: int, _total: int) -> None:
        if self._is_closing:
            raise _Stopped

    def _open(self, progress: Progress) -> Site:
        release = Release(self._config.release, trust=self._config.trust)
        release.check_files(progress=progress)
        work = self._config.work or default_index_folder(release)
        index = ensure_index(release, work, progress)
        workers = self._workers(release, work, progress) if self._config.has_sparql else None
        return Site(release, index, self._config.address, workers)

    def _workers(self, release: Release, work: Path, progress: Progress) -> Workers:
        store = loaded(release, work / "store", progress)
        limits = replace(SERVED_LIMITS, megabytes=self._config.query_megabytes)
        return Workers(store, limits, number=self._config.query_processes)

    def _fingerprint(self) -> object:
        """Return a value that differs if the release does; None if there is none."""
        try:
            folder = self._config.release.resolve()
            status = (folder / MANIFEST).stat()
        except OSError:
            return None
        return folder, status.st_mtime_ns, status.st_size


def _name(site: Site) -> str:
    return site.release.manifest.release
