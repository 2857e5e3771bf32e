"""The workers: what a query does to its process, and that nobody else sees anything of it."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
import pytest

from lod.errors import Misused, StoreFailed
from lod.query import Limits, worker_process
from lod.query.jobs import QueryJob
from lod.query.worker_process import EngineCrashed, OutOfMemory, OutOfTime, TooLarge, WorkerProcess
from lod.web.sparql.workers import Overloaded, Workers
from tests.support.processes import children
from tests.support.waiting import soon

LIMITS = Limits(seconds=20, megabytes=512)
EASY = "SELECT ?o WHERE { ?s ?p ?o FILTER(?o = 7) }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
T = TypeVar("T")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    opened = ox.Store(str(folder))
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    for n in range(300):
        number = ox.Literal(str(n), datatype=integer)
        opened.add(ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), number))
    opened.flush()
    return folder


def asked(text: str) -> QueryJob:
    return QueryJob(query=text, is_union=True)


async def ask(workers: Workers | WorkerProcess, text: str) -> bytes:
    with tempfile.TemporaryFile() as out:
        await workers.ask(asked(text), out)
        out.seek(0)
        return out.read()


def with_workers(
    store: Path,
    work: Callable[[Workers], Awaitable[T]],
    limits: Limits = LIMITS,
    number: int = 1,
    room: int = 8,
) -> T:
    async def all_of_it() -> T:
        workers = Workers(store, limits, number=number, room=room)
        await workers.start()
        try:
            return await work(workers)
        finally:
            await workers.close()

    return asyncio.run(all_of_it())


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        (ENDLESS, Limits(seconds=2, megabytes=512), OutOfTime),
        (
            "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c",
            Limits(megabytes=64),
            OutOfMemory,
        ),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", LIMITS, TooLarge),
        ("SELECT * WHERE { ?s ?p ?o FILTER(" + "!" * 200_000 + "?o) }", LIMITS, EngineCrashed),
        ("SELECT * WHERE {", LIMITS, Misused),
        ("SELECT (<http://e/f>(1) AS ?x) {}", LIMITS, Misused),
    ],
    ids=["time", "memory", "size", "crash", "syntax", "function"],
)
def test_what_goes_wrong_is_told_as_what_it_is_and_the_next_query_is_answered(
    text: str, limits: Limits, expected: type[Exception], store: Path
) -> None:
    async def work(workers: Workers) -> bytes:
        with pytest.raises(expected):
            await ask(workers, text)
        return await ask(workers, EASY)

    assert b'"value":"7"' in with_workers(store, work, limits)


def test_a_query_that_is_called_off_frees_its_process(store: Path) -> None:
    async def work(workers: Workers) -> bytes:
        task = asyncio.create_task(ask(workers, ENDLESS))
        await soon(lambda: workers.idle == 0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await ask(workers, EASY)

    assert b'"value":"7"' in with_workers(store, work)


def test_a_process_that_somebody_ends_is_replaced_before_it_is_used(store: Path) -> None:
    others = children()

    async def work(workers: Workers) -> bytes:
        ended = children() - others
        for pid in ended:
            os.kill(pid, signal.SIGKILL)
        await soon(lambda: ended.isdisjoint(children()))  # whether or not the loop has taken note of it
        return await ask(workers, EASY)

    assert b'"value":"7"' in with_workers(store, work)


def test_a_query_that_lasts_gives_way_to_who_waits_unless_it_is_among_few(store: Path) -> None:
    async def work(workers: Workers) -> list[object]:
        lasting = [asyncio.create_task(ask(workers, ENDLESS)) for _ in range(2)]
        await soon(lambda: workers.idle == 0)
        assert b'"value":"7"' in await ask(workers, EASY)
        return await asyncio.gather(*lasting, return_exceptions=True)

    ended = with_workers(store, work, Limits(seconds=4, megabytes=512), number=2)
    assert sorted(type(each).__name__ for each in ended) == ["Overloaded", "OutOfTime"]


def test_who_waits_longest_leaves_when_there_is_no_room(store: Path) -> None:
    async def work(workers: Workers) -> None:
        running = asyncio.create_task(ask(workers, ENDLESS))
        await soon(lambda: workers.idle == 0)
        first = asyncio.create_task(ask(workers, EASY))
        await soon(lambda: workers.waiting == 1)
        second = asyncio.create_task(ask(workers, EASY))
        with pytest.raises(Overloaded, match="too many"):
            await first
        assert b'"value":"7"' in await second
        with pytest.raises(Overloaded, match="others wait"):
            await running

    with_workers(store, work, room=1)


def test_closing_waits_for_the_answers_there_will_be_and_takes_no_more_queries(store: Path) -> None:
    counting = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i < 3) }"

    async def work() -> bytes:
        workers = Workers(store, LIMITS, number=1)
        await workers.start()
        asking = asyncio.create_task(ask(workers, counting))
        await soon(lambda: workers.idle == 0 or asking.done())
        closing = asyncio.create_task(workers.close())
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="being replaced"):
            await ask(workers, EASY)
        await closing
        return await asking

    before = children()
    assert b'"value":"270000"' in asyncio.run(work())
    assert children() == before


def test_nothing_stays_open_whatever_queries_do(store: Path) -> None:
    async def work(workers: Workers) -> tuple[int, int]:
        await ask(workers, EASY)
        counts = []
        for _ in range(2):
            for text in (EASY, "SELECT", "SELECT * { ?s ?p ?o FILTER(" + "!" * 200_000 + "?o) }"):
                await asyncio.gather(ask(workers, text), return_exceptions=True)
            await soon(lambda: workers.idle == 1)
            counts.append(len(list(Path("/proc/self/fd").iterdir())))
        return counts[0], counts[1]

    first, second = with_workers(store, work)
    assert first == second


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="expected a store of Oxigraph, found none that opens"):
        with_workers(tmp_path, lambda _: asyncio.sleep(0))


def test_a_query_ends_its_process_when_there_is_no_server_any_more(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "_GRACE", 0)

    async def work() -> None:
        alone = await WorkerProcess.start(store, Limits(seconds=1, megabytes=512))
        try:
            with pytest.raises(OutOfTime):
                await ask(alone, ENDLESS)
        finally:
            await alone.end()

    asyncio.run(work())
