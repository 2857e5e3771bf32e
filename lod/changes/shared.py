"""What differs between two releases in what questions share: people, organs, places, issues of the journal.

These resources follow the questions in the dumps, in the order of their IRIs, so that only one resource of
each release is in memory. What is known of documents and of the program, the metadata, is not compared.
"""

import enum
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from lod.changes.pairs import pairs
from lod.errors import CheckFailed, quote
from lod.iri import NTriplesPatterns, SharedGraph
from lod.release import Release


class SharedChangeKind(enum.StrEnum):
    """What has happened to a shared resource."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class SharedChange(NamedTuple):
    """What has happened to one shared resource between two releases."""

    iri: str
    kind: SharedChangeKind


class ResourceStatements(NamedTuple):
    """A shared resource with its parts: the IRI of its document, and its statements as N-Quads."""

    iri: str
    lines: list[bytes]


def compare_shared(before: Release | None, after: Release) -> Iterator[SharedChange]:
    """Yield what has happened to each shared resource that differs, in the order of the IRIs.

    Without a release before, or if that is under another base, all are new. Raise CheckFailed if a release is
    damaged.
    """
    if before and before.manifest.base != after.manifest.base:
        before = None
    for old, new in pairs(shared_resources(before) if before else iter(()), shared_resources(after)):
        if old is None and new is not None:
            yield SharedChange(new.iri, SharedChangeKind.CREATED)
        elif new is None and old is not None:
            yield SharedChange(old.iri, SharedChangeKind.DELETED)
        elif old is not None and new is not None and old.lines != new.lines:
            yield SharedChange(new.iri, SharedChangeKind.UPDATED)


def shared_resources(release: Release) -> Iterator[ResourceStatements]:
    """Yield the shared resources of a release; raise CheckFailed if they are not in order."""
    patterns, last = NTriplesPatterns(release.manifest.base), ""
    metadata = f" {patterns.graphs[SharedGraph.METADATA]} .\n".encode()
    for dump in release.dumps("nq"):
        shared = (
            line
            for line in dump.lines()
            if not line.endswith(metadata)
            and not patterns.is_question(line[line.rfind(b"<") : line.rfind(b" ")].decode())
        )
        for iri, lines in groupby(shared, key=_document):
            if iri <= last:
                found = f"{quote(iri)} after {quote(last)}"
                raise CheckFailed(f"{dump.path}: expected resources in the order of IRIs, found {found}")
            yield ResourceStatements(iri, list(lines))
            last = iri


def _document(line: bytes) -> str:
    """Return the IRI of the document whose resource, or part of one, a statement is about."""
    return line[1 : line.index(b"> ")].partition(b"#")[0].decode()
