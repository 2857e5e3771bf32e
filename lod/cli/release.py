"""The commands for a published release: `lod verify` and `lod load`."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from lod import store
from lod.cli import console
from lod.cli.options import AsJson, Quiet, ReleaseFolder, Trust
from lod.errors import CheckFailed
from lod.release import Release


def verify(release: ReleaseFolder, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Check that a release is complete and consistent: checksums, counts, dumps, table, IRIs."""
    from lod import verify as verification

    with console.progress(quiet=quiet or as_json) as progress:
        findings = verification.verify(release, progress)
    if as_json:
        console.print_json(dataclasses.asdict(findings))
    else:
        console.print_findings(findings, quiet=quiet)
    raise typer.Exit(CheckFailed.exit_code if findings.problems else 0)


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
