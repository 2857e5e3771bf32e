"""The second stage of a build: questions are described, checked, written and made consistent."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.build.account_database import AccountDatabase
from lod.build.accounting import (
    Accounting,
    conflict_problem,
    dataset_problem,
    engine_fallback_problems,
    shape_problem,
)
from lod.build.check import check_across, check_shared, internal_error
from lod.build.kept import Keeper
from lod.build.messages import BatchResult
from lod.build.outputs import CollectedShared, WrittenData, WrittenQuestions, write_batches
from lod.build.record import subjects
from lod.build.worker import Worker
from lod.describe import describe
from lod.describe.shared import Conflict, SharedResource
from lod.errors import BadValue, Problem, Severity
from lod.executors import Executor
from lod.model import Question, QuestionId
from lod.progress import Progress
from lod.release import Draft
from lod.shacl import ValidationResult
from lod.version import VERSION

BATCH = 100
"""How many questions are described, checked and written at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What does the work of a run: this process, an executor, and a report of progress."""

    worker: Worker
    executor: Executor[Worker]
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledRelease:
    """The data files of a release, with the validation results, and the accounting of this stage."""

    data: WrittenData
    published_results: list[ValidationResult]
    rejected_results: list[ValidationResult]
    accounting: Accounting


def assemble_release(
    draft: Draft, questions: AccountDatabase, run: RunContext, keeper: Keeper
) -> AssembledRelease:
    """Write all questions and their shared resources, checked and consistent with each other.

    Two groups of questions are left out and reported: those that contradict most others about shared
    resources, and those with shared resources that a shape rejects. This is decided once all questions are
    written, so that batches make no difference; if any is left out, all others are written again. So they are
    if one that is left out, or that a shape rejects, is kept as the last release has it.
    """
    sent = dict[bytes, bytes]()
    exclusions = dict[QuestionId, Problem]()
    shared_violations = list[ValidationResult]()
    shapes = run.worker.shapes
    with contextlib.ExitStack() as projections:
        while True:
            projection = projections.enter_context(shapes.projection(run.worker.settings.spool))
            batches = _publish_batches(questions, run)
            shared = CollectedShared(sent, keeper.shared)
            written = write_batches(draft, run.worker.settings, batches, shared, projection)
            shared_results = check_shared(shapes, written.shared_nodes())
            violations = [result for result in shared_results if result.violates]
            excluded = _contradicting(questions, run.worker, written) or _sharing_violations(
                questions, run.worker, violations
            )
            questions.drop(excluded)
            rejected = _rejected(written)
            kept = keeper.keep_rejected([*excluded, *rejected])
            exclusions |= excluded | {each: problem for each, problem in rejected.items() if each in kept}
            if not excluded and not kept:
                break
            shared_violations += violations
            names = {run.worker.iris.question(question) for question in kept}
            shared_violations += [each for each in written.rejected_results if _is_about(each, names)]
        if violations:
            raise internal_error(violations[0])
        for problem in exclusions.values():
            written.accounting.reject(problem)
        written.rejected_results += shared_violations
        return _finish(questions, run.worker, written, shared_results)


def _rejected(written: WrittenQuestions) -> dict[QuestionId, Problem]:
    """Return the questions that were rejected when they were described and checked, each with its problem."""
    problems = (p for p in written.accounting.problems if p.severity is Severity.REJECTED)
    return {QuestionId.of_uid(problem.question): problem for problem in problems}


def _is_about(result: ValidationResult, names: set[str]) -> bool:
    """Return whether a validation result concerns one of some questions, by IRI, or a part of it."""
    return result.focus in names or any(result.focus.startswith((f"{n}#", f"{n}/")) for n in names)


def _finish(
    questions: AccountDatabase,
    worker: Worker,
    written: WrittenQuestions,
    shared_results: list[ValidationResult],
) -> AssembledRelease:
    """Finish the data files, check the constraints that span questions, and report all warnings."""
    accounting = written.accounting
    for problem in _conflict_warnings(questions, worker, written):
        accounting.warn(problem)
    data = written.finish()
    results = list(shared_results)
    if data.questions:
        results += check_across(worker.shapes, written.projection, data.questions)
    for result in results:
        accounting.warn(dataset_problem(result))
    for problem in engine_fallback_problems([*written.engine_failures, *worker.shapes.failures]):
        accounting.warn(problem)
    return AssembledRelease(
        data=data,
        published_results=[*written.published_results, *results],
        rejected_results=written.rejected_results,
        accounting=accounting,
    )


def _publish_batches(questions: AccountDatabase, run: RunContext) -> Iterator[BatchResult]:
    done, total = 0, len(questions)
    for result in run.executor.imap(Worker.publish, questions.batches(BATCH)):
        yield result
        done += result.size
        run.progress("described and checked", done, total)


def _contradicting(
    questions: AccountDatabase, worker: Worker, written: WrittenQuestions
) -> dict[QuestionId, Problem]:
    """Return the questions that contradict others about facts, each with its problem."""
    problems = dict[QuestionId, Problem]()
    conflicts = [conflict for conflict in written.conflicts() if conflict.is_factual]
    for question, conflict in _in_conflict(questions, worker, conflicts):
        if question.id not in problems:
            problems[question.id] = conflict_problem(conflict, question, Severity.REJECTED)
    return problems


def _sharing_violations(
    questions: AccountDatabase, worker: Worker, violations: list[ValidationResult]
) -> dict[QuestionId, Problem]:
    """Return the questions that describe a shared resource that a shape rejects, each with its problem."""
    problems = dict[QuestionId, Problem]()
    for question, shared in _described(questions, worker) if violations else ():
        described = subjects(resource.node for resource in shared)
        if violation := next((result for result in violations if result.focus in described), None):
            problems[question.id] = shape_problem(question, violation, Severity.REJECTED)
    return problems


def _conflict_warnings(
    questions: AccountDatabase, worker: Worker, written: WrittenQuestions
) -> Iterator[Problem]:
    """Yield one warning for each conflict, of the first question that is in it."""
    reported = set[Conflict]()
    for question, conflict in _in_conflict(questions, worker, written.conflicts()):
        if conflict not in reported:
            reported.add(conflict)
            yield conflict_problem(conflict, question, Severity.WARNING)


def _in_conflict(
    questions: AccountDatabase, worker: Worker, conflicts: Iterable[Conflict]
) -> Iterator[tuple[Question, Conflict]]:
    """Yield the questions that state a value that was not kept, with the conflict."""
    conflicts = list(conflicts)
    for question, shared in _described(questions, worker) if conflicts else ():
        yield from ((question, conflict) for conflict in conflicts if conflict.concerns(shared))


def _described(questions: AccountDatabase, worker: Worker) -> Iterator[tuple[Question, list[SharedResource]]]:
    """Yield all questions once more, with the shared resources that each describes."""
    for batch in questions.batches(BATCH):
        for question in worker.questions(batch):
            with contextlib.suppress(BadValue):
                yield question, describe(question, worker.iris, VERSION).shared
