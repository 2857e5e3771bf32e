"""What comes in: the accounts that documents give of questions, kept on disk, merged when looked at."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar

from lod import release
from lod.errors import Cause, Problem, Severity
from lod.merge import merge
from lod.model import Question, QuestionId
from lod.publish.crew import Crew
from lod.publish.ledger import Ledger, about
from lod.publish.parts import Slice
from lod.publish.worker import Account, Item, Reading, Settings, worker
from lod.source import archive
from lod.together import Facts, Together, facts

T = TypeVar("T")

_TOGETHER = 100


def gather(sources: Iterable[Path], settings: Settings, crew: Crew, ledger: Ledger) -> "Questions":
    """Read the questions of all sources, each author as the register knows them, if one is given."""
    accounts = defaultdict[QuestionId, list[Account]](list)
    for problem in worker(settings).register_problems:
        ledger.remark(problem)
    for reading in crew.ordered(partial(_read, settings), _units(sources, ledger)):
        ledger.take(reading.ledger)
        for account in reading.accounts:
            accounts[account.facts.id].append(account)
    archive.forget()
    return _settled(accounts, settings, ledger)


def listed(sources: Iterable[Path]) -> list[dict[str, Any]]:
    """List the files that were read, as they lie on the disk, by name and digest."""
    files = {
        (name, path.stat().st_size, release.digest(path))
        for source in sources
        for name, path in archive.inputs(source)
        if path.is_file()
    }
    return [{"name": name, "bytes": size, "sha256": digest} for name, size, digest in sorted(files)]


def _units(sources: Iterable[Path], ledger: Ledger) -> Iterator[archive.Unit]:
    for unit in (unit for source in sources for unit in archive.units(source)):
        if isinstance(unit, Problem):
            ledger.note(unit)
        else:
            yield unit


def _read(settings: Settings, unit: archive.Unit) -> Reading:
    return worker(settings).read(unit)


@dataclass(slots=True)
class Questions:
    """The questions of a build by the places of their accounts on disk, and what ties them together."""

    places: dict[QuestionId, tuple[Slice, ...]] = field(default_factory=dict)
    known: dict[QuestionId, Facts] = field(default_factory=dict)
    together: Together = field(default_factory=Together)

    def batches(self, size: int, order: Callable[[QuestionId], str]) -> Iterator[list[Item]]:
        """Give the questions by the order of their IRIs, so many of one legislature and kind at a time."""
        for _, alike in groupby(sorted(self.places, key=order), lambda n: (n.legislature, n.kind)):
            numbers = list(alike)
            for start in range(0, len(numbers), size):
                yield [self.item(number) for number in numbers[start : start + size]]

    def item(self, number: QuestionId) -> Item:
        """Give what is needed to publish a question."""
        return Item(self.places[number], self.together.completion(self.known[number]))

    def drop(self, numbers: Iterable[QuestionId]) -> None:
        """Leave questions out from now on."""
        for number in numbers:
            del self.places[number]


def _settled(accounts: dict[QuestionId, list[Account]], settings: Settings, ledger: Ledger) -> Questions:
    """Merge what several documents say of one question, and find out what all questions together tell."""
    questions = Questions()
    for some in _few(list(accounts.values())):
        kept = worker(settings).accounts(a.place for given in some if len(given) > 1 for a in given)
        for given in some:
            read = list(islice(kept, len(given))) if len(given) > 1 else []
            if known := _merged(read, ledger) if read else given[0].facts:
                questions.places[known.id] = tuple(account.place for account in given)
                questions.known[known.id] = known
                questions.together.add(known)
    _doubt(questions, settings, ledger)
    return questions


def _doubt(questions: Questions, settings: Settings, ledger: Ledger) -> None:
    """Tell which recalls do not hold."""
    recalling = (known for known in questions.known.values() if known.recalls)
    doubts = [(known.id, doubt) for known in recalling for doubt in questions.together.doubts(known)]
    for some in _few(doubts):
        doubted = worker(settings).questions([questions.item(number) for number, _ in some])
        for question, (_, doubt) in zip(doubted, some, strict=True):
            ledger.remark(about(question, doubt, Severity.WARNING, Cause.IDENTITY))


def _few(every: Sequence[T]) -> Iterator[Sequence[T]]:
    """Divide what is to be looked at into as much as may be read together."""
    return (every[start : start + _TOGETHER] for start in range(0, len(every), _TOGETHER))


def _merged(given: Sequence[Question], ledger: Ledger) -> Facts | None:
    """Merge the accounts of a question for the first time; None if they contradict each other."""
    merged = merge(given)
    if merged.question is None:
        for problem in merged.problems:
            ledger.reject(problem)
        return None
    ledger.duplicates += len(given) - 1
    ledger.problems += merged.problems
    return facts(merged.question)
