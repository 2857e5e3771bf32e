"""What the command line says on a terminal: problems, results, tables, progress."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lod.errors import Problem, Severity, escape_unprintable, group_by_kind
from lod.model import Question
from lod.progress import Progress, silent
from lod.shacl import ValidationResult

if TYPE_CHECKING:
    from lod import build
    from lod.store import Loaded
    from lod.verify import Findings

OUT = Console(highlight=False, soft_wrap=True, markup=False)
ERR = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
SHOWN = 20
"""How many kinds of problems are printed; all problems are in problems.jsonl."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Show how far a long run is, on a terminal only."""
    if quiet or not ERR.is_terminal:
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=ERR, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total)

        yield advance


def problems(problems: Sequence[Problem], all_in: Path | None = None) -> None:
    """Print an example of each kind of problem with their number: rejections first, most frequent first.

    Only the first kinds are printed if all problems are in a file.
    """
    kinds = group_by_kind(problems)
    shown = kinds if all_in is None else kinds[:SHOWN]
    for problem in shown:
        style = "yellow" if problem.severity is Severity.WARNING else "red"
        ERR.print(Text.assemble((f"{problem.severity}: ", style), str(problem)))
    if len(shown) < len(kinds):
        ERR.print(f"… and {len(kinds) - len(shown)} more kinds; all {len(problems)} problems are in {all_in}")


def warning(sentence: str) -> None:
    """Print a sentence that is no problem of a document."""
    ERR.print(Text.assemble(("warning: ", "yellow"), escape_unprintable(sentence)))


def results(results: Sequence[ValidationResult]) -> None:
    """Print what the shapes say."""
    for result in results:
        found = f" Found: {escape_unprintable(result.value)}" if result.value else ""
        OUT.print(
            Text.assemble(
                (result.shape_name, "red"),
                f" {escape_unprintable(result.focus)}\n    {result.english}{found}",
            )
        )


def turtle(turtle: str) -> None:
    """Print Turtle, coloured on a terminal, with nothing in it that a terminal would obey."""
    turtle = _escaped(turtle)
    if OUT.is_terminal:
        from rich.syntax import Syntax

        OUT.print(Syntax(turtle, "turtle", background_color="default", word_wrap=True))
    else:
        print(turtle, end="")  # noqa: T201 - not a line is to be wrapped or cut


def summary(summary: "build.Summary", out: Path) -> None:
    """Print what a build has done."""
    counts = summary.counts
    _figures(
        {
            "documents received": counts["documents"],
            "published": counts["questions"],
            "rejected": counts["rejected"],
            "duplicates": counts["duplicates"],
            "warnings": counts["problems"] - counts["rejected"],
            "triples": summary.triples,
        }
    )
    OUT.print(f"release {summary.release} is in {out / 'current'}")


def verified(found: "Findings", *, quiet: bool) -> None:
    """Print what is wrong with a release, or what was compared to find nothing wrong."""
    for sentence in found.problems:
        ERR.print(Text.assemble(("wrong: ", "red"), escape_unprintable(sentence)))
    if quiet:
        return
    _figures(found.compared)
    count = len(found.problems) + found.more
    verdict = f"not whole, faults found: {count}" if count else "whole"
    OUT.print(f"release {found.release}: {verdict}")


def entry(name: str, *sentences: str) -> None:
    """Print a name and what is said of it, a sentence a line."""
    OUT.print(Text(name, "bold"))
    for sentence in sentences:
        OUT.print(f"    {sentence}")


def table(names: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> None:
    """Print rows of words beneath the names of their columns, at most so many rows, figures to the right.

    Say it where there are none, to people and not to what reads the table.
    """
    laid = Table(box=None, pad_edge=False, header_style="bold")
    for n, name in enumerate(names):
        figures = bool(rows) and all(row[n].isdecimal() or not row[n] for row in rows)
        laid.add_column(Text(name), justify="right" if figures else "left", overflow="fold")
    for row in rows[:most]:
        laid.add_row(*(Text(_escaped(cell)) for cell in row))
    OUT.print(laid)
    if not rows:
        ERR.print("no results")
    if len(rows) > most:
        OUT.print(f"… and {len(rows) - most} more rows: --rows or --format csv shows them")


def loaded(loaded: "Loaded") -> None:
    """Print what a store holds."""
    OUT.print(f"{_figure(loaded.triples)} triples in {_figure(loaded.graphs)} graphs, read back as published")
    OUT.print(f"release {loaded.release} is in {loaded.store}")


def _figures(counts: Mapping[str, int]) -> None:
    """Print figures, a line each, with what they count."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    for name, count in counts.items():
        table.add_row(_figure(count), name)
    OUT.print(table)


def laid_out(release: str, out: Path) -> None:
    """Print where a release has been laid out."""
    OUT.print(f"release {release} is laid out: {out / 'current' / 'www'} is the site")


def served(release: str, here: str, address: str | None) -> None:
    """Print what is served, where, and for which address of the world if there is another."""
    world = f" for {address}" if address else ""
    OUT.print(f"release {release} is served at {here}{world} (Ctrl+C stops)", soft_wrap=True)


def _figure(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def record(question: Question) -> None:
    """Lay out a record as its fields, one a line."""
    OUT.print(Text(question.id.uid, "bold"))
    for name, value in _fields(question):
        OUT.print(Text.assemble((f"{name:<32}", "cyan"), f" {_escaped(value)}"))
    OUT.print()


def _escaped(text: str) -> str:
    return "\n".join(escape_unprintable(line) for line in text.split("\n"))


def _fields(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _fields(getattr(value, name), f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, tuple):
        for n, item in enumerate(value, 1):
            yield from _fields(item, f"{prefix} {n}")
    elif value is not None:
        yield prefix, str(value)
