"""RDF files and releases as they are given, taken together and checked against the shapes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from lod import definitions, rdf, shacl
from lod.build.checker import engine_fallback_problems
from lod.errors import BadValue, CheckFailed, Misused, Problem, quote
from lod.iri import Iris
from lod.release import WITHDRAWN, Release


def check(
    files: Sequence[Path],
    base: str | None = None,
    engine: shacl.Engine = shacl.Engine.SHACL,
    tell: Callable[[Problem], None] | None = None,
) -> list[shacl.ValidationResult]:
    """Check RDF files and releases, taken together, against the shapes.

    Of a release, these are its questions, concepts and tombstones; its base is that of all that is given.
    `tell` is told if another engine had to check. Raise CheckFailed if a file cannot be parsed, or a folder
    holds no whole release, and Misused if the base cannot be one, or is not that of a release.
    """
    told = None if base is None else Iris(base).base
    releases = {path: Release(path) for path in files if path.is_dir()}
    base = _base(releases, told)
    graph = rdf.parse("", "nt")
    for file in (part for path in files for part in _release_parts(path, releases)):
        try:
            graph += rdf.load(file, base)
        except BadValue as bad:
            raise CheckFailed(f"{file}: {bad}") from None
    shapes = shacl.Shapes(base, engine)
    results = shapes.check_graph(graph)
    for problem in engine_fallback_problems(shapes.failures):
        (tell or _nobody)(problem)
    return results


def _base(releases: dict[Path, Release], told: str | None) -> str:
    """Give the one base of releases; without any the one that is told, or the default."""
    base = told
    for path, found in releases.items():
        base = base or found.manifest.base
        if found.manifest.base != base:
            under = quote(found.manifest.base)
            raise Misused(f"{path}: expected a release under {quote(base)}, found one under {under}")
    return Iris(definitions.DEFAULT_BASE if base is None else base).base


def _release_parts(path: Path, releases: dict[Path, Release]) -> list[Path]:
    if path not in releases:
        return [path]
    found = releases[path]
    beside = ["concepts.ttl", *filter(found.has, [WITHDRAWN])]
    return [*(dumped.path for dumped in found.dumps("nt")), *map(found.file, beside)]


def _nobody(_problem: Problem) -> None:
    """Keep a problem to oneself."""
