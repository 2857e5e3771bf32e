"""Pages of oral questions without debate say the day of the sitting in words that mean several things."""

from datetime import date

import pytest

from lod import Question
from lod.finding import Finding
from lod.model import Journal
from tests.support.reading import read

PAGE = """Question orale n°9350 : Entretien des fontaines

16ème Législature

Publication de la question au Journal Officiel du 16 mai 2023, page 4401

Question de : Mme Zéphyrine Exemple (Région imaginaire - Groupe des Essais)

Mme Zéphyrine Exemple attire l'attention de M. le ministre des eaux sur l'entretien des fontaines.
{answer}
Données clés

Auteur : [Mme Zéphyrine Exemple (Région imaginaire - Groupe des Essais)](PA9990001)

Type de question : Question orale

Rubrique : Eau

Ministère interrogé : Beaux temps

Ministère répondant : Beaux temps

Date de la séance :

La question a été posée au Gouvernement en séance, parue dans le journal officiel le {sitting}
"""
ANSWER = """
Réponse en séance, et publiée le 24 mai 2023, page 4590

Mme la présidente. La parole est à Mme Zéphyrine Exemple.
"""


def page(sitting: str, answer: str = "") -> tuple[Question, list[str]]:
    (found,), problems = read(PAGE.format(sitting=sitting, answer=answer))
    return found, [f"{problem.place}: {problem.expected}, {problem.found}" for problem in problems]


@pytest.mark.parametrize(
    "sitting", ["16 mai 2023", "24 mai 2023", "[24 mai 2023](https://example.org/jo.pdf)"]
)
def test_the_day_of_an_answer_is_that_of_its_own_sentence(sitting: str) -> None:
    found, problems = page(sitting, ANSWER)
    assert (found.published.on, [answer.published.on for answer in found.answers]) == (
        date(2023, 5, 16),
        [date(2023, 5, 24)],
    )
    assert [problem for problem in problems if "séance" in problem] == []


def test_a_question_that_waits_is_no_answered_one_because_its_own_day_is_repeated() -> None:
    found, problems = page("16 mai 2023")
    assert found.answers == ()
    assert [problem.partition(":")[0] for problem in problems] == ["closure"]


@pytest.mark.parametrize("answer", ["", ANSWER])
def test_a_day_that_fits_neither_is_told(answer: str) -> None:
    found, problems = page("30 mai 2023", answer)
    assert found.published.on == date(2023, 5, 16)
    days = "2023-05-16 or 2023-05-24" if answer else "2023-05-16"
    expected = f"Date de la séance: the day of the question or of the answer, {days}, 2023-05-30"
    assert expected in problems


@pytest.mark.parametrize(
    ("legislature", "on", "series"),
    [
        ("16", "16 mai 2023", Journal.QUESTIONS),
        ("16", "17 mai 2023", None),
        ("9", "15 mai 1990", None),
        ("11", "1er octobre 1997", None),
    ],
)
def test_no_series_is_claimed_that_nothing_implies_and_that_is_told(
    legislature: str, on: str, series: Journal | None
) -> None:
    text = PAGE.format(sitting=on, answer="").replace("16 mai 2023, page", f"{on}, page")
    (found,), problems = read(text.replace("16ème", f"{legislature}ème"))
    assert found.published.journal is series
    assert (Finding.SERIES_UNKNOWN in [problem.kind for problem in problems]) == (series is None)
