"""Queries to a TDB2 database with Jena's own command, in a process of its own."""

import os
import re
import resource
import subprocess
import tempfile
from pathlib import Path

from lod.errors import Misused, StoreFailed, quote
from lod.query import read_only
from lod.query.limits import AnswerTooLarge, Limits, OutOfMemory, OutOfTime
from lod.store import jena

QUERY = "tdb2.tdbquery"

_UNION = "--set=http://jena.apache.org/TDB#unionDefaultGraph=true"
_INVALID_QUERY = 2
_OUT_OF_MEMORY = 3
_EXCEPTION = re.compile(r"(?:\w+\.)+\w+(?:Exception|Error)\b")
"""The beginning of a message that is not about the query: the name of a Java class."""
_LOCKED = "Failed to get a lock"


def ask(text: str, folder: Path, limits: Limits, *, is_graph: bool) -> bytes:
    """Run a query on a database; return SPARQL results in JSON, or N-Triples.

    Raise Misused if the query is not valid, StoreFailed if Jena is missing, fails or exceeds the limits.
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
            env=_environment(limits),
        )
        size = limits.answer_megabytes << 20
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, size))
        try:
            code = process.wait(limits.seconds)
        except BaseException as error:
            os.killpg(process.pid, 9)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                raise OutOfTime(limits) from None
            raise
        if code and out.seek(0, os.SEEK_END) >= size:
            raise AnswerTooLarge(limits)
        messages.seek(0)
        _check(folder, code, messages.read(10_000).decode(errors="backslashreplace"), limits)
        out.seek(0)
        return out.read()


def _environment(limits: Limits) -> dict[str, str]:
    """Return an environment that limits the memory of Java, both in Jena's scripts and in others."""
    names = ("JVM_ARGS", "JDK_JAVA_OPTIONS")
    options = f"-Xmx{limits.megabytes}m -XX:+ExitOnOutOfMemoryError"
    return os.environ | {name: f"{os.environ.get(name, '')} {options}" for name in names}


def _check(folder: Path, code: int, messages: str, limits: Limits) -> None:
    lines = [line for line in messages.splitlines() if line.strip() and not line.startswith("NOTE: ")]
    first = lines[0] if lines else "no message"
    if code == _OUT_OF_MEMORY:
        raise OutOfMemory(limits)
    if code and _LOCKED in first:
        raise StoreFailed(f"{folder}: another process has this TDB2 database open; only one can at a time")
    if code == _INVALID_QUERY and not _EXCEPTION.match(first):
        raise Misused(f"not a valid SPARQL 1.1 query: {quote(first, 200)}")
    if code:
        raise StoreFailed(f"{QUERY} ended with {code}: {quote(first, 200)}")
