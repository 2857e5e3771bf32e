"""The command `lod query`: words in, one call, words out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lod import query
from lod.cli import console
from lod.definitions import DEFAULT_BASE
from lod.errors import Misused, quote

if TYPE_CHECKING:
    from lod.query.results import QueryResult

Wanted = Annotated[
    str | None, typer.Argument(metavar="QUERY", help="A saved query's name, a file, or the text of a query.")
]
Place = Annotated[str, typer.Option("--on", help="A store, a release, or the address of an endpoint.")]
Values = Annotated[
    list[str] | None, typer.Option("--param", "-p", help="name=value of a saved query's parameter.")
]


def run(
    wanted: Wanted = None,
    place: Place = "out/current",
    values: Values = None,
    form: Annotated[
        query.OutputFormat | None, typer.Option("--format", "-f", help="How to write the answer.")
    ] = None,
    chart: Annotated[Path | None, typer.Option(help="Also draw the answer, into this SVG file.")] = None,
    rows: Annotated[int, typer.Option(min=1, help="The most rows that a table shows.")] = 100,
    listing: Annotated[bool, typer.Option("--list", help="List the saved queries.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the query instead of asking it.")] = False,
    base: Annotated[
        str | None,
        typer.Option("--base", help="The address under which the data of an endpoint were published."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a query may take.")] = 60,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes that a query may take.")] = 4096,
    allow_service: Annotated[
        bool, typer.Option("--allow-service", help="Let the query call other servers.")
    ] = False,
) -> None:
    """Ask a question in SPARQL of a store, a release or an endpoint."""
    if listing:
        _list(wanted)
        return
    if wanted is None:
        raise Misused("expected a query, found none: lod query --list shows the saved ones")
    limits = query.Limits(seconds=timeout, megabytes=memory, allow_service=allow_service)
    needs_base = base is not None or wanted in query.cookbook()
    named = query.base(place, base, limits) if needs_base else DEFAULT_BASE
    meant = query.resolve_query(wanted, _pairs(values or []), named)
    if show:
        _write(meant.text.encode())
        return
    if chart:
        from lod.query.chart import check_can_draw

        check_can_draw(chart)  # before the query runs
    answer = query.ask(meant.text, place, limits)
    if chart:
        from lod.query.chart import draw

        draw(*answer.rows(), chart, meant.title or "", query.columns())
    _tell(answer, form, rows)
    if answer.warning:
        console.warning(answer.warning)


def _tell(answer: "QueryResult", form: query.OutputFormat | None, most: int) -> None:
    if answer.is_graph or form not in (None, query.OutputFormat.TABLE):
        _write(answer.serialize(form or query.OutputFormat.TURTLE))
        return
    from lod.query.results import text

    names, found = answer.rows()
    console.table(names, [[text(cell) for cell in row] for row in found], most)


def _list(beside: str | None) -> None:
    if beside is not None:
        raise Misused(f"expected --list or a query, found both: --list and {quote(beside)}")
    for saved in query.cookbook().values():
        console.entry(saved.name, saved.title, saved.title_en)
        for parameter in saved.parameters:
            default = f" [{parameter.default}]" if parameter.default else ""
            console.OUT.print(
                f"    --param {parameter.name}=… {parameter.type}{default}: {parameter.meaning}"
            )


def _pairs(values: list[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, sign, _ in pairs:
        if not sign:
            raise Misused(f"expected --param name=value, found {name}")
    return {name: value for name, _, value in pairs}


def _write(text: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
