"""The day on which an answer is due, by the rules of procedure, in the data and on the page.

Two months after the publication; before 28 November 2014 one month, prolonged by another one. Ten days
after a question was flagged.
"""

from datetime import date
from pathlib import Path

import pytest
import rdflib
from selectolax.lexbor import LexborHTMLParser

from lod import Options, Question, build_release, describe_question, to_graph
from lod.dates import rule_on_answers
from tests.source.test_page_labels import UNANSWERED_NOTICE
from tests.support.command import lod
from tests.support.reading import question, read

ELI_DL = rdflib.Namespace("http://data.europa.eu/eli/eli-draft-legislation-ontology#")
BASE = "https://w3id.org/anq/an/14/qe/91#"
FLAGGED = "reponse-attendue-signalement-1"
DUE = [
    ("07/01/2014", {"reponse-attendue": "2014-02-07", "reponse-attendue-prolongation": "2014-03-07"}),
    ("31/12/2013", {"reponse-attendue": "2014-01-31", "reponse-attendue-prolongation": "2014-02-28"}),
    ("27/11/2014", {"reponse-attendue": "2014-12-27", "reponse-attendue-prolongation": "2015-01-27"}),
    ("28/11/2014", {"reponse-attendue": "2015-01-28"}),
    ("02/12/2014", {"reponse-attendue": "2015-02-02"}),
    ("31/12/2014", {"reponse-attendue": "2015-02-28"}),
]
"""The day of publication, and what is due on which day."""


def page(day: str, flagged: str | None = None) -> str:
    """Return a page with another day of publication, flagged on a day or not."""
    dropped = ("Date de ", "Erratum")
    lines = [line for line in UNANSWERED_NOTICE.splitlines() if not line.startswith(dropped)]
    text = (
        "\n".join(lines)
        .replace("07/01/2014", day)
        .replace("attributaire > Mers", "attributaire > Faune inventée")
    )
    return (
        text.replace("Texte de la question", f"Date de signalement: {flagged}\nTexte de la question")
        if flagged
        else text
    )


def due(asked: Question) -> dict[str, str]:
    graph = to_graph(describe_question(asked))
    return {
        str(each).removeprefix(BASE): str(graph.value(each, ELI_DL.activity_date))
        for each in graph.subjects(rdflib.RDF.type, ELI_DL.ForeseenActivity)
    }


@pytest.mark.parametrize(("day", "expected"), DUE)
def test_an_answer_is_due_by_the_rules(day: str, expected: dict[str, str]) -> None:
    (asked,), _ = read(page(day))  # some of these days are none on which questions are published
    assert due(asked) == expected


def test_a_flagged_question_is_due_ten_days_later() -> None:
    assert due(question(page("02/12/2014", "24/02/2015")))[FLAGGED] == "2015-03-06"


WORDS = {
    "91.html": {
        "7 février 2014": "délai de l’article 135",
        "7 mars 2014": "délai prolongé",
        "9 mai 2014": "dix jours après le signalement",
    },
    "91.en.html": {
        "7 February 2014": "time limit of Article 135",
        "7 March 2014": "extended time limit",
        "9 May 2014": "ten days after the question was flagged",
    },
}
HEADS = {
    "91.html": "Terminée sans réponse connue",
    "91.en.html": "Ended, how is not known",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("due")
    (work / "91.txt").write_text(page("07/01/2014", "29/04/2014"), encoding="utf-8")
    release = build_release([work / "91.txt"], work / "out", Options()).path
    told = lod("site", release, "--out", work / "site", "--quiet")
    assert told.returncode == 0, told.stderr
    return work / "site" / "current" / "www" / "an" / "14" / "qe"


def words(path: Path) -> str:
    """Return the words of a page, without its tags and with single spaces."""
    body = LexborHTMLParser(path.read_text(encoding="utf-8")).body
    assert body
    return " ".join(body.text(separator=" ").split())


@pytest.mark.parametrize("name", WORDS)
def test_the_page_has_each_day_with_its_reason(name: str, site: Path) -> None:
    text = words(site / name)
    for day, reason in WORDS[name].items():
        before, _, after = text.partition(reason)
        assert before.rstrip().endswith(("Réponse attendue", "Answer due")), reason
        assert day in before[-60:], reason
        assert after


@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_the_page_says_that_the_end_is_not_known(name: str, site: Path) -> None:
    assert HEADS[name] in words(site / name)


@pytest.mark.parametrize(
    ("day", "article"),
    [("1997-06-30", "139"), ("2009-05-26", "139"), ("2009-05-27", "135"), ("2026-01-06", "135")],
)
def test_the_article_of_the_rules_is_that_of_the_day(day: str, article: str) -> None:
    assert rule_on_answers(date.fromisoformat(day)) == article


def test_the_days_of_the_rules_are_days() -> None:
    assert all(date.fromisoformat(day) for _, expected in DUE for day in expected.values())
