"""What the commands print: problems, validation results, tables, summaries, progress."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lod.errors import Problem, Severity, escape_unprintable, group_alike, quote
from lod.model import Question
from lod.numbers import group_thousands
from lod.progress import Progress, silent
from lod.shacl import ValidationResult

if TYPE_CHECKING:
    from lod import build
    from lod.release import PublishedRelease
    from lod.store import Loaded
    from lod.verify import Findings

OUT = Console(highlight=False, soft_wrap=True, markup=False)
ERR = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
MAX_PRINTED = 20
"""How many kinds of problems, or results, are printed; all are in a file, or printed with --json."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Show a progress bar, on a terminal only."""
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
                tasks[stage] = bar.add_task(stage, total=None)
            bar.update(tasks[stage], completed=done, total=total or None)

        yield advance


def print_problems(problems: Sequence[Problem], file: Path | None = None) -> None:
    """Print an example of similar problems with their number: rejections first, most frequent first.

    Remarks are left out. Only the first sentences are printed if a file has all problems.
    """
    told = [problem for problem in problems if problem.severity is not Severity.REMARK]
    examples = group_alike(told)
    printed = examples if file is None else examples[:MAX_PRINTED]
    for problem in printed:
        style = "yellow" if problem.severity is Severity.WARNING else "red"
        ERR.print(Text.assemble((f"{problem.severity}: ", style), str(problem)))
    if len(printed) < len(examples):
        more = f"… and {len(examples) - len(printed)} more kinds"
        ERR.print(f"{more}; all {len(problems)} problems are in {file}")


def print_warning(sentence: str) -> None:
    """Print a warning that is not about a document."""
    ERR.print(Text.assemble(("warning: ", "yellow"), escape_unprintable(sentence)))


def print_error(sentence: str) -> None:
    """Print an error that is not about a document."""
    ERR.print(Text.assemble(("error: ", "red"), escape_unprintable(sentence)))


def print_line(sentence: str) -> None:
    """Print a sentence for people on standard output."""
    OUT.print(escape_unprintable(sentence))


def print_results(results: Sequence[ValidationResult]) -> None:
    """Print validation results."""
    for result in results:
        OUT.print(
            Text.assemble(
                (result.shape_name, "red"),
                f" {escape_unprintable(result.focus)}\n    {result.rule} ({result.found})",
            )
        )


def print_turtle(turtle: str) -> None:
    """Print Turtle, coloured on a terminal, with control characters escaped."""
    turtle = _escaped(turtle)
    if OUT.is_terminal:
        from rich.syntax import Syntax

        OUT.print(Syntax(turtle, "turtle", background_color="default", word_wrap=True))
    else:
        print(turtle, end="")  # noqa: T201 - rich would wrap lines


def print_json(value: Any) -> None:
    """Print a value as JSON for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - rich would wrap lines


def print_unlinked(summary: "build.Summary") -> None:
    """Warn of what was not linked, of each kind of links, because it contradicts itself."""
    for kind in summary.not_looked_for:
        print_warning(
            f"{kind} questions were not looked for: use pip install 'lod-assemblee[{kind}]', or "
            f"leave them out with --without {kind}"
        )
    for each in summary.links:
        if each.unlinked:
            example, kind = each.unlinked[0], each.facts.kind
            print_warning(
                f"{kind}: not linked: {len(each.unlinked)}, such as {quote(example['quotation'])} in "
                f"{example['text']} ({example['reason']}); {summary.path / f'{kind}-unlinked.jsonl'} has all"
            )


def print_summary(summary: "build.Summary", out: Path) -> None:
    """Print the summary of a build."""
    counts = summary.counts
    remarks = sum(problem.severity is Severity.REMARK for problem in summary.problems)
    _print_figures(
        {
            "documents received": counts["documents"],
            "published": counts["questions"],
            **({"of these kept as they were": counts["kept"]} if counts["kept"] else {}),
            "rejected": counts["rejected"],
            "duplicates": counts["duplicates"],
            **({"corrections applied": counts["corrections"]} if "corrections" in counts else {}),
            "warnings": counts["problems"] - counts["rejected"] - remarks,
            "triples": summary.triples,
        }
    )
    OUT.print(f"release {summary.release} is in {out / 'current'}")


def print_findings(found: "Findings", *, quiet: bool) -> None:
    """Print what is wrong with a release, and how much was compared."""
    for sentence in found.problems:
        ERR.print(Text.assemble(("wrong: ", "red"), escape_unprintable(sentence)))
    if quiet:
        return
    _print_figures(found.compared)
    count = len(found.problems) + found.more
    verdict = f"faults found: {count}" if count else "complete and consistent"
    OUT.print(f"release {found.release}: {verdict}")


def print_entry(name: str, *sentences: str) -> None:
    """Print a name and sentences about it, one on each line."""
    OUT.print(Text(name, "bold"))
    for sentence in sentences:
        OUT.print(f"    {sentence}")


def print_table(names: Sequence[str], rows: Sequence[Sequence[str]], max_rows: int) -> None:
    """Print up to so many rows beneath the names of their columns, figures aligned to the right.

    If there are none, standard error says so.
    """
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for n, name in enumerate(names):
        figures = bool(rows) and all(row[n].isdecimal() or not row[n] for row in rows)
        grid.add_column(Text(name), justify="right" if figures else "left", overflow="fold")
    for row in rows[:max_rows]:
        grid.add_row(*(Text(_escaped(cell)) for cell in row))
    OUT.print(grid)
    if not rows:
        ERR.print("no results")
    if len(rows) > max_rows:
        OUT.print(f"… and {len(rows) - max_rows} more rows: --rows or --format csv shows them")


def print_changes(rows: Sequence[tuple[str, str, str]], more: int) -> None:
    """Print changes: what changed, what has happened to it, and the words before and after."""
    grid = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        grid.add_row(*(Text(_escaped(cell)) for cell in row))
    OUT.print(grid) if rows else OUT.print("nothing has changed")
    if more:
        OUT.print(f"… and {more} more changes: --rows or --format json shows them")


def print_loaded(loaded: "Loaded") -> None:
    """Print what was loaded into a store."""
    triples, graphs = group_thousands(loaded.triples), group_thousands(loaded.graphs)
    OUT.print(f"{triples} triples in {graphs} graphs, read back as published")
    OUT.print(f"release {loaded.release} is in {loaded.store}")


def _print_figures(counts: Mapping[str, int]) -> None:
    """Print figures with what they count, one on each line."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    for name, count in counts.items():
        table.add_row(group_thousands(count), name)
    OUT.print(table)


def print_releases(releases: "Sequence[PublishedRelease]") -> None:
    """Print releases, one on each line, with the time at which each was written and what it is."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("release", "written", "questions", ""):
        table.add_column(name, justify="right" if name == "questions" else "left")
    for each in releases:
        status = "" if each.status == "earlier" else str(each.status)
        written = f"{each.published:%Y-%m-%d %H:%M} UTC"
        table.add_row(each.name, written, group_thousands(each.questions), status)
    OUT.print(table)
    if not releases:
        ERR.print("no releases")


def print_rollback(release: str, before: str | None, *, is_held: bool) -> None:
    """Print which release is current again, and what that means for updates."""
    OUT.print(f"release {release} is current; it was {before or 'none'}")
    if is_held:
        OUT.print("updates publish nothing until the sources are better, or until lod update --resume")


def print_site(release: str, out: Path) -> None:
    """Print where the site of a release is."""
    OUT.print(f"release {release} is in {out / 'current' / 'www'}")


def print_served(release: str, local: str, public: str | None) -> None:
    """Print what is served, at which local address, and for which public one if there is another."""
    suffix = f" for {public}" if public else ""
    OUT.print(f"release {release} is served at {local}{suffix} (Ctrl+C stops)", soft_wrap=True)


def print_record(question: Question) -> None:
    """Print a record, one field on each line."""
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
