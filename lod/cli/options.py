"""Options that several commands have."""

from typing import Annotated

import typer

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
