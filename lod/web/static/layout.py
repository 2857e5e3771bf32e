"""A site laid out as files for any web server: the pages and documents that `lod serve` makes when asked."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from lod import versioned_dir
from lod.executors.process_pool import ProcessPool
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release
from lod.versioned_dir import VersionedDirectory
from lod.web import feed
from lod.web.http.headers import MEDIA, links
from lod.web.index import search_parameters as addresses
from lod.web.index.index import FORMATS, Held, Index
from lod.web.pages import LISTS, Language, Pages
from lod.web.pages.links import ASSETS
from lod.web.static import nginx
from lod.web.static.file_writer import Files

_BATCH = 50
"""How many documents are laid out in one go."""
_KEPT = "sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """How a site is laid out. `address` is where the world will find it, if that is known."""

    address: str | None = None
    gzip: bool = False
    nginx: bool = False
    jobs: int = 1

    @property
    def root(self) -> str:
        """The path under which the site lies; it begins and ends with a slash."""
        return addresses.root(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What each process must know to do its part."""

    index: Path
    folder: Path
    layout: SiteOptions


def lay_out(
    release: Release, index: Path, out: Path, layout: SiteOptions, progress: Progress = silent
) -> Path:
    """Lay a release out, from its index, in a folder whose `current/www` becomes the site in one step.

    Raise Misused if the address is none or the folder for something else, Busy if another process lays out a
    site there, CheckFailed if the release is damaged, NotReadOrWritten if the disk fails; the site that was
    there stays then.
    """
    if layout.nginx:
        nginx.check(out, layout.address)
    with VersionedDirectory.locked(out, _KEPT, "another process lays out a site in this folder") as sites:
        task = _Task(index=index, folder=sites.staging / "site", layout=layout)
        writer = SiteWriter(task)
        _lay_out_documents(task, writer, progress)
        _lay_out_the_rest(task, writer, release)
        if layout.nginx:
            nginx.configure(out.resolve(), task.folder / "nginx", layout.address)
        os.sync()  # at once: these are many small files
        return sites.publish_numbered(task.folder, release.manifest.release, is_synced=True)


def refuse_foreign(out: Path) -> None:
    """Raise Misused if a folder cannot take sites, because it is for something else."""
    versioned_dir.refuse_foreign(out, _KEPT)


def _lay_out_documents(task: _Task, writer: "SiteWriter", progress: Progress) -> None:
    last = writer.index.last
    batches = (range(first, first + _BATCH) for first in range(1, last + 1, _BATCH))
    pool = ProcessPool(task.layout.jobs, writer, partial(SiteWriter, task))
    for numbers in pool.imap(_lay_out_batch, batches):
        progress("laying out", min(numbers.stop - 1, last), last)


def _lay_out_batch(writer: "SiteWriter", numbers: range) -> range:
    for held in writer.index.numbered(numbers):
        writer.lay_out(held)
    return numbers


def _lay_out_the_rest(task: _Task, desk: "SiteWriter", release: Release) -> None:
    for language in Language:
        desk.write_pages(language)
    for name, text in _told(desk.index, task.layout):
        desk.site.write(name, text)
    for asset in sorted(ASSETS.iterdir()):
        desk.site.write(f"assets/{asset.name}", asset.read_bytes())
    desk.site.adopt("context.jsonld", release.file("context.jsonld"))
    desk.site.adopt(f"dumps/{MANIFEST}", release.folder / MANIFEST)
    for file in release.manifest.files:
        desk.site.adopt(f"dumps/{file.path}", release.file(file.path))


def _told(index: Index, layout: SiteOptions) -> Iterator[tuple[str, bytes]]:
    """Give what tells others of the site; where it lies must be known for robots to find its pages."""
    yield "questions.atom", feed.atom(index, layout.address or index.base)
    robots = ["User-agent: *", "Disallow:"]
    if layout.address:
        robots.append(f"Sitemap: {layout.address}sitemap.xml")
        yield from ((name, write()) for name, write in feed.sitemaps(index, layout.address))
    yield "robots.txt", ("\n".join(robots) + "\n").encode()


class SiteWriter:
    """Where one process writes documents and pages."""

    def __init__(self, task: _Task) -> None:
        self._root = task.layout.root
        self.index = Index(task.index)
        self._pages = Pages(self.index, root=self._root, is_served=False)
        self.site = Files(task.folder / "www", has_twins=task.layout.gzip)
        self._about = Files(task.folder / "about") if task.layout.nginx else None

    def lay_out(self, held: Held) -> None:
        """Write a document in its formats and languages, under each of its paths."""
        endings = [f".{form}" for form in FORMATS]
        for form in FORMATS:
            self.site.write_compressed(f"{held.path}.{form}", self.index.data(held, form))
        for page in range(1, self._pages.pages_of(held) + 1):
            for language in Language:
                endings += self._write_page(held, language, page)
        others = self.index.others(held)
        for other in others:
            for ending in endings:
                self.site.name(held.path + ending, other + ending)
        self._tell_about(held, others)

    def write_pages(self, language: Language) -> None:
        """Write the pages that are about no document."""
        self.site.write(f"index{language.suffix}", self._pages.home(language).encode())
        self.site.write(f"404{language.suffix}", self._pages.error(404, language, "").encode())
        for name in LISTS:
            page = 1
            while text := self._pages.listing(name, language, page):
                self.site.write(f"{name}{_ending(language, page)}", text.encode())
                page += 1

    def _write_page(self, held: Held, language: Language, page: int) -> Iterator[str]:
        """Write a page, and give its ending, unless the address is that of another document."""
        taken = page > 1 and self.index.document(f"{held.path}.{page}")
        text = None if taken else self._page(held, language, page)
        if text is not None:
            ending = _ending(language, page)
            self.site.write(held.path + ending, text.encode())
            yield ending

    def _page(self, held: Held, language: Language, page: int) -> str | None:
        """Give a page of a document, or the one that says that it is gone."""
        if held.kind == "tombstone":
            return self._pages.error(410, language, held.path)
        return self._pages.document(held, language, page)

    def _tell_about(self, held: Held, others: list[str]) -> None:
        """Note what the headers of a document say, for a server that negotiates."""
        if self._about:
            linked = {form: links(held, form, self._root) for form in MEDIA}
            told = {"path": held.path, "links": linked, "isGone": held.kind == "tombstone"}
            self._about.write(f"{held.path}.json", msgspec.json.encode(told))
            for other in others:
                self._about.name(f"{held.path}.json", f"{other}.json")


def _ending(language: Language, page: int) -> str:
    return f".{page}{language.suffix}" if page > 1 else language.suffix
