"""The commands that keep a site up to date: `lod update`, `lod releases` and `lod rollback`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from msgspec import structs

from lod.cli import console
from lod.cli.options import AsJson, ConfigurationFile, Quiet
from lod.configuration import load_configuration
from lod.errors import Severity

Out = Annotated[
    Path | None, typer.Option(help="The folder for releases; by default that of the configuration.")
]


def update(
    config: ConfigurationFile = None,
    allow_shrink: Annotated[
        bool,
        typer.Option("--allow-shrink", help="Accept archives and a release much smaller than before."),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Publish again after a rollback, whatever the sources have.")
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="How many releases stay, instead of the configured number."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Harvest, and publish a release if a document has changed: the one command to run each day."""
    from lod.harvest import HarvestOutcome, HarvestState
    from lod.update import UpdateOptions
    from lod.update import update as run_update

    def report(outcome: HarvestOutcome) -> None:
        if outcome.state in (HarvestState.FAILED, HarvestState.ABSENT):
            console.print_error(str(outcome))

    configuration = load_configuration(config)
    contact = configuration.contact or os.environ.get("LOD_CONTACT")
    if contact is None:
        console.print_warning("no contact is sent; give your e-mail or web address in lod.toml (contact)")
    configuration = structs.replace(configuration, contact=contact, keep=keep or configuration.keep)
    options = UpdateOptions(allow_shrink=allow_shrink, resume=resume)
    with console.progress(quiet=quiet or as_json) as progress:
        result = run_update(configuration, options, report, progress)
    rejections = [problem for problem in result.problems if problem.severity is Severity.REJECTED]
    console.print_problems(rejections, result.path / "problems.jsonl")
    if as_json:
        console.print_json(result.as_json())
    elif not quiet:
        console.print_line(str(result))
    raise typer.Exit(result.exit_code)


def releases(config: ConfigurationFile = None, out: Out = None, as_json: AsJson = False) -> None:
    """List the releases of a folder, oldest first, with the time at which each was written."""
    from lod.release import list_releases

    found = list_releases(out or load_configuration(config).out)
    if as_json:
        console.print_json([release.as_json() for release in found])
    else:
        console.print_releases(found)


def rollback(
    release: Annotated[
        str | None, typer.Argument(help="The release to go back to; by default the last before the current.")
    ] = None,
    config: ConfigurationFile = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Make an earlier release the current one again, in one step."""
    from lod.delta import record_current
    from lod.release import current_release, load_state, roll_back

    folder = out or load_configuration(config).out
    before = current_release(folder)
    target = roll_back(folder, release)
    record_current(folder)
    if not quiet:
        console.print_rollback(target, before, is_held=load_state(folder).is_held)
