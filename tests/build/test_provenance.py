"""Provenance speaks of descriptions: however a document is exported or read, its question is the same."""

from pathlib import Path

import pytest

from lod import Options, Summary, build_release, read_file, to_ntriples
from lod.api import describe_question
from lod.build import record
from tests.conftest import SAMPLES
from tests.support.loops import some

METADATA = "<https://w3id.org/anq/graphe/metadonnees> ."


def graphs(summary: Summary, *, metadata: bool) -> list[str]:
    """Return the N-Quads of a release, either those about descriptions or all others."""
    lines = (summary.path / "questions.nq").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.endswith(METADATA) is metadata]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (SAMPLES / "pages").iterdir():
        (folder / path.name).write_bytes(path.read_bytes() + b"\n")
    return folder


def build(folder: Path, out: Path) -> Summary:
    return build_release([folder], out, Options(registers=(SAMPLES / "register",)))


def test_one_more_newline_in_each_document_changes_no_graph_of_a_question(
    documents: Path, sample_release: Summary, tmp_path: Path
) -> None:
    again = build(documents, tmp_path / "out")
    assert graphs(again, metadata=False) == graphs(sample_release, metadata=False)
    assert graphs(again, metadata=True) != graphs(sample_release, metadata=True)


def test_another_version_of_the_program_changes_no_graph_of_a_question(
    monkeypatch: pytest.MonkeyPatch, sample_release: Summary, tmp_path: Path
) -> None:
    monkeypatch.setattr(record, "VERSION", "99.9.9")
    later = build(SAMPLES / "pages", tmp_path / "out")
    assert graphs(later, metadata=False) == graphs(sample_release, metadata=False)
    assert any("logiciel/lod/99.9.9#id" in line for line in graphs(later, metadata=True))


def test_the_graph_of_a_question_says_nothing_of_provenance(sample_release: Summary) -> None:
    assert not [line for line in some(graphs(sample_release, metadata=False)) if "/ns/prov#" in line]


def test_a_description_is_derived_from_its_document_and_is_about_its_question() -> None:
    question = next(iter(read_file(SAMPLES / "pages" / "90001-lien-vide.txt")))
    triples = to_ntriples(describe_question(question))  # type: ignore[arg-type]
    me = "<https://w3id.org/anq/an/17/qe/90001"
    assert f"{me}#description> <http://xmlns.com/foaf/0.1/primaryTopic> {me}> ." in triples
    derived = (
        f"{me}#description> <http://www.w3.org/ns/prov#wasDerivedFrom> <https://w3id.org/anq/source/sha256/"
    )
    assert triples.count(derived) == 1
    assert f"{me}> <http://www.w3.org/ns/prov#" not in triples
