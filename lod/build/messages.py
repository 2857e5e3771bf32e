"""What processes hand to each other: accounts of questions, questions to publish, parts of a release."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lod import release, shacl
from lod.build.accounting import Accounting
from lod.build.spool import ByteRange
from lod.cross_references import CrossReferences, LinkKeys
from lod.model import QuestionKind
from lod.void_statistics import VoidStatistics


class Account(NamedTuple):
    """What one document says of a question: where that is kept, and what other questions must know of it."""

    place: ByteRange
    facts: LinkKeys


class QuestionRef(NamedTuple):
    """A question to be published: where its accounts are kept, and what other questions add to it."""

    places: tuple[ByteRange, ...]
    completion: CrossReferences


class StoredFile(NamedTuple):
    """A question's own document on its way to the release: its path there, its triples, where it is kept."""

    path: str
    triples: int
    place: ByteRange


@dataclass(slots=True)
class ReadResult:
    """What was read: accounts, and the books."""

    accounts: list[Account] = field(default_factory=list)
    ledger: Accounting = field(default_factory=Accounting)


class BatchStatistics(NamedTuple):
    """What published questions of a legislature and kind come to: figures, what is seen across questions.

    With the first and the last day on which any of it was published, and one of them as an example.
    """

    part: tuple[int, QuestionKind]
    counts: VoidStatistics
    seen: shacl.ProjectedLines
    days: tuple[date, date]
    example: str


@dataclass(slots=True)
class BatchResult:
    """A part of a release: its text in every format, its rows, its gist if it has questions, the books.

    Shared resources have keys, by which they are counted as often as questions say them, those that are
    published apart from those that are not. They are given, packed, when they are new to the process; on a
    cluster, where other results of the process may be lost, all that are counted are given.
    """

    dumps: dict[str, bytes | ByteRange] = field(default_factory=dict)
    table: bytes | ByteRange = b""
    rows: int = 0
    files: list[release.File] = field(default_factory=list)
    documents: list[StoredFile] = field(default_factory=list)
    gist: BatchStatistics | None = None
    asked: int = 0
    fresh: dict[bytes, bytes] = field(default_factory=dict)
    shared: Counter[bytes] = field(default_factory=Counter)
    unshared: Counter[bytes] = field(default_factory=Counter)
    published: list[shacl.ValidationResult] = field(default_factory=list)
    rejected: list[shacl.ValidationResult] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    sound: list[bytes] = field(default_factory=list)
    ledger: Accounting = field(default_factory=Accounting)
