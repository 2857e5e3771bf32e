"""Official documents in, a checked release out: the only module that knows all stages."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lod import context as contexts
from lod import definitions, intake, rdf, release, shacl
from lod.contents import Contents, Entry
from lod.context import Node
from lod.describe import describe
from lod.describe.shared import Conflict, Shared
from lod.errors import BadValue, Cause, CheckFailed, Misused, Problem, Refused, Severity, shown
from lod.intake import Ledger
from lod.iri import Iris
from lod.model import Question
from lod.source import archive, register
from lod.version import VERSION
from lod.write import ntriples
from lod.write.turtle import TurtleWriter

BATCH = 100
"""How many questions are described, checked and written at a time."""

Progress = Callable[[str, int, int], None]
"""Is told the stage, how many questions have passed it, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a release is to be built."""

    register: Path | None = None
    base: str = definitions.DEFAULT_BASE
    publisher: str = "Questions à l’Assemblée nationale en données liées"
    documents: bool = False
    strict: bool = False
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build has published, rejected and remarked upon."""

    release: str
    path: Path
    counts: dict[str, int]
    triples: int
    problems: list[Problem]
    strict: bool

    def as_json(self) -> dict[str, Any]:
        """Give the summary for programs."""
        return {
            "release": self.release,
            "path": str(self.path),
            "counts": self.counts,
            "triples": self.triples,
            "problems": [problem.as_json() for problem in self.problems],
            "exit_code": self.exit_code,
        }

    @property
    def exit_code(self) -> int:
        """0 if all is published; 3 if documents are rejected, or remarked upon where that counts."""
        return 3 if self.counts["rejected"] or (self.strict and self.problems) else 0


@dataclass(slots=True)
class Checked:
    """The results of the shapes: on what is published, and on what is not."""

    published: list[shacl.Result]
    rejected: list[shacl.Result]


def build(
    sources: Sequence[Path], out: Path, options: Options | None = None, progress: Progress | None = None
) -> Summary:
    """Build a release from files, folders and zips of official documents, and make it the current one.

    Raise Refused if nothing can be published, and another LodError if the run cannot go on; the last release
    then stays as it was.
    """
    options, iris, ledger = options or Options(), Iris((options or Options()).base), Ledger()
    with release.draft(out) as draft:
        contents = Contents(draft, iris, documents=options.documents)
        checked = Checked([], [])
        questions = read(sources, options, ledger)
        for entry in _checked_entries(questions, iris, ledger, checked, progress or _silent):
            contents.add(entry)
        _refuse_loss(out, contents.whole.documents, ledger, options)
        contents.close_dumps()
        for conflict in contents.shared.conflicts():
            ledger.remark(_conflict(conflict))
        contents.write_definitions()
        contents.write_reports(sorted(checked.published), sorted(checked.rejected))
        contents.write_problems(sorted(ledger.problems))
        counts = _counts(ledger, contents.whole.documents)
        inputs = _inputs([*sources, *filter(None, [options.register])])
        version = _version(contents.last_day, draft, [VERSION, iris.base, options.publisher, counts, inputs])
        contents.write_catalogue(version, _modified(contents.last_day), options.publisher)
        path = draft.publish(version, contents.manifest(version, counts, inputs))
    return Summary(
        release=version,
        path=path,
        counts=counts,
        triples=contents.whole.triples,
        problems=sorted(ledger.problems),
        strict=options.strict,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one document becomes."""

    questions: list[Question]
    turtle: str
    results: list[shacl.Result]
    problems: list[Problem]

    @property
    def sound(self) -> bool:
        """Say whether the document would be published."""
        return bool(self.questions) and not self.results


def explain(file: Path, options: Options | None = None) -> Explained:
    """Read, describe and check one document without publishing it."""
    options, ledger = options or Options(), Ledger()
    iris = Iris(options.base)
    questions = read([file], options, ledger)
    entries = [entry for question in questions for entry in _described(question, iris, ledger)]
    nodes = [node for entry in entries for node in (entry.described.document, *_shared_nodes([entry]))]
    results = shacl.Shapes(iris.base).check("".join(_triples(entries)), len(entries)) if entries else []
    turtle = TurtleWriter(contexts.published(), iris.base).document(nodes)
    return Explained(questions=questions, turtle=turtle, results=results, problems=sorted(ledger.problems))


def check(files: Sequence[Path], base: str = definitions.DEFAULT_BASE) -> list[shacl.Result]:
    """Check RDF files, taken together, against the shapes; raise CheckFailed if one cannot be parsed."""
    graph = rdf.parse("", "nt")
    for file in files:
        try:
            graph += rdf.load(file)
        except BadValue as bad:
            raise CheckFailed(f"{file}: {bad}") from None
    return shacl.Shapes(base).check_graph(graph)


def read(sources: Sequence[Path], options: Options, ledger: Ledger) -> list[Question]:
    """Read the questions of all sources, by IRI, each author as the register knows them, if one is given."""
    iris = Iris(options.base)
    found = sorted(intake.questions(sources, ledger), key=lambda question: iris.question(question.id))
    if options.register is None:
        return found
    known, problems = register.load(options.register)
    for problem in problems:
        ledger.remark(problem)
    return [_resolved(question, known, ledger) for question in found]


def _resolved(question: Question, known: register.Register, ledger: Ledger) -> Question:
    resolved, unknown = known.resolve(question)
    for bad in unknown:
        ledger.remark(ledger.about(question, bad, Severity.WARNING, Cause.IDENTITY))
    return resolved


def _checked_entries(
    questions: list[Question], iris: Iris, ledger: Ledger, checked: Checked, progress: Progress
) -> Iterator[Entry]:
    """Describe and check questions batch by batch; give those that the shapes let through."""
    shapes = shacl.Shapes(iris.base)
    for start in range(0, len(questions), BATCH):
        progress("describe and check", start, len(questions))
        batch = [
            entry
            for question in questions[start : start + BATCH]
            for entry in _described(question, iris, ledger)
        ]
        yield from _sound(batch, shapes, ledger, checked)
    progress("describe and check", len(questions), len(questions))


def _described(question: Question, iris: Iris, ledger: Ledger) -> Iterator[Entry]:
    try:
        described = describe(question, iris, VERSION)
    except BadValue as bad:
        ledger.reject(ledger.about(question, bad, Severity.REJECTED, Cause.FIELD))
        return
    lines = ntriples.lines([described.document], contexts.published())
    yield Entry(question=question, described=described, lines=lines)


def _sound(batch: list[Entry], shapes: shacl.Shapes, ledger: Ledger, checked: Checked) -> Iterator[Entry]:
    """Check a batch with the shared resources it refers to; a violation keeps its document out."""
    by_entry = _by_entry(batch, shapes.check("".join(_triples(batch)), len(batch)))
    for n, entry in enumerate(batch):
        mine = by_entry[n]
        violations = [result for result in mine if result.violates]
        (checked.rejected if violations else checked.published).extend(mine)
        if violations:
            ledger.reject(_violation(entry.question, violations[0], ledger, Severity.REJECTED))
            continue
        for result in mine:
            ledger.remark(_violation(entry.question, result, ledger, Severity.WARNING))
        yield entry


def _triples(batch: list[Entry]) -> list[str]:
    shared = ntriples.lines(_shared_nodes(batch), contexts.published())
    return [line for entry in batch for line in entry.lines] + shared


def _shared_nodes(batch: list[Entry]) -> list[Node]:
    shared = Shared(contexts.published())
    for entry in batch:
        shared.add(entry.described.shared, entry.described.document["id"])
    return [resource.node for resource in shared.resources()]


def _by_entry(batch: list[Entry], results: Iterable[shacl.Result]) -> dict[int, list[shacl.Result]]:
    """Say which documents a result speaks of: the one it is in, or all that refer to the shared resource."""
    owners: dict[str, set[int]] = defaultdict(set)
    for n, entry in enumerate(batch):
        for line in entry.lines:
            owners[line[1 : line.index(">")]].add(n)
        for resource in entry.described.shared:
            for block in contexts.published().blocks(resource.node):
                owners[block.subject].add(n)
    found: dict[int, list[shacl.Result]] = defaultdict(list)
    for result in results:
        if result.focus not in owners:
            raise CheckFailed(
                f"the shapes reject what this program itself defines: {result.focus}: {result.english}"
            )
        for n in owners[result.focus]:
            found[n].append(result)
    return found


def _violation(question: Question, result: shacl.Result, ledger: Ledger, severity: Severity) -> Problem:
    found = f"{shown(result.value)} at {result.focus}" if result.value else f"otherwise at {result.focus}"
    bad = BadValue(result.english.rstrip("."), found, f"shape {result.shape_name}")
    return ledger.about(question, bad, severity, Cause.SHAPE)


def _refuse_loss(out: Path, published: int, ledger: Ledger, options: Options) -> None:
    """Raise Refused if nothing is left to publish, if much has gone, or if what is unknown may not be."""
    if not published:
        first = f"; the first problem: {min(ledger.problems)}" if ledger.problems else ""
        raise Refused(
            f"nothing to publish: {ledger.received} documents received, {ledger.rejected} rejected{first}"
        )
    unknown = [problem for problem in ledger.problems if problem.cause is Cause.UNKNOWN]
    if options.strict and unknown:
        raise Refused(f"--strict, and the source says what this program does not know: {min(unknown)}")
    if not options.allow_shrink:
        release.refuse_to_shrink(out, published)


def _conflict(conflict: Conflict) -> Problem:
    return Problem(
        document=conflict.said_by,
        place=f"{conflict.key} of {conflict.iri}",
        expected=shown(conflict.kept),
        found=shown(conflict.other),
        severity=Severity.WARNING,
        cause=Cause.CONTRADICTION,
    )


def _counts(ledger: Ledger, questions: int) -> dict[str, int]:
    """Add up the books; raise CheckFailed if a document is not accounted for."""
    if ledger.received != questions + ledger.rejected + ledger.duplicates:
        raise CheckFailed(
            f"{ledger.received} documents received are not {questions} published, "
            f"{ledger.rejected} rejected and {ledger.duplicates} duplicates"
        )
    return {
        "documents": ledger.received,
        "questions": questions,
        "rejected": ledger.rejected,
        "duplicates": ledger.duplicates,
        "problems": len(ledger.problems),
    }


def _inputs(sources: Iterable[Path]) -> list[dict[str, Any]]:
    """List the files that were read, as they lie on the disk, by name and digest."""
    files = {
        (name, path.stat().st_size, release.digest(path))
        for source in sources
        for name, path in archive.inputs(source)
        if path.is_file()
    }
    return [{"name": name, "bytes": size, "sha256": digest} for name, size, digest in sorted(files)]


def _version(last_day: date, draft: release.Draft, also: list[Any]) -> str:
    """Name a release after its last day and its content: the same content has the same name."""
    digest = draft.digest(json.dumps(also, ensure_ascii=False, sort_keys=True))
    return f"{last_day.isoformat()}-{digest[:12]}"


def _modified(last_day: date) -> date:
    """Date a release by SOURCE_DATE_EPOCH if that is set, or else by its content; never by the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return last_day
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise Misused(f"SOURCE_DATE_EPOCH must be a number of seconds, not {shown(epoch)}") from None


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
