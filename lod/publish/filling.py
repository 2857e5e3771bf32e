"""The questions of a release: described, checked and written, consistent with each other."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from lod.describe import describe
from lod.describe.shared import Conflict, Resource
from lod.errors import BadValue, Severity
from lod.iri import Iris
from lod.model import Question, QuestionId
from lod.publish.contents import Contents
from lod.publish.intake import Questions
from lod.publish.ledger import disagreement
from lod.publish.pool import ordered
from lod.publish.worker import Item, Settings, Written, worker
from lod.release import Draft
from lod.version import VERSION

BATCH = 100
"""How many questions are described, checked and written at a time."""

Progress = Callable[[str, int, int], None]
"""Is told the stage, how many questions have passed it, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How the work is done: with these settings, in so many processes, telling how far it is."""

    settings: Settings
    jobs: int
    progress: Progress


def fill(draft: Draft, questions: Questions, run: Run) -> Contents:
    """Write the questions; those that contradict most others on what they share are left out, and told.

    All questions are looked at before that is decided: it does not depend on how they fall into batches.
    Where some must be left out, all is written once more without them.
    """
    resources: dict[tuple[int, int], Resource] = {}
    contents = _written(draft, questions, run, resources)
    doubtful = [conflict for conflict in contents.conflicts() if conflict.is_of_facts]
    rejected = dict[QuestionId, tuple[Question, Conflict]]()
    for question, conflict in _sayers(questions, run.settings, doubtful):
        rejected.setdefault(question.id, (question, conflict))
    if rejected:
        questions.drop(rejected)
        contents = _written(draft, questions, run, resources)
        for question, conflict in rejected.values():
            contents.ledger.reject(disagreement(conflict, question, Severity.REJECTED))
    told = set[Conflict]()
    for question, conflict in _sayers(questions, run.settings, contents.conflicts()):
        if conflict not in told:
            told.add(conflict)
            contents.ledger.remark(disagreement(conflict, question, Severity.WARNING))
    return contents


def _written(
    draft: Draft, questions: Questions, run: Run, resources: dict[tuple[int, int], Resource]
) -> Contents:
    iris = Iris(run.settings.base)
    contents, done = Contents(draft, iris, resources), 0
    batches = questions.batches(BATCH, iris.question)
    for written in ordered(run.jobs, partial(_publish, run.settings), batches):
        contents.take(written)
        done += written.asked
        run.progress("described and checked", done, len(questions.places))
    return contents


def _publish(settings: Settings, batch: list[Item]) -> Written:
    return worker(settings).publish(batch)


def _sayers(
    questions: Questions, settings: Settings, conflicts: Iterable[Conflict]
) -> Iterator[tuple[Question, Conflict]]:
    """Give the questions that say what is not believed, with what that is."""
    doubted, iris = list(conflicts), Iris(settings.base)
    for batch in questions.batches(BATCH, iris.question) if doubted else ():
        for question in worker(settings).questions(batch):
            with contextlib.suppress(BadValue):
                shared = describe(question, iris, VERSION).shared
                yield from ((question, conflict) for conflict in doubted if conflict.is_said_by(shared))
