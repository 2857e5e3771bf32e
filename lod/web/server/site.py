"""A release opened for serving: its files, its index, its pages and its SPARQL endpoint."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lod.checksums import STORE_CHECKSUMS, statuses
from lod.errors import CheckFailed, StoreFailed
from lod.release import Release
from lod.version import VERSION
from lod.web.http.responses import Body
from lod.web.index.builder import checksums_of
from lod.web.index.reader import Index
from lod.web.pages import Language, Pages
from lod.web.sparql.pages import TEMPLATES, SparqlService
from lod.web.sparql.workers import Workers

T = TypeVar("T")
_PARIS = ZoneInfo("Europe/Paris")
_PAGE_THREADS = ThreadPoolExecutor(4, thread_name_prefix="pages")
"""Few, because rendering is bound by the processor, and each has its own index connection and templates."""


class Site:
    """One release and what is derived from it; never changed, only replaced.

    `address` is the public address of the site, `root` its path; both end with a slash.
    """

    def __init__(self, release: Release, index: Path, address: str, workers: Workers | None = None) -> None:
        self.release = release
        self.address = address
        self.root = urlsplit(address).path
        self.base = release.manifest.base
        self.context = _context(release)
        """The parts of the JSON-LD context of its documents."""
        self.modified = datetime.fromtimestamp(int(index.stat().st_mtime), UTC)
        self._tag = hashlib.sha256(f"{index.name} {VERSION} {address}".encode()).hexdigest()[:16]
        self._index_file = index
        checksums = [workers.folder / STORE_CHECKSUMS] if workers else []
        self._checksums = [checksums_of(index), *checksums]
        self._statuses = [statuses(each) for each in self._checksums]
        self._workers = workers
        self._thread_local = threading.local()

    @property
    def is_intact(self) -> bool:
        """Whether index and store are still the files that were opened."""
        return [statuses(each) for each in self._checksums] == self._statuses

    @property
    def is_answering(self) -> bool:
        """Whether documents and SPARQL queries can be answered."""
        return self.is_intact and (self._workers is None or self._workers.is_answering)

    def distrust_index(self) -> None:
        """Have the index built anew when this release is opened again."""
        self._checksums[0].unlink(missing_ok=True)

    async def start(self) -> None:
        """Start the SPARQL workers.

        Raise StoreFailed if the store does not open; it is built anew when this release is opened again.
        """
        try:
            if self._workers:
                await self._workers.start()
        except StoreFailed:
            self._checksums[-1].unlink(missing_ok=True)
            raise

    async def close(self) -> None:
        """Answer the running queries, then stop the SPARQL workers."""
        if self._workers:
            await self._workers.close()

    async def run_in_thread(self, function: Callable[[], T]) -> T:
        """Run a function that uses the index or the pages in one of the threads for that."""
        return await asyncio.get_running_loop().run_in_executor(_PAGE_THREADS, function)

    @property
    def index(self) -> Index:
        """The index, opened once per thread."""
        if not hasattr(self._thread_local, "index"):
            self._thread_local.index = Index(self._index_file)
        index: Index = self._thread_local.index
        return index

    @property
    def pages(self) -> Pages:
        """The pages, over the index of this thread."""
        if not hasattr(self._thread_local, "pages"):
            self._thread_local.pages = Pages(
                self.index, address=self.address, folders=[TEMPLATES], today=paris_day
            )
        pages: Pages = self._thread_local.pages
        return pages

    @property
    def sparql(self) -> SparqlService | None:
        """The SPARQL service, if there is a store."""
        if self._workers is None:
            return None
        return SparqlService(
            workers=self._workers,
            base=self.base,
            render=self._render,
            tag=self._tag,
            address=self.address,
            root=self.root,
        )

    def body(self, data: bytes, name: str, *, is_gzip: bool = False) -> Body:
        """Return the body of a response; the name and the site determine its content."""
        return Body(data, f"{self._tag}-{name}", self.modified, is_gzip)

    def page_body(self, data: bytes, name: str) -> Body:
        """Return the body of a page, which says what is overdue today."""
        day = paris_day()
        modified = max(self.modified, datetime(day.year, day.month, day.day, tzinfo=_PARIS))
        return Body(data, f"{self._tag}-{name}-{day}", modified.astimezone(UTC))

    def _render(self, title: str, template: str, language: str, **values: Any) -> str:
        return self.pages.wrap(title, template, Language(language), **values)


def paris_day() -> date:
    """Return today's date in Paris, where deadlines end."""
    return datetime.now(_PARIS).date()


def _context(release: Release) -> list[dict[str, Any]]:
    """Return the parts of the release's own context; raise CheckFailed if it has none."""
    path = release.file("context.jsonld")
    try:
        parts = json.loads(path.read_bytes())["@context"]
    except (ValueError, LookupError, TypeError, RecursionError):
        parts = None
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise CheckFailed(f"{path}: expected « @context » to be a list of contexts")
    return parts
