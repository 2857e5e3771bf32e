"""A release opened for serving: its files, its index and its pages; each thread has an index of its own."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from lod.errors import CheckFailed
from lod.release import Release
from lod.version import VERSION
from lod.web.http.responses import Body
from lod.web.index.reader import Index
from lod.web.pages import Language, Pages
from lod.web.sparql.editor import TEMPLATES
from lod.web.sparql.pages import Service
from lod.web.sparql.workers import Workers

T = TypeVar("T")
_MAKERS = ThreadPoolExecutor(4, thread_name_prefix="pages")
"""Few: they want the processor, and each has an index and templates of its own."""


class Site:
    """One release and its index; never changed, only replaced by another.

    `address` is where the world finds the site, `root` the path of that: both end with a slash.
    """

    def __init__(self, release: Release, index: Path, address: str, store: Path | None = None) -> None:
        self.release = release
        self.address = address
        self.root = urlsplit(address).path
        self.base = release.manifest.base
        self.context = _context(release)
        """What the keys of its questions mean, as JSON-LD."""
        self.modified = datetime.fromtimestamp(int(index.stat().st_mtime), UTC)
        self._tag = hashlib.sha256(f"{index.name} {VERSION} {address}".encode()).hexdigest()[:16]
        self._place = index
        self._workers = Workers(store) if store else None
        self._of_thread = threading.local()

    async def made(self, make: Callable[[], T]) -> T:
        """Have something made from the index or the pages by one of the threads for that."""
        return await asyncio.get_running_loop().run_in_executor(_MAKERS, make)

    async def start(self) -> None:
        """Start what answers queries; raise StoreFailed if the store does not open."""
        if self._workers:
            await self._workers.start()

    async def close(self) -> None:
        """Answer the queries that run, and no more."""
        if self._workers:
            await self._workers.close()

    @property
    def queries(self) -> Service | None:
        """What answers queries, if anything does."""
        if self._workers is None:
            return None
        return Service(
            workers=self._workers, base=self.base, page=self._framed, tag=self._tag, root=self.root
        )

    def _framed(self, title: str, template: str, language: str, **values: Any) -> str:
        return self.pages.wrap(title, template, Language(language), **values)

    def body(self, data: bytes, name: str, *, is_gzip: bool = False) -> Body:
        """Give what is sent under a name, which is the same as long as the site is."""
        return Body(data, f"{self._tag}-{name}", self.modified, is_gzip)

    @property
    def index(self) -> Index:
        """The index, as this thread has opened it."""
        if not hasattr(self._of_thread, "index"):
            self._of_thread.index = Index(self._place)
        index: Index = self._of_thread.index
        return index

    @property
    def pages(self) -> Pages:
        """The pages, made from this thread's index."""
        if not hasattr(self._of_thread, "pages"):
            self._of_thread.pages = Pages(self.index, root=self.root, folders=[TEMPLATES])
        pages: Pages = self._of_thread.pages
        return pages


def _context(release: Release) -> dict[str, Any]:
    """Give the first part of the release's own context; raise CheckFailed if it has none."""
    place = release.file("context.jsonld")
    try:
        part = json.loads(place.read_bytes())["@context"][0]
    except (ValueError, LookupError, TypeError, RecursionError):
        part = None
    if not isinstance(part, dict):
        raise CheckFailed(f"{place}: expected a list of contexts, found something else")
    return part
