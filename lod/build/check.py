"""SHACL validation: of the questions of a build, batch by batch and together, and of given RDF files."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lod import context as contexts
from lod import definitions, rdf, shacl
from lod.build.accounting import Accounting, engine_fallback_problems, shape_problem
from lod.build.record import PublishedQuestion, type_triples
from lod.context import Node
from lod.errors import BadValue, CheckFailed, Misused, Problem, Severity, quote
from lod.iri import Iris
from lod.release import WITHDRAWN, Release
from lod.write import ntriples


@dataclass(slots=True)
class Checker:
    """Checks a batch of questions; collects validation results and problems."""

    accounting: Accounting
    shapes: shacl.Shapes
    published: list[shacl.ValidationResult] = field(default_factory=list)
    rejected: list[shacl.ValidationResult] = field(default_factory=list)

    def check(self, batch: list[PublishedQuestion]) -> Iterator[tuple[PublishedQuestion, bool]]:
        """Yield each question of a batch, and whether it may be published: no shape rejects it."""
        results = _results_by_question(batch, check_documents(self.shapes, batch))
        for number, question in enumerate(batch):
            violations = [result for result in results[number] if result.violates]
            (self.rejected if violations else self.published).extend(results[number])
            if violations:
                self.accounting.reject(shape_problem(question.question, violations[0], Severity.REJECTED))
            else:
                for result in results[number]:
                    self.accounting.warn(shape_problem(question.question, result, Severity.WARNING))
            yield question, not violations


def check_documents(shapes: shacl.Shapes, batch: list[PublishedQuestion]) -> list[shacl.ValidationResult]:
    """Check the documents of a batch, with as much of their shared resources as that takes."""
    if not batch:
        return []
    shared = {type_triples(each) for question in batch for each in (*question.shared, *question.context)}
    text = b"".join([*(question.ntriples for question in batch), *sorted(shared)])
    return shapes.check(text, len(batch), shacl.ValidationPass.DOCUMENTS)


def check_whole(
    shapes: shacl.Shapes, questions: list[PublishedQuestion], shared: list[Node]
) -> list[shacl.ValidationResult]:
    """Check questions with all their shared resources, as if they were the whole release."""
    documents = [question.ntriples for question in questions]
    text = b"".join([*documents, ntriples.document(shared, contexts.published())])
    return shapes.check(text, len(questions)) if questions else []


def check_shared(shapes: shacl.Shapes, nodes: list[Node]) -> list[shacl.ValidationResult]:
    """Check the resources that questions share."""
    text = ntriples.document(nodes, contexts.published())
    return shapes.check(text, part=shacl.ValidationPass.SHARED) if nodes else []


def check_across(
    shapes: shacl.Shapes, projection: shacl.Projection, questions: int
) -> list[shacl.ValidationResult]:
    """Check the constraints that span questions; raise CheckFailed if one is violated."""
    results = shapes.check_across(projection, questions)
    for result in results:
        if result.violates:
            raise CheckFailed(f"the questions together, {_sentence(result)}")
    return results


def internal_error(result: shacl.ValidationResult) -> CheckFailed:
    """Return the error for a violation that no document has caused."""
    return CheckFailed(f"the shapes reject a definition of this program: {_sentence(result)}")


def _sentence(result: shacl.ValidationResult) -> str:
    return f"{result.focus}: {result.rule} ({result.found})"


def check_files(
    files: Sequence[Path],
    base: str | None = None,
    engine: shacl.Engine = shacl.Engine.SHACL,
    report_problem: Callable[[Problem], None] | None = None,
    *,
    trust: bool = False,
) -> list[shacl.ValidationResult]:
    """Check RDF files and releases, taken together, against the shapes.

    Of a release, its questions, concepts and tombstones are checked, and its base is that of all files.
    `report_problem` is called if pySHACL had to check in place of the compiled engine. Raise CheckFailed if
    a file cannot be parsed, a folder contains no whole release, or, without `trust`, a release is not as it
    was published, and Misused if the base is not valid or not that of a release.
    """
    base = None if base is None else Iris(base).base
    releases = {path: Release(path, trust=trust) for path in files if path.is_dir()}
    base = _common_base(releases, base)
    graph = rdf.parse("", "nt")
    for file in (part for path in files for part in _files_to_check(path, releases)):
        try:
            graph += rdf.load(file, base)
        except BadValue as bad:
            raise CheckFailed(f"{file}: {bad}") from None
    shapes = shacl.Shapes(base, engine)
    results = shapes.check_graph(graph)
    if report_problem:
        for problem in engine_fallback_problems(shapes.failures):
            report_problem(problem)
    return results


def _common_base(releases: dict[Path, Release], base: str | None) -> str:
    """Return the one base of releases; without any, the one given, or the default."""
    for path, release in releases.items():
        base = base or release.manifest.base
        if release.manifest.base != base:
            found = quote(release.manifest.base)
            raise Misused(f"{path}: expected a release under {quote(base)}, found one under {found}")
    return Iris(definitions.DEFAULT_BASE if base is None else base).base


def _files_to_check(path: Path, releases: dict[Path, Release]) -> list[Path]:
    if path not in releases:
        return [path]
    release = releases[path]
    others = ["concepts.ttl", *filter(release.has, [WITHDRAWN])]
    return [*(dump.path for dump in release.dumps("nt")), *map(release.file, others)]


def _results_by_question(
    batch: list[PublishedQuestion], results: list[shacl.ValidationResult]
) -> dict[int, list[shacl.ValidationResult]]:
    """Return the results that concern each question of a batch, by its position."""
    found: dict[int, list[shacl.ValidationResult]] = defaultdict(list)
    owners: dict[str, set[int]] = defaultdict(set)
    for number, question in enumerate(batch if results else ()):
        for subject in question.subjects:
            owners[subject].add(number)
    for result in results:
        if result.focus not in owners:
            raise internal_error(result)
        for number in owners[result.focus]:
            found[number].append(result)
    return found
