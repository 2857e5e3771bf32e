"""The command that brings the official sources: `lod harvest`."""

from pathlib import Path
from typing import Annotated

import typer

from lod.cli import console
from lod.cli.options import AsJson, Quiet
from lod.errors import SourceFailed


def harvest(
    mirror: Annotated[Path, typer.Argument(file_okay=False, help="The folder of downloaded files.")] = Path(
        "mirror"
    ),
    legislature: Annotated[
        list[int] | None,
        typer.Option("--legislature", "-l", help="A legislature; by default the current one. Repeatable."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            "-k",
            help="QE, QG, QOSD, or a register: AMO30, AMO10, AMO50; by default the first four. Repeatable.",
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(help="One question: 17-16300QE for its page, QANR5L17QE16300 for its item. Repeatable."),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Pages of questions: 13-5QE,13-1..5000QE, or a file of these."),
    ] = None,
    rate: Annotated[
        float, typer.Option(min=0.001, max=20, help="How many single questions to ask for in a second.")
    ] = 1.0,
    sources: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="A table of addresses, which come before the official."
        ),
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(envvar="LOD_CONTACT", help="Your e-mail or web address, sent to the servers."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="How many seconds one source may take, with all attempts.")
    ] = 1800.0,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Accept an archive that is much smaller than before.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Bring the official archives into a local mirror, registers first; download only what has changed."""
    from lod.harvest import HarvestOptions, HarvestState
    from lod.harvest import harvest as harvest_sources

    options = HarvestOptions(
        kinds=tuple(kind or ()),
        legislatures=tuple(legislature or ()),
        questions=tuple(question or ()),
        pages=pages,
        rate=rate,
        sources=sources,
        contact=contact,
        timeout=timeout,
        allow_shrink=allow_shrink,
    )
    if contact is None:
        console.print_warning("no contact is sent; give your e-mail or web address with --contact")
    failed = {HarvestState.FAILED} if pages else {HarvestState.FAILED, HarvestState.ABSENT}
    outcomes = []
    with console.progress(quiet=quiet or as_json) as progress:
        for outcome in harvest_sources(mirror, options, progress):
            outcomes.append(outcome)
            if outcome.state in failed:
                console.print_error(str(outcome))
            elif not quiet and not as_json:
                console.print_line(str(outcome))
    if as_json:
        console.print_json([outcome.as_json() for outcome in outcomes])
    elif pages and not outcomes and not quiet:
        console.print_line(
            "nothing to download: each page of the list is in the mirror, or known to be absent"
        )
    has_failed = any(outcome.state in failed for outcome in outcomes)
    raise typer.Exit(SourceFailed.exit_code if has_failed else 0)
