"""An index or a store that is damaged is built anew, when it is opened and while it is served."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
from starlette.testclient import TestClient

from lod import Release, Summary
from lod.errors import StoreFailed
from lod.query import ask
from lod.store import load, loaded
from lod.web.index.builder import ensure_index
from lod.web.index.reader import Index
from lod.web.server import release_reloader as module
from lod.web.server.app import application
from lod.web.server.release_reloader import ReleaseReloader, ServerConfig
from tests.support.server import ADDRESS, served
from tests.support.waiting import soon, until

QUESTION = "an/17/qe/90001"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"


def flip(file: Path, place: float = 0.5) -> None:
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 1
    file.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a flipped bit": flip,
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "empty": lambda file: os.truncate(file, 0),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_built_anew(sample_release: Summary, tmp_path: Path, damage: str) -> None:
    release = Release(sample_release.path)
    file = ensure_index(release, tmp_path)
    whole = file.stat().st_ino
    assert ensure_index(release, tmp_path).stat().st_ino == whole
    DAMAGES[damage](file)
    assert ensure_index(release, tmp_path) == file
    document = Index(file).document(QUESTION)
    assert document
    assert document.path == QUESTION
    assert ensure_index(release, tmp_path).stat().st_ino == file.stat().st_ino


def test_an_index_without_a_checksum_is_built_anew(sample_release: Summary, tmp_path: Path) -> None:
    release = Release(sample_release.path)
    file = ensure_index(release, tmp_path)
    before = file.stat().st_mtime_ns
    next(tmp_path.glob(".*.sha256")).unlink()
    assert ensure_index(release, tmp_path).stat().st_mtime_ns > before


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        ("*.sst", "a flipped bit"),
        ("*.sst", "empty"),
        ("MANIFEST-*", "cut"),
        ("CURRENT", "gone"),
        ("SHA256SUMS", "a flipped bit"),
    ],
)
def test_a_damaged_store_is_loaded_anew(
    sample_release: Summary, tmp_path: Path, pattern: str, damage: str
) -> None:
    release = Release(sample_release.path)
    first = loaded(release, tmp_path)
    assert loaded(release, tmp_path) == first
    DAMAGES[damage](min(first.glob(pattern)))
    second = loaded(release, tmp_path)
    assert second != first
    assert ask(COUNT, str(second)).rows()[1]
    assert loaded(release, tmp_path) == second


def test_a_query_on_a_damaged_store_says_so(sample_release: Summary, tmp_path: Path) -> None:
    load(sample_release.path, str(tmp_path))
    flip(min((tmp_path / "current").glob("*.sst")))
    with pytest.raises(StoreFailed, match="this store is damaged; load the release again"):
        ask(COUNT, str(tmp_path))


@pytest.fixture
def config(sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerConfig:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.2)
    return ServerConfig(release=sample_release.path, address=ADDRESS, work=tmp_path, has_sparql=False)


@pytest.fixture
def web(config: ServerConfig) -> Iterator[tuple[TestClient, ReleaseReloader]]:
    """A server that checks its files often."""
    reloader = ReleaseReloader(config)
    with TestClient(application(reloader), base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client, reloader


@pytest.mark.parametrize("damage", ["a flipped bit", "gone"])
def test_an_index_that_is_damaged_while_it_is_served_is_built_anew(
    web: tuple[TestClient, ReleaseReloader], tmp_path: Path, damage: str
) -> None:
    client, reloader = web
    (index,) = tmp_path.glob("*.sqlite")
    DAMAGES[damage](index)
    until(lambda: reloader.site.is_intact)
    assert index.is_file()
    assert client.get("/healthz").json()["sound"] is True
    assert client.get(f"/{QUESTION}.ttl").status_code == 200


def test_damage_that_is_found_by_a_request_has_the_index_built_anew(
    web: tuple[TestClient, ReleaseReloader], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, reloader = web
    (index,) = tmp_path.glob("*.sqlite")
    before, site = index.stat().st_ino, reloader.site

    def damaged(*_: object) -> None:
        raise apsw.CorruptError("database disk image is malformed")

    with monkeypatch.context() as patched:
        patched.setattr(Index, "document", damaged)
        assert client.get(f"/{QUESTION}.ttl").status_code == 500
    until(lambda: reloader.site is not site)
    assert index.stat().st_ino != before
    assert client.get(f"/{QUESTION}.ttl").status_code == 200


def test_health_is_503_as_long_as_an_index_is_damaged(
    config: ServerConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 3600)
    with TestClient(application(ReleaseReloader(config)), base_url=ADDRESS) as client:
        assert (client.get("/healthz").status_code, client.get("/healthz").json()["sound"]) == (200, True)
        flip(next(tmp_path.glob("*.sqlite")))
        assert (client.get("/healthz").status_code, client.get("/healthz").json()["sound"]) == (503, False)
        assert "lod_release_sound 0.0" in client.get("/metrics").text


def test_a_store_that_cannot_be_opened_is_loaded_anew_and_all_else_is_served(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was damaged after its checksums had been compared."""
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    config = ServerConfig(release=sample_release.path, address=ADDRESS, work=tmp_path)

    async def run() -> None:
        reloader = ReleaseReloader(config)
        (tmp_path / "store" / "current" / "CURRENT").write_text("MANIFEST-999999\n")
        await reloader.start()
        assert not reloader.is_sound
        assert not reloader.site.is_answering
        watching = asyncio.create_task(reloader.watch())
        await soon(lambda: reloader.is_sound)
        assert reloader.site.is_answering
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await reloader.close()

    asyncio.run(run())


def test_lod_serve_with_a_damaged_index_and_store_serves_both(
    sample_release: Summary, tmp_path: Path
) -> None:
    release = Release(sample_release.path)
    flip(ensure_index(release, tmp_path))
    flip(min(loaded(release, tmp_path / "store").glob("*.sst")))
    with served(sample_release.path, tmp_path) as server:
        assert server.get("healthz").json() == {"release": sample_release.release, "sound": True}
        assert server.get("sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", Accept="text/csv").status_code == 200
