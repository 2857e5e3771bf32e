"""A query asked: of a store on disk or a release in a process of its own, or of an endpoint far away."""

import enum
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
from lod.store import TDB2

if TYPE_CHECKING:
    from lod.query.results import QueryResult


class PlaceKind(enum.Enum):
    """What a folder holds, as the name of a file in it that nothing else has."""

    RELEASE = MANIFEST
    STORE = "CURRENT"  # RocksDB's, in every store of Oxigraph
    TDB2 = "tdb.lock"


_ERRORS = {error.exit_code: error for error in (Misused, CheckFailed, NotReadOrWritten, StoreFailed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a query may take: seconds, megabytes of address space; and whether it may call other servers."""

    seconds: float = 60
    megabytes: int = 4096
    allow_service: bool = False


DEFAULT_LIMITS = Limits()


def ask(text: str, place: str, limits: Limits = DEFAULT_LIMITS) -> "QueryResult":
    """Ask a query of a place: an endpoint or its server, or the folder of a store or a release, or above it.

    A TDB2 folder may have `tdb2:` before it. Over a release the limits count its loading too. Raise Misused
    if the query is none, or does what it may not; StoreFailed if it was not answered within its limits;
    CheckFailed if the release is damaged.
    """
    from lod.query.results import QueryResult

    try:
        form = read_only.check(text, allow_service=limits.allow_service)
    except read_only.CallsOut as error:
        raise Misused(f"{error}: say --allow-service") from None
    is_graph = form in ("CONSTRUCT", "DESCRIBE")
    warning = None
    if is_address(place):
        from lod.query import endpoint

        body, warning = endpoint.ask(text, place, is_graph=is_graph, seconds=limits.seconds)
    else:
        folder, kind = held(place)
        if kind is PlaceKind.TDB2:
            body = _run_jena(text, folder, limits, is_graph=is_graph)
        else:
            body = _run(_task(text, folder, limits, is_release=kind is PlaceKind.RELEASE), limits)
    return QueryResult(body=body, is_graph=is_graph, prefixes=read_only.prefixes(text), warning=warning)


def is_address(place: str) -> bool:
    """Say whether a place is the address of an endpoint, not a folder."""
    return place.startswith(("http://", "https://"))


def held(place: str) -> tuple[Path, PlaceKind]:
    """Return the folder of what a place holds, and what that is; raise Misused if it holds nothing to ask."""
    above = Path(place.removeprefix(TDB2))
    kinds = [PlaceKind.TDB2] if place.startswith(TDB2) else list(PlaceKind)
    for folder in (above, above / "current"):
        for kind in kinds:
            if (folder / kind.value).is_file():
                return folder.resolve(), kind
    raise Misused(f"{place}: expected a store, a release or the address of an endpoint, found none")


def _task(text: str, folder: Path, limits: Limits, *, is_release: bool) -> Task:
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
            raise _late(limits) from None
        if child.returncode:
            _explain(child.returncode, child.stderr, limits)
        out.seek(0)
        return out.read()


def _run_jena(text: str, folder: Path, limits: Limits, *, is_graph: bool) -> bytes:
    from lod.query import tdb2

    try:
        return tdb2.ask(text, folder, is_graph=is_graph, seconds=limits.seconds, megabytes=limits.megabytes)
    except subprocess.TimeoutExpired:
        raise _late(limits) from None
    except MemoryError:
        raise _without_memory(limits) from None


def _late(limits: Limits) -> StoreFailed:
    return StoreFailed(
        f"expected an answer within {limits.seconds:g} seconds, found none: ask for less, or say --timeout"
    )


def _without_memory(limits: Limits) -> StoreFailed:
    return StoreFailed(
        f"expected an answer within {limits.megabytes} MB of memory, found none: "
        "ask for less, or say --memory"
    )


def ran_out_of_memory(code: int, told: bytes) -> bool:
    """Say whether a process ended as Rust and C++ do without memory, by its code and its last words."""
    return code == -signal.SIGABRT and b"overflowed its stack" not in told


def _explain(code: int, told: bytes, limits: Limits) -> NoReturn:
    if ran_out_of_memory(code, told):
        raise _without_memory(limits)
    if code < 0:
        name = signal.Signals(-code).name
        raise StoreFailed(f"the query broke what runs it ({name}): it is too deeply nested or too large")
    try:
        failure = msgspec.json.decode(told, type=Failure)
    except msgspec.DecodeError:
        raise StoreFailed("the process that runs the query ended without a word") from None
    if failure.memory:
        raise _without_memory(limits)
    error: type[LodError] = _ERRORS.get(failure.code, StoreFailed)
    raise error(failure.says)
