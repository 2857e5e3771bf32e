"""The questions of a release: described, checked and written, consistent with each other."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from lod.build.account_database import AccountDatabase
from lod.build.accounting import disagreement
from lod.build.checker import (
    check_across,
    check_shared,
    engine_fallback_problems,
    internal_error,
    question_problem,
)
from lod.build.messages import BatchResult, QuestionRef
from lod.build.outputs import ReleaseOutputs
from lod.build.record import subjects
from lod.build.worker import Settings, worker
from lod.build.workers import Executor
from lod.describe import describe
from lod.describe.shared import Conflict, SharedResource
from lod.errors import BadValue, Problem, Severity
from lod.iri import Iris
from lod.model import Question, QuestionId
from lod.progress import Progress
from lod.release import Draft
from lod.shacl import Projection, ValidationResult
from lod.version import VERSION

BATCH = 100
"""How many questions are described, checked and written at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """How the work is done: with these settings, by this crew, telling how far it is."""

    settings: Settings
    crew: Executor
    progress: Progress


def assemble_release(draft: Draft, questions: AccountDatabase, run: RunContext) -> ReleaseOutputs:
    """Write the questions and what they share, all of it checked; what is left out is told.

    Left out are questions that contradict most others on what they share, and those that share what a shape
    rejects: all questions are looked at before that is decided, so it does not depend on how they fall into
    batches. Where some must be left out, all is written once more without them.
    """
    resources = dict[bytes, bytes]()
    left_out = dict[QuestionId, Problem]()
    rejected = list[ValidationResult]()
    shapes = worker(run.settings).shapes
    with contextlib.ExitStack() as held:
        while True:
            projection = held.enter_context(shapes.projection(run.settings.folder))
            contents = _written(draft, questions, run, resources, projection)
            results = check_shared(shapes, contents.shared_nodes())
            unsound = [result for result in results if result.violates]
            found = dict(_contradictory(questions, run.settings, contents))
            found |= _sharing(questions, run.settings, unsound) if not found else {}
            if not found:
                break
            questions.drop(found)
            left_out |= found
            rejected += unsound
        if unsound:
            raise internal_error(unsound[0])
        contents.note(results, rejected, left_out.values())
        _tell(questions, run.settings, contents)
    return contents


def _contradictory(
    questions: AccountDatabase, settings: Settings, contents: ReleaseOutputs
) -> Iterator[tuple[QuestionId, Problem]]:
    """Give the questions that state otherwise what others state, each with what is to be told."""
    doubtful = [conflict for conflict in contents.conflicts() if conflict.is_factual]
    seen = set[QuestionId]()
    for question, conflict in _sayers(questions, settings, doubtful):
        if question.id not in seen:
            seen.add(question.id)
            yield question.id, disagreement(conflict, question, Severity.REJECTED)


def _sharing(
    questions: AccountDatabase, settings: Settings, unsound: list[ValidationResult]
) -> dict[QuestionId, Problem]:
    """Give the questions that tell of what a shape rejects, each with what is to be told."""
    found = dict[QuestionId, Problem]()
    for question, shared in _described(questions, settings) if unsound else ():
        told = subjects(resource.node for resource in shared)
        if wrong := next((result for result in unsound if result.focus in told), None):
            found[question.id] = question_problem(question, wrong, Severity.REJECTED)
    return found


def _tell(questions: AccountDatabase, settings: Settings, contents: ReleaseOutputs) -> None:
    """End the dumps, check what only all questions together tell, and tell what is odd in them."""
    told = set[Conflict]()
    for question, conflict in _sayers(questions, settings, contents.conflicts()):
        if conflict not in told:
            told.add(conflict)
            contents.ledger.remark(disagreement(conflict, question, Severity.WARNING))
    contents.close_dumps()
    if contents.whole.documents:
        shapes = worker(settings).shapes
        contents.note(check_across(shapes, contents.projection, contents.whole.documents))
    for problem in engine_fallback_problems([*contents.failures, *worker(settings).shapes.failures]):
        contents.ledger.remark(problem)


def _written(
    draft: Draft,
    questions: AccountDatabase,
    run: RunContext,
    resources: dict[bytes, bytes],
    projection: Projection,
) -> ReleaseOutputs:
    contents, done, count = ReleaseOutputs(draft, run.settings, resources, projection), 0, len(questions)
    for written in run.crew.ordered(partial(_publish, run.settings), questions.batches(BATCH)):
        contents.take(written)
        done += written.asked
        run.progress("described and checked", done, count)
    return contents


def _publish(settings: Settings, batch: list[QuestionRef]) -> BatchResult:
    return worker(settings).publish(batch)


def _sayers(
    questions: AccountDatabase, settings: Settings, conflicts: Iterable[Conflict]
) -> Iterator[tuple[Question, Conflict]]:
    """Give the questions that say what is not believed, with what that is."""
    doubted = list(conflicts)
    for question, shared in _described(questions, settings) if doubted else ():
        yield from ((question, conflict) for conflict in doubted if conflict.concerns(shared))


def _described(
    questions: AccountDatabase, settings: Settings
) -> Iterator[tuple[Question, list[SharedResource]]]:
    """Go through the questions once more, with what they say of what they share."""
    iris = Iris(settings.base)
    for batch in questions.batches(BATCH):
        for question in worker(settings).questions(batch):
            with contextlib.suppress(BadValue):
                yield question, describe(question, iris, VERSION).shared
