"""Questions described and checked, batch by batch; what violates a shape stays out, and is told."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lod import context as contexts
from lod import shacl
from lod.context import Node, Walked
from lod.describe import Described, describe, merged
from lod.describe.shared import Conflict, Shared
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, shown
from lod.iri import Iris
from lod.model import Question, QuestionId
from lod.publish.intake import Ledger, Questions, about, disagreement
from lod.version import VERSION
from lod.write import ntriples

BATCH = 100
"""How many questions are described and checked at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A question on its way into the release, with its N-Triples."""

    question: Question
    described: Described
    walked: Walked
    lines: list[str]


@dataclass(slots=True)
class Checker:
    """Describes and checks questions under one base; keeps the results, and the books."""

    iris: Iris
    ledger: Ledger
    shapes: shacl.Shapes
    published: list[shacl.Result] = field(default_factory=list)
    rejected: list[shacl.Result] = field(default_factory=list)

    def keep_consistent(self, questions: Questions) -> None:
        """Leave out the questions whose documents contradict most others on what they share.

        This looks at all questions at once: what is published must not depend on how they fall into batches.
        """
        shared = Shared(contexts.published())
        for question in questions:
            with contextlib.suppress(BadValue):  # told when it is described for good
                shared.add(describe(question, self.iris, VERSION).shared)
        of_facts = [conflict for conflict in shared.conflicts() if conflict.is_of_facts]
        rejected: set[QuestionId] = set()
        for question, conflict in self.told(questions, of_facts) if of_facts else ():
            if question.id not in rejected:
                rejected.add(question.id)
                self.ledger.reject(disagreement(conflict, question, Severity.REJECTED))
        questions.drop(rejected)

    def told(
        self, questions: Questions, conflicts: Sequence[Conflict]
    ) -> Iterator[tuple[Question, Conflict]]:
        """Give the questions that say what is not believed, with what that is."""
        for question in questions:
            with contextlib.suppress(BadValue):
                shared = describe(question, self.iris, VERSION).shared
                yield from ((question, said) for said in conflicts if said.is_said_by(shared))

    def sound(self, questions: list[Question]) -> Iterator[Entry]:
        """Describe and check a batch; give the entries that no shape rejects."""
        batch = self.entries(questions)
        found = _by_entry(batch, self.check(batch))
        for n, entry in enumerate(batch):
            violations = [result for result in found[n] if result.violates]
            (self.rejected if violations else self.published).extend(found[n])
            if violations:
                self.ledger.reject(self._problem(entry, violations[0], Severity.REJECTED))
                continue
            for result in found[n]:
                self.ledger.remark(self._problem(entry, result, Severity.WARNING))
            yield entry

    def entries(self, questions: list[Question]) -> list[Entry]:
        """Describe questions; one that cannot be named is rejected."""
        return [entry for question in questions for entry in self._described(question)]

    def check(self, batch: list[Entry]) -> list[shacl.Result]:
        """Check a batch together with the shared resources it refers to."""
        common = ntriples.lines(shared_nodes(batch), contexts.published())
        lines = [line for entry in batch for line in entry.lines]
        return self.shapes.check("".join(lines + common), len(batch)) if batch else []

    def _described(self, question: Question) -> Iterator[Entry]:
        try:
            described = describe(question, self.iris, VERSION)
        except BadValue as bad:
            self.ledger.reject(about(question, bad, Severity.REJECTED, Cause.FIELD))
            return
        walked = contexts.published().walk(described.document)
        lines = ntriples.of_blocks(walked.blocks)
        yield Entry(question=question, described=described, walked=walked, lines=lines)

    def _problem(self, entry: Entry, result: shacl.Result, severity: Severity) -> Problem:
        found = f"{shown(result.value)} at {result.focus}" if result.value else f"otherwise at {result.focus}"
        bad = BadValue(result.english.rstrip("."), found, f"shape {result.shape_name}")
        return about(entry.question, bad, severity, Cause.SHAPE)


def shared_nodes(batch: Iterable[Entry]) -> list[Node]:
    """Give the resources that the questions of a batch share, each once."""
    return [resource.node for resource in merged(entry.described.shared for entry in batch)]


def _by_entry(batch: list[Entry], results: list[shacl.Result]) -> dict[int, list[shacl.Result]]:
    """Say which documents a result speaks of: the one it is in, or all that refer to the shared resource."""
    found: dict[int, list[shacl.Result]] = defaultdict(list)
    owners: dict[str, set[int]] = defaultdict(set)
    for n, entry in enumerate(batch if results else ()):
        for node in entry.described.nodes:
            for block in contexts.published().walk(node).blocks:
                owners[block.subject[1:-1]].add(n)
    for result in results:
        if result.focus not in owners:
            raise CheckFailed(
                f"the shapes reject what this program defines: {result.focus}: {result.english}"
            )
        for n in owners[result.focus]:
            found[n].append(result)
    return found
