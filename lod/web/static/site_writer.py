"""A site as files for any web server: the same pages and documents as `lod serve` sends."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from lod import versioned_dir
from lod.executors.process_pool import ProcessPool
from lod.formats import DOCUMENT_DATA, DOCUMENTS
from lod.iri import DUMPS
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release
from lod.versioned_dir import VersionedDirectory
from lod.web import feed
from lod.web.http.headers import links
from lod.web.index.reader import Index, IndexedDocument
from lod.web.pages import LISTS, Language, Pages
from lod.web.pages.links import ASSETS, root_path
from lod.web.static import nginx
from lod.web.static.file_writer import FileWriter

_BATCH = 50
"""How many documents a process writes at a time."""
_VERSIONS = "sites"
"""The folder of the versions of a site, next to `current`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """How to write a site. `address` is its public URL, if that is known."""

    address: str | None = None
    gzip: bool = False
    nginx: bool = False
    jobs: int = 1

    @property
    def root(self) -> str:
        """The path below which the site lies, with a slash at both ends."""
        return root_path(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What each process needs to write its share."""

    index: Path
    folder: Path
    options: SiteOptions


def write_site(
    release: Release, index: Path, out: Path, options: SiteOptions, progress: Progress = silent
) -> Path:
    """Write the site of a release and make it current: `current/www` in `out` is replaced in one step.

    Return the folder of the new version. On any error the current site stays: raise Misused if the address
    is not that of a site or the folder is used for something else, Busy if another process is writing a site
    there, CheckFailed if the release is damaged, NotReadOrWritten if the disk fails.
    """
    if options.nginx:
        nginx.check_names(out, options.address)
    with VersionedDirectory.locked(
        out, _VERSIONS, "another process is writing a site in this folder"
    ) as versions:
        task = _Task(index=index, folder=versions.staging / "site", options=options)
        writer = SiteWriter(task)
        _write_documents(task, writer, progress)
        _write_other_files(task, writer, release)
        if options.nginx:
            nginx.write_configuration(out.resolve(), task.folder / "nginx", options.address)
        os.sync()  # once for all, because there are many small files
        return versions.publish_numbered(task.folder, release.manifest.release, is_synced=True)


def refuse_foreign(out: Path) -> None:
    """Raise Misused if a folder is used for something else than sites."""
    versioned_dir.refuse_foreign(out, _VERSIONS)


def _write_documents(task: _Task, writer: "SiteWriter", progress: Progress) -> None:
    last = writer.index.last_id
    batches = (range(first, first + _BATCH) for first in range(1, last + 1, _BATCH))
    pool = ProcessPool(task.options.jobs, writer, partial(SiteWriter, task))
    for ids in pool.imap(_write_batch, batches):
        progress("writing pages", min(ids.stop - 1, last), last)


def _write_batch(writer: "SiteWriter", ids: range) -> range:
    for document in writer.index.documents_by_id(ids):
        writer.write_document(document)
    return ids


def _write_other_files(task: _Task, writer: "SiteWriter", release: Release) -> None:
    for language in Language:
        writer.write_pages(language)
    for name, text in _files_for_robots(writer.index, task.options):
        writer.site.write(name, text)
    for asset in sorted(ASSETS.iterdir()):
        writer.site.write(f"assets/{asset.name}", asset.read_bytes())
    writer.site.add(f"{DUMPS}{MANIFEST}", release.folder / MANIFEST)
    for file in release.manifest.files:
        writer.site.add(f"{DUMPS}{file.path}", release.file(file.path))
        if file.path.startswith("context"):  # the current context, and each version of it
            writer.site.add(file.path, release.file(file.path))


def _files_for_robots(index: Index, options: SiteOptions) -> Iterator[tuple[str, bytes]]:
    """Yield the feed, robots.txt and, if the address is known, the site map: it needs absolute URLs."""
    yield "questions.atom", feed.atom_feed(index, options.address or index.base)
    robots = ["User-agent: *", "Disallow:"]
    if options.address:
        robots.append(f"Sitemap: {options.address}sitemap.xml")
        yield from ((name, write()) for name, write in feed.sitemaps(index, options.address))
    yield "robots.txt", ("\n".join(robots) + "\n").encode()


class SiteWriter:
    """Writes documents and pages in one process."""

    def __init__(self, task: _Task) -> None:
        self._root = task.options.root
        self.index = Index(task.index)
        self._pages = Pages(self.index, address=task.options.address, is_served=False)
        self.site = FileWriter(task.folder / "www", has_gzip=task.options.gzip)
        self._about = FileWriter(task.folder / "about") if task.options.nginx else None

    def write_document(self, document: IndexedDocument) -> None:
        """Write a document in each format and its pages in each language, under its path and its aliases."""
        endings = [f".{form}" for form in DOCUMENT_DATA]
        for form in DOCUMENT_DATA:
            self.site.write_compressed(f"{document.path}.{form}", self.index.data(document, form))
        for page in range(1, self._pages.count_pages(document) + 1):
            for language in Language:
                endings += self._write_page(document, language, page)
        aliases = self.index.aliases(document)
        for alias in aliases:
            for ending in endings:
                self.site.link(document.path + ending, alias + ending)
        self._write_headers(document, aliases)

    def write_pages(self, language: Language) -> None:
        """Write the pages that describe no document."""
        self.site.write(f"index{language.suffix}", self._pages.home(language).encode())
        self.site.write(f"404{language.suffix}", self._pages.error(404, language, "").encode())
        for name in LISTS:
            page = 1
            while text := self._pages.listing(name, language, page):
                self.site.write(f"{name}{_ending(language, page)}", text.encode())
                page += 1
        for path in self._pages.figures_paths:
            self._write_figures(path, language)

    def _write_figures(self, path: str, language: Language) -> None:
        """Write the pages of a table of « Chiffres », its data and its chart."""
        page = 1
        while text := self._pages.figures(path, language, page):
            self.site.write(f"{path}{_ending(language, page)}", text.encode())
            page += 1
        endings = {"svg": language.suffix.replace("html", "svg"), "csv": ".csv", "json": ".json"}
        for form, ending in endings.items():
            if data := self._pages.figures_file(path, form, language):
                self.site.write(path + ending, data)

    def _write_page(self, document: IndexedDocument, language: Language, page: int) -> Iterator[str]:
        """Write a page and yield its ending; do nothing if another document has that path."""
        is_taken = page > 1 and self.index.document(f"{document.path}.{page}")
        text = None if is_taken else self._page(document, language, page)
        if text is not None:
            ending = _ending(language, page)
            self.site.write(document.path + ending, text.encode())
            yield ending

    def _page(self, document: IndexedDocument, language: Language, page: int) -> str | None:
        if document.kind == "tombstone":
            return self._pages.error(410, language, document.path)
        return self._pages.document(document, language, page)

    def _write_headers(self, document: IndexedDocument, aliases: list[str]) -> None:
        """Write the HTTP headers of a document, for a server that negotiates."""
        if self._about:
            by_format = {form: links(document, form, self._root) for form in DOCUMENTS}
            headers = {"path": document.path, "links": by_format, "isGone": document.kind == "tombstone"}
            self._about.write(f"{document.path}.json", msgspec.json.encode(headers))
            for alias in aliases:
                self._about.link(f"{document.path}.json", f"{alias}.json")


def _ending(language: Language, page: int) -> str:
    return f".{page}{language.suffix}" if page > 1 else language.suffix
