"""The embedded store: what is recognised, what is compared, and that lines stand for their quads."""

import json
import subprocess
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Store

from lod import Release, Summary
from lod.errors import StoreFailed
from lod.progress import silent
from lod.store import load
from lod.store.graph_digests import GraphDigests, LineDigests


def test_the_same_release_is_loaded_once_and_again_if_its_store_is_damaged(
    sample_release: Summary, tmp_path: Path
) -> None:
    first = load(sample_release.path, str(tmp_path))
    store = (tmp_path / "current").resolve()
    stages: list[str] = []
    again = load(sample_release.path, str(tmp_path), progress=lambda stage, *_: stages.append(stage))
    assert again == first
    assert (tmp_path / "current").resolve() == store
    assert not {"loading", "reading back"} & set(stages)
    data = max(store.glob("*.sst"), key=lambda path: path.stat().st_size)
    data.write_bytes(b"\0" * data.stat().st_size)
    assert load(sample_release.path, str(tmp_path)) == first
    assert (tmp_path / "current").resolve() != store
    assert len(Store.read_only(str(tmp_path / "current"))) == first.triples


def test_a_release_that_spells_its_quads_otherwise_is_loaded_all_the_same(
    sample_release: Summary, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    subprocess.run(["cp", "-r", str(sample_release.path), str(copied)], check=True)
    dump = (copied / "questions.nq").read_text("utf-8")
    spelt = dump.replace("é", "\\u00E9", 1).replace("\u00a0", "\\u00A0", 1)
    assert spelt != dump
    (copied / "questions.nq").write_text(spelt, "utf-8")
    manifest = json.loads((copied / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        if file["path"] == "questions.nq":
            file["bytes"] = len(spelt.encode())
    (copied / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    expected = load(sample_release.path, str(tmp_path / "a"))
    assert load(Release(copied, trust=True), str(tmp_path / "b")).digest == expected.digest


def test_a_store_that_reads_back_otherwise_is_refused_with_an_example(
    sample_release: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_back(folder: Path, *_: object) -> GraphDigests:
        store = Store(str(folder))
        store.remove(next(iter(store.quads_for_pattern(None, None, None, None))))
        store.flush()
        return GraphDigests(store)

    monkeypatch.setattr("lod.store.embedded._read_back", read_back)
    with pytest.raises(StoreFailed, match=r"1 of them differs, the first <.*> lacks « <"):
        load(sample_release.path, str(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_lines_are_digested_as_the_quads_that_they_spell(sample_release: Summary) -> None:
    data = (sample_release.path / "questions.nq").read_bytes()
    digests = GraphDigests()
    lines = LineDigests(digests, "reading", 0, silent)
    for start in range(0, len(data), 777):
        lines.write(data[start : start + 777])
    lines.close()
    quads = GraphDigests(pyoxigraph.parse(data, format=RdfFormat.N_QUADS))
    assert digests.digest == quads.digest
    assert (lines.lines, digests.graphs) == (quads.triples, quads.graphs)
