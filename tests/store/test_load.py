"""Real triple stores hold exactly the published release, even after an interrupted load."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import requests
from pyoxigraph import RdfFormat, Store
from requests.auth import HTTPDigestAuth

from lod import CheckFailed, Release, Summary, versioned_dir
from lod.errors import Busy, Misused, StoreFailed
from lod.store import Loaded, load
from lod.store.server import STAGING
from tests.cli.test_cli import lod
from tests.support import stores

XSD = "http://www.w3.org/2001/XMLSchema#"
BASE = "https://w3id.org/anq/"
SERVERS = ("oxigraph", "virtuoso")
STORES = ("embedded", "tdb2", *SERVERS)
ALL = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"


class Target:
    """A store to load into, and its content as its own readers see it."""

    def __init__(self, name: str, into: str) -> None:
        self.name = name
        self.into = into

    def load(self, release: Path) -> Loaded:
        return load(release, self.into)

    def count(self, start: str = BASE) -> tuple[int, int]:
        """Return the numbers of triples and graphs with an IRI that begins so."""
        query = f"""SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?g) AS ?m)
            {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{start}")) }}"""
        row = self.ask(query)[0]
        return int(row["n"]), int(row["m"])

    def ask(self, query: str) -> list[dict[str, str]]:
        rows = json.loads(self._answer(query))["results"]["bindings"]
        return [{name: _text(term) for name, term in row.items()} for row in rows]

    def _answer(self, query: str) -> str:
        if self.name == "embedded":
            found = Store.read_only(f"{self.into}/current").query(query)
            assert isinstance(found, pyoxigraph.QuerySolutions)
            return (found.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b"").decode()
        if self.name == "tdb2":
            folder = self.into.removeprefix("tdb2:")
            words = [f"--loc={folder}/current", "--results=JSON", query]
            command = [f"{os.environ['JENA_HOME']}/bin/tdb2.tdbquery", *words]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout
        path = {"oxigraph": "/query", "virtuoso": "/sparql"}[self.name]
        json_results = {"Accept": "application/sparql-results+json"}
        answer = requests.post(self.into + path, data={"query": query}, headers=json_results, timeout=60)
        answer.raise_for_status()
        return answer.text

    def update(self, update: str) -> None:
        path, auth = {
            "oxigraph": ("/update", None),
            "virtuoso": ("/sparql-auth", HTTPDigestAuth("dba", stores.PASSWORD)),
        }[self.name]
        answer = requests.post(self.into + path, data={"update": update}, auth=auth, timeout=60)
        answer.raise_for_status()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of all stores, by name."""
    with stores.running(tmp_path_factory.mktemp("stores")) as found:
        yield found


@pytest.fixture(params=STORES)
def target(request: pytest.FixtureRequest, running: dict[str, str]) -> Target:
    return Target(request.param, running[request.param])


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, running: dict[str, str]) -> Target:
    return Target(request.param, running[request.param])


def _text(term: dict[str, str]) -> str:
    """Return a term as text, with its language or datatype unless it is a plain string or number."""
    datatype = term.get("datatype", "").removeprefix(XSD)
    kind = "" if datatype in {"string", "integer", "decimal"} else datatype
    return "|".join(filter(None, (term["value"], term.get("xml:lang"), kind)))


def _spelt(term: object) -> str:
    assert isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal)
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value
    datatype = {} if term.language else {"datatype": term.datatype.value}
    language = {"xml:lang": term.language} if term.language else {}
    return _text({"value": term.value, **datatype, **language})


def published(release: Path) -> set[tuple[str, str, str, str]]:
    """Return the expected content of a store, read from the files alone."""
    files = {"concepts.ttl": "graphe/concepts", "ontology.ttl": "graphe/ontologie"}
    quads = {
        (_spelt(q.graph_name), _spelt(q.subject), q.predicate.value, _spelt(q.object))
        for path in (release / "questions.nq", *(dump.path for dump in Release(release).link_dumps("nq")))
        for q in pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS)
    }
    of_places = {quad[1:] for quad in quads if quad[0] == f"{BASE}graphe/lieux"}
    for name, graph in files.items():
        for t in pyoxigraph.parse(path=release / name, format=RdfFormat.TURTLE):
            triple = (_spelt(t.subject), t.predicate.value, _spelt(t.object))
            if triple not in of_places:
                quads.add((BASE + graph, *triple))
    return quads


def stored_quads(target: Target) -> set[tuple[str, str, str, str]]:
    rows = target.ask(ALL.replace("} }", f'}} FILTER(STRSTARTS(STR(?g), "{BASE}")) }}'))
    return {(row["g"], row["s"], row["p"], row["o"]) for row in rows}


def test_every_value_reads_back_as_published(target: Target, sample_release: Summary) -> None:
    loaded = target.load(sample_release.path)
    expected = published(sample_release.path)
    assert stored_quads(target) == expected
    assert (loaded.triples, loaded.graphs) == (len(expected), len({quad[0] for quad in expected}))
    assert len({quad[1:] for quad in expected}) == loaded.triples, "a triple is in two graphs"


def test_a_later_release_replaces_the_earlier_one(
    target: Target, sample_release: Summary, split_release: Summary
) -> None:
    first = target.load(split_release.path)
    assert target.count() == (first.triples, first.graphs)
    for _ in range(1 if target.name == "tdb2" else 2):
        second = target.load(sample_release.path)
        assert second.release == sample_release.release != first.release
        assert target.count() == (second.triples, second.graphs)
    assert second.graphs < first.graphs


def test_all_stores_agree_on_the_digest(running: dict[str, str], sample_release: Summary) -> None:
    digests = {load(sample_release.path, into).digest for into in running.values()}
    assert len(digests) == 1


def test_graphs_outside_the_base_are_left_alone(server: Target, sample_release: Summary) -> None:
    server.update("INSERT DATA { GRAPH <urn:others> { <urn:a> <urn:b> <urn:c> } }")
    server.load(sample_release.path)
    assert server.count("urn:others") == (1, 1)


@pytest.mark.parametrize("stage", ["staging", "comparing, staged", "moving"])
def test_a_load_into_a_server_that_is_killed_leaves_the_old_or_the_new(
    server: Target, sample_release: Summary, split_release: Summary, stage: str
) -> None:
    old, new = published(sample_release.path), load(split_release.path, server.into)
    server.load(sample_release.path)
    assert killed(split_release.path, server.into, stage) == -signal.SIGKILL
    graphs = {row["g"] for row in server.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    if stage != "moving":
        assert stored_quads(server) == old
        assert any(graph.startswith(STAGING) for graph in graphs) or stage == "staging"
    elif server.name == "oxigraph":
        assert server.count() == (new.triples, new.graphs)
    assert server.load(sample_release.path).triples == len(old)
    assert server.count(STAGING) == (0, 0)
    assert stored_quads(server) == old


@pytest.mark.parametrize("stage", ["staging", "comparing, staged"])
def test_of_two_loads_into_a_server_the_later_one_wins(
    server: Target, sample_release: Summary, split_release: Summary, stage: str
) -> None:
    server.load(sample_release.path)
    later: list[Loaded] = []

    def meanwhile(found: str, *_: object) -> None:
        if found == stage and not later:
            later.append(server.load(split_release.path))

    with pytest.raises(Busy, match="another load has begun meanwhile"):
        load(sample_release.path, server.into, progress=meanwhile)
    assert server.count() == (later[0].triples, later[0].graphs)
    assert server.count(STAGING) == (0, 0)


@pytest.mark.parametrize(
    ("name", "stage"), [("embedded", "loading"), ("embedded", "reading back"), ("tdb2", "reading back")]
)
def test_a_load_into_a_folder_that_is_killed_leaves_the_old_and_nothing_else(
    running: dict[str, str], sample_release: Summary, split_release: Summary, name: str, stage: str
) -> None:
    target = Target(name, running[name])
    folder = Path(target.into.removeprefix("tdb2:"))
    target.load(sample_release.path)
    before = (folder / "current").resolve()
    assert killed(split_release.path, target.into, stage) == -signal.SIGKILL
    assert (folder / "current").resolve() == before
    assert stored_quads(target) == published(sample_release.path)
    assert (folder / versioned_dir.STAGING).exists()
    target.load(split_release.path)
    assert sorted(path.name for path in folder.iterdir()) == ["current", "stores"]
    assert sorted((folder / "stores").iterdir()) == sorted([before, (folder / "current").resolve()])


def killed(release: Path, into: str, stage: str) -> int:
    """Load in a process that kills itself as soon as it reports a stage."""
    code = f"""
import os, pathlib, lod.store
die = lambda stage, *_: stage == {stage!r} and os.kill(os.getpid(), 9)
lod.store.load(pathlib.Path({str(release)!r}), {into!r}, progress=die)"""
    return subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_readers_of_the_old_store_continue_to_read_it(sample_release: Summary, tmp_path: Path) -> None:
    load(sample_release.path, str(tmp_path))
    reader = Store.read_only(str(tmp_path / "current"))
    before = len(reader)
    load(sample_release.path, str(tmp_path))
    assert len(reader) == len(list(reader)) == before


def test_the_default_store_is_beside_the_releases(sample_release: Summary, tmp_path: Path) -> None:
    out = sample_release.path.parent.parent
    assert load(out / "current").store == str(out.resolve() / "store")
    (tmp_path / "alone").symlink_to(sample_release.path)
    copied = tmp_path / "copied"
    subprocess.run(["cp", "-r", str(sample_release.path), str(copied)], check=True)
    with pytest.raises(Misused, match="specify --into"):
        load(copied)


def test_a_second_load_into_a_folder_is_refused(sample_release: Summary, tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(Busy, match="another load holds this folder"):
        load(sample_release.path, str(tmp_path))
    os.close(handle)


def test_a_damaged_dump_leaves_the_old_store_in_place(sample_release: Summary, tmp_path: Path) -> None:
    copied, store = tmp_path / "copied", tmp_path / "store"
    load(sample_release.path, str(store))
    before = (store / "current").resolve()
    subprocess.run(["cp", "-r", str(sample_release.path), str(copied)], check=True)
    dump = (copied / "questions.nq").read_bytes()
    line = dump.splitlines(keepends=True)[3]
    for damaged in (dump.replace(line, b" " * len(line)), dump.replace(b"<http", b"<h ttp"[:5], 1)):
        (copied / "questions.nq").write_bytes(damaged)
        with pytest.raises(CheckFailed, match=r"expected (N-Quads|\d+ triples in its N-Quads), found"):
            load(Release(copied, trust=True), str(store))
    assert (store / "current").resolve() == before
    assert not (store / versioned_dir.STAGING).exists()


def test_a_release_with_an_invalid_base_is_refused(sample_release: Summary, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    subprocess.run(["cp", "-r", str(sample_release.path), str(copied)], check=True)
    manifest = (copied / "manifest.json").read_text("utf-8")
    (copied / "manifest.json").write_text(manifest.replace(f'"base": "{BASE}"', '"base": "no base"'), "utf-8")
    with pytest.raises(Misused, match="the base must be an http"):
        load(copied, str(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_a_missing_jena_is_reported(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JENA_HOME", str(tmp_path))
    with pytest.raises(StoreFailed, match=r"tdb2\.tdbloader of Apache Jena is not installed"):
        load(sample_release.path, f"tdb2:{tmp_path / 'store'}")


def test_a_failure_of_jena_is_reported_in_its_own_words(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("tdb2.tdbloader", "tdb2.tdbdump"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\necho no memory >&2\nexit 3\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("JENA_HOME", str(tmp_path))
    with pytest.raises(StoreFailed, match="tdbloader: ended with 3: « no memory »"):
        load(sample_release.path, f"tdb2:{tmp_path / 'store'}")
    assert not (tmp_path / "store").exists()


def test_the_command_prints_what_the_store_holds(sample_release: Summary, tmp_path: Path) -> None:
    told = lod("load", sample_release.path, "--into", tmp_path / "store", "--json")
    loaded = json.loads(told.stdout)
    assert (told.returncode, told.stderr) == (0, "")
    assert loaded["triples"] == len(published(sample_release.path))
    told = lod("load", sample_release.path, "--into", tmp_path / "store")
    assert f"release {sample_release.release} is in {tmp_path / 'store'}\n" in told.stdout
    assert "triples in" in told.stdout
    assert lod("load", sample_release.path, "--into", tmp_path / "store", "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["--into", "http://me:geheim@localhost:1"], 2, "error: expected an address without a user"),
        (["--into", "http://"], 2, "error: expected an address such as http://localhost:7878, found"),
        (["--into", "ftp://localhost"], 2, "error: expected an address such as http://localhost:7878, found"),
        (
            ["--into", "/dev/null/x", "--kind", "virtuoso"],
            2,
            "error: --kind applies to a server, whose address",
        ),
        (["--kind", "oxigraph"], 2, "error: --kind applies to a server, whose address --into must give"),
        (["--into", "http://localhost:1"], 8, "error: http://localhost:1: the store cannot be reached"),
        (["--into", "http://localhost:1", "--kind", "stardog"], 2, ""),
        (["--into", "/dev/null/x"], 6, "error: /dev/null/x: Not a directory"),
    ],
)
def test_a_load_that_cannot_begin_is_reported_in_one_sentence(
    sample_release: Summary, words: list[str], code: int, why: str
) -> None:
    told = lod("load", sample_release.path, *words)
    assert told.returncode == code
    assert told.stderr.startswith(why) or not why
    assert "geheim" not in told.stderr + told.stdout


@pytest.mark.real
def test_the_real_data_are_the_same_in_all_stores(
    running: dict[str, str], real_split_release: Summary
) -> None:
    loaded = {name: load(real_split_release.path, into) for name, into in running.items()}
    assert len({(found.triples, found.graphs, found.digest) for found in loaded.values()}) == 1
    assert loaded["embedded"].triples > 35_000
