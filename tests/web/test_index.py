"""The index of a release: every IRI of the base has a document, and documents say what the dumps say."""

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
from lod.release import Release
from lod.web.index.builder import index_of
from lod.web.index.index import FORMATS, FOUND, Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from tests.support.loops import some

RDF = {"jsonld": ox.RdfFormat.JSON_LD, "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}


@pytest.fixture(scope="module")
def release(varied_release: Summary) -> Release:
    return Release(varied_release.path)


@pytest.fixture(scope="module")
def index(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(index_of(release, tmp_path_factory.mktemp("site")))


def triples(data: bytes, form: ox.RdfFormat) -> set[str]:
    """Give triples whose blank nodes are named by what is said of them."""
    found = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(data, form))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in found}


def of_file(release: Release, name: str, form: ox.RdfFormat) -> set[str]:
    return triples(release.file(name).read_bytes(), form)


def test_the_formats_of_a_document_say_the_same(index: Index) -> None:
    for held in some(index.documents()):
        said = [triples(gzip.decompress(index.data(held, form)), RDF[form]) for form in FORMATS]
        assert said[0] == said[1] == said[2], held.path
        assert said[0], held.path


def test_another_reader_of_json_ld_reads_the_same(index: Index) -> None:
    one_of_each = {held.kind: held for held in index.documents()}
    assert len(one_of_each) > 10
    for held in one_of_each.values():
        quads = pyld.to_rdf(index.json(held), {"format": "application/n-quads"})
        expected = triples(gzip.decompress(index.data(held, "nt")), ox.RdfFormat.N_TRIPLES)
        assert triples(quads.encode(), ox.RdfFormat.N_TRIPLES) == expected


def test_documents_say_all_that_the_files_of_the_release_say_and_no_more(
    index: Index, release: Release
) -> None:
    said = set[str]()
    for held in some(index.documents()):
        said |= triples(gzip.decompress(index.data(held, "nt")), ox.RdfFormat.N_TRIPLES)
    published = of_file(release, "questions.nt", ox.RdfFormat.N_TRIPLES)
    for name in ("concepts", "ontology", "shapes", "catalog", "report"):
        published |= of_file(release, f"{name}.ttl", ox.RdfFormat.TURTLE)
    ours = {triple for triple in published if triple.startswith((f"<{index.base}", "_:"))}
    assert said >= ours
    assert said <= published


def test_every_iri_of_the_base_that_is_described_has_its_document(index: Index, release: Release) -> None:
    for quad in ox.parse(release.file("questions.nq").read_bytes(), ox.RdfFormat.N_QUADS):
        subject = quad.subject.value
        if subject.startswith(index.base):
            held = index.document(subject.removeprefix(index.base).partition("#")[0])
            assert held is not None, subject


def test_an_answer_is_in_the_document_of_its_question(index: Index) -> None:
    answered = next(row for row in index.questions(QuestionFilter(), most=1000) if row.answered)
    for part in ("", "/fr", "/reponse", "/reponse/fr"):
        found = index.document(answered.path + part)
        assert found
        assert found.path == answered.path


def test_words_are_found_without_accents_capitals_and_endings(index: Index) -> None:
    row = index.questions(QuestionFilter())[0]
    words = row.title.split()
    assert index.count(QuestionFilter(words=row.title)) >= 1
    assert row.path in [
        found.path for found in index.questions(QuestionFilter(words=words[-1].upper()), most=100)
    ]


def test_a_snippet_marks_what_was_sought(index: Index) -> None:
    found = index.questions(QuestionFilter(words="ministre"))
    assert found
    assert all(FOUND[0] in (row.snippet or "") for row in found)


@pytest.mark.parametrize("words", ['"', "NEAR(a b)", "a*", "-", "OR", "x AND", "\0", "a:b", "^a", "{a}"])
def test_no_words_are_an_error(index: Index, words: str) -> None:
    assert index.count(QuestionFilter(words=words)) >= 0


def test_questions_are_listed_by_the_group_and_the_constituency_of_the_day(index: Index) -> None:
    groups = index.choices(Facet.GROUP, QuestionFilter())
    assert groups
    for group in groups:
        listed = index.questions(QuestionFilter(facets={Facet.GROUP: group.iri}), most=1000)
        assert len(listed) == group.questions
        assert {row.group for row in listed} == {group.label}
    assert index.choices(Facet.CONSTITUENCY, QuestionFilter())


def test_choices_of_a_facet_leave_its_own_value_aside(index: Index) -> None:
    every = index.choices(Facet.STATUS, QuestionFilter())
    assert len(every) > 1
    assert index.choices(Facet.STATUS, QuestionFilter(facets={Facet.STATUS: every[0].iri})) == every


def test_figures_count_every_question_once(index: Index) -> None:
    figures = index.figures(QuestionFilter())
    assert figures.questions == index.count(QuestionFilter()) == sum(count for _, count in figures.months)
    assert figures.answered == sum(1 for row in index.questions(QuestionFilter(), most=1000) if row.answered)


def test_an_index_is_built_once_for_a_release(release: Release, tmp_path: Path) -> None:
    first = index_of(release, tmp_path)
    before = first.stat().st_mtime_ns
    assert index_of(release, tmp_path) == first
    assert first.stat().st_mtime_ns == before


def test_an_index_that_nobody_has_any_more_is_let_go(release: Release, tmp_path: Path) -> None:
    def handles() -> int:
        found = [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]
        return sum(str(tmp_path) in each for each in found)

    index = Index(index_of(release, tmp_path))
    documents = index.documents()
    assert next(documents).path
    assert handles() > 0
    del index
    assert next(documents).path
    del documents
    assert handles() == 0


def test_an_index_of_a_damaged_release_is_not_kept(release: Release, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(release.folder, broken)
    dump = broken / "questions.jsonld"
    data = dump.read_bytes()
    dump.write_bytes(data.replace(b'{"@context"', b'{"@con!ext"', 1))
    with pytest.raises(CheckFailed, match="expected one document a line"):
        index_of(Release(broken), tmp_path / "site")
    assert not list((tmp_path / "site").glob("*.sqlite"))


def test_a_full_disk_is_one_sentence_and_leaves_no_index(release: Release, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, hard))
    try:
        with pytest.raises(NotReadOrWritten, match=r"\.lod-index: (disk I/O error|database or disk is full)"):
            index_of(release, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
