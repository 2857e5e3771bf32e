"""A search finds questions by number or identifier first, and links to deputies, ministries and rubrics."""

import csv
import io
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lod import Summary
from lod.release import Release
from lod.web.index.builder import ensure_index
from lod.web.index.lookup import Names, numbered_questions
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import Index
from lod.web.pages import Language, Pages
from tests.support.server import client as client_of

DAY = "2026-12-31"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def index(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(ensure_index(Release(varied_release.path), tmp_path_factory.mktemp("lookup")))


@pytest.fixture(scope="module")
def client(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_of(varied_release.path, tmp_path_factory.mktemp("results")) as running:
        yield running


@pytest.mark.parametrize(
    "text",
    [
        *(
            "90001",
            " 90001 ",
            "n° 90001",
            "N°90001",
            "no 90001",
            "question n° 90001",
            "QE 90001",
            "QE n° 90001",
        ),
        *(
            "17-90001QE",
            "17-90001qe",
            "QANR5L17QE90001",
            "17/qe/90001",
            "https://w3id.org/anq/an/17/qe/90001",
        ),
    ],
)
def test_a_question_is_found_by_its_number(index: Index, text: str) -> None:
    assert "an/17/qe/90001" in [row.path for row in numbered_questions(index, text)]


@pytest.mark.parametrize("text", ["", "0", "16-90001QE", "17-90001QG", "90001 ministre", "9".rjust(8, "9")])
def test_what_is_no_number_of_a_question_finds_none(index: Index, text: str) -> None:
    assert numbered_questions(index, text) == []


def test_names_are_found_whatever_their_case_and_accents_and_by_their_beginning(index: Index) -> None:
    names = Names(index)
    for facet in (Facet.AUTHOR, Facet.MINISTRY, Facet.RUBRIC, Facet.GROUP):
        value = index.facet_counts(facet, QuestionFilter())[0]
        label = index.label(value.iri) or ""
        for text in (label, label.upper(), label[:-1]):
            assert value.iri in [found.iri for found in names.find(text)], text
    assert names.find("de la") == []


def test_a_number_and_a_name_stand_above_the_results(index: Index) -> None:
    pages = Pages(index)
    page = pages.search(QuestionFilter(words="17-90001QE"), Language.FR)
    assert page.index("Question de ce numéro") < page.index('href="/an/17/qe/90001.html"')
    assert "Aucune question" not in page
    author = index.facet_counts(Facet.AUTHOR, QuestionFilter())[0]
    page = pages.search(QuestionFilter(words=index.label(author.iri)), Language.EN)
    assert f'href="/{index.iris.path(author.iri)}.en.html"' in page


def test_a_page_beyond_the_last_says_so(index: Index) -> None:
    page = Pages(index).search(QuestionFilter(), Language.FR, 900)
    assert "Cette recherche n’a qu" in page
    assert "Aucune question" not in page


def test_a_search_is_narrowed_to_overdue_questions(client: TestClient, index: Index) -> None:
    page = client.get(f"/recherche?overdue={DAY}", headers=HTML).text
    overdue = [row.path for row in index.overdue(DAY, 0, 1000)]
    assert overdue
    assert all(f"/{path}.html" in page for path in overdue[:20])
    assert "overdue=" in client.get("/search?q=", headers=HTML).text
    found = client.get(f"/api/questions?overdue={DAY}&size=100").json()
    assert found["hydra:totalItems"] == len(overdue)


def test_the_results_of_a_search_are_a_csv_file(client: TestClient, index: Index) -> None:
    response = client.get("/api/questions.csv?q=ministre")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == index.count(QuestionFilter(words="ministre")) > 0
    assert rows[0]["iri"].startswith(index.base)
    assert "/api/questions.csv?q=ministre" in client.get("/recherche?q=ministre", headers=HTML).text
    assert client.get("/api/questions.csv?x=1").status_code == 400


def test_a_bad_search_is_answered_with_a_page_in_its_language(client: TestClient) -> None:
    french, english = (client.get(f"/{path}?from=hier", headers=HTML) for path in ("recherche", "search"))
    assert french.status_code == english.status_code == 400
    assert "Requête invalide" in french.text
    assert "Invalid request" in english.text
    assert "a day such as 2026-06-23" in french.text
    assert client.get("/recherche?from=hier", headers={"Accept": "*/*"}).text.startswith("from: expected")
