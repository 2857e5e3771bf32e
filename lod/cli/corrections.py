"""The commands on corrections: `lod corrections redact`."""

from pathlib import Path
from typing import Annotated

import typer

from lod.cli import console

app = typer.Typer(help="Work on the files of corrections.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Work on the files of corrections."""


@app.command("redact")
def redact(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Corrections, as TOML files.")
    ],
) -> None:
    """Replace the old value in corrections by its salted digest, so that nothing shows it any more."""
    from lod import corrections

    for file in files:
        corrections.redact(file)
        console.OUT.print(f"{file}: the old value is redacted; delete other copies of the file")
