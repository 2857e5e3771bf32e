"""What comes in: the accounts that documents give of questions, kept on disk, merged when looked at."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from lod.errors import Cause, Problem, Severity
from lod.iri import Iris
from lod.merge import merge
from lod.publish.ledger import Ledger, about
from lod.publish.parts import Slice
from lod.publish.pool import ordered
from lod.publish.questions import Questions, kept
from lod.publish.worker import Reading, Settings, worker
from lod.source import archive
from lod.together import Facts, facts


@contextmanager
def gather(sources: Iterable[Path], settings: Settings, jobs: int, ledger: Ledger) -> Iterator[Questions]:
    """Read the questions of all sources, each author as the register knows them, if one is given.

    Raise NotReadOrWritten if what is known of them cannot be kept on disk, now or while they are looked at.
    """
    for problem in worker(settings).register_problems:
        ledger.remark(problem)
    with kept(settings.folder, Iris(settings.base)) as questions:
        for reading in ordered(jobs, partial(_read, settings), _units(sources, ledger)):
            ledger.take(reading.ledger)
            questions.take(reading.accounts)
        archive.forget()
        _settle(questions, settings, ledger)
        yield questions


def _units(sources: Iterable[Path], ledger: Ledger) -> Iterator[archive.Unit]:
    for unit in (unit for source in sources for unit in archive.units(source)):
        if isinstance(unit, Problem):
            ledger.note(unit)
        else:
            yield unit


def _read(settings: Settings, unit: archive.Unit) -> Reading:
    return worker(settings).read(unit)


def _settle(questions: Questions, settings: Settings, ledger: Ledger) -> None:
    """Merge what several documents say of one question, and tell which recalls do not hold."""
    for iri, places in questions.several():
        questions.restate(iri, _merged(places, settings, ledger))
    for item, doubt in questions.doubts():
        for question in worker(settings).questions([item]):
            ledger.remark(about(question, doubt, Severity.WARNING, Cause.IDENTITY))


def _merged(places: Sequence[Slice], settings: Settings, ledger: Ledger) -> Facts | None:
    """Merge the accounts of a question for the first time; None if they contradict each other."""
    merged = merge(worker(settings).accounts(places))
    if merged.question is None:
        for problem in merged.problems:
            ledger.reject(problem)
        return None
    ledger.duplicates += len(places) - 1
    ledger.problems += merged.problems
    return facts(merged.question)
