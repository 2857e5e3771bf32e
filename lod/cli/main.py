"""The command line `lod`: the list of its commands, and how every run ends."""

import gc
import logging
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from lod.cli import build, console, corrections, harvest, query, release, stdout, update, web
from lod.errors import LodError, NotReadOrWritten, Refused, Unread
from lod.version import VERSION

TERMINATED = 143
"""The exit code of a shell for a program ended by SIGTERM."""
_GC_THRESHOLD = 20_000
"""How many objects are created before cycles of them are looked for: hardly any are in a cycle."""

app = typer.Typer(
    name="lod",
    help="Publish the parliamentary questions of the Assemblée nationale as checked linked data.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish the parliamentary questions of the Assemblée nationale as checked linked data."""
    if version:
        console.OUT.print(f"lod {VERSION}")
        raise typer.Exit


app.command("update")(update.update)
app.command("releases")(update.releases)
app.command("rollback")(update.rollback)
app.command("harvest")(harvest.harvest)
app.command("build")(build.build)
app.command("explain")(build.explain)
app.command("check")(build.check)
app.command("verify")(release.verify)
app.command("load")(release.load)
app.command("serve")(web.serve)
app.command("site")(web.site)
app.command("query")(query.ask)
app.add_typer(corrections.app, name="corrections")


def main() -> None:
    """Run the command line; an error is one sentence and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _exit_on_signal)
    gc.set_threshold(_GC_THRESHOLD)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # the shapes report the same, and better
    stdout.prepare()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except Unread as error:
        sys.exit(error.exit_code)
    except LodError as error:
        if isinstance(error, Refused):
            console.print_problems(error.problems)
        _fail(error)
    except OSError as error:
        _fail(NotReadOrWritten.from_os(error))
    except MemoryError:
        _fail(NotReadOrWritten.no_memory())


def _exit_on_signal(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)


def _fail(error: LodError) -> NoReturn:
    console.print_error(str(error))
    sys.exit(error.exit_code)
