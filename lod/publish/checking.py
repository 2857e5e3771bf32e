"""Questions described and checked, batch by batch; what violates a shape stays out, and is told."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lod import context as contexts
from lod import shacl
from lod.context import RDF_TYPE, Node
from lod.describe import Described, describe, merged
from lod.describe.shared import Shared
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, shown
from lod.iri import Iris
from lod.model import Question
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
        shared = self._gathered(questions)
        rejected: dict[str, Question] = {}
        for conflict in shared.conflicts():
            for uid in set(conflict.said_by) - rejected.keys() if conflict.is_of_facts else ():
                rejected[uid] = questions.of(uid)
                self.ledger.reject(disagreement(conflict, rejected[uid], Severity.REJECTED))
        questions.drop({question.id for question in rejected.values()})
        if rejected:
            shared = self._gathered(questions)
        results = self._check_shared(shared)
        while self._drop_unsound(questions, results):
            results = self._check_shared(self._gathered(questions))
        self._remark(results)

    def sound(self, questions: list[Question]) -> Iterator[Entry]:
        """Describe and check a batch; give the entries that no shape rejects."""
        batch = self.entries(questions)
        found = _by_entry(batch, self.check(batch))
        for n, entry in enumerate(batch):
            violations = [result for result in found[n] if result.violates]
            (self.rejected if violations else self.published).extend(found[n])
            if violations:
                self.ledger.reject(_problem(entry.question, violations[0], Severity.REJECTED))
                continue
            for result in found[n]:
                self.ledger.remark(_problem(entry.question, result, Severity.WARNING))
            yield entry

    def entries(self, questions: list[Question]) -> list[Entry]:
        """Describe questions; one that cannot be named is rejected."""
        return [entry for question in questions for entry in self._described(question)]

    def check(self, batch: list[Entry]) -> list[shacl.Result]:
        """Check the documents of a batch beside what they need of that which they share."""
        if not batch:
            return []
        shared = (resource.node for entry in batch for resource in entry.described.shared)
        beside = {line for node in shared for line in _beside(node)}
        lines = [line for entry in batch for line in entry.lines]
        return self.shapes.check("".join([*lines, *sorted(beside)]), len(batch), shacl.Part.DOCUMENTS)

    def check_whole(self, entries: list[Entry]) -> list[shacl.Result]:
        """Check questions as if they were all there is."""
        shared = ntriples.lines(shared_nodes(entries), contexts.published())
        lines = [line for entry in entries for line in entry.lines]
        return self.shapes.check("".join(lines + shared), len(entries)) if entries else []

    def check_across(self, published: Iterable[str], questions: int) -> None:
        """Check what only all questions together tell, given all N-Triples; raise CheckFailed if wrong."""
        projection = self.shapes.projection()
        projection.add(published)
        results = self.shapes.check(projection.text(), questions, shacl.Part.ACROSS)
        for result in results:
            if result.violates:
                raise CheckFailed(f"the questions together: {result.focus}: {result.english}")
        self._remark(results)

    def _remark(self, results: list[shacl.Result]) -> None:
        """Note what is odd in what is published, where no document alone is wrong."""
        self.published += results
        for result in results:
            self.ledger.remark(_of_all(result))

    def _gathered(self, questions: Questions) -> Shared:
        """Gather what the questions share."""
        shared = Shared(contexts.published())
        for question in questions:
            with contextlib.suppress(BadValue):  # told when it is described for good
                shared.add(describe(question, self.iris, VERSION).shared, question.id.uid)
        return shared

    def _drop_unsound(self, questions: Questions, results: list[shacl.Result]) -> bool:
        """Leave out the questions that share what a shape rejects; say whether there are any."""
        wrong = [result for result in results if result.violates]
        dropped = set()
        for question in questions if wrong else ():
            with contextlib.suppress(BadValue):
                told = _subjects(r.node for r in describe(question, self.iris, VERSION).shared)
                if found := [result for result in wrong if result.focus in told]:
                    dropped.add(question.id)
                    self.rejected += found
                    self.ledger.reject(_problem(question, found[0], Severity.REJECTED))
        if wrong and not dropped:
            raise _ours(wrong[0])
        questions.drop(dropped)
        return bool(dropped)

    def _check_shared(self, shared: Shared) -> list[shacl.Result]:
        nodes = [resource.node for resource in shared.resources()]
        lines = ntriples.lines(nodes, contexts.published())
        return self.shapes.check("".join(lines), part=shacl.Part.SHARED) if nodes else []

    def _described(self, question: Question) -> Iterator[Entry]:
        try:
            described = describe(question, self.iris, VERSION)
        except BadValue as bad:
            self.ledger.reject(about(question, bad, Severity.REJECTED, Cause.FIELD))
            return
        lines = ntriples.lines([described.document], contexts.published())
        yield Entry(question=question, described=described, lines=lines)


def shared_nodes(batch: Iterable[Entry]) -> list[Node]:
    """Give the resources that the questions of a batch share, each once."""
    said = ((entry.described.shared, entry.question.id.uid) for entry in batch)
    return [resource.node for resource in merged(said)]


def _by_entry(batch: list[Entry], results: list[shacl.Result]) -> dict[int, list[shacl.Result]]:
    """Say which documents a result speaks of."""
    found: dict[int, list[shacl.Result]] = defaultdict(list)
    owners: dict[str, set[int]] = defaultdict(set)
    for n, entry in enumerate(batch if results else ()):
        for subject in _subjects(entry.described.nodes):
            owners[subject].add(n)
    for result in results:
        if result.focus not in owners:
            raise _ours(result)
        for n in owners[result.focus]:
            found[n].append(result)
    return found


def _subjects(nodes: Iterable[Node]) -> set[str]:
    return {block.subject for node in nodes for block in contexts.published().blocks(node)}


def _beside(node: Node) -> Iterable[str]:
    """Give the N-Triples that documents need of a shared node: its types; of a document received, all."""
    if "SourceDocument" in node.get("type", ()):  # what one question alone comes from is in its document
        return ntriples.lines([node], contexts.published())
    return _types(node)


def _types(node: Node) -> Iterator[str]:
    """Give the N-Triples that say of what types a node, and those within it, are."""
    known = contexts.published().types
    for name in node.get("type", ()):
        yield f"<{node['id']}> <{RDF_TYPE}> <{known[name]}> .\n"
    for value in node.values():
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, dict):
                yield from _types(inner)


def _ours(result: shacl.Result) -> CheckFailed:
    return CheckFailed(f"the shapes reject what this program defines: {result.focus}: {result.english}")


def _problem(question: Question, result: shacl.Result, severity: Severity) -> Problem:
    return about(question, _bad(result), severity, Cause.SHAPE)


def _of_all(result: shacl.Result) -> Problem:
    """Say what is odd where no document alone is wrong."""
    bad = _bad(result)
    return Problem(
        document="questions.nt",
        place=f"{bad.place}",
        expected=bad.expected,
        found=bad.found,
        severity=Severity.WARNING,
        cause=Cause.SHAPE,
    )


def _bad(result: shacl.Result) -> BadValue:
    found = f"{shown(result.value)} at {result.focus}" if result.value else f"otherwise at {result.focus}"
    return BadValue(result.english.rstrip("."), found, f"shape {result.shape_name}")


def stand_ins(shapes: shacl.Shapes) -> Iterator[Problem]:
    """Say why another engine than the one asked for has checked, if one has."""
    for reason in shapes.failures:
        yield Problem(
            document="shapes.ttl",
            place="",
            expected="the compiled SHACL engine to check",
            found=f"{shown(reason)}: pySHACL has checked instead",
            severity=Severity.WARNING,
            cause=Cause.ENGINE,
        )
