"""What one process does, whatever the others do: documents to accounts, accounts to parts of a release."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import msgspec

from lod import release, shacl, source
from lod.build.accounting import Accounting, about
from lod.build.checker import Checker
from lod.build.dumps import WHOLE, DumpLayout, pieces
from lod.build.messages import Account, BatchResult, BatchStatistics, QuestionRef, ReadResult, StoredFile
from lod.build.object_spool import ObjectSpool
from lod.build.record import PublishedQuestion, RecordWriter
from lod.build.shared_resources import SharedResourceSender
from lod.build.spool import ByteRange, LocalSpool
from lod.build.verdicts import Verdicts
from lod.compression import piece
from lod.cross_references import complete, link_keys
from lod.errors import BadValue, Cause, Problem, Severity
from lod.iri import Iris
from lod.merge import merge
from lod.model import Question
from lod.source import archive
from lod.source.register import Register, load_register
from lod.void_statistics import VoidStatistics
from lod.write.dumps import FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a process must know: who is who, the base, where its files go.

    On a cluster that is the address of its shards; of the registers it is then said how large they are.
    """

    folder: Path
    base: str
    registers: tuple[Path, ...] = ()
    documents: Path | None = None
    alone: bool = True
    engine: shacl.Engine = shacl.Engine.SHACL
    verdicts: Path | None = None
    layout: DumpLayout = WHOLE
    shards: str | None = None
    sizes: tuple[int, ...] = ()
    encoding: str | None = None


class Worker:
    """A process's tools, made once."""

    def __init__(self, settings: Settings) -> None:
        archive.close_archive()  # a worker of a cluster may still have it open as it was before
        self.settings = settings
        self.iris = Iris(settings.base)
        self.shapes = shacl.Shapes(settings.base, settings.engine)
        self.verdicts = Verdicts(settings.verdicts, self.shapes.fingerprint)
        self.register: Register | None = None
        self.register_problems: list[Problem] = []
        for path, size in zip(settings.registers, settings.sizes, strict=False):
            archive.require_size(path, size)
        if settings.registers:
            self.register, self.register_problems = load_register(*settings.registers)
        self._scribe = RecordWriter(self.iris, pages=bool(settings.documents))
        self._parts = ObjectSpool(settings.shards) if settings.shards else LocalSpool(settings.folder)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Question).decode
        self._told = SharedResourceSender()

    def read(self, unit: archive.Unit) -> ReadResult:
        """Read documents, and keep the accounts that they give."""
        reading = ReadResult()
        if self.settings.shards:
            archive.require_size(unit.path, unit.size)
        for found in source.read_all(archive.read_unit(unit), self.settings.encoding):
            if isinstance(found, Question):
                reading.ledger.received += 1
                reading.accounts.append(self._kept(self._resolved(found, reading.ledger)))
            else:
                reading.ledger.note(found)
        self._parts.flush()
        return reading

    def questions(self, batch: Sequence[QuestionRef]) -> Iterator[Question]:
        """Give questions as all their accounts, and the other questions, have them."""
        accounts = self.accounts(place for item in batch for place in item.places)
        for item in batch:
            if merged := merge(list(islice(accounts, len(item.places)))).question:
                yield complete(merged, item.completion)

    def entries(self, batch: Sequence[QuestionRef], ledger: Accounting) -> Iterator[PublishedQuestion]:
        """Describe and write questions; one that cannot be named is rejected."""
        for question in self.questions(batch):
            try:
                yield self._scribe.entry(question)
            except BadValue as bad:
                ledger.reject(about(question, bad, Severity.REJECTED, Cause.FIELD))

    def accounts(self, places: Iterable[ByteRange]) -> Iterator[Question]:
        """Give accounts that were kept; those that are wanted soon are best asked for together."""
        return map(self._decode, self._parts.read(places))

    def publish(self, batch: Sequence[QuestionRef]) -> BatchResult:
        """Describe, check and write a batch of questions; what violates a shape stays out, and is told."""
        written = BatchResult(asked=len(batch))
        checker = Checker(written.ledger, self.shapes, self.verdicts)
        judged = list(checker.judged(list(self.entries(batch, written.ledger))))
        written.published, written.rejected = checker.published, checker.rejected
        written.sound = checker.sound
        written.failures = list(self.shapes.failures)
        if self.settings.shards:
            self._told.forget()
        entries = [entry for entry, sound in judged if sound]
        left_out = [entry for entry, sound in judged if not sound]
        for some, counts in ((entries, written.shared), (left_out, written.unshared)):
            self._told.count([each for entry in some for each in entry.shared], counts, written.fresh)
        written.gist = self._gist(entries) if entries else None
        self._write(entries, written)
        return written

    def close(self) -> None:
        """Close what is open."""
        self._parts.close()

    def _kept(self, question: Question) -> Account:
        return Account(self._parts.append("accounts", self._encode(question)), link_keys(question))

    def _resolved(self, question: Question, ledger: Accounting) -> Question:
        if self.register is None:
            return question
        resolved, unknown = self.register.resolve(question)
        for bad in unknown:
            ledger.remark(about(question, bad, Severity.WARNING, Cause.IDENTITY))
        return resolved

    def _gist(self, entries: Sequence[PublishedQuestion]) -> BatchStatistics:
        """Count what questions of one legislature and kind say, and note what is seen across them."""
        blocks = [block for entry in entries for block in entry.blocks]
        days = [page.on for entry in entries for page in entry.question.pages]
        first = entries[0].question.id
        return BatchStatistics(
            part=(first.legislature, first.kind),
            counts=VoidStatistics.of(blocks, len(entries)),
            seen=self.shapes.seen(blocks),
            days=(min(days), max(days)),
            example=entries[0].iri,
        )

    def _write(self, entries: Sequence[PublishedQuestion], written: BatchResult) -> None:
        for entry in entries if self.settings.documents else ():
            self._page(entry, written)
        texts = {form: [entry.texts[form] for entry in entries] for form in FORMATS}
        alone, how = self.settings.alone, self.settings.layout.compression
        data = pieces(texts, how)
        written.dumps = {f: d if alone else self._parts.append(f"questions.{f}", d) for f, d in data.items()}
        table, written.rows = piece(b"".join(entry.row for entry in entries), how), len(entries)
        written.table = table if alone else self._parts.append("table", table)
        self._parts.flush()

    def _page(self, entry: PublishedQuestion, written: BatchResult) -> None:
        path = f"{entry.iri.removeprefix(self.iris.base)}.jsonld"
        if self.settings.shards:
            place = self._parts.append(path, entry.page.encode())
            written.documents.append(StoredFile(path, _triples(entry), place))
            return
        part = release.DraftPart((self.settings.documents or Path()) / path)
        part.write(entry.page)
        part.triples = _triples(entry)
        written.files.append(part.finish(path))


def _triples(entry: PublishedQuestion) -> int:
    return entry.ntriples.count(b"\n")


@lru_cache(maxsize=1)
def worker(settings: Settings) -> Worker:
    """Give this process's tools; a process that is forked begins with those of the first."""
    return Worker(settings)


@contextmanager
def at_work(settings: Settings) -> Iterator[None]:
    """Take out fresh tools for a run, and put them away after it."""
    put_away()
    tools = worker(settings)
    try:
        yield
    finally:
        tools.close()
        put_away()


def put_away() -> None:
    """Forget the tools of a run, and the archive that was read last."""
    worker.cache_clear()
    archive.close_archive()
