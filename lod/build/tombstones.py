"""Tombstones: a question of the last release that is not in this one keeps its IRI, and the day it went.

Both releases are read by the order of the IRIs, side by side, so that none of them is in memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from typing import IO, TypeAlias

from lod import context as contexts
from lod import rdf
from lod.context import RDF_TYPE
from lod.describe.question import tombstone
from lod.errors import BadValue, Cause, CheckFailed, LodError, Problem, Refused, Severity, quote
from lod.iri import Iris
from lod.release import WITHDRAWN, Draft, DraftPart, DumpFile, Release
from lod.void_statistics import VoidStatistics
from lod.write.turtle import TurtleWriter

Gone: TypeAlias = tuple[str, date]
"""The IRI of a question, and the day of the first release without it."""

_IS_A_QUESTION = f" <{RDF_TYPE}> <http://schema.org/Question> .\n".encode()
_MODIFIED = "http://purl.org/dc/terms/modified"
_PREFIXES = ("adms", "dcterms", "foaf", "xsd")
_BLOCK = 2**20
_BATCH = 1000


def write(draft: Draft, last: Path, iris: Iris, on: date, *, insist: bool) -> list[Problem]:
    """Write a tombstone for each question that the last release had, or had one for, and the draft has not.

    A release under another base is none of ours. If the last release cannot be read, raise Refused, or, where
    that is not insisted upon, write none and tell: of this run, since the release itself is the same.
    """
    try:
        _write(draft, iris, _absent(_readable(last, iris, on), _questions(_dumps(draft))))
    except Refused:
        draft.drop(WITHDRAWN)
        if insist:
            raise
        return [_unread(last)]
    return []


def _write(draft: Draft, iris: Iris, gone: Iterator[Gone]) -> None:
    """Begin the file with the first tombstone, and write so many at a time."""
    turtle, part = TurtleWriter(contexts.published(), iris.base), None
    while batch := list(islice(gone, _BATCH)):
        part = part or _begun(draft, turtle)
        nodes = (tombstone(iris, iris.question_of(iri), day) for iri, day in batch)
        blocks = [block for node in nodes for block in contexts.published().walk(node).blocks]
        part.write_bytes(turtle.paragraphs(blocks))
        part.triples = (part.triples or 0) + VoidStatistics.of(blocks).triples
    if part:
        draft.finish(WITHDRAWN)


def _begun(draft: Draft, turtle: TurtleWriter) -> DraftPart:
    part = draft.part(WITHDRAWN)
    part.write(turtle.head(_PREFIXES))
    return part


def _absent(before: Iterable[Gone], now: Iterator[str]) -> Iterator[Gone]:
    """Give what is not there now; both come by the order of the IRIs."""
    at = next(now, None)
    for iri, day in before:
        while at is not None and at < iri:
            at = next(now, None)
        if at != iri:
            yield iri, day


def _readable(last: Path, iris: Iris, on: date) -> Iterator[Gone]:
    """Give what the last release had, if there is one; raise Refused where it cannot be read."""
    try:
        if last.is_symlink() or last.exists():
            yield from _before(Release(last), iris, on)
    except (LodError, OSError, ValueError) as error:
        raise Refused(
            f"{last}: expected the last release, to tell what has gone since, found none that can be read "
            f"({error}); say --allow-shrink to publish all the same"
        ) from None


def _before(last: Release, iris: Iris, on: date) -> Iterator[Gone]:
    """Give the questions of a release, as if all had gone on a day, and those that had gone before.

    None has gone before the last day of the release that still had it, however old the new documents are.
    """
    if last.manifest.base == iris.base:
        buried, gone = _buried(last) if last.has(WITHDRAWN) else (), max(on, last.manifest.last_day)
        for iri, day in merge(buried, ((iri, gone) for iri in _questions(last.dumps("nt")))):
            iris.question_of(iri)
            yield iri, day


def _buried(last: Release) -> Iterator[Gone]:
    """Read the tombstones of a release: a paragraph each, after the head of the file."""
    with last.file(WITHDRAWN).open(encoding="utf-8") as lines:
        paragraphs = ("".join(text) for there, text in groupby(lines, key=_is_text) if there)
        head = next(paragraphs, "")
        while batch := list(islice(paragraphs, _BATCH)):
            days = _days(f"{head}\n{''.join(batch)}")
            if len(days) != len(batch):
                found = f"{len(days)} days of {len(batch)}"
                raise CheckFailed(f"{WITHDRAWN}: expected a day in every tombstone, found {found}")
            yield from days


def _days(turtle: str) -> list[Gone]:
    try:
        triples = rdf.parse(turtle, "turtle")
    except Exception as error:  # noqa: BLE001 - rdflib's parser raises whatever it meets
        raise BadValue("tombstones in Turtle", quote(" ".join(str(error).split()))) from None
    said = ((str(subject), str(value)) for subject, term, value in triples if str(term) == _MODIFIED)
    return sorted((iri, date.fromisoformat(day)) for iri, day in said)


def _is_text(line: str) -> bool:
    return bool(line.strip())


def _dumps(draft: Draft) -> list[DumpFile]:
    """Give the finished dumps of a draft as N-Triples, by the order of the IRIs in them."""
    files = [(file, file.dump) for _, file in sorted(draft.files.items()) if file.dump]
    return [DumpFile(draft.folder(f.path), d, f.triples or 0) for f, d in files if d.format == "nt"]


def _questions(dumps: Iterable[DumpFile]) -> Iterator[str]:
    """Give the IRIs of the questions in dumps as N-Triples; raise CheckFailed if they are not in order."""
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
    """Find the lines that say of something that it is a question, without taking the others apart."""
    rest = b""
    while block := stream.read(_BLOCK):
        lines, end, rest = (rest + block).rpartition(b"\n")
        lines += end
        place = lines.find(_IS_A_QUESTION)
        while place >= 0:
            yield lines[lines.rfind(b"\n", 0, place) + 2 : place - 1].decode()
            place = lines.find(_IS_A_QUESTION, place + 1)


def _unread(last: Path) -> Problem:
    return Problem(
        document=last.name,
        place="",
        expected="the last release, to tell what has gone since",
        found="none that can be read",
        severity=Severity.WARNING,
        cause=Cause.DOCUMENT,
    )
