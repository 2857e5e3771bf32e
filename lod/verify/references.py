"""Every name of ours that is used is described somewhere in the release; what is gone is not in its dumps."""

from collections.abc import Iterable, Iterator
from itertools import islice

from lod.errors import quote
from lod.release import WITHDRAWN
from lod.verify.dump_summary import RECALLS, DumpSummary, described_as
from lod.verify.findings import CappedFindings, Findings
from lod.verify.iri_usage import digest
from lod.verify.triples import parts

_MOST = 1000
"""How many undescribed names are looked for at most."""


def check_described(
    findings: Findings,
    gathered: DumpSummary,
    beside: dict[str, list[str]],
    dumps: Iterable[str],
    files: set[str],
) -> None:
    """Note the names that no triple of the dumps, nor of the files beside them, has as its subject.

    `files` are the addresses of the files of the release, which are described by being there; recalled
    questions may be those of another release, and are counted. `dumps` reads the triples of the dumps again,
    and other lines that use names.
    """
    known = {digest(name) for name in files}
    known |= {digest(parts(line)[0]) for lines in beside.values() for line in lines}
    missing, used, recalled = set[bytes](), 0, 0
    parts_of = (gathered.subjects.parts(), gathered.used.parts(), gathered.recalled.parts())
    for described, named, earlier in zip(*parts_of, strict=True):
        missing |= set(islice(named - described - known, _MOST - len(missing)))
        used += len(named)
        recalled += len(earlier - described)
    findings.compared |= {"names used": used, "recalled questions of other releases": recalled}
    if missing:
        _tell(findings, missing, (line for lines in (*beside.values(), dumps) for line in lines))


def check_gone(findings: Findings, gathered: DumpSummary, tombstones: Iterable[str]) -> None:
    """Note the tombstones of what the dumps describe."""
    names = {digest(name): name for name in (parts(line)[0] for line in tombstones)}
    some = CappedFindings(findings, WITHDRAWN)
    for described in gathered.subjects.parts() if names else ():
        for found in sorted(names.keys() & described):
            some.add("tombstones of what is not published", f"one of {quote(names[found], 200)}, which is")
    some.close("tombstones of what is published")


def _tell(findings: Findings, missing: set[bytes], lines: Iterable[str]) -> None:
    some, told = CappedFindings(findings, "names"), set[str]()
    for name, line in _uses(lines):
        if name not in told and digest(name) in missing:
            told.add(name)
            some.add(f"a description of {quote(name, 200)}, which is used", f"only {quote(line, 300)}")
    some.close("names that are used and not described")


def _uses(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        _, predicate, value = parts(line)
        if predicate != RECALLS:
            yield described_as(predicate), line
            yield described_as(value), line
