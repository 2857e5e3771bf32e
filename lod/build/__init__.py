"""Official documents in, a checked release out: the only room that knows all stages."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lod import context as contexts
from lod import definitions, release, shacl
from lod.build import object_spool, tombstones, workers
from lod.build.accounting import Accounting
from lod.build.assemble import BATCH, RunContext, assemble_release
from lod.build.check import check_files as check_files
from lod.build.checker import check_whole, engine_fallback_problems
from lod.build.dumps import DumpLayout
from lod.build.ingest import ingest, listed, refuse_among
from lod.build.worker import Settings, at_work, worker
from lod.compression import Compression
from lod.describe import describe, merge_shared
from lod.errors import Cause, Misused, Problem, Refused, Severity, escape_unprintable, quote
from lod.executors.process_pool import ProcessPool
from lod.iri import Iris
from lod.model import Question
from lod.progress import Progress, silent
from lod.source import archive
from lod.source.document import parse_encoding
from lod.table import parquet
from lod.version import VERSION
from lod.write.turtle import TurtleWriter

_PARTS = ".parts"
VERDICTS = ".checked"
"""The file, beside the releases, that says which documents need not be checked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a release is to be built.

    With the address of a scheduler, the workers of its Dask cluster do what processes here (`jobs`) would
    do; they keep their parts at the address `shards`, or in the output directory.
    """

    registers: tuple[Path, ...] = ()
    base: str = definitions.DEFAULT_BASE
    publisher: str = definitions.DEFAULT_PUBLISHER
    documents: bool = False
    strict: bool = False
    allow_shrink: bool = False
    jobs: int = 1
    scheduler: str | None = None
    shards: str | None = None
    cache: bool = True
    engine: shacl.Engine = shacl.Engine.SHACL
    compress: Compression = Compression.NONE
    split: bool = False
    parquet: bool = False
    encoding: str | None = None
    """That of documents that are not UTF-8, whatever they declare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build has published, rejected and remarked upon."""

    release: str
    path: Path
    counts: dict[str, int]
    triples: int
    problems: list[Problem]
    strict: bool

    @property
    def exit_code(self) -> int:
        """0 if all is published; 3 if documents are rejected, or remarked upon where that counts."""
        return 3 if self.counts["rejected"] or (self.strict and self.problems) else 0

    def as_json(self) -> dict[str, Any]:
        """Give the summary for programs."""
        return {
            "release": self.release,
            "path": str(self.path),
            "counts": self.counts,
            "triples": self.triples,
            "problems": [problem.as_json() for problem in self.problems],
            "exit_code": self.exit_code,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one document becomes: questions, triples as Turtle, what the shapes and the reader say."""

    questions: list[Question]
    turtle: str
    results: list[shacl.ValidationResult]
    problems: list[Problem]

    @property
    def sound(self) -> bool:
        """Say whether all of the document would be published."""
        rejected = any(problem.severity is Severity.REJECTED for problem in self.problems)
        return bool(self.questions) and not rejected and not any(r.violates for r in self.results)


def build(
    sources: Sequence[Path], out: Path, options: Options | None = None, progress: Progress | None = None
) -> Summary:
    """Build a release from files, folders and zips of official documents, and make it the current one.

    Raise Refused if nothing can be published, and another LodError if the run cannot go on; the last release
    then stays as it was.
    """
    options, ledger = options or Options(), Accounting()
    refuse_among(sources, out)
    if not options.publisher.strip() or escape_unprintable(options.publisher) != options.publisher:
        raise Misused(f"the publisher must be a name that can be printed, not {quote(options.publisher)}")
    if options.parquet:
        parquet.require()
    iris = Iris(options.base)
    with release.draft(out) as draft:
        settings = _settings(draft, out, options)
        with (
            workers.open_executor(options.jobs, options.scheduler, settings.shards) as hands,
            at_work(settings),
            ingest(sources, settings, hands, ledger) as questions,
        ):
            run = RunContext(settings=settings, crew=hands, progress=progress or silent)
            contents = assemble_release(draft, questions, run)
            verdicts = worker(settings).verdicts
        ledger.take(contents.ledger)
        _refuse_loss(out, contents.whole.documents, ledger, options)
        modified, last = _modified(contents.last_day), out / "current"
        unread = tombstones.write(draft, last, iris, modified, insist=not options.allow_shrink)
        contents.close(ledger.problems)
        draft.discard(_PARTS)
        counts = ledger.counts(contents.whole.documents)
        inputs = listed([*sources, *options.registers])
        also = [VERSION, iris.base, options.publisher, modified.isoformat(), counts, inputs]
        version = _version(contents.last_day, draft, also)
        contents.write_catalogue(version, modified, options.publisher)
        path = draft.publish(version, contents.manifest(version, counts, inputs))
        if not contents.failures:
            verdicts.write(out / VERDICTS, contents.sound)
    return Summary(
        release=version,
        path=path,
        counts=counts,
        triples=contents.whole.triples,
        problems=sorted([*ledger.problems, *unread]),
        strict=options.strict,
    )


def explain(file: Path, options: Options | None = None) -> Explained:
    """Read, describe and check one document without publishing it."""
    options, ledger = options or Options(), Accounting()
    iris = Iris(options.base)
    with TemporaryDirectory() as folder:
        settings = Settings(
            folder=Path(folder),
            base=options.base,
            registers=options.registers,
            engine=options.engine,
            encoding=_encoding(options),
        )
        with at_work(settings), ingest([file], settings, ProcessPool(1), ledger) as questions:
            tools = worker(settings)
            entries = [entry for batch in questions.batches(BATCH) for entry in tools.entries(batch, ledger)]
    shared = [resource.node for resource in merge_shared(entry.shared for entry in entries)]
    documents = [describe(entry.question, iris, VERSION).document for entry in entries]
    results = check_whole(tools.shapes, entries, shared)
    return Explained(
        questions=[entry.question for entry in entries],
        turtle=TurtleWriter(contexts.published(), iris.base).document(documents + shared),
        results=results,
        problems=sorted([*ledger.problems, *engine_fallback_problems(tools.shapes.failures)]),
    )


def _settings(draft: release.Draft, out: Path, options: Options) -> Settings:
    clustered = options.scheduler is not None
    folder, registers = draft.folder(_PARTS).absolute(), tuple(path.absolute() for path in options.registers)
    return Settings(
        folder=folder,
        base=options.base,
        registers=registers,
        documents=draft.folder().absolute() if options.documents else None,
        alone=options.jobs == 1 and not clustered,
        engine=options.engine,
        verdicts=(out / VERDICTS).absolute() if options.cache else None,
        layout=DumpLayout(compression=options.compress, split=options.split, parquet=options.parquet),
        shards=object_spool.of_a_run(options.shards, folder) if clustered else None,
        sizes=tuple(map(archive.total_size, registers)) if clustered else (),
        encoding=_encoding(options),
    )


def _encoding(options: Options) -> str | None:
    return parse_encoding(options.encoding) if options.encoding is not None else None


def _refuse_loss(out: Path, published: int, ledger: Accounting, options: Options) -> None:
    """Raise Refused if nothing is left to publish, if much has gone, or if what is unknown may not be."""
    if not published:
        received = f"{ledger.received} documents received, {ledger.rejected} rejected"
        raise Refused(f"nothing to publish: {received}", ledger.problems)
    if options.strict and any(problem.cause is Cause.UNKNOWN for problem in ledger.problems):
        raise Refused("--strict, and the source says what this program does not know", ledger.problems)
    if not options.allow_shrink:
        release.refuse_to_shrink(out, published)


def _version(last_day: date, draft: release.Draft, also: list[Any]) -> str:
    """Name a release after its last day and its content: the same content has the same name."""
    digest = draft.digest(json.dumps(also, ensure_ascii=False, sort_keys=True))
    return f"{last_day.isoformat()}-{digest[:12]}"


def _modified(last_day: date) -> date:
    """Date a release by SOURCE_DATE_EPOCH if that is set, or else by its content; never by the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return last_day
    try:
        if not (epoch.isascii() and epoch.isdigit()):
            raise ValueError(epoch)
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise Misused(f"SOURCE_DATE_EPOCH must be a number of seconds, not {quote(epoch)}") from None
