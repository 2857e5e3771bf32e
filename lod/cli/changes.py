"""The commands for changes between releases: `lod diff` and `lod patch`."""

import enum
import itertools
import json
from pathlib import Path
from typing import Annotated

import typer

from lod.cli import console, stdout
from lod.cli.options import ConfigurationFile, Quiet, ReleaseFolder
from lod.configuration import load_configuration
from lod.errors import Misused
from lod.release import RELEASES, Release, current_release, predecessor
from lod.versioned_dir import CURRENT


class DiffFormat(enum.StrEnum):
    """How `lod diff` writes changes."""

    TABLE = "table"
    JSON = "json"
    TURTLE = "turtle"


def diff(
    before: Annotated[
        Path | None, typer.Argument(help="The earlier release; by default the one before the current.")
    ] = None,
    after: Annotated[
        Path | None, typer.Argument(help="The later release; by default the current one.")
    ] = None,
    config: ConfigurationFile = None,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="A table, or one JSON object for each change, or Turtle.")
    ] = DiffFormat.TABLE,
    rows: Annotated[int, typer.Option(min=1, help="How many rows of the table are printed.")] = 100,
) -> None:
    """Say what has happened between two releases: to each question, and to what questions share."""
    from lod.changes import ReleaseDifference, as_json, row

    out = load_configuration(config).out
    later = after or out / CURRENT
    difference = ReleaseDifference(Release(before or _before(out, later)), Release(later))
    if form is DiffFormat.TURTLE:
        for paragraph in difference.turtle():
            stdout.write_bytes(paragraph.encode())
    elif form is DiffFormat.JSON:
        for change in difference.changes():
            line = json.dumps(as_json(change), ensure_ascii=False)
            stdout.write_bytes(f"{line}\n".encode())
    else:
        base = difference.after.manifest.base
        found = (row(change, base) for change in difference.changes())
        printed = list(itertools.islice(found, rows))
        console.print_changes(printed, more=sum(1 for _ in found))


def _before(out: Path, later: Path) -> Path:
    """Return the release before the current one; raise Misused if there is none."""
    current = current_release(out)
    name = predecessor(out, current) if current else None
    if name is None:
        raise Misused(f"{out}: expected a release before {later}, found none; name the earlier one")
    return out / RELEASES / name


def patch(
    release: ReleaseFolder,
    delta: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="Its delta, from the folder « changes » there."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="The folder for releases; by default the one that the release is in.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make the next release of a release by its delta, byte for byte, and make it the current one."""
    from lod.delta import patch as apply

    opened = Release(release)
    folder = out or opened.output_folder
    if folder is None:
        raise Misused(f"{release}: expected a release in an output folder, found none; name one with --out")
    made = apply(opened, delta, folder)
    if not quiet:
        console.print_line(f"release {made.name} is in {folder / CURRENT}")
