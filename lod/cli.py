"""The command line: words in, one call, words and an exit code out."""

import dataclasses
import io
import json
import logging
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from lod import publish
from lod.definitions import DEFAULT_BASE
from lod.errors import CheckFailed, LodError, NotReadOrWritten, Problem, Refused, Severity, printable
from lod.model import Question
from lod.shacl import Engine, Result
from lod.version import VERSION

TERMINATED = 143
SHOWN = 20
"""How many problems are printed; the others are in problems.jsonl."""

app = typer.Typer(
    name="lod",
    help="Publish the parliamentary questions of the Assemblée nationale as checked linked data.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)
out_console = Console(highlight=False, soft_wrap=True, markup=False)
err_console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
Base = Annotated[str, typer.Option("--base", help="The address under which the data will be published.")]
Registers = Annotated[
    list[Path] | None,
    typer.Option("--register", exists=True, help="A register of actors and organs; may be given again."),
]

Checks = Annotated[Engine, typer.Option("--engine", help="The compiled SHACL engine, or the reference.")]


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish the parliamentary questions of the Assemblée nationale as checked linked data."""
    if version:
        out_console.print(f"lod {VERSION}")
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
    ] = publish.Options().publisher,
    documents: Annotated[
        bool, typer.Option("--documents", help="Also write each question as a file.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings count; refuse what is unknown.")
    ] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Publish even if many questions have gone.")
    ] = False,
    engine: Checks = Engine.SHACL,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Turn official documents into a checked release of linked data."""
    options = publish.Options(
        registers=tuple(register or ()),
        base=base,
        publisher=publisher,
        documents=documents,
        strict=strict,
        allow_shrink=allow_shrink,
        engine=engine,
    )
    with _progress(quiet=quiet or as_json) as progress:
        summary = publish.build(sources, out, options, progress)
    _print_problems(summary.problems, summary.path / "problems.jsonl")
    if as_json:
        print(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))  # noqa: T201 - data for programs
    elif not quiet:
        _print_summary(summary, out)
    raise typer.Exit(summary.exit_code)


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="One official document.")],
    register: Registers = None,
    base: Base = DEFAULT_BASE,
    engine: Checks = Engine.SHACL,
) -> None:
    """Show what one document becomes: its record, its triples, what the shapes say."""
    options = publish.Options(registers=tuple(register or ()), base=base, engine=engine)
    explained = publish.explain(file, options)
    for question in explained.questions:
        _print_record(question)
    if explained.questions:
        _print_turtle(_escaped(explained.turtle))
    _print_problems(explained.problems)
    _print_results(explained.results)
    out_console.print("it would be published" if explained.sound else "it would be rejected")
    raise typer.Exit(0 if explained.sound else 3)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, help="RDF files, or releases, taken together.")],
    base: Base = DEFAULT_BASE,
    engine: Checks = Engine.SHACL,
    as_json: AsJson = False,
) -> None:
    """Check RDF files, taken together, against the shapes."""
    results = publish.check(files, base, engine, lambda problem: _print_problems([problem]))
    if as_json:
        found = {"conforms": not results, "results": [result.as_node() for result in results]}
        print(json.dumps(found, ensure_ascii=False, indent=2))  # noqa: T201 - data for programs
    else:
        _print_results(results[:SHOWN])
        if len(results) > SHOWN:
            out_console.print(f"… and {len(results) - SHOWN} more: --json prints them all")
        if any(result.component.endswith("ClassConstraintComponent") for result in results):
            out_console.print("what is referred to must be described: give the release, or concepts.ttl too")
        out_console.print("conforms" if not results else f"does not conform: {len(results)} results")
    raise typer.Exit(CheckFailed.exit_code if results else 0)


def main() -> None:
    """Run the command line; whatever ends it early is one sentence and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _terminate)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # what it would say, the shapes say better
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without accents still gets words
    try:
        app()
    except Refused as error:
        _print_problems(error.problems)
        _fail(str(error), error.exit_code)
    except LodError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}", NotReadOrWritten.exit_code)
    except MemoryError:
        _fail("not enough memory", NotReadOrWritten.exit_code)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)


def _fail(why: str, code: int) -> NoReturn:
    err_console.print(Text.assemble(("error: ", "red"), why))
    sys.exit(code)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[publish.Progress]:
    """Show how far a long run is, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=err_console, transient=True, disable=quiet or not err_console.is_terminal
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total)

        yield advance


def _print_problems(problems: Sequence[Problem], all_in: Path | None = None) -> None:
    shown = problems if all_in is None else problems[:SHOWN]
    for problem in shown:
        colour = "yellow" if problem.severity is Severity.WARNING else "red"
        err_console.print(Text.assemble((f"{problem.severity}: ", colour), str(problem)))
    if len(shown) < len(problems):
        err_console.print(f"… and {len(problems) - len(shown)} more in {all_in}")


def _print_results(results: Sequence[Result]) -> None:
    for result in results:
        found = f" Found: {printable(result.value)}" if result.value else ""
        out_console.print(
            Text.assemble(
                (result.shape_name, "red"), f" {printable(result.focus)}\n    {result.english}{found}"
            )
        )


def _print_turtle(turtle: str) -> None:
    if out_console.is_terminal:
        out_console.print(Syntax(turtle, "turtle", background_color="default", word_wrap=True))
    else:
        print(turtle, end="")  # noqa: T201 - not a line is to be wrapped or cut


def _print_summary(summary: publish.Summary, out: Path) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    names = {"questions": "published", "rejected": "rejected", "duplicates": "duplicates"}
    table.add_row(_figure(summary.counts["documents"]), "documents received")
    for key, name in names.items():
        table.add_row(_figure(summary.counts[key]), name)
    table.add_row(_figure(summary.counts["problems"] - summary.counts["rejected"]), "warnings")
    table.add_row(_figure(summary.triples), "triples")
    out_console.print(table)
    out_console.print(f"release {summary.release} is in {out / 'current'}")


def _figure(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _print_record(question: Question) -> None:
    """Lay out a record as its fields, one a line."""
    out_console.print(Text(question.id.uid, "bold"))
    for name, value in _fields(question):
        out_console.print(Text.assemble((f"{name:<32}", "cyan"), f" {_escaped(value)}"))
    out_console.print()


def _escaped(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _fields(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _fields(getattr(value, field.name), f"{prefix}.{field.name}" if prefix else field.name)
    elif isinstance(value, tuple):
        for n, item in enumerate(value, 1):
            yield from _fields(item, f"{prefix} {n}")
    elif value is not None:
        yield prefix, str(value)
