"""What the shapes say: of questions, batch by batch; of what they share; of all of them together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lod import context as contexts
from lod import shacl
from lod.context import RDF_TYPE, Node, Walked
from lod.describe import Described, describe, merged
from lod.describe.shared import REMEMBERED, Resource
from lod.errors import BadValue, Cause, CheckFailed, Problem, Severity, shown
from lod.iri import Iris
from lod.model import Question
from lod.publish.ledger import Ledger, about
from lod.publish.verdicts import Verdicts
from lod.version import VERSION
from lod.write import ntriples


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A question on its way into the release, with its N-Triples, and those beside which it is checked."""

    question: Question
    described: Described
    walked: Walked
    ntriples: str
    beside: set[str]


@dataclass(slots=True)
class Checker:
    """Describes and checks questions under one base; keeps the results, and the books."""

    iris: Iris
    ledger: Ledger
    shapes: shacl.Shapes
    known: Verdicts = field(default_factory=Verdicts)
    sound: list[bytes] = field(default_factory=list)
    published: list[shacl.Result] = field(default_factory=list)
    rejected: list[shacl.Result] = field(default_factory=list)

    def judged(self, questions: list[Question]) -> Iterator[tuple[Entry, bool]]:
        """Describe and check a batch; say of each entry whether it is sound or a shape rejects it."""
        batch = self.entries(questions)
        keys = [Verdicts.key(entry.ntriples, entry.beside) for entry in batch]
        unknown = [entry for entry, key in zip(batch, keys, strict=True) if not self.known.knows(key)]
        found = _by_entry(batch, self.check(unknown))
        for n, entry in enumerate(batch):
            if not found[n]:
                self.sound.append(keys[n])
            violations = [result for result in found[n] if result.violates]
            (self.rejected if violations else self.published).extend(found[n])
            if violations:
                self.ledger.reject(of_question(entry.question, violations[0], Severity.REJECTED))
            for result in found[n] if not violations else ():
                self.ledger.remark(of_question(entry.question, result, Severity.WARNING))
            yield entry, not violations

    def entries(self, questions: list[Question]) -> list[Entry]:
        """Describe questions; one that cannot be named is rejected."""
        return [entry for question in questions for entry in self._described(question)]

    def check(self, batch: list[Entry]) -> list[shacl.Result]:
        """Check the documents of a batch beside what they need of that which they share."""
        if not batch:
            return []
        beside = {line for entry in batch for line in entry.beside}
        documents = [entry.ntriples for entry in batch]
        return self.shapes.check("".join([*documents, *sorted(beside)]), len(batch), shacl.Part.DOCUMENTS)

    def check_whole(self, entries: list[Entry]) -> list[shacl.Result]:
        """Check questions as if they were all there is."""
        shared = ntriples.text(shared_nodes(entries), contexts.published())
        documents = [entry.ntriples for entry in entries]
        return self.shapes.check("".join([*documents, shared]), len(entries)) if entries else []

    def _described(self, question: Question) -> Iterator[Entry]:
        try:
            described = describe(question, self.iris, VERSION)
        except BadValue as bad:
            self.ledger.reject(about(question, bad, Severity.REJECTED, Cause.FIELD))
            return
        walked = contexts.published().walk(described.document)
        lines = ntriples.of_blocks(walked.blocks)
        beside = {line for resource in described.shared for line in _beside(resource)}
        yield Entry(question=question, described=described, walked=walked, ntriples=lines, beside=beside)


def check_shared(shapes: shacl.Shapes, nodes: list[Node]) -> list[shacl.Result]:
    """Check all that questions share, once."""
    return shapes.check(ntriples.text(nodes, contexts.published()), part=shacl.Part.SHARED) if nodes else []


def check_across(shapes: shacl.Shapes, published: Iterable[str], questions: int) -> list[shacl.Result]:
    """Check what only all questions together tell, given all N-Triples; raise CheckFailed if it is wrong."""
    projection = shapes.projection()
    projection.add(published)
    results = shapes.check(projection.text(), questions, shacl.Part.ACROSS)
    for result in results:
        if result.violates:
            raise CheckFailed(f"the questions together: {result.focus}: {result.english}")
    return results


def shared_nodes(batch: Iterable[Entry]) -> list[Node]:
    """Give the resources that the questions of a batch share, each once."""
    return [resource.node for resource in merged(entry.described.shared for entry in batch)]


def subjects(nodes: Iterable[Node]) -> set[str]:
    """Give the IRIs that nodes, and those within them, describe."""
    return {block.subject[1:-1] for node in nodes for block in contexts.published().walk(node).blocks}


def of_question(question: Question, result: shacl.Result, severity: Severity) -> Problem:
    """Say what a shape objects to in a question."""
    return about(question, _bad(result), severity, Cause.SHAPE)


def of_all(result: shacl.Result) -> Problem:
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


def ours(result: shacl.Result) -> CheckFailed:
    """Say that no document is to blame."""
    return CheckFailed(f"the shapes reject what this program defines: {result.focus}: {result.english}")


def stand_ins(failures: Iterable[str]) -> Iterator[Problem]:
    """Say why another engine than the one asked for has checked, if one has."""
    for reason in sorted(set(failures)):
        yield Problem(
            document="shapes.ttl",
            place="",
            expected="the compiled SHACL engine to check",
            found=f"{shown(reason)}: pySHACL has checked instead",
            severity=Severity.WARNING,
            cause=Cause.ENGINE,
        )


def _by_entry(batch: list[Entry], results: list[shacl.Result]) -> dict[int, list[shacl.Result]]:
    """Say which documents a result speaks of."""
    found: dict[int, list[shacl.Result]] = defaultdict(list)
    owners: dict[str, set[int]] = defaultdict(set)
    for n, entry in enumerate(batch if results else ()):
        for subject in subjects(entry.described.nodes):
            owners[subject].add(n)
    for result in results:
        if result.focus not in owners:
            raise ours(result)
        for n in owners[result.focus]:
            found[n].append(result)
    return found


@lru_cache(maxsize=REMEMBERED)
def _beside(resource: Resource) -> tuple[str, ...]:
    """Give the N-Triples that documents need of a shared node: its types; of a document received, all."""
    if "SourceDocument" in resource.node.get(
        "type", ()
    ):  # what one question alone comes from is in its document
        return tuple(ntriples.text([resource.node], contexts.published()).splitlines(keepends=True))
    return tuple(_types(resource.node))


def _types(node: Node) -> Iterator[str]:
    """Give the N-Triples that say of what types a node, and those within it, are."""
    known = contexts.published().types
    for name in node.get("type", ()):
        yield f"<{node['id']}> <{RDF_TYPE}> <{known[name]}> .\n"
    for value in node.values():
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, dict):
                yield from _types(inner)


def _bad(result: shacl.Result) -> BadValue:
    found = f"{shown(result.value)} at {result.focus}" if result.value else f"otherwise at {result.focus}"
    return BadValue(result.english.rstrip("."), found, f"shape {result.shape_name}")
