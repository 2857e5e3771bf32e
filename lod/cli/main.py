"""The command line: words in, one call, words and an exit code out."""

import enum
import gc
import json
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.text import Text

from lod.cli import console, query, release, stdout, web
from lod.cli.options import AsJson, Quiet
from lod.compression import Compression
from lod.definitions import DEFAULT_BASE, DEFAULT_PUBLISHER
from lod.errors import CheckFailed, LodError, Misused, NotReadOrWritten, Refused, Unread
from lod.shacl import Engine
from lod.version import VERSION

TERMINATED = 143
_MAKE = 20_000
"""How many objects are made before some that hold each other are looked for: hardly any do."""

_FREED = 2**25 - 2**13
"""Bytes that are freed once, so that the C library of Linux keeps twice as many of those freed later at hand.

It learns from what is freed; otherwise it gives the texts of a batch back, to get as many again as new ones.
"""

app = typer.Typer(
    name="lod",
    help="Publish the parliamentary questions of the Assemblée nationale as checked linked data.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)

Base = Annotated[str, typer.Option("--base", help="The address under which the data will be published.")]
Registers = Annotated[
    list[Path] | None,
    typer.Option("--register", exists=True, help="A register of actors and organs; may be given again."),
]

Checks = Annotated[Engine, typer.Option("--engine", help="The compiled SHACL engine, or the reference.")]


class Means(enum.StrEnum):
    """With what a release is built: one of the engines that check, and a cluster if there is one."""

    SHACL = Engine.SHACL
    PYSHACL = Engine.PYSHACL
    DASK = "dask"


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish the parliamentary questions of the Assemblée nationale as checked linked data."""
    if version:
        console.OUT.print(f"lod {VERSION}")
        raise typer.Exit


@app.command()
def build(
    sources: Annotated[
        list[Path], typer.Argument(exists=True, help="Files, folders or zips of official documents.")
    ],
    out: Annotated[Path, typer.Option(help="Where releases go; out/current is the newest.")] = Path("out"),
    register: Registers = None,
    base: Base = DEFAULT_BASE,
    publisher: Annotated[
        str, typer.Option(help="Who publishes the data, as the catalogue names them.")
    ] = DEFAULT_PUBLISHER,
    documents: Annotated[
        bool, typer.Option("--documents", help="Also write each question as a file.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings count; refuse what is unknown.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use; as many as there are cores.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The scheduler of the Dask cluster to use.")
    ] = None,
    shards: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Where the cluster keeps what it works on.")
    ] = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Publish even if many questions have gone.")
    ] = False,
    compress: Annotated[
        Compression, typer.Option("--compress", help="Compress the dumps.")
    ] = Compression.NONE,
    split: Annotated[
        bool, typer.Option("--split", help="Write a dump for each legislature and kind of question.")
    ] = False,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Write the table of questions as Parquet too.")
    ] = False,
    engine: Annotated[
        list[Means] | None,
        typer.Option(help="Who checks, and dask to work on a cluster; may be given again."),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Check all questions, known or not.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Turn official documents into a checked release of linked data."""
    from lod import build as publish

    bytearray(_FREED)
    means = set(engine or ())
    _refuse_mixed(means, jobs=jobs, scheduler=scheduler, shards=shards)
    options = publish.Options(
        registers=tuple(register or ()),
        base=base,
        publisher=publisher,
        documents=documents,
        strict=strict,
        allow_shrink=allow_shrink,
        jobs=jobs or len(os.sched_getaffinity(0)),
        scheduler=scheduler,
        shards=shards,
        engine=Engine.PYSHACL if Means.PYSHACL in means else Engine.SHACL,
        cache=not no_cache,
        compress=compress,
        split=split,
        parquet=parquet,
    )
    with console.progress(quiet=quiet or as_json) as progress:
        summary = publish.build(sources, out, options, progress)
    console.problems(summary.problems, summary.path / "problems.jsonl")
    if as_json:
        print(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))  # noqa: T201 - data for programs
    elif not quiet:
        console.summary(summary, out)
    raise typer.Exit(summary.exit_code)


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="One official document.")],
    register: Registers = None,
    base: Base = DEFAULT_BASE,
    engine: Checks = Engine.SHACL,
) -> None:
    """Show what one document becomes: its record, its triples, what the shapes say."""
    from lod import build as publish

    options = publish.Options(registers=tuple(register or ()), base=base, engine=engine)
    explained = publish.explain(file, options)
    for question in explained.questions:
        console.record(question)
    if explained.questions:
        console.turtle(explained.turtle)
    console.problems(explained.problems)
    console.results(explained.results)
    console.OUT.print("it would be published" if explained.sound else "it would be rejected")
    raise typer.Exit(0 if explained.sound else 3)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, help="RDF files, or releases, taken together.")],
    base: Annotated[
        str | None, typer.Option("--base", help="The base of files without a release, which knows its own.")
    ] = None,
    engine: Checks = Engine.SHACL,
    as_json: AsJson = False,
) -> None:
    """Check RDF files, taken together, against the shapes."""
    from lod import build as publish

    results = publish.check_files(files, base, engine, lambda problem: console.problems([problem]))
    if as_json:
        found = {"conforms": not results, "results": [result.as_node() for result in results]}
        print(json.dumps(found, ensure_ascii=False, indent=2))  # noqa: T201 - data for programs
    else:
        console.results(results[: console.SHOWN])
        if len(results) > console.SHOWN:
            console.OUT.print(f"… and {len(results) - console.SHOWN} more: --json prints them all")
        if any(result.component.endswith("ClassConstraintComponent") for result in results):
            console.OUT.print("what is referred to must be described: give the release, or concepts.ttl too")
        console.OUT.print("conforms" if not results else f"does not conform: {len(results)} results")
    raise typer.Exit(CheckFailed.exit_code if results else 0)


app.command("verify")(release.verify)
app.command("load")(release.load)
app.command("serve")(web.serve)
app.command("site")(web.site)
app.command("query")(query.run)


def main() -> None:
    """Run the command line; whatever ends it early is one sentence and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _terminate)
    gc.set_threshold(_MAKE)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # what it would say, the shapes say better
    stdout.prepare()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except Unread as error:
        sys.exit(error.exit_code)
    except Refused as error:
        console.problems(error.problems)
        _fail(str(error), error.exit_code)
    except LodError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", NotReadOrWritten.exit_code)
    except MemoryError:
        _fail("not enough memory", NotReadOrWritten.exit_code)


def _refuse_mixed(means: set[Means], jobs: int | None, scheduler: str | None, shards: str | None) -> None:
    """Raise Misused if options contradict each other."""
    if {Means.SHACL, Means.PYSHACL} <= means:
        raise Misused("one engine checks: --engine shacl or --engine pyshacl, not both")
    if (Means.DASK in means) != (scheduler is not None):
        raise Misused("--engine dask and --scheduler ADDRESS need each other")
    if shards is not None and scheduler is None:
        raise Misused("--shards is where a cluster works: it needs --engine dask and --scheduler ADDRESS")
    if jobs is not None and scheduler is not None:
        raise Misused("--jobs is for the processes of this machine: a cluster has as many as its workers")


def _terminate(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)


def _fail(why: str, code: int) -> NoReturn:
    console.ERR.print(Text.assemble(("error: ", "red"), why))
    sys.exit(code)
