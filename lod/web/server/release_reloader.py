"""The release that is served, replaced by the next one without dropping a request."""

import asyncio
import gc
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from lod.errors import LodError
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release
from lod.store import loaded
from lod.web.index.builder import default_index_folder, ensure_index
from lod.web.server.site import Site

LOG = logging.getLogger("lod.web.server")
SECONDS = 2.0
"""How often it is looked whether there is another release."""
AGAIN = 30.0
"""After how long one is tried again that could not be opened: its files may still have been on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """The release (or the link to the current one), where the world finds the site, where its index goes.

    `has_queries` says whether there is a store, and an endpoint over it.
    """

    release: Path
    address: str
    work: Path | None = None
    has_queries: bool = True


class _Stopped(Exception):
    """The server ends, and what is being opened is for nobody."""


class ReleaseReloader:
    """Holds the site that is served; whoever answers takes it once, so that no answer is of two releases."""

    def __init__(self, offer: ServerConfig, progress: Progress = silent) -> None:
        """Open the release; raise LodError if it cannot be served."""
        self._offer = offer
        self._seen = self._mark()
        self._tried = 0.0
        self._told = ""
        self._is_closing = False
        self.is_sound = True
        """Whether the newest release is the one that is served."""
        self.site = self._opened(progress)

    async def start(self) -> None:
        """Get ready to answer queries."""
        await self.site.start()

    async def close(self) -> None:
        """Answer the queries that run, and no more."""
        await self.site.close()

    async def watch(self) -> None:
        """Look for another release as long as the server runs; one that is damaged is told and left."""
        try:
            while True:
                await asyncio.sleep(SECONDS)
                mark = self._mark()
                if mark != self._seen or self._is_due():
                    self._seen, self._tried = mark, time.monotonic()
                    await self._replace()
                    gc.collect()  # the pages of the site before hold each other, and with them its index
        finally:
            self._is_closing = True

    def _is_due(self) -> bool:
        return not self.is_sound and time.monotonic() - self._tried >= AGAIN

    async def _replace(self) -> None:
        before = self.site
        try:
            fresh = await asyncio.to_thread(self._opened, self._go_on)
            await fresh.start()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the one before is served
            self._leave(error)
            return
        self.site, self.is_sound, self._told = fresh, True, ""
        await before.close()

    def _leave(self, error: Exception) -> None:
        """Go on with the release that is served, and tell once why."""
        self.is_sound = False
        told = f"{error}; release {self.site.release.manifest.release} is still served"
        if told != self._told:
            self._told = told
            LOG.error(told, exc_info=None if isinstance(error, LodError | OSError) else error)

    def _go_on(self, _stage: str, _done: int, _total: int) -> None:
        if self._is_closing:
            raise _Stopped

    def _opened(self, progress: Progress) -> Site:
        release = Release(self._offer.release)
        work = self._offer.work or default_index_folder(release)
        index = ensure_index(release, work, progress)
        store = loaded(release, work / "store", progress) if self._offer.has_queries else None
        return Site(release, index, self._offer.address, store)

    def _mark(self) -> object:
        """Give what is another if the release is another."""
        try:
            folder = self._offer.release.resolve()
            told = (folder / MANIFEST).stat()
        except OSError:
            return None
        return folder, told.st_mtime_ns, told.st_size
