"""A TDB2 database queried by Jena's own command, in a process of its own."""

import os
import re
import resource
import subprocess
import tempfile
from pathlib import Path

from lod.errors import Misused, StoreFailed, quote
from lod.query import read_only
from lod.store import jena

QUERY = "tdb2.tdbquery"
LARGEST = 1 << 30
"""The bytes an answer may have."""

_UNION = "--set=http://jena.apache.org/TDB#unionDefaultGraph=true"
_REFUSED = 2
_NO_MEMORY = 3
_FAILURE = re.compile(r"(?:\w+\.)+\w+(?:Exception|Error)\b")
"""What a message begins with that is not about the query: the name of a Java class."""
_LOCKED = "Failed to get a lock"


def ask(text: str, folder: Path, *, is_graph: bool, seconds: float, megabytes: int) -> bytes:
    """Query a database; return SPARQL results as JSON, or N-Triples.

    Raise TimeoutExpired after so many seconds, MemoryError if Java needs more memory, Misused if the text is
    not a query, StoreFailed if Jena is missing or fails.
    """
    command = [jena.program(QUERY), f"--loc={folder}", "--syntax=SPARQL_11"]
    command += [f"--results={'N-Triples' if is_graph else 'JSON'}"]
    command += [] if read_only.names_its_graphs(text) else [_UNION]
    with (
        tempfile.NamedTemporaryFile(suffix=".rq") as query,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as messages,
    ):
        query.write(text.encode())
        query.flush()
        process = subprocess.Popen(  # noqa: S603 - Jena's own program
            [*command, f"--query={query.name}"],
            stdout=out,
            stderr=messages,
            process_group=0,
            env=_environment(megabytes),
        )
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
        try:
            code = process.wait(seconds)
        except BaseException:
            os.killpg(process.pid, 9)
            process.wait()
            raise
        messages.seek(0)
        _check(folder, code, messages.read(10_000).decode(errors="backslashreplace"))
        out.seek(0)
        return out.read()


def _environment(megabytes: int) -> dict[str, str]:
    """Return an environment in which Java takes no more memory than that, in Jena's scripts and others."""
    names = ("JVM_ARGS", "JDK_JAVA_OPTIONS")
    limits = f"-Xmx{megabytes}m -XX:+ExitOnOutOfMemoryError"
    return os.environ | {name: f"{os.environ.get(name, '')} {limits}" for name in names}


def _check(folder: Path, code: int, messages: str) -> None:
    lines = [line for line in messages.splitlines() if line.strip() and not line.startswith("NOTE: ")]
    first = lines[0] if lines else "no message"
    if code == _NO_MEMORY:
        raise MemoryError
    if code and _LOCKED in first:
        raise StoreFailed(f"{folder}: another process has this TDB2 database open, which one at a time can")
    if code == _REFUSED and not _FAILURE.match(first):
        raise Misused(f"expected a query in SPARQL 1.1, found {quote(first, 200)}")
    if code:
        raise StoreFailed(f"{QUERY}: ended with {code}: {quote(first, 200)}")
