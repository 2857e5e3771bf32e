"""The commands that read documents or RDF: `lod build`, `lod explain` and `lod check`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lod.cli import console
from lod.cli.options import (
    AsJson,
    Base,
    CorrectionFolders,
    Encoding,
    EngineName,
    Jobs,
    Quiet,
    Registers,
    Trust,
)
from lod.compression import Compression
from lod.definitions import DEFAULT_BASE, DEFAULT_PUBLISHER
from lod.errors import CheckFailed, Misused
from lod.formats import DATA_FILES
from lod.release_files import LinkKind
from lod.shacl import Engine

_FREED_ONCE = 2**25 - 2**13
"""Bytes that are freed once, so that the C library of Linux keeps twice as many freed bytes for reuse.

It adapts to what is freed; otherwise it returns the memory of each batch, only to request as much again.
"""


def build(
    sources: Annotated[
        list[Path], typer.Argument(exists=True, help="Files, folders or zips of official documents.")
    ],
    out: Annotated[Path, typer.Option(help="The folder for releases; out/current is the newest one.")] = Path(
        "out"
    ),
    register: Registers = None,
    corrections: CorrectionFolders = None,
    base: Base = DEFAULT_BASE,
    encoding: Encoding = None,
    publisher: Annotated[
        str, typer.Option(help="The name of the publisher of the data, for the catalogue.")
    ] = DEFAULT_PUBLISHER,
    documents: Annotated[
        bool, typer.Option("--documents", help="Also write each question to a file of its own.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 on warnings; refuse unknown fields and values.")
    ] = False,
    jobs: Jobs = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Use the Dask cluster of this scheduler.")
    ] = None,
    shards: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Where the cluster keeps its temporary files.")
    ] = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Publish even if many questions are missing.")
    ] = False,
    compress: Annotated[
        Compression, typer.Option("--compress", help="Compress the dumps.")
    ] = Compression.NONE,
    split: Annotated[
        bool, typer.Option("--split", help="Write one dump for each legislature and kind of question.")
    ] = False,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Also write the table of questions as Parquet.")
    ] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Also write the table of questions as XLSX.")] = False,
    links: Annotated[
        list[Path] | None,
        typer.Option(
            "--links",
            exists=True,
            dir_okay=False,
            help="A CSV file with links from people and organs to other data; may be repeated.",
        ),
    ] = None,
    data_formats: Annotated[
        str, typer.Option("--formats", metavar="LIST", help="The data files to write: nt and any others.")
    ] = ",".join(DATA_FILES),
    without: Annotated[
        list[LinkKind] | None,
        typer.Option("--without", help="Leave out a kind of links to other data; may be repeated."),
    ] = None,
    no_fast: Annotated[
        bool, typer.Option("--no-fast", help="Write every question by itself, none from templates.")
    ] = False,
    engine: EngineName = Engine.SHACL,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Turn official documents into a checked release of linked data."""
    from lod import build as builder
    from lod.delta import record_current

    _refuse_contradiction(jobs=jobs, scheduler=scheduler, shards=shards)
    bytearray(_FREED_ONCE)
    options = builder.Options(
        registers=tuple(register or ()),
        corrections=None if corrections is None else tuple(corrections),
        base=base,
        publisher=publisher,
        documents=documents,
        strict=strict,
        allow_shrink=allow_shrink,
        jobs=jobs or len(os.sched_getaffinity(0)),
        scheduler=scheduler,
        shards=shards,
        engine=engine,
        compress=compress,
        split=split,
        parquet=parquet,
        xlsx=xlsx,
        formats=tuple(data_formats.split(",")),
        encoding=encoding,
        links=tuple(links or ()),
        without=frozenset(without or ()),
        fast=not no_fast,
    )
    with console.progress(quiet=quiet or as_json) as progress:
        summary = builder.build_release(sources, out, options, progress)
        record_current(out)
    console.print_problems(summary.problems, summary.path / "problems.jsonl")
    console.print_unlinked(summary)
    if as_json:
        console.print_json(summary.as_json())
    elif not quiet:
        console.print_summary(summary, out)
    raise typer.Exit(summary.exit_code)


def explain(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="One official document.")],
    register: Registers = None,
    corrections: CorrectionFolders = None,
    base: Base = DEFAULT_BASE,
    encoding: Encoding = None,
    engine: EngineName = Engine.SHACL,
) -> None:
    """Show what one document becomes: its record, triples and validation results."""
    from lod import build as builder

    options = builder.Options(
        registers=tuple(register or ()),
        corrections=None if corrections is None else tuple(corrections),
        base=base,
        engine=engine,
        encoding=encoding,
    )
    explained = builder.explain_file(file, options)
    for question in explained.questions:
        console.print_record(question)
    if explained.questions:
        console.print_turtle(explained.turtle)
    console.print_problems(explained.problems)
    console.print_results(explained.results)
    console.OUT.print("it would be published" if explained.sound else "it would be rejected")
    raise typer.Exit(0 if explained.sound else 3)


def check(
    files: Annotated[
        list[Path], typer.Argument(exists=True, help="RDF files or releases, checked together.")
    ],
    base: Annotated[
        str | None, typer.Option("--base", help="The base of the files; a release knows its own.")
    ] = None,
    engine: EngineName = Engine.SHACL,
    trust: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Check RDF files, taken together, against the SHACL shapes."""
    from lod import build as builder

    results = builder.check_files(
        files, base, engine, lambda problem: console.print_problems([problem]), trust=trust
    )
    if as_json:
        console.print_json({"conforms": not results, "results": [result.as_node() for result in results]})
    else:
        console.print_results(results[: console.MAX_PRINTED])
        if len(results) > console.MAX_PRINTED:
            console.OUT.print(f"… and {len(results) - console.MAX_PRINTED} more: --json prints all")
        if any(result.component.endswith("ClassConstraintComponent") for result in results):
            console.OUT.print("not every resource referred to is described: add the release, or concepts.ttl")
        console.OUT.print("conforms" if not results else f"does not conform: {len(results)} results")
    raise typer.Exit(CheckFailed.exit_code if results else 0)


def _refuse_contradiction(jobs: int | None, scheduler: str | None, shards: str | None) -> None:
    """Raise Misused if options contradict each other."""
    if shards is not None and scheduler is None:
        raise Misused("--shards is for the temporary files of a cluster: it needs --scheduler ADDRESS")
    if jobs is not None and scheduler is not None:
        raise Misused("--jobs is for processes of this machine: it cannot be used with --scheduler")
