"""The commands for a published release: `lod verify` and `lod load`."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from lod import store
from lod.cli import console
from lod.cli.options import AsJson, Quiet, ReleaseFolder, Trust
from lod.errors import CheckFailed, Misused
from lod.release import Release


def verify(
    release: ReleaseFolder,
    history: Annotated[
        bool, typer.Option("--history", help="Check the chain of releases before it, and their deltas, too.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Check that a release is complete and consistent: checksums, counts, dumps, table, IRIs."""
    from lod import verify as verification

    with console.progress(quiet=quiet or as_json) as progress:
        findings = verification.verify(release, progress)
    if history:
        findings = dataclasses.replace(findings, problems=[*findings.problems, *_history(release)])
    if as_json:
        console.print_json(dataclasses.asdict(findings))
    else:
        console.print_findings(findings, quiet=quiet)
    raise typer.Exit(CheckFailed.exit_code if findings.problems else 0)


def _history(release: Path) -> list[str]:
    """Return what is wrong with the chain beside a release; raise Misused if it is in no output folder."""
    from lod.delta import check_chain

    folder = Release(release).output_folder
    if folder is None:
        raise Misused(f"{release}: expected a release in an output folder, with its chain, found none")
    return list(check_chain(folder))


def load(
    release: Annotated[Path, typer.Argument(exists=True, help="A release, such as out/current.")],
    into: Annotated[
        str | None, typer.Option(help="A folder, tdb2:FOLDER, or the address of a server.")
    ] = None,
    kind: Annotated[
        store.StoreKind | None, typer.Option(help="The kind of server, if it does not identify itself.")
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(min=1, help="Seconds that a server may take to answer one request, to the last byte."),
    ] = store.TIMEOUT,
    trust: Trust = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Load a release into a triple store, replacing an earlier release there."""
    with console.progress(quiet=quiet or as_json) as progress:
        loaded = store.load(
            Release(release, trust=trust), into, kind=kind, timeout=timeout, progress=progress
        )
    if as_json:
        console.print_json(loaded.as_json())
    elif not quiet:
        console.print_loaded(loaded)
