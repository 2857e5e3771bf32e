"""The command `lod query`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lod import query
from lod.cli import console, stdout
from lod.cli.options import Trust
from lod.definitions import DEFAULT_BASE
from lod.errors import Misused, quote

if TYPE_CHECKING:
    from lod.query.results import QueryResult


def _saved_names(typed: str) -> list[str]:
    """Return what a shell completes the name of a saved query to."""
    return [name for name in query.cookbook() if name.startswith(typed)]


QueryOrName = Annotated[
    str | None,
    typer.Argument(
        metavar="QUERY", help="A saved query, a file, or the text of a query.", autocompletion=_saved_names
    ),
]
Target = Annotated[str, typer.Option("--on", help="A store, a release, or the address of an endpoint.")]
Values = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", help="name=value: a parameter of a saved query; may be repeated."),
]


def ask(
    name_or_text: QueryOrName = None,
    target: Target = "out/current",
    values: Values = None,
    form: Annotated[
        query.OutputFormat | None, typer.Option("--format", "-f", help="The format of the result.")
    ] = None,
    chart: Annotated[Path | None, typer.Option(help="Also draw the result into this SVG file.")] = None,
    rows: Annotated[int, typer.Option(min=1, help="The most rows that a table shows.")] = 100,
    listing: Annotated[bool, typer.Option("--list", help="List the saved queries.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the query instead of running it.")] = False,
    base: Annotated[
        str | None,
        typer.Option("--base", help="The base under which the data of an endpoint were published."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that the query may take.")] = 60,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes of memory that the query may take.")] = 4096,
    allow_service: Annotated[
        bool, typer.Option("--allow-service", help="Let the query call other servers with SERVICE.")
    ] = False,
    trust: Trust = False,
) -> None:
    """Run a SPARQL query on a store, a release or an endpoint."""
    if listing:
        _list_saved(name_or_text)
        return
    if name_or_text is None:
        raise Misused("expected a query, found none; lod query --list shows the saved queries")
    limits = query.Limits(seconds=timeout, megabytes=memory, allow_service=allow_service)
    needs_base = base is not None or name_or_text in query.cookbook()
    data_base = query.base(target, base, limits) if needs_base else DEFAULT_BASE
    resolved = query.resolve_query(name_or_text, _parameters(values or []), data_base)
    if show:
        stdout.write_bytes(resolved.text.encode())
        return
    if chart:
        from lod.query.chart import check_can_draw

        check_can_draw(chart)  # before the query is run
    with console.progress(quiet=False) as progress:
        answer = query.ask(resolved.text, target, limits, trust=trust, progress=progress)
    if chart:
        from lod.query.chart import draw

        draw(*answer.rows(), chart, resolved.title or "", query.columns())
    _print(answer, form, rows)
    if answer.warning:
        console.print_warning(answer.warning)


def _print(answer: "QueryResult", form: query.OutputFormat | None, max_rows: int) -> None:
    if answer.is_graph or form not in (None, query.OutputFormat.TABLE):
        stdout.write_bytes(answer.serialize(form or query.OutputFormat.TURTLE))
        return
    from lod.query.results import text

    names, rows = answer.rows()
    console.print_table(names, [[text(cell) for cell in row] for row in rows], max_rows)


def _list_saved(name_or_text: str | None) -> None:
    if name_or_text is not None:
        raise Misused(f"expected --list or a query, found both: --list and {quote(name_or_text)}")
    for saved in query.cookbook().values():
        console.print_entry(saved.name, saved.title, saved.title_en)
        for parameter in saved.parameters:
            default = f" [{parameter.default}]" if parameter.default else ""
            console.OUT.print(
                f"    --param {parameter.name}=… {parameter.type}{default}: {parameter.meaning}"
            )


def _parameters(values: list[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, sign, _ in pairs:
        if not sign:
            raise Misused(f"expected --param name=value, found {name}")
    return {name: value for name, _, value in pairs}
