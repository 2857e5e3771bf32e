"""What comes in: the accounts that documents give of questions, kept on disk, merged when looked at."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from lod import release
from lod.build.account_database import AccountDatabase, open_account_database
from lod.build.accounting import Accounting, about
from lod.build.messages import ReadResult
from lod.build.worker import Settings, worker
from lod.build.workers import Executor
from lod.cross_references import LinkKeys, link_keys
from lod.errors import Cause, Misused, Problem, Severity
from lod.iri import Iris
from lod.merge import merge
from lod.model import Question
from lod.source import archive

T = TypeVar("T")

_TOGETHER = 100


@contextmanager
def ingest(
    sources: Iterable[Path], settings: Settings, crew: Executor, ledger: Accounting
) -> Iterator[AccountDatabase]:
    """Read the questions of all sources, each author as the register knows them, if one is given.

    Raise NotReadOrWritten if what is known of them cannot be kept on disk, now or while they are looked at.
    """
    for problem in worker(settings).register_problems:
        ledger.remark(problem)
    with open_account_database(settings.folder, Iris(settings.base)) as questions:
        for reading in crew.ordered(partial(_read, settings), _units(sources, ledger)):
            ledger.take(reading.ledger)
            questions.take(reading.accounts)
        archive.close_archive()
        ledger.gather_gaps()
        _reconcile(questions, settings, ledger)
        yield questions


def listed(sources: Iterable[Path]) -> list[dict[str, Any]]:
    """List the files that were read, as they lie on the disk, by name and digest."""
    files = {
        (name, path.stat().st_size, release.digest(path))
        for source in sources
        for name, path in archive.list_files(source)
        if path.is_file()
    }
    return [{"name": name, "bytes": size, "sha256": digest} for name, size, digest in sorted(files)]


def refuse_among(sources: Iterable[Path], out: Path) -> None:
    """Raise Misused if releases would lie among the documents: the next build would read them."""
    if out.is_dir() and any(source.is_dir() and source.samefile(out) for source in sources):
        raise Misused(f"{out}: expected a folder for releases, found that of the documents; say another one")


def _units(sources: Iterable[Path], ledger: Accounting) -> Iterator[archive.Unit]:
    for unit in (unit for source in sources for unit in archive.list_units(source)):
        if isinstance(unit, Problem):
            ledger.note(unit)
        else:
            yield unit


def _read(settings: Settings, unit: archive.Unit) -> ReadResult:
    return worker(settings).read(unit)


def _reconcile(questions: AccountDatabase, settings: Settings, ledger: Accounting) -> None:
    """Merge what several documents say of one question, and tell which recalls do not hold."""
    for some in _few(questions.several()):
        accounts = worker(settings).accounts(place for _, places in some for place in places)
        for iri, places in some:
            questions.restate(iri, _merged(list(islice(accounts, len(places))), ledger))
    for doubts in _few(questions.doubts()):
        doubted = worker(settings).questions([item for item, _ in doubts])
        for question, (_, doubt) in zip(doubted, doubts, strict=True):
            ledger.remark(about(question, doubt, Severity.WARNING, Cause.IDENTITY))


def _few(every: Iterable[T]) -> Iterator[list[T]]:
    """Divide what is to be looked at into as much as may be read together."""
    waiting = iter(every)
    while some := list(islice(waiting, _TOGETHER)):
        yield some


def _merged(given: Sequence[Question], ledger: Accounting) -> LinkKeys | None:
    """Merge the accounts of a question for the first time; None if they contradict each other."""
    merged = merge(given)
    if merged.question is None:
        for problem in merged.problems:
            ledger.reject(problem)
        return None
    ledger.duplicates += len(given) - 1
    ledger.problems += merged.problems
    return link_keys(merged.question)
