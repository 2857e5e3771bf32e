"""Questions described and checked, batch by batch; what violates a shape stays out, and is told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lod import context as contexts
from lod import shacl
from lod.context import Node, Walked
from lod.describe import Described, describe, merged
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, shown
from lod.iri import Iris
from lod.model import Question
from lod.publish.ledger import Ledger, about
from lod.version import VERSION
from lod.write import ntriples


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

    def judged(self, questions: list[Question]) -> Iterator[tuple[Entry, bool]]:
        """Describe and check a batch; say of each entry whether it is sound or a shape rejects it."""
        batch = self.entries(questions)
        found = _by_entry(batch, self.check(batch))
        for n, entry in enumerate(batch):
            violations = [result for result in found[n] if result.violates]
            (self.rejected if violations else self.published).extend(found[n])
            if violations:
                self.ledger.reject(self._problem(entry, violations[0], Severity.REJECTED))
            for result in found[n] if not violations else ():
                self.ledger.remark(self._problem(entry, result, Severity.WARNING))
            yield entry, not violations

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
