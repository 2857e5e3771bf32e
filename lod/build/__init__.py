"""Official documents in, a checked release out: the only package that knows all stages.

sources ── ingest ──▶ AccountDatabase ── assemble ──▶ data files ── outputs ──▶ release
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lod import context as contexts
from lod import corrections, definitions, shacl
from lod.build import object_spool, tombstones
from lod.build.accounting import Accounting, engine_fallback_problems
from lod.build.assemble import BATCH, RunContext, assemble_release
from lod.build.check import check_files as check_files
from lod.build.check import check_whole
from lod.build.data_files import DumpLayout
from lod.build.ingest import PREPARED, ingest, list_inputs, refuse_source_folder
from lod.build.kept import Keeper
from lod.build.link_finders import AlignmentFinder, CitationFinder, LinkFinder, RelatedFinder
from lod.build.links import WrittenLinks, write_links
from lod.build.origins import Origins, write_sources
from lod.build.outputs import Publication
from lod.build.worker import Settings, open_executor
from lod.compression import Compression
from lod.describe import describe, merge_shared
from lod.errors import Cause, Misused, Problem, Refused, Severity, escape_unprintable, quote
from lod.extras import is_installed
from lod.formats import DATA_FILES, DUMPS, TABLES
from lod.iri import Iris
from lod.links.alignments import GivenLink, read_links
from lod.model import Question
from lod.progress import Progress, silent
from lod.release import Draft, LinkKind, last_counts, open_draft, refuse_to_shrink
from lod.source import archive
from lod.source.document import parse_encoding
from lod.table import parquet, xlsx
from lod.version import VERSION
from lod.versioned_dir import CURRENT
from lod.write.turtle import TurtleWriter

_SPOOL = ".parts"
"""The folder of temporary files, in that of the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a release is built.

    `corrections` are folders of corrections; if None, those that lie beside the sources are used.

    With the address of a scheduler, the workers of its Dask cluster do the work, not `jobs` processes of this
    machine; their temporary files are at the address `shards`, or in the output directory.
    """

    registers: tuple[Path, ...] = ()
    corrections: tuple[Path, ...] | None = None
    base: str = definitions.DEFAULT_BASE
    publisher: str = definitions.DEFAULT_PUBLISHER
    documents: bool = False
    strict: bool = False
    allow_shrink: bool = False
    jobs: int = 1
    scheduler: str | None = None
    shards: str | None = None
    engine: shacl.Engine = shacl.Engine.SHACL
    compress: Compression = Compression.NONE
    split: bool = False
    parquet: bool = False
    xlsx: bool = False
    formats: tuple[str, ...] = DATA_FILES
    """The data files that are written; links to other data are written if all dumps are."""
    encoding: str | None = None
    """That of documents that are not UTF-8, whatever they declare."""
    links: tuple[Path, ...] = ()
    """Files with links from people and organs to other data."""
    without: frozenset[LinkKind] = frozenset()
    """The kinds of links to other data that are left out."""
    origins: Origins = field(default_factory=dict)
    """Where files of a mirror came from: the release lists their documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build has published and rejected, with all problems."""

    release: str
    path: Path
    counts: dict[str, int]
    triples: int
    problems: list[Problem]
    strict: bool
    links: list[WrittenLinks] = field(default_factory=list)
    not_looked_for: list[LinkKind] = field(default_factory=list)
    """The kinds of links whose extra is not installed."""

    @property
    def exit_code(self) -> int:
        """0 if all documents are published; 3 if some are rejected, or, with `strict`, have warnings."""
        warned = any(problem.severity is not Severity.REMARK for problem in self.problems)
        return 3 if self.counts["rejected"] or (self.strict and warned) else 0

    def as_json(self) -> dict[str, Any]:
        """Return the summary for programs."""
        return {
            "release": self.release,
            "path": str(self.path),
            "counts": self.counts,
            "triples": self.triples,
            "problems": [problem.as_json() for problem in self.problems],
            "links": {str(each.facts.kind): each.facts.links for each in self.links},
            "unlinked": {str(each.facts.kind): len(each.unlinked) for each in self.links},
            "exit_code": self.exit_code,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one document becomes: questions, triples as Turtle, validation results, problems."""

    questions: list[Question]
    turtle: str
    results: list[shacl.ValidationResult]
    problems: list[Problem]

    @property
    def sound(self) -> bool:
        """Whether all of the document would be published."""
        rejected = any(problem.severity is Severity.REJECTED for problem in self.problems)
        return bool(self.questions) and not rejected and not any(r.violates for r in self.results)


def build_release(
    sources: Sequence[Path], out: Path, options: Options | None = None, progress: Progress | None = None
) -> Summary:
    """Build a release from files, folders and zips of official documents, and make it the current one.

    Raise Refused if nothing can be published, and another LodError if the run cannot go on; the last release
    then stays as it is.
    """
    options, accounting, progress = options or Options(), Accounting(), progress or silent
    iris, last = Iris(options.base), out / CURRENT
    _check_options(sources, out, options)
    given = [link for file in options.links for link in read_links(file)]
    with open_draft(out) as draft:
        folders = _correction_folders(sources, options)
        settings = _settings(draft, options, corrections.load(folders))
        progress(PREPARED, 0, 1)
        with (
            open_executor(settings, options.jobs, options.scheduler) as (worker, executor),
            ingest(sources, worker, executor, accounting, progress) as questions,
        ):
            run = RunContext(worker=worker, executor=executor, progress=progress)
            keeper = Keeper(last, worker, questions, required=not options.allow_shrink)
            keeper.keep_unread(accounting.problems)
            accounting.corrections.add(keeper.corrections)
            for problem in accounting.corrections.problems(settings.corrections):
                accounting.warn(problem)
            assembled = assemble_release(draft, questions, run, keeper)
        data = assembled.data
        accounting.add(assembled.accounting)
        accounting.problems += keeper.problems
        _refuse_loss(out, data.questions, accounting, options)
        modified = _modified(data.last_day)
        gone = tombstones.Gone(last, iris, modified, frozenset(keeper.lost))
        unread = tombstones.write(draft, gone, required=not options.allow_shrink)
        reports = data.write_reports(
            assembled.published_results, assembled.rejected_results, accounting.problems
        )
        draft.remove_folder(_SPOOL)
        counts = accounting.counts(data.questions, len(keeper.kept))
        write_sources(draft, options.origins)
        read = [*sources, *options.registers, *corrections.list_files(folders), *options.links]
        inputs = list_inputs(read, options.origins) + keeper.inputs()
        finders = _link_finders(iris, options, given)
        links = write_links(draft, iris, finders, options.compress, worker.shapes)
        published = Publication(
            modified=modified, publisher=options.publisher, formats=settings.layout.formats
        )
        path = reports.publish(
            published, counts, inputs, [each.facts for each in links if each.facts.triples]
        )
    return Summary(
        release=path.name,
        path=path,
        counts=counts,
        triples=data.statistics.whole.triples,
        problems=sorted([*accounting.problems, *unread]),
        strict=options.strict,
        links=links,
        not_looked_for=sorted(frozenset(LinkKind) - options.without - installed_links()),
    )


def explain_file(file: Path, options: Options | None = None) -> Explained:
    """Read, describe and check one document without publishing it."""
    options, accounting = options or Options(), Accounting()
    iris = Iris(options.base)
    with TemporaryDirectory() as folder:
        settings = Settings(
            spool=Path(folder),
            base=options.base,
            registers=options.registers,
            corrections=corrections.load(_correction_folders([file], options)),
            engine=options.engine,
            encoding=_encoding(options),
        )
        with (
            open_executor(settings) as (worker, executor),
            ingest([file], worker, executor, accounting) as questions,
        ):
            for problem in accounting.corrections.problems(settings.corrections):
                accounting.warn(problem)
            batches = questions.batches(BATCH)
            written = [each for batch in batches for each in worker.written_questions(batch, accounting)]
    shared = [resource.node for resource in merge_shared(each.shared for each in written)]
    records = [each.question for each in written if isinstance(each.question, Question)]
    documents = [describe(record, iris, VERSION).document for record in records]
    results = check_whole(worker.shapes, written, shared)
    return Explained(
        questions=records,
        turtle=TurtleWriter(contexts.published(), iris.base).document(documents + shared),
        results=results,
        problems=sorted([*accounting.problems, *engine_fallback_problems(worker.shapes.failures)]),
    )


def _check_options(sources: Sequence[Path], out: Path, options: Options) -> None:
    """Raise Misused if a build with these options could not succeed."""
    refuse_source_folder(sources, out)
    if not options.publisher.strip() or escape_unprintable(options.publisher) != options.publisher:
        raise Misused(f"the publisher must be a name that can be printed, not {quote(options.publisher)}")
    _check_formats(options)
    if options.parquet:
        parquet.require()
    if options.xlsx:
        xlsx.require()


def _link_finders(iris: Iris, options: Options, given: Sequence[GivenLink]) -> list[LinkFinder]:
    """Return what finds the kinds of links that are not left out."""
    finders: list[LinkFinder] = [CitationFinder(iris), AlignmentFinder(iris, given), RelatedFinder(iris)]
    kinds = installed_links() - options.without if set(DUMPS) <= {*options.formats} else ()
    return [finder for finder in finders if finder.kind in kinds]


def installed_links() -> frozenset[LinkKind]:
    """Return the kinds of links that can be looked for: those whose extra, if any, is installed."""
    return frozenset(LinkKind if is_installed("scipy") else set(LinkKind) - {LinkKind.RELATED})


def _check_formats(options: Options) -> None:
    """Raise Misused unless the formats are known, and those that others are made from are among them."""
    known, table = ", ".join(DATA_FILES), TABLES["csv"].name
    if unknown := sorted({*options.formats} - {*DATA_FILES}):
        raise Misused(f"--formats: expected some of {known}, found {quote(unknown[0])}")
    if "nt" not in options.formats:
        raise Misused("--formats: expected nt among the formats, found none; releases are compared by it")
    for name, is_wanted in (("parquet", options.parquet), ("xlsx", options.xlsx)):
        if is_wanted and table not in options.formats:
            raise Misused(f"--{name} is made from the table: add {table} to --formats")


def _correction_folders(sources: Sequence[Path], options: Options) -> Sequence[Path]:
    """Return the folders of corrections: those named, or else those that lie beside the sources."""
    return corrections.default_folders(sources) if options.corrections is None else options.corrections


def _settings(draft: Draft, options: Options, corrected: corrections.Corrections) -> Settings:
    on_cluster = options.scheduler is not None
    spool, registers = draft.folder(_SPOOL).absolute(), tuple(path.absolute() for path in options.registers)
    return Settings(
        spool=spool,
        base=options.base,
        registers=registers,
        documents=draft.folder().absolute() if options.documents else None,
        in_memory=options.jobs == 1 and not on_cluster,
        corrections=corrected,
        engine=options.engine,
        layout=DumpLayout(
            compression=options.compress,
            split=options.split,
            parquet=options.parquet,
            xlsx=options.xlsx,
            formats=tuple(form for form in DATA_FILES if form in options.formats),
        ),
        spool_address=object_spool.run_address(options.shards, spool) if on_cluster else None,
        register_sizes=tuple(map(archive.total_size, registers)) if on_cluster else (),
        encoding=_encoding(options),
    )


def _encoding(options: Options) -> str | None:
    return parse_encoding(options.encoding) if options.encoding is not None else None


def _refuse_loss(out: Path, published: int, accounting: Accounting, options: Options) -> None:
    """Raise Refused if nothing or much less than before is left, or, if strict, something is unknown."""
    if not published:
        received = f"{accounting.received} documents received, {accounting.rejected} rejected"
        raise Refused(f"nothing to publish: {received}", accounting.problems)
    if options.strict and any(problem.cause is Cause.UNKNOWN for problem in accounting.problems):
        raise Refused(
            "strict: the documents have something that this program does not know", accounting.problems
        )
    if not options.allow_shrink:
        refuse_to_shrink(out, published)
        _refuse_forgotten_corrections(out, accounting)


def _refuse_forgotten_corrections(out: Path, accounting: Accounting) -> None:
    """Raise Refused if the last release was corrected and this one has met no correction at all."""
    before = last_counts(out).get("corrections", 0)
    if before and not accounting.corrections.met:
        raise Refused(
            f"{out}: the last release has {before} corrections, this one has none; name their folder with "
            "--corrections, or use --allow-shrink if that is intended"
        )


def _modified(last_day: date) -> date:
    """Return the date of a release: SOURCE_DATE_EPOCH if that is set, else its last day; never today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return last_day
    try:
        if not (epoch.isascii() and epoch.isdigit()):
            raise ValueError(epoch)
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise Misused(f"SOURCE_DATE_EPOCH must be a number of seconds, not {quote(epoch)}") from None
