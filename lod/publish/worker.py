"""What one process does, whatever the others do: documents to accounts, accounts to parts of a release."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from lod import release, shacl, source
from lod.compression import piece
from lod.counts import Counts
from lod.describe.shared import Resource
from lod.errors import BadValue, Cause, Problem, Severity
from lod.iri import Iris
from lod.merge import merge
from lod.model import Kind, Question
from lod.publish.checking import Checker
from lod.publish.dumps import WHOLE, Layout, pieces
from lod.publish.entry import Entry, Scribe
from lod.publish.ledger import Ledger, about
from lod.publish.parts import Parts, Slice
from lod.publish.verdicts import Verdicts
from lod.source import archive
from lod.source.register import Register, load
from lod.together import Completion, Facts, complete, facts
from lod.write.dumps import FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a process must know: who is who, the base, where its files go."""

    folder: Path
    base: str
    registers: tuple[Path, ...] = ()
    documents: Path | None = None
    alone: bool = True
    engine: shacl.Engine = shacl.Engine.SHACL
    verdicts: Path | None = None
    layout: Layout = WHOLE


class Account(NamedTuple):
    """What one document says of a question: where that is kept, and what other questions must know of it."""

    place: Slice
    facts: Facts


class Item(NamedTuple):
    """A question to be published: where its accounts are kept, and what other questions add to it."""

    places: tuple[Slice, ...]
    completion: Completion


@dataclass(slots=True)
class Reading:
    """What was read: accounts, and the books."""

    accounts: list[Account] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(slots=True)
class Written:
    """A part of a release: its text in every format and as rows, figures, what it shares, the books.

    Shared resources are numbered by the process, and given when they are new; they are counted as often as
    questions say them, those that are published apart from those that are not.
    """

    dumps: dict[str, bytes | Slice] = field(default_factory=dict)
    table: bytes | Slice = b""
    rows: int = 0
    files: list[release.File] = field(default_factory=list)
    parts: dict[tuple[int, Kind], Counts] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    example: str = ""
    wanted: str = ""
    asked: int = 0
    process: int = 0
    fresh: list[tuple[int, Resource]] = field(default_factory=list)
    shared: Counter[int] = field(default_factory=Counter)
    unshared: Counter[int] = field(default_factory=Counter)
    published: list[shacl.Result] = field(default_factory=list)
    rejected: list[shacl.Result] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    sound: list[bytes] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


class Worker:
    """A process's tools, made once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.iris = Iris(settings.base)
        self.shapes = shacl.Shapes(settings.base, settings.engine)
        self.verdicts = Verdicts(settings.verdicts, self.shapes.fingerprint)
        self.register: Register | None = None
        self.register_problems: list[Problem] = []
        if settings.registers:
            self.register, self.register_problems = load(*settings.registers)
        self._scribe = Scribe(self.iris, pages=bool(settings.documents))
        self._parts = Parts(settings.folder)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Question).decode
        self._sent: dict[int, tuple[int, Resource]] = {}
        self._process = 0

    def read(self, unit: archive.Unit) -> Reading:
        """Read documents, and keep the accounts that they give."""
        reading = Reading()
        for found in source.read_all(archive.documents_of(unit)):
            if isinstance(found, Question):
                reading.ledger.received += 1
                reading.accounts.append(self._kept(self._resolved(found, reading.ledger)))
            else:
                reading.ledger.note(found)
        self._parts.flush()
        return reading

    def questions(self, batch: Sequence[Item]) -> Iterator[Question]:
        """Give questions as all their accounts, and the other questions, have them."""
        for item in batch:
            if merged := merge(self.accounts(item.places)).question:
                yield complete(merged, item.completion)

    def entries(self, batch: Sequence[Item], ledger: Ledger) -> Iterator[Entry]:
        """Describe and write questions; one that cannot be named is rejected."""
        for question in self.questions(batch):
            try:
                yield self._scribe.entry(question)
            except BadValue as bad:
                ledger.reject(about(question, bad, Severity.REJECTED, Cause.FIELD))

    def accounts(self, places: Sequence[Slice]) -> list[Question]:
        """Give accounts that were kept."""
        return [self._decode(self._parts.read(place)) for place in places]

    def publish(self, batch: Sequence[Item]) -> Written:
        """Describe, check and write a batch of questions; what violates a shape stays out, and is told."""
        written = Written(process=os.getpid(), asked=len(batch))
        checker = Checker(written.ledger, self.shapes, self.verdicts)
        judged = list(checker.judged(list(self.entries(batch, written.ledger))))
        written.published, written.rejected = checker.published, checker.rejected
        written.sound = checker.sound
        written.failures = list(self.shapes.failures)
        for entry, sound in judged:
            self._share(entry, written.fresh, written.shared if sound else written.unshared)
        entries = [entry for entry, sound in judged if sound]
        for entry in entries:
            _count(entry, written)
        written.wanted = "".join(self.shapes.wanted(entry.ntriples) for entry in entries)
        self._write(entries, written)
        return written

    def close(self) -> None:
        """Close what is open."""
        self._parts.close()

    def _kept(self, question: Question) -> Account:
        return Account(self._parts.append("accounts", self._encode(question)), facts(question))

    def _resolved(self, question: Question, ledger: Ledger) -> Question:
        if self.register is None:
            return question
        resolved, unknown = self.register.resolve(question)
        for bad in unknown:
            ledger.remark(about(question, bad, Severity.WARNING, Cause.IDENTITY))
        return resolved

    def _share(self, entry: Entry, fresh: list[tuple[int, Resource]], counts: Counter[int]) -> None:
        """Give numbers to the shared resources, tell of those that are new, and count them all."""
        if self._process != os.getpid():
            self._process, self._sent = os.getpid(), {}
        for resource in entry.shared:
            number, _ = known = self._sent.get(id(resource)) or (len(self._sent), resource)
            if id(resource) not in self._sent:
                self._sent[id(resource)] = known
                fresh.append(known)
            counts[number] += 1

    def _write(self, entries: Sequence[Entry], written: Written) -> None:
        for entry in entries if self.settings.documents else ():
            written.files.append(self._page(entry))
        texts = {form: [entry.texts[form] for entry in entries] for form in FORMATS}
        alone, how = self.settings.alone, self.settings.layout.compression
        data = pieces(texts, how)
        written.dumps = {f: d if alone else self._parts.append(f"questions.{f}", d) for f, d in data.items()}
        table, written.rows = piece(b"".join(entry.row for entry in entries), how), len(entries)
        written.table = table if alone else self._parts.append("table", table)
        self._parts.flush()

    def _page(self, entry: Entry) -> release.File:
        path = f"{entry.iri.removeprefix(self.iris.base)}.jsonld"
        part = release.Part((self.settings.documents or Path()) / path)
        part.write(entry.page)
        part.triples = entry.counts.triples
        return part.finish(path)


def _count(entry: Entry, written: Written) -> None:
    key = (entry.question.id.legislature, entry.question.id.kind)
    written.parts.setdefault(key, Counts()).take(entry.counts)
    days = [page.on for page in entry.question.pages]
    written.days = [min([*written.days, *days]), max([*written.days, *days])]
    written.example = written.example or entry.iri


@lru_cache(maxsize=1)
def worker(settings: Settings) -> Worker:
    """Give this process's tools; a process that is forked begins with those of the first."""
    return Worker(settings)


@contextmanager
def at_work(settings: Settings) -> Iterator[None]:
    """Take out fresh tools for a run, and put them away after it."""
    worker.cache_clear()
    tools = worker(settings)
    try:
        yield
    finally:
        tools.close()
        worker.cache_clear()
