"""The commands for a release that is there, `lod verify` and `lod load`: words in, one call, words out."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from lod import store
from lod.cli import console
from lod.cli.options import AsJson, Quiet
from lod.errors import CheckFailed


def verify(
    release: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A release, or out/current.")],
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say whether a release is whole: its checksums, counts, dumps, table and names."""
    from lod import verify as verification

    with console.progress(quiet=quiet or as_json) as progress:
        found = verification.verify(release, progress)
    if as_json:
        print(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2))  # noqa: T201 - data for programs
    else:
        console.verified(found, quiet=quiet)
    raise typer.Exit(CheckFailed.exit_code if found.problems else 0)


def load(
    release: Annotated[Path, typer.Argument(exists=True, help="A release, such as out/current.")],
    into: Annotated[
        str | None, typer.Option(help="A folder, tdb2:FOLDER, or the address of a server.")
    ] = None,
    kind: Annotated[
        store.StoreKind | None, typer.Option(help="Which server it is, if it does not say.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds that a server may take to answer.")
    ] = store.TIMEOUT,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Load a release into a triple store, in place of what it holds of an earlier one."""
    with console.progress(quiet=quiet or as_json) as progress:
        loaded = store.load(release, into, kind=kind, timeout=timeout, progress=progress)
    if as_json:
        print(json.dumps(loaded.as_json(), ensure_ascii=False, indent=2))  # noqa: T201 - data for programs
    elif not quiet:
        console.loaded(loaded)
