"""The first stage of a build: documents are read to accounts of questions, spooled and reconciled."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from lod import release
from lod.build.account_database import AccountDatabase, open_account_database
from lod.build.accounting import Accounting, question_problem
from lod.build.origins import FetchedDocument, Origins
from lod.build.worker import Worker
from lod.cross_references import LinkKeys, link_keys
from lod.errors import Cause, Misused, Problem, Severity
from lod.executors import Executor
from lod.merge import merge
from lod.model import Question
from lod.progress import Progress, silent
from lod.source import archive

Item = TypeVar("Item")

PREPARED = "registers and shapes read"
"""The first stage, in which the tools of a build are made."""
_BATCH = 100
"""How many questions are reconciled at a time."""


@contextmanager
def ingest(
    sources: Iterable[Path],
    worker: Worker,
    executor: Executor[Worker],
    accounting: Accounting,
    progress: Progress = silent,
) -> Iterator[AccountDatabase]:
    """Read the questions of all sources, their authors resolved if there is a register.

    Raise NotReadOrWritten if their database fails, now or while it is used.
    """
    progress(PREPARED, 1, 1)
    for problem in worker.register_problems:
        accounting.warn(problem)
    with open_account_database(worker.settings.spool, worker.iris) as questions:
        for result in executor.imap(Worker.read, _units(sources, worker, accounting)):
            accounting.add(result.accounting)
            questions.add(result.accounts)
            progress("documents read", accounting.received, 0)
        progress("documents read", accounting.received, accounting.received)
        worker.zips.close()
        accounting.group_register_gaps()
        _reconcile(questions, worker, accounting)
        yield questions


def list_inputs(sources: Iterable[Path], origins: Origins) -> list[dict[str, Any]]:
    """List the files that were read: fetched ones by address, others by size and digest, as on disk."""
    found = {
        tuple(_input(name, path, origins.get(path.resolve())).items())
        for source in sources
        for name, path in archive.list_files(source)
        if path.is_file()
    }
    return [dict(entry) for entry in sorted(found, key=lambda entry: (entry[0][1], str(entry)))]


def _input(name: str, path: Path, documents: tuple[FetchedDocument, ...] | None) -> dict[str, Any]:
    """Return the entry of a file; the list of fetched documents has the contents of one that was fetched."""
    if documents:
        return {"name": name, "address": documents[0].address, "documents": len(documents)}
    return {"name": name, "bytes": path.stat().st_size, "sha256": release.digest(path)}


def refuse_source_folder(sources: Iterable[Path], out: Path) -> None:
    """Raise Misused if releases would be written among the documents: the next build would read them."""
    if out.is_dir() and any(source.is_dir() and source.samefile(out) for source in sources):
        raise Misused(f"{out}: --out must not be one of the source folders; name another folder")


def _units(sources: Iterable[Path], worker: Worker, accounting: Accounting) -> Iterator[archive.Unit]:
    for unit in (unit for source in sources for unit in archive.list_units(source, worker.zips)):
        if isinstance(unit, Problem):
            accounting.add_unread(unit)
        else:
            yield unit


def _reconcile(questions: AccountDatabase, worker: Worker, accounting: Accounting) -> None:
    """Merge several accounts of one question; report recalls of questions that cannot be identified."""
    for batch in _batches(questions.with_several_accounts()):
        accounts = worker.accounts(location for _, locations in batch for location in locations)
        for iri, locations in batch:
            questions.replace(iri, _merge(list(islice(accounts, len(locations))), accounting))
    for unresolved in _batches(questions.unresolved_recalls()):
        recalling = worker.questions([ref for ref, _ in unresolved])
        for question, (_, bad) in zip(recalling, unresolved, strict=True):
            accounting.warn(question_problem(question, bad, Severity.WARNING, Cause.IDENTITY))


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _merge(accounts: Sequence[Question], accounting: Accounting) -> LinkKeys | None:
    """Merge the accounts of a question and note the problems; None if they contradict each other."""
    merged = merge(accounts)
    if merged.question is None:
        for problem in merged.problems:
            accounting.reject(problem)
        return None
    accounting.duplicates += len(accounts) - 1
    accounting.problems += merged.problems
    return link_keys(merged.question)
