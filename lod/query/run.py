"""A query asked: of a store on disk or a release in a process of its own, or of an endpoint far away."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from lod.errors import CheckFailed, LodError, Misused, NotReadOrWritten, StoreFailed
from lod.query import read_only
from lod.query.jobs import Failure, QueryJob, Task
from lod.release.manifest import MANIFEST

if TYPE_CHECKING:
    from lod.query.results import QueryResult

_STORE = "CURRENT"
"""The file that every Oxigraph store on disk has: RocksDB's."""

_ERRORS = {error.exit_code: error for error in (Misused, CheckFailed, NotReadOrWritten, StoreFailed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a query may take: seconds, megabytes of address space; and whether it may call other servers."""

    seconds: float = 60
    megabytes: int = 4096
    allow_service: bool = False


DEFAULT_LIMITS = Limits()


def ask(text: str, place: str, limits: Limits = DEFAULT_LIMITS) -> "QueryResult":
    """Ask a query of a place: an endpoint, the folder of a store or a release, or the one above it.

    Over a release the limits count its loading too. Raise Misused if the query is none, or does what it may
    not; StoreFailed if it was not answered within its limits; CheckFailed if the release is damaged.
    """
    from lod.query.results import QueryResult

    try:
        form = read_only.check(text, allow_service=limits.allow_service)
    except read_only.CallsOut as error:
        raise Misused(f"{error}: say --allow-service") from None
    is_graph = form in ("CONSTRUCT", "DESCRIBE")
    if is_address(place):
        from lod.query import endpoint

        body = endpoint.ask(text, place, is_graph=is_graph, seconds=limits.seconds)
    else:
        body = _run(_task(text, Path(place), limits), limits)
    return QueryResult(body=body, is_graph=is_graph, prefixes=read_only.prefixes(text))


def is_address(place: str) -> bool:
    """Say whether a place is the address of an endpoint, not a folder."""
    return place.startswith(("http://", "https://"))


def held(place: Path) -> tuple[Path, bool]:
    """Give the folder of what a place holds, and whether that is a release; raise Misused if it is none."""
    for folder in (place, place / "current"):
        is_release = (folder / MANIFEST).is_file()
        if is_release or (folder / _STORE).is_file():
            return folder.resolve(), is_release
    raise Misused(f"{place}: expected a store, a release or the address of an endpoint, found none")


def _task(text: str, place: Path, limits: Limits) -> Task:
    folder, is_release = held(place)
    return Task(
        asked=QueryJob(query=text, is_union=not read_only.names_its_graphs(text)),
        folder=str(folder),
        is_release=is_release,
        megabytes=limits.megabytes,
    )


def _run(task: Task, limits: Limits) -> bytes:
    command = [sys.executable, "-P", "-m", "lod.query.single_process"]
    with tempfile.TemporaryFile() as out:
        try:
            child = subprocess.run(  # noqa: S603 - this program itself
                command,
                input=msgspec.json.encode(task),
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=limits.seconds,
                check=False,
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        except subprocess.TimeoutExpired:
            raise StoreFailed(
                f"expected an answer within {limits.seconds:g} seconds, found none: "
                "ask for less, or say --timeout"
            ) from None
        if child.returncode:
            _explain(child.returncode, child.stderr, limits)
        out.seek(0)
        return out.read()


def ran_out_of_memory(code: int, told: bytes) -> bool:
    """Say whether a process ended as Rust and C++ do without memory, by its code and its last words."""
    return code == -signal.SIGABRT and b"overflowed its stack" not in told


def _explain(code: int, told: bytes, limits: Limits) -> NoReturn:
    most = f"{limits.megabytes} MB of memory"
    memory = f"expected an answer within {most}, found none: ask for less, or say --memory"
    if ran_out_of_memory(code, told):
        raise StoreFailed(memory)
    if code < 0:
        name = signal.Signals(-code).name
        raise StoreFailed(f"the query broke what runs it ({name}): it is too deeply nested or too large")
    try:
        failure = msgspec.json.decode(told, type=Failure)
    except msgspec.DecodeError:
        raise StoreFailed("the process that runs the query ended without a word") from None
    if failure.memory:
        raise StoreFailed(memory)
    error: type[LodError] = _ERRORS.get(failure.code, StoreFailed)
    raise error(failure.says)
