"""The worker processes of the endpoint: a query can harm its own process, and no other query."""

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
from lod.query import Limits
from lod.query.limits import AnswerTooLarge, OutOfMemory, OutOfTime
from lod.query.messages import QueryJob
from lod.query.worker_process import EngineCrashed, WorkerProcess
from lod.web.sparql.workers import Overloaded, Workers
from tests.support.processes import children, until_ended
from tests.support.waiting import soon

LIMITS = Limits(seconds=20, megabytes=512, answer_megabytes=64)
EASY = "SELECT ?o WHERE { ?s ?p ?o FILTER(?o = 7) }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
T = TypeVar("T")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    loaded = ox.Store(str(folder))
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    for n in range(300):
        number = ox.Literal(str(n), datatype=integer)
        loaded.add(ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), number))
    loaded.flush()
    return folder


async def ask(workers: Workers, text: str) -> bytes:
    with tempfile.TemporaryFile() as out:
        await workers.answer(QueryJob(query=text, is_union=True), out)
        out.seek(0)
        return out.read()


def with_workers(
    store: Path,
    work: Callable[[Workers], Awaitable[T]],
    limits: Limits = LIMITS,
    number: int = 1,
    max_waiting: int = 8,
) -> T:
    async def run() -> T:
        workers = Workers(store, limits, number=number, max_waiting=max_waiting)
        await workers.start()
        try:
            return await work(workers)
        finally:
            await workers.close()

    return asyncio.run(run())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        (ENDLESS, Limits(seconds=2, megabytes=512), OutOfTime),
        (
            "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c",
            Limits(megabytes=64),
            OutOfMemory,
        ),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", LIMITS, AnswerTooLarge),
        ("SELECT * WHERE { ?s ?p ?o FILTER(" + "!" * 200_000 + "?o) }", LIMITS, EngineCrashed),
        ("SELECT * WHERE {", LIMITS, Misused),
        ("SELECT (<http://e/f>(1) AS ?x) {}", LIMITS, Misused),
    ],
    ids=["time", "memory", "size", "crash", "syntax", "function"],
)
def test_each_failure_has_its_own_error_and_the_next_query_is_answered(
    text: str, limits: Limits, expected: type[Exception], store: Path
) -> None:
    async def work(workers: Workers) -> bytes:
        with pytest.raises(expected):
            await ask(workers, text)
        return await ask(workers, EASY)

    assert b'"value":"7"' in with_workers(store, work, limits)


def test_a_cancelled_query_frees_its_process(store: Path) -> None:
    async def work(workers: Workers) -> bytes:
        task = asyncio.create_task(ask(workers, ENDLESS))
        await soon(lambda: workers.idle == 0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await ask(workers, EASY)

    assert b'"value":"7"' in with_workers(store, work)


def test_a_process_that_has_been_killed_is_replaced_before_it_is_used(store: Path) -> None:
    others = children()

    async def work(workers: Workers) -> bytes:
        ended = children() - others
        for pid in ended:
            os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(until_ended, ended)
        return await ask(workers, EASY)

    assert b'"value":"7"' in with_workers(store, work)


def test_slow_queries_beyond_half_of_the_processes_are_stopped_when_others_wait(store: Path) -> None:
    async def work(workers: Workers) -> list[object]:
        slow = [asyncio.create_task(ask(workers, ENDLESS)) for _ in range(2)]
        await soon(lambda: workers.idle == 0)
        assert b'"value":"7"' in await ask(workers, EASY)
        return await asyncio.gather(*slow, return_exceptions=True)

    ended = with_workers(store, work, Limits(seconds=4, megabytes=512), number=2)
    assert sorted(type(each).__name__ for each in ended) == ["OutOfTime", "Overloaded"]


def test_the_oldest_query_is_turned_away_when_the_queue_is_full(store: Path) -> None:
    async def work(workers: Workers) -> None:
        running = asyncio.create_task(ask(workers, ENDLESS))
        await soon(lambda: workers.idle == 0)
        first = asyncio.create_task(ask(workers, EASY))
        await soon(lambda: workers.waiting == 1)
        second = asyncio.create_task(ask(workers, EASY))
        with pytest.raises(Overloaded, match="too many"):
            await first
        assert b'"value":"7"' in await second
        with pytest.raises(Overloaded, match="others are waiting"):
            await running

    with_workers(store, work, max_waiting=1)


def test_closing_finishes_running_queries_and_accepts_no_more(store: Path) -> None:
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


def test_no_file_stays_open_whatever_queries_do(store: Path) -> None:
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


def test_a_folder_without_a_store_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="cannot be opened as an Oxigraph store"):
        with_workers(tmp_path, lambda _: asyncio.sleep(0))


def test_the_kernel_stops_a_query_even_if_the_server_has_gone(store: Path) -> None:
    before = children()
    worker = WorkerProcess.start(store, Limits(seconds=1, megabytes=512))
    try:
        [pid] = children() - before
        with tempfile.TemporaryFile() as out, pytest.raises(OutOfTime, match=r"^no answer within 1 s$"):
            worker.answer(QueryJob(query=ENDLESS, is_union=True), out)
        until_ended([pid])
    finally:
        worker.close()
