"""What one process of a build does: it reads documents to accounts, and publishes batches of questions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from lod import release, shacl, source
from lod.build import object_spool
from lod.build.accounting import Accounting, corrected_problem, question_problem, uncorrected_problem
from lod.build.check import Checker
from lod.build.data_files import WHOLE, DumpLayout, dump_parts
from lod.build.fast.writer import FastWriter
from lod.build.messages import Account, BatchResult, BatchStatistics, QuestionRef, ReadResult, StoredFile
from lod.build.object_spool import ObjectSpool
from lod.build.record import KeptQuestion, PublishedQuestion, RecordWriter, SharedResourceSender
from lod.build.spool import ByteRange, LocalSpool
from lod.compression import compress_part
from lod.corrections import Corrections, NotApplied
from lod.cross_references import add_cross_references, link_keys
from lod.errors import BadValue, Cause, Problem, Severity
from lod.executors import Executor
from lod.executors.dask_cluster import connect
from lod.executors.process_pool import ProcessPool
from lod.iri import Iris
from lod.merge import merge
from lod.model import Question
from lod.source import archive
from lod.source.register import Register, load_register
from lod.source.zip_file import ZipCache
from lod.void_statistics import VoidStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a build that every process has.

    `spool` is the folder of temporary files. On a cluster, `spool_address` is where its workers have theirs,
    and `register_sizes` are the sizes in bytes that they must find the registers to have. `documents` is the
    folder of the release, if each question is written as a file. `in_memory` returns parts of the dumps to a
    single process without temporary files.
    """

    spool: Path
    base: str
    registers: tuple[Path, ...] = ()
    documents: Path | None = None
    in_memory: bool = True
    engine: shacl.Engine = shacl.Engine.SHACL
    layout: DumpLayout = WHOLE
    spool_address: str | None = None
    register_sizes: tuple[int, ...] = ()
    corrections: Corrections = field(default_factory=Corrections)
    encoding: str | None = None
    fast: bool = True


class Worker:
    """The tools of one process: readers, writers, shapes, the register, and its temporary files."""

    def __init__(
        self,
        settings: Settings,
        shapes: shacl.Shapes,
        register: Register | None = None,
        register_problems: Sequence[Problem] = (),
    ) -> None:
        self.settings = settings
        self.iris = Iris(settings.base)
        self.shapes = shapes
        self.register_problems = register_problems
        self.zips = ZipCache()
        self._register = register
        self._writer = RecordWriter(self.iris, settings.layout, pages=bool(settings.documents))
        is_fast = settings.fast and not settings.documents
        self._write_question = (
            FastWriter(self._writer, shapes.project).write if is_fast else self._writer.write
        )
        self._spool = (
            ObjectSpool(settings.spool_address) if settings.spool_address else LocalSpool(settings.spool)
        )
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Question).decode
        self._sender = SharedResourceSender()

    @classmethod
    def start(cls, settings: Settings) -> "Worker":
        """Load the shapes and registers of this machine.

        Raise NotReadOrWritten if a register is not the one that the run began with.
        """
        for path, size in zip(settings.registers, settings.register_sizes, strict=False):
            archive.require_size(path, size)
        shapes = shacl.Shapes(settings.base, settings.engine)
        return cls(settings, shapes, *(load_register(*settings.registers) if settings.registers else ()))

    def forked(self) -> "Worker":
        """Return the tools of a process forked from this one: the same register, files of its own."""
        return Worker(self.settings, self.shapes, self._register)

    def read(self, unit: archive.Unit) -> ReadResult:
        """Read documents, and spool the accounts that they give."""
        result = ReadResult()
        if self.settings.spool_address:
            archive.require_size(unit.path, unit.size)
        accounting, questions, redacted = result.accounting, dict[str, Question](), set[str]()
        for found in source.read_all(archive.read_unit(unit, self.zips), self.settings.encoding):
            if isinstance(found, Question):
                accounting.received += 1
                questions[found.sources[0].digest] = found
                corrected = self._correct(found, accounting, redacted)
                account = self._resolve_author(corrected, accounting)
                location = self._spool.append("accounts", self._encode(account))
                result.accounts.append(Account(location, link_keys(account)))
            else:
                accounting.add_unread(found)
        accounting.place(questions)
        if redacted:
            accounting.hide_values(redacted)
        self._spool.flush()
        return result

    def publish(self, batch: Sequence[QuestionRef]) -> BatchResult:
        """Describe, check and write a batch of questions; those that violate a shape are left out."""
        result = BatchResult(size=len(batch))
        checker = Checker(result.accounting, self.shapes)
        checked = list(checker.check(list(self.written_questions(batch, result.accounting))))
        result.published_results, result.rejected_results = checker.published, checker.rejected
        result.engine_failures = list(self.shapes.failures)
        sender = SharedResourceSender() if self.settings.spool_address else self._sender
        for counts, is_published in ((result.shared, True), (result.rejected_shared, False)):
            shared = [each for question, ok in checked if ok is is_published for each in question.shared]
            sender.count(shared, counts, result.new_resources)
        published = [question for question, ok in checked if ok]
        result.statistics = self._statistics(published) if published else None
        self._write(published, result)
        return result

    def written_questions(
        self, batch: Sequence[QuestionRef], accounting: Accounting
    ) -> Iterator[PublishedQuestion]:
        """Describe and write questions; one that cannot be named by an IRI is rejected."""
        for ref, data in self._spooled(batch):
            if ref.is_kept:
                yield self._writer.write_kept(KeptQuestion.unpack(self.iris, data[0]), ref.cross_references)
            elif question := self._merged(ref, data):
                try:
                    yield self._write_question(question)
                except BadValue as bad:
                    accounting.reject(question_problem(question, bad, Severity.REJECTED, Cause.FIELD))

    def questions(self, batch: Sequence[QuestionRef]) -> Iterator[Question]:
        """Yield questions, merged from all their accounts and completed by others; no kept ones."""
        for ref, data in self._spooled(batch):
            if not ref.is_kept and (question := self._merged(ref, data)):
                yield question

    def write_kept(self, kept: KeptQuestion) -> PublishedQuestion:
        """Write a question as the last release has it."""
        return self._writer.write_kept(kept)

    def spool(self, name: str, data: bytes) -> ByteRange:
        """Spool bytes so that all processes can read them."""
        location = self._spool.append(name, data)
        self._spool.flush()
        return location

    def _spooled(self, batch: Sequence[QuestionRef]) -> Iterator[tuple[QuestionRef, list[bytes]]]:
        spooled = iter(self._spool.read(location for ref in batch for location in ref.locations))
        for ref in batch:
            yield ref, list(islice(spooled, len(ref.locations)))

    def _merged(self, ref: QuestionRef, data: list[bytes]) -> Question | None:
        merged = merge([self._decode(account) for account in data]).question
        return merged and add_cross_references(merged, ref.cross_references)

    def accounts(self, locations: Iterable[ByteRange]) -> Iterator[Question]:
        """Yield spooled accounts; it is quicker to ask for many in one call."""
        return map(self._decode, self._spool.read(locations))

    def close(self) -> None:
        """Close temporary files and archives."""
        self._spool.close()
        self.zips.close()

    def _correct(self, account: Question, accounting: Accounting, redacted: set[str]) -> Question:
        """Return an account with all corrections that apply to it; add its digest to `redacted` if one hides.

        A correction that does not apply is a problem: of this account, or, if the account has the new value
        already, of the build, unless another account needs it.
        """
        for correction in self.settings.corrections.by_question.get(account.id, ()):
            accounting.corrections.met.add(correction.name)
            try:
                corrected = correction.apply(account)
            except NotApplied as error:
                problem = uncorrected_problem(account, correction, error)
                if error.is_needless:
                    accounting.corrections.needless[correction.name] = problem
                else:
                    accounting.warn(problem)
                continue
            accounting.corrections.applied.add(correction.name)
            accounting.warn(corrected_problem(account, correction))
            redacted |= {each.digest for each in account.sources if correction.redacted}
            account = corrected
        return account

    def _resolve_author(self, question: Question, accounting: Accounting) -> Question:
        """Return the question with its author as the register knows them, if there is one."""
        if self._register is None:
            return question
        resolved, unknown = self._register.resolve(question)
        for bad in unknown:
            accounting.warn(question_problem(question, bad, Severity.WARNING, Cause.IDENTITY))
        return resolved

    def _statistics(self, questions: Sequence[PublishedQuestion]) -> BatchStatistics:
        void = VoidStatistics.of(block for each in questions if not each.statistics for block in each.blocks)
        void.documents = sum(not each.statistics for each in questions)
        shared = [each.statistics for each in questions if each.statistics]
        by_identity, times = {id(each): each for each in shared}, Counter(map(id, shared))
        for identity, count in times.items():
            void.take(by_identity[identity], count)
        days = [day for question in questions for day in question.question.days]
        first = questions[0]
        return BatchStatistics(
            part=(first.question.id.legislature, first.question.id.kind),
            void=void,
            metadata=sum(question.metadata for question in questions),
            projected=self.shapes.project(block for each in questions for block in each.blocks),
            period=(min(days), max(days)),
            example=first.iri,
        )

    def _write(self, questions: Sequence[PublishedQuestion], result: BatchResult) -> None:
        """Write the part of each dump and of the table that a batch makes, and its documents if asked."""
        for question in questions if self.settings.documents else ():
            self._write_document(question, result)
        layout, how = self.settings.layout, self.settings.layout.compression
        texts = {form: [question.texts[form] for question in questions] for form in layout.dumps}
        for form, part in dump_parts(texts, how).items():
            result.dumps[form] = self._hand_over(f"questions.{form}", part)
        if layout.has_table:
            rows = compress_part(b"".join(question.row for question in questions), how)
            result.table, result.rows = self._hand_over("table", rows), len(questions)
        self._spool.flush()

    def _hand_over(self, name: str, part: bytes) -> bytes | ByteRange:
        """Return a part as it is to a single process; spool it for another one."""
        return part if self.settings.in_memory else self._spool.append(name, part)

    def _write_document(self, question: PublishedQuestion, result: BatchResult) -> None:
        path = f"{question.iri.removeprefix(self.iris.base)}.jsonld"
        triples = question.ntriples.count(b"\n")
        if self.settings.spool_address:
            location = self._spool.append(path, question.page.encode())
            result.documents.append(StoredFile(path, triples, location))
            return
        file = release.DraftFile((self.settings.documents or Path()) / path)
        file.write(question.page)
        file.triples = triples
        result.files.append(file.finish(path))


@contextmanager
def open_executor(
    settings: Settings, jobs: int = 1, scheduler: str | None = None
) -> Iterator[tuple[Worker, Executor[Worker]]]:
    """Yield the tools of this process, and an executor of `jobs` processes or of a Dask cluster.

    Raise Misused or NotReadOrWritten if there is no such cluster or its workers cannot write temporary files.
    """
    with ExitStack() as stack:
        if scheduler is not None and settings.spool_address is not None:
            cluster = stack.enter_context(connect(scheduler, partial(Worker.start, settings)))
            stack.enter_context(object_spool.run_folder(settings.spool_address))
            worker = Worker.start(settings)
            stack.callback(worker.close)
            yield worker, cluster
        else:
            worker = Worker.start(settings)
            stack.callback(worker.close)
            yield worker, ProcessPool(jobs, worker, worker.forked)
