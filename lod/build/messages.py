"""What the processes of a build send each other: accounts, references to questions, results of batches."""

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
    """What one document says of a question: where it is spooled, and its keys for other questions."""

    location: ByteRange
    keys: LinkKeys


class QuestionRef(NamedTuple):
    """A question to be published: where its accounts are spooled, and what other questions add to it.

    Of a question that is kept, what the last release has of it is spooled instead of accounts.
    """

    locations: tuple[ByteRange, ...]
    cross_references: CrossReferences
    is_kept: bool = False


class StoredFile(NamedTuple):
    """The spooled document of a question: its path in the release, its triples, its location."""

    path: str
    triples: int
    location: ByteRange


@dataclass(slots=True)
class ReadResult:
    """The accounts read from some documents."""

    accounts: list[Account] = field(default_factory=list)
    accounting: Accounting = field(default_factory=Accounting)


class BatchStatistics(NamedTuple):
    """Statistics of the published questions of a batch, all of one legislature and kind.

    With the number of triples in the graph of metadata, the lines for the shapes that span questions, the
    first and the last day of publication, and the IRI of one question as an example.
    """

    part: tuple[int, QuestionKind]
    void: VoidStatistics
    metadata: int
    projected: shacl.ProjectedLines
    period: tuple[date, date]
    example: str


@dataclass(slots=True)
class BatchResult:
    """A batch of questions, checked and written: parts of the dumps and the table, results, statistics.

    `shared` counts the shared resources of published questions by their keys, `rejected_shared` those of
    rejected ones. `new_resources` has the resources themselves, packed, when the worker sends them for the
    first time; on a cluster, where results of a worker may be lost, it has all that are counted.
    """

    size: int = 0
    dumps: dict[str, bytes | ByteRange] = field(default_factory=dict)
    table: bytes | ByteRange = b""
    rows: int = 0
    files: list[release.File] = field(default_factory=list)
    documents: list[StoredFile] = field(default_factory=list)
    statistics: BatchStatistics | None = None
    new_resources: dict[bytes, bytes] = field(default_factory=dict)
    shared: Counter[bytes] = field(default_factory=Counter)
    rejected_shared: Counter[bytes] = field(default_factory=Counter)
    published_results: list[shacl.ValidationResult] = field(default_factory=list)
    rejected_results: list[shacl.ValidationResult] = field(default_factory=list)
    engine_failures: list[str] = field(default_factory=list)
    accounting: Accounting = field(default_factory=Accounting)
