"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from lod.shacl import Engine

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Base = Annotated[str, typer.Option("--base", help="The address under which the data will be published.")]
Registers = Annotated[
    list[Path] | None,
    typer.Option("--register", exists=True, help="A register of actors and organs; may be repeated."),
]
CorrectionFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--corrections",
        exists=True,
        file_okay=False,
        help="A folder of corrections; may be repeated. By default, « corrections » beside the sources.",
    ),
]
EngineName = Annotated[
    Engine, typer.Option("--engine", help="The SHACL engine: compiled, or pySHACL, the reference.")
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of documents that are not UTF-8, whatever they declare.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="How many processes to use; by default one for each core."),
]
Trust = Annotated[
    bool, typer.Option("--trust", help="Do not compare the files of a release with its checksums.")
]
ReleaseFolder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="A release, such as out/current.")
]
ConfigurationFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        exists=True,
        dir_okay=False,
        help="The configuration; by default lod.toml here, if there is one.",
    ),
]
