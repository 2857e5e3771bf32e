"""Tombstones: the IRI of a question that was withdrawn since the last release, and the day of its withdrawal.

Both releases are read in the order of the IRIs, side by side, so that neither has to fit in memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from typing import IO, NamedTuple, TypeAlias

from lod import context as contexts
from lod import rdf
from lod.context import RDF_TYPE
from lod.describe.question import tombstone
from lod.errors import BadValue, Cause, CheckFailed, LodError, Problem, Refused, Severity, quote
from lod.iri import Iris
from lod.release import WITHDRAWN, Draft, DraftFile, DumpFile, Release
from lod.void_statistics import VoidStatistics
from lod.write.turtle import TurtleWriter

Withdrawn: TypeAlias = tuple[str, date]
"""The IRI of a question, and the day it was withdrawn: that of the first release without it."""

_IS_A_QUESTION = f" <{RDF_TYPE}> <http://schema.org/Question> .\n".encode()
_MODIFIED = "http://purl.org/dc/terms/modified"
_PREFIXES = ("adms", "dcterms", "foaf", "xsd")
_BLOCK = 2**20
_BATCH = 1000


class Gone(NamedTuple):
    """What was withdrawn since the last release, on a day; `received` are questions that were not.

    Documents of these were received, so they are not withdrawn, though nothing of them can be published.
    """

    last: Path
    iris: Iris
    on: date
    received: frozenset[str] = frozenset()


def write(draft: Draft, gone: Gone, *, required: bool) -> list[Problem]:
    """Write a tombstone for each question of the last release, withdrawn or not, that is not in the draft.

    A last release under another base is ignored. If the last release cannot be read, raise Refused; or, where
    tombstones are not required, write none and return a warning, which is of this run, not of the release.
    """
    last, iris, on, received = gone
    try:
        missing = _missing(_questions_of_last(last, iris, on), questions_of(_dumps(draft)))
        _write(draft, iris, (each for each in missing if each[0] not in received))
    except Refused:
        draft.drop(WITHDRAWN)
        if required:
            raise
        return [
            Problem(
                document=last.name,
                place="",
                expected="the last release, to find what was withdrawn since",
                found="none that can be read",
                severity=Severity.WARNING,
                cause=Cause.DOCUMENT,
            )
        ]
    return []


def _write(draft: Draft, iris: Iris, withdrawn: Iterator[Withdrawn]) -> None:
    """Write tombstones in batches; without any, there is no file."""
    turtle, file = TurtleWriter(contexts.published(), iris.base), None
    while batch := list(islice(withdrawn, _BATCH)):
        file = file or _begin(draft, turtle)
        nodes = (tombstone(iris, iris.question_of(iri), day) for iri, day in batch)
        blocks = [block for node in nodes for block in contexts.published().walk(node).blocks]
        file.write_bytes(turtle.paragraphs(blocks))
        file.triples = (file.triples or 0) + VoidStatistics.of(blocks).triples
    if file:
        draft.finish(WITHDRAWN)


def _begin(draft: Draft, turtle: TurtleWriter) -> DraftFile:
    file = draft.open(WITHDRAWN)
    file.write(turtle.head(_PREFIXES))
    return file


def _missing(before: Iterable[Withdrawn], now: Iterator[str]) -> Iterator[Withdrawn]:
    """Yield what was there before and is not there now; both are in the order of the IRIs."""
    current = next(now, None)
    for iri, day in before:
        while current is not None and current < iri:
            current = next(now, None)
        if current != iri:
            yield iri, day


def _questions_of_last(last: Path, iris: Iris, on: date) -> Iterator[Withdrawn]:
    """Yield the questions and tombstones of the last release, if any; raise Refused if it cannot be read."""
    try:
        if last.is_symlink() or last.exists():
            yield from _questions_and_tombstones(Release(last), iris, on)
    except (LodError, OSError, ValueError) as error:
        raise Refused(
            f"{last}: expected the last release, to find what was withdrawn since, found none "
            f"that can be read ({error}); use --allow-shrink to publish all the same"
        ) from None


def _questions_and_tombstones(last: Release, iris: Iris, on: date) -> Iterator[Withdrawn]:
    """Yield the questions of a release as withdrawn on a day, and those withdrawn before with their own day.

    No question is withdrawn before the last day of a release that has it, however old the new documents are.
    """
    if last.manifest.base == iris.base:
        tombstones = _tombstones(last) if last.has(WITHDRAWN) else ()
        today = max(on, last.manifest.last_day)
        for iri, day in merge(tombstones, ((iri, today) for iri in questions_of(last.dumps("nt")))):
            iris.question_of(iri)
            yield iri, day


def _tombstones(last: Release) -> Iterator[Withdrawn]:
    """Yield the tombstones of a release: one from each paragraph after the head of the file."""
    with last.file(WITHDRAWN).open(encoding="utf-8") as lines:
        paragraphs = ("".join(text) for is_text, text in groupby(lines, key=_is_text) if is_text)
        head = next(paragraphs, "")
        while batch := list(islice(paragraphs, _BATCH)):
            days = _days(f"{head}\n{''.join(batch)}")
            if len(days) != len(batch):
                found = f"{len(days)} days of {len(batch)}"
                raise CheckFailed(f"{WITHDRAWN}: expected a day in every tombstone, found {found}")
            yield from days


def _days(turtle: str) -> list[Withdrawn]:
    try:
        triples = rdf.parse(turtle, "ttl")
    except Exception as error:  # noqa: BLE001 - rdflib's parser raises whatever it meets
        raise BadValue("tombstones in Turtle", quote(" ".join(str(error).split()))) from None
    days = ((str(subject), str(value)) for subject, term, value in triples if str(term) == _MODIFIED)
    return sorted((iri, date.fromisoformat(day)) for iri, day in days)


def _is_text(line: str) -> bool:
    return bool(line.strip())


def _dumps(draft: Draft) -> list[DumpFile]:
    """Return the finished N-Triples dumps of a draft, in the order of the IRIs in them."""
    files = [(file, file.dump) for _, file in sorted(draft.files.items()) if file.dump]
    return [DumpFile(draft.folder(f.path), d, f.triples or 0) for f, d in files if d.format == "nt"]


def questions_of(dumps: Iterable[DumpFile]) -> Iterator[str]:
    """Yield the IRIs of the questions in N-Triples dumps; raise CheckFailed if they are not in order."""
    last = ""
    for dump in dumps:
        with dump.stream() as stream:
            for iri in questions_in(stream):
                if iri <= last:
                    found = f"{quote(iri)} after {quote(last)}"
                    raise CheckFailed(f"{dump.path}: expected questions in the order of IRIs, found {found}")
                yield iri
                last = iri


def questions_in(stream: IO[bytes]) -> Iterator[str]:
    """Yield the subjects of the lines that type a question, without parsing the other lines."""
    rest = b""
    while block := stream.read(_BLOCK):
        lines, end, rest = (rest + block).rpartition(b"\n")
        lines += end
        place = lines.find(_IS_A_QUESTION)
        while place >= 0:
            yield lines[lines.rfind(b"\n", 0, place) + 2 : place - 1].decode()
            place = lines.find(_IS_A_QUESTION, place + 1)
