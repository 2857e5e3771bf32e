"""The index of a release: every IRI of the base has a document, with the triples of the dumps."""

import gzip
import os
import resource
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyld import jsonld as pyld

from lod import Summary
from lod.errors import CheckFailed, NotReadOrWritten
from lod.formats import DOCUMENT_DATA
from lod.release import Release
from lod.web.index.builder import ensure_index
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import MATCH_MARKS, Index
from tests.support.loops import some

RDF = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def release(varied_release: Summary) -> Release:
    return Release(varied_release.path)


@pytest.fixture(scope="module")
def index(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(ensure_index(release, tmp_path_factory.mktemp("site")))


def triples(data: bytes, form: ox.RdfFormat) -> set[str]:
    """Return triples as text, with canonical blank nodes."""
    dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(data, form))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


def file_triples(release: Release, name: str, form: ox.RdfFormat) -> set[str]:
    return triples(release.file(name).read_bytes(), form)


def test_the_formats_of_a_document_have_the_same_triples(index: Index) -> None:
    for document in some(index.documents()):
        formats = [triples(gzip.decompress(index.data(document, form)), RDF[form]) for form in DOCUMENT_DATA]
        assert all(each == formats[0] for each in formats), document.path
        assert formats[0], document.path


def test_pyld_reads_the_same_triples_from_json_ld(index: Index) -> None:
    one_of_each = {document.kind: document for document in index.documents()}
    assert len(one_of_each) > 10
    for document in one_of_each.values():
        quads = pyld.to_rdf(index.json(document), {"format": "application/n-quads"})
        expected = triples(gzip.decompress(index.data(document, "nt")), ox.RdfFormat.N_TRIPLES)
        assert triples(quads.encode(), ox.RdfFormat.N_TRIPLES) == expected


def test_documents_together_have_exactly_the_triples_of_the_release(index: Index, release: Release) -> None:
    indexed = set[str]()
    for document in some(index.documents()):
        indexed |= triples(gzip.decompress(index.data(document, "nt")), ox.RdfFormat.N_TRIPLES)
    published = file_triples(release, "questions.nt", ox.RdfFormat.N_TRIPLES)
    for name in ("alignments", "related"):
        published |= file_triples(release, f"{name}.nt", ox.RdfFormat.N_TRIPLES)
    for name in ("concepts", "ontology", "shapes", "catalog", "report"):
        published |= file_triples(release, f"{name}.ttl", ox.RdfFormat.TURTLE)
    own = {triple for triple in published if triple.startswith((f"<{index.base}", "_:"))}
    assert indexed >= own
    assert indexed <= published


def test_every_described_iri_of_the_base_has_a_document(index: Index, release: Release) -> None:
    for quad in ox.parse(release.file("questions.nq").read_bytes(), ox.RdfFormat.N_QUADS):
        subject = quad.subject.value
        if subject.startswith(index.base):
            document = index.document(subject.removeprefix(index.base).partition("#")[0])
            assert document is not None, subject


def test_an_answer_is_in_the_document_of_its_question(index: Index) -> None:
    answered = next(row for row in index.questions(QuestionFilter(), limit=1000) if row.answered)
    for part in ("", "/fr", "/reponse", "/reponse/fr"):
        found = index.document(answered.path + part)
        assert found
        assert found.path == answered.path


def test_full_text_search_ignores_accents_capitals_and_endings(index: Index) -> None:
    row = index.questions(QuestionFilter())[0]
    words = row.title.split()
    assert index.count(QuestionFilter(words=row.title)) >= 1
    assert row.path in [
        found.path for found in index.questions(QuestionFilter(words=words[-1].upper()), limit=100)
    ]


def test_a_snippet_marks_the_matching_words(index: Index) -> None:
    found = index.questions(QuestionFilter(words="ministre"))
    assert found
    assert all(MATCH_MARKS[0] in (row.snippet or "") for row in found)


@pytest.mark.parametrize("words", ['"', "NEAR(a b)", "a*", "-", "OR", "x AND", "\0", "a:b", "^a", "{a}"])
def test_no_search_words_cause_an_error(index: Index, words: str) -> None:
    assert index.count(QuestionFilter(words=words)) >= 0


def test_questions_have_the_group_and_constituency_of_their_author_at_the_time(index: Index) -> None:
    groups = index.facet_counts(Facet.GROUP, QuestionFilter())
    assert groups
    for group in groups:
        listed = index.questions(QuestionFilter(facets={Facet.GROUP: group.iri}), limit=1000)
        assert len(listed) == group.questions
        assert {row.group for row in listed} == {group.label}
    assert index.facet_counts(Facet.CONSTITUENCY, QuestionFilter())


def test_facet_counts_ignore_the_value_required_of_the_same_facet(index: Index) -> None:
    every = index.facet_counts(Facet.STATUS, QuestionFilter())
    assert len(every) > 1
    assert index.facet_counts(Facet.STATUS, QuestionFilter(facets={Facet.STATUS: every[0].iri})) == every


def test_statistics_count_every_question_once(index: Index) -> None:
    statistics = index.statistics(QuestionFilter())
    assert (
        statistics.questions
        == index.count(QuestionFilter())
        == sum(count for _, count in statistics.by_month)
    )
    assert statistics.answered == sum(
        1 for row in index.questions(QuestionFilter(), limit=1000) if row.answered
    )


def test_an_index_is_built_once_for_a_release(release: Release, tmp_path: Path) -> None:
    first = ensure_index(release, tmp_path)
    before = first.stat().st_mtime_ns
    assert ensure_index(release, tmp_path) == first
    assert first.stat().st_mtime_ns == before


def test_an_unused_index_closes_its_file(release: Release, tmp_path: Path) -> None:
    def open_files() -> int:
        paths = [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]
        return sum(str(tmp_path) in each for each in paths)

    index = Index(ensure_index(release, tmp_path))
    documents = index.documents()
    assert next(documents).path
    assert open_files() > 0
    del index
    assert next(documents).path
    del documents
    assert open_files() == 0


def test_an_index_of_a_damaged_release_is_not_kept(release: Release, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(release.folder, broken)
    dump = broken / "questions.jsonld"
    data = dump.read_bytes()
    dump.write_bytes(data.replace(b'{"@context"', b'{"@con!ext"', 1))
    with pytest.raises(CheckFailed, match="expected one JSON-LD document per line"):
        ensure_index(Release(broken, trust=True), tmp_path / "site")
    assert not list((tmp_path / "site").glob("*.sqlite"))


def test_a_full_disk_is_reported_in_one_sentence_and_leaves_no_index(
    release: Release, tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, hard))
    try:
        with pytest.raises(NotReadOrWritten, match=r"\.lod-index: (disk I/O error|database or disk is full)"):
            ensure_index(release, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
