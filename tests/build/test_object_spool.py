"""What the processes of a cluster keep for each other: read with few requests, put away with the run."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
import s3fs
from fsspec.implementations.memory import MemoryFileSystem
from moto.server import ThreadedMotoServer

from lod import NotReadOrWritten, Options, build_release
from lod.build import assemble, object_spool
from lod.build.accounting import Accounting
from lod.build.ingest import ingest
from lod.build.object_spool import ObjectSpool
from lod.build.worker import Settings, Worker
from lod.executors.process_pool import ProcessPool
from tests.build.test_cluster import workers
from tests.build.test_jobs import files
from tests.conftest import SAMPLES

pytestmark = pytest.mark.slow  # each test builds releases


@pytest.fixture
def place() -> str:
    """A place for a run in the memory of this process."""
    return f"memory://{uuid4().hex}"


def objects_at(address: str) -> list[str]:
    return [str(path) for path in fsspec.filesystem("memory").find(address)]


def test_ranges_that_are_close_are_read_in_one_request(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = list[tuple[str, int, int]]()
    cat_file = MemoryFileSystem.cat_file

    def noted(self: MemoryFileSystem, path: str, start: int, end: int) -> bytes:
        requests.append((path, start, end))
        return bytes(cat_file(self, path, start, end))

    monkeypatch.setattr(MemoryFileSystem, "cat_file", noted)
    with object_spool.run_folder(place):
        one, other = ObjectSpool(place), ObjectSpool(place)
        near = [one.append("x", b"%03d" % n) for n in range(100)]
        one.append("x", b"." * 2**17)
        far = one.append("x", b"far")
        one.flush()
        away = other.append("x", b"away")
        other.flush()
        asked = [away, *near[::-1], far, near[50], near[50]]
        expected = [b"away", *(b"%03d" % n for n in range(99, -1, -1)), b"far", b"050", b"050"]
        assert list(ObjectSpool(place).read(asked)) == expected
        assert sorted(end - start for _, start, end in requests) == [3, 4, 300]
        assert list(ObjectSpool(place).read([])) == []


def test_much_data_is_written_as_several_objects(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_spool, "_MAX_BLOCK", 10)
    with object_spool.run_folder(place):
        some = ObjectSpool(place)
        places = [some.append("x", b"%05d" % n) for n in range(7)]
        some.flush()
        assert len({each.path for each in places}) == 3
        assert [each.read() for each in places] == [b"%05d" % n for n in range(7)]


def test_an_object_written_after_the_run_has_ended_is_removed(place: str) -> None:
    late = ObjectSpool(place)
    with object_spool.run_folder(place):
        late.append("x", b"late")
    with pytest.raises(NotReadOrWritten, match=r"the run has ended$"):
        late.flush()
    assert objects_at(place) == []


def test_the_folder_is_removed_when_a_run_fails(place: str) -> None:
    def fail() -> None:
        some = ObjectSpool(place)
        with object_spool.run_folder(place):
            some.append("x", b"x")
            some.flush()
            assert len(objects_at(place)) == 2
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert objects_at(place) == []


def test_a_damaged_or_missing_object_is_an_error(tmp_path: Path) -> None:
    place = f"file://{tmp_path}/run"
    with object_spool.run_folder(place):
        some = ObjectSpool(place)
        where = some.append("x", b"12345")
        some.flush()
        file = Path(where.path.removeprefix("file://"))
        file.write_bytes(b"123")
        for read in (where.read, lambda: list(some.read([where]))):
            with pytest.raises(NotReadOrWritten, match=r"expected 5 bytes at 0, found 3$"):
                read()
        file.unlink()
        some.close()
        for read in (where.read, lambda: list(some.read([where]))):
            with pytest.raises(NotReadOrWritten, match=r"No such file or directory$"):
                read()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nono://x", "Protocol not known: nono"),
        ("/nowhere/at/all", "No such file or directory"),
        ("file:///dev/null", "Not a directory"),
    ],
)
def test_an_address_that_cannot_be_written_is_an_error(address: str, why: str) -> None:
    with (
        pytest.raises(NotReadOrWritten, match=f": {why}$"),
        object_spool.run_folder(object_spool.run_address(address, Path())),
    ):
        pass


def test_on_a_cluster_each_result_has_all_shared_resources_that_it_counts(place: str, tmp_path: Path) -> None:
    settings = Settings(spool=tmp_path, base="https://example.org/", spool_address=place, in_memory=False)
    worker = Worker.start(settings)
    pool = ProcessPool(1, worker, worker.forked)
    sources = [SAMPLES / "forms", SAMPLES / "json"]
    with (
        object_spool.run_folder(place),
        ingest(sources, worker, pool, Accounting()) as questions,
    ):
        for batch in [*questions.batches(5)] * 2:
            result = worker.publish(batch)
            assert result.new_resources.keys() == result.shared.keys() | result.rejected_shared.keys()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "eu-west-3",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("shards", region_name="eu-west-3")
    yield "s3://shards"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_workers_can_keep_temporary_files_in_an_object_store(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemble, "BATCH", 10)
    sources, seen = [SAMPLES / "forms", SAMPLES / "json"], set[str]()

    def look(*_: object) -> None:
        seen.update(s3fs.S3FileSystem(skip_instance_cache=True).find("shards"))

    with workers(1) as local:
        options = Options(scheduler=local.scheduler_address, shards=f"{bucket}/some/where", documents=True)
        there = build_release(sources, tmp_path / "there", options, look)
    here = build_release(sources, tmp_path / "here", Options(documents=True))
    assert files(there.path) == files(here.path)
    assert len(seen) > 2
    assert s3fs.S3FileSystem(skip_instance_cache=True).find("shards") == []
