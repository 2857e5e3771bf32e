"""What the shapes say: of questions, batch by batch; of what they share; of all of them together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lod import context as contexts
from lod import shacl
from lod.build.accounting import Accounting, about
from lod.build.record import PublishedQuestion, resource_context
from lod.build.verdicts import Verdicts
from lod.context import Node
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, quote
from lod.model import Question
from lod.write import ntriples


@dataclass(slots=True)
class Checker:
    """Checks batches of questions; keeps the results, and the books."""

    ledger: Accounting
    shapes: shacl.Shapes
    known: Verdicts = field(default_factory=Verdicts)
    sound: list[bytes] = field(default_factory=list)
    published: list[shacl.ValidationResult] = field(default_factory=list)
    rejected: list[shacl.ValidationResult] = field(default_factory=list)

    def judged(self, batch: list[PublishedQuestion]) -> Iterator[tuple[PublishedQuestion, bool]]:
        """Check a batch; say of each entry whether it is sound or a shape rejects it."""
        keys = [
            Verdicts.key(entry.ntriples, {resource_context(r).digest for r in entry.shared})
            for entry in batch
        ]
        unknown = [entry for entry, key in zip(batch, keys, strict=True) if not self.known.knows(key)]
        found = _by_entry(batch, self.check(unknown))
        for n, entry in enumerate(batch):
            if not found[n]:
                self.sound.append(keys[n])
            violations = [result for result in found[n] if result.violates]
            (self.rejected if violations else self.published).extend(found[n])
            if violations:
                self.ledger.reject(question_problem(entry.question, violations[0], Severity.REJECTED))
            for result in found[n] if not violations else ():
                self.ledger.remark(question_problem(entry.question, result, Severity.WARNING))
            yield entry, not violations

    def check(self, batch: list[PublishedQuestion]) -> list[shacl.ValidationResult]:
        """Check the documents of a batch beside what they need of that which they share."""
        if not batch:
            return []
        shared = {resource_context(resource).ntriples for entry in batch for resource in entry.shared}
        text = b"".join([*(entry.ntriples for entry in batch), *sorted(shared)])
        return self.shapes.check(text, len(batch), shacl.ValidationPass.DOCUMENTS)


def check_whole(
    shapes: shacl.Shapes, entries: list[PublishedQuestion], shared: list[Node]
) -> list[shacl.ValidationResult]:
    """Check questions, with all that they share, as if they were all there is."""
    documents = [entry.ntriples for entry in entries]
    text = b"".join([*documents, ntriples.document(shared, contexts.published())])
    return shapes.check(text, len(entries)) if entries else []


def check_shared(shapes: shacl.Shapes, nodes: list[Node]) -> list[shacl.ValidationResult]:
    """Check all that questions share, once."""
    text = ntriples.document(nodes, contexts.published())
    return shapes.check(text, part=shacl.ValidationPass.SHARED) if nodes else []


def check_across(
    shapes: shacl.Shapes, projection: shacl.Projection, questions: int
) -> list[shacl.ValidationResult]:
    """Check what only all questions together tell; raise CheckFailed if it is wrong."""
    results = shapes.check_across(projection, questions)
    for result in results:
        if result.violates:
            raise CheckFailed(f"the questions together, {_sentence(result)}")
    return results


def question_problem(question: Question, result: shacl.ValidationResult, severity: Severity) -> Problem:
    """Say what a shape objects to in a question."""
    return about(question, _bad(result), severity, Cause.SHAPE)


def dataset_problem(result: shacl.ValidationResult) -> Problem:
    """Say what is odd where no document alone is wrong."""
    bad = _bad(result)
    return Problem(
        document="the questions together",
        place=f"{bad.place}",
        expected=bad.expected,
        found=bad.found,
        severity=Severity.WARNING,
        cause=Cause.SHAPE,
    )


def internal_error(result: shacl.ValidationResult) -> CheckFailed:
    """Say that no document is to blame."""
    return CheckFailed(f"the shapes reject a definition of this program: {_sentence(result)}")


def engine_fallback_problems(failures: Iterable[str]) -> Iterator[Problem]:
    """Say why another engine than the one asked for has checked, if one has."""
    for reason in sorted(set(failures)):
        yield Problem(
            document="shapes.ttl",
            place="",
            expected="the compiled SHACL engine to check",
            found=f"{quote(reason)}: pySHACL has checked instead",
            severity=Severity.WARNING,
            cause=Cause.ENGINE,
        )


def _by_entry(
    batch: list[PublishedQuestion], results: list[shacl.ValidationResult]
) -> dict[int, list[shacl.ValidationResult]]:
    """Say which documents a result speaks of."""
    found: dict[int, list[shacl.ValidationResult]] = defaultdict(list)
    owners: dict[str, set[int]] = defaultdict(set)
    for n, entry in enumerate(batch if results else ()):
        for subject in entry.subjects:
            owners[subject].add(n)
    for result in results:
        if result.focus not in owners:
            raise internal_error(result)
        for n in owners[result.focus]:
            found[n].append(result)
    return found


def _bad(result: shacl.ValidationResult) -> BadValue:
    return BadValue(result.rule, result.found, result.focus)


def _sentence(result: shacl.ValidationResult) -> str:
    return f"{result.focus}: {result.rule} ({result.found})"
