"""The command line `lod`: the list of its commands, and how every run ends."""

import gc
import logging
import signal
import sys
from types import FrameType
from typing import Annotated, Final, NoReturn

import typer

from lod.cli import build, changes, console, corrections, harvest, query, release, stdout, update, web
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
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish the parliamentary questions of the Assemblée nationale as checked linked data."""
    if version:
        console.OUT.print(f"lod {VERSION}")
        raise typer.Exit


_COMMANDS: Final = (
    (update.update, "lod update", "lod update --config site.toml --keep 30"),
    (update.releases, "lod releases"),
    (update.rollback, "lod rollback", "lod rollback 2026-09-16-9cf54e251c6f"),
    (
        harvest.harvest,
        "lod harvest --contact data@example.org",
        "lod harvest -l 16 -k QE",
        "lod harvest --question 17-16300QE",
    ),
    (
        build.build,
        "lod build mirror/questions --register mirror/registers",
        "lod build Questions_ecrites.json.zip --register AMO30.json.zip --compress zstd --split",
    ),
    (build.explain, "lod explain samples/pages/90001-lien-vide.txt --register samples/register"),
    (build.check, "lod check out/current", "lod check question.ttl concepts.ttl"),
    (release.verify, "lod verify out/current"),
    (changes.diff, "lod diff", "lod diff out/releases/2026-09-16-9cf54e251c6f out/current --format json"),
    (changes.patch, "lod patch out/current changes/000012-2026-09-16-9cf54e251c6f/delta"),
    (release.load, "lod load", "lod load out/current --into http://localhost:7878"),
    (web.serve, "lod serve", "lod serve out/current --address https://data.example.org/ --port 8080"),
    (web.site, "lod site out/current --out www --nginx --gzip"),
    (
        query.ask,
        "lod query --list",
        "lod query overdue -p today=2026-12-31 --format csv",
        "lod query questions-by-group --on https://data.example.org/sparql",
    ),
)
"""The commands in the order of the help, each with examples for its own help."""

for _command, *_examples in _COMMANDS:
    _name = "query" if _command is query.ask else _command.__name__
    # examples are paragraphs, since the help joins the lines of one
    app.command(_name, epilog="\n\n".join(["Examples:", *_examples]))(_command)
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
