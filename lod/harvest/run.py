"""A harvest: archives, registers first, or single questions, one after the other, into one mirror."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lod.errors import Misused, SourceFailed
from lod.harvest import pages
from lod.harvest.client import Deadline, HttpClient, NotThere
from lod.harvest.download import Download, DownloadTarget, HarvestOutcome, HarvestState
from lod.harvest.members import read_members
from lod.harvest.mirror import Mirror
from lod.harvest.sources import ArchiveSource, SourceTable
from lod.progress import Progress, silent
from lod.versioned_dir import locked

MAX_RATE = 1.0
"""How many single questions are asked for in a second, unless the user says otherwise."""
DEFAULT_TIMEOUT = 1800.0

_MAX_ARCHIVE_BYTES = 2**30
_ZIP_SIGNATURE = b"PK\x03\x04"
_MAX_FAILURES = 3
"""After so many pages in a row that could not be had, the rest of a list is left for another day."""
_BUSY = "another harvest is under way in this mirror"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestOptions:
    """What to bring into a mirror, and how."""

    kinds: tuple[str, ...] = ()
    legislatures: tuple[int, ...] = ()
    questions: tuple[str, ...] = ()
    pages: str | None = None
    rate: float = MAX_RATE
    sources: Path | None = None
    contact: str | None = None
    timeout: float = DEFAULT_TIMEOUT
    allow_shrink: bool = False


def harvest(folder: Path, options: HarvestOptions, progress: Progress = silent) -> Iterator[HarvestOutcome]:
    """Bring official archives, or single questions, into a mirror; yield what became of each source.

    A source that cannot be had is one of the outcomes, and what the mirror has of it stays. Raise Misused for
    wrong options, Busy if another process works in the mirror, NotReadOrWritten if the disk fails.
    """
    if (options.questions or options.pages) and (options.kinds or options.legislatures):
        raise Misused(
            "expected archives (--kind, --legislature) or single questions (--question, --pages), found both"
        )
    table = SourceTable(options.sources)
    client = HttpClient(options.contact)
    work = _plan(table, options)
    with locked(folder, _BUSY):
        mirror = Mirror.open(folder)
        try:
            yield from work(_Run(client, mirror, options, progress))
        finally:
            mirror.save()


def _plan(table: SourceTable, options: HarvestOptions) -> Callable[["_Run"], Iterator[HarvestOutcome]]:
    """Return the work to do; raise Misused before any of it is done."""
    singles = [pages.single_target(text, table) for text in options.questions]
    if options.pages:
        first = next(pages.read_list(options.pages), None)  # raises Misused for the whole list
        if first is None:
            raise Misused("--pages: expected questions such as 13-5QE or 13-1..5000QE, found none")
        listed = (pages.page_target(question, table) for question in pages.read_list(options.pages))
        return lambda run: _chain(run.singles(singles), run.listed(listed))
    if singles:
        return lambda run: run.singles(singles)
    archives = [_archive_target(source) for source in table.select(options.kinds, options.legislatures)]
    return lambda run: (run.one(target) for target in archives)


def _chain(*parts: Iterable[HarvestOutcome]) -> Iterator[HarvestOutcome]:
    for part in parts:
        yield from part


def _archive_target(source: ArchiveSource) -> DownloadTarget:
    return DownloadTarget(
        name=source.name,
        path=source.path,
        address=source.address,
        max_bytes=_MAX_ARCHIVE_BYTES,
        signature=_ZIP_SIGNATURE,
        inspect=read_members,
    )


class _Run:
    """One harvest under way."""

    def __init__(
        self, client: HttpClient, mirror: Mirror, options: HarvestOptions, progress: Progress
    ) -> None:
        self._client = client
        self._mirror = mirror
        self._options = options
        self._progress = progress
        self._next = 0.0

    def one(self, target: DownloadTarget) -> HarvestOutcome:
        """Download one file; one that cannot be had is an outcome."""
        deadline = Deadline(self._options.timeout)
        download = Download(self._mirror, target, allow_shrink=self._options.allow_shrink)
        try:
            return download.run(self._client, deadline, self._progress)
        except SourceFailed as error:
            is_absent = isinstance(error, NotThere)
            return HarvestOutcome(
                source=target.name,
                address=target.address.url,
                state=HarvestState.ABSENT if is_absent else HarvestState.FAILED,
                reason=str(error),
            )

    def singles(self, targets: Iterable[DownloadTarget]) -> Iterator[HarvestOutcome]:
        """Download single questions, whether or not the mirror has them."""
        for target in targets:
            self._pace()
            yield self.one(target)

    def listed(self, targets: Iterable[DownloadTarget]) -> Iterator[HarvestOutcome]:
        """Download the pages of a list that the mirror neither has nor knows to be absent."""
        failures = 0
        for target in targets:
            if target.path in self._mirror.entries or target.path in self._mirror.absent:
                continue
            self._pace()
            outcome = self.one(target)
            if outcome.state is HarvestState.ABSENT:
                self._mirror.record_absent(target.path, target.address.url)
            failures = failures + 1 if outcome.state is HarvestState.FAILED else 0
            yield outcome
            self._mirror.checkpoint()
            if failures == _MAX_FAILURES:
                return

    def _pace(self) -> None:
        """Wait until the next request may be sent."""
        time.sleep(max(self._next - time.monotonic(), 0))
        self._next = time.monotonic() + 1 / self._options.rate
