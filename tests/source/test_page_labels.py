"""Each label that pages of any generation print fills the field that it stands for.

The labels are those seen on pages of the Assemblée; a page of each generation is written out below.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lod import Question
from tests.support.reading import plain, question, read, without_end

Value = Any
NOTICE = """14ème législature
Question N° 91
de Mme Ondine Chimère (Groupe du jour - Corse-du-Sud )
Question écrite
Ministère interrogé > Faune inventée
Ministère attributaire > Mers
Rubrique > sources
Tête d'analyse > fontaines
Analyse > jouvence. entretien.
Question publiée au JO le : 07/01/2014 page : 9301
Réponse publiée au JO le : 13/05/2014 page : 9401
Date de changement d'attribution: 04/03/2014
Date de signalement: 29/04/2014
Date de renouvellement: 15/04/2014
Erratum de la question publié au JO le : 14/01/2014 page : 9302
Erratum de la réponse publié au JO le : 20/05/2014 page : 9402
Texte de la question
Qui veille ?
Texte de la réponse
Les communes.
"""
BLOC = """Question écrite n°91 : Fontaines
16ème Législature
Question de : Mme Ondine Chimère
Corse-du-Sud (42e circonscription) - Groupe du jour
Qui veille ?
Réponse publiée le 2 mai 2023
Les communes.
Données clés
Auteur : Mme Ondine Chimère
Type de question : Question écrite
Rubrique : Sources
Ministère interrogé : Faune inventée
Ministère répondant : Mers
Dates :
Question publiée le 3 janvier 2023
"""
PAGE = """ASSEMBLÉE NATIONALE
17ème législature
Fontaines
Question écrite n° 91
Texte de la question
Qui veille ?
Texte de la réponse
Les communes.
Données clés
Auteur : Mme Ondine Chimère
Circonscription : Corse-du-Sud (42^e circonscription) - Groupe des Essais
Type de question : Question écrite
Numéro de la question : 91
Rubrique : Sources
Ministère interrogé : Faune inventée
Ministère attributaire : Mers
Date(s) clé(s)
Question publiée au JO le : 6 janvier 2026, page 9301
Réponse publiée au JO le : 5 mai 2026, page 9401
Date de changement d'attribution : 3 mars 2026
"""


def published(asked: Question) -> Value:
    return asked.published.on, asked.published.page


def answered(asked: Question) -> Value:
    return asked.answers[0].published.on, asked.answers[0].published.page


def erratum(asked: Question) -> Value:
    return (found := asked.errata[0].published) and (found.on, found.page)


def erratum_of_answer(asked: Question) -> Value:
    return (found := asked.answers[0].errata[0].published) and (found.on, found.page)


def seat(asked: Question) -> Value:
    return asked.author.seat and asked.author.seat.notation


def in_charge(asked: Question) -> Value:
    return asked.attributions[0].ministry.label


JANUARY, MAY = (date(2023, 1, 3), None), (date(2023, 5, 2), None)
LABELS: list[tuple[str, str, str, Callable[[Question], Value], Value]] = [
    (NOTICE, "Question N° 91", "Question N° 92", lambda q: q.id.number, 92),
    (NOTICE, "Question N° 91", "Question N° : 92", lambda q: q.id.number, 92),
    (NOTICE, "Question N° 91", "Question N° 99 201", lambda q: q.id.number, 99201),
    (NOTICE, "Question N° 91", "Question N° 9\u202f201", lambda q: q.id.number, 9201),
    (NOTICE, "14ème législature", "14e législature", lambda q: q.id.legislature, 14),
    (NOTICE, "Mme Ondine Chimère (Groupe", "M. Aimé Modèle (Groupe", lambda q: q.author.name, "Aimé Modèle"),
    (NOTICE, "Corse-du-Sud )", "Morbihan )", lambda q: q.author.departement, "56"),
    (NOTICE, "Question écrite", "QE", lambda q: str(q.id.kind), "QE"),
    (NOTICE, "Question écrite", "Question orale sans débat", lambda q: str(q.id.kind), "QOSD"),
    (NOTICE, "Ministère interrogé > Faune inventée", "Ministère interrogé : Flore",
     lambda q: q.ministry_asked and q.ministry_asked.label, "Flore"),
    (NOTICE, "Ministère attributaire > Mers", "Ministère attributaire : Lacs", in_charge, "Lacs"),
    (NOTICE, "Ministère attributaire > Mers", "Ministère répondant > Lacs", in_charge, "Lacs"),
    (NOTICE, "Rubrique > sources", "Rubrique : lacs", lambda q: q.rubric, "lacs"),
    (NOTICE, "Tête d'analyse > fontaines", "Tête d'analyse : bassins", lambda q: q.title, "bassins"),
    (NOTICE, "Tête d'analyse > fontaines", "Tête d’analyse > bassins", lambda q: q.title, "bassins"),
    (NOTICE, "Analyse > jouvence. entretien.", "Analyse : veille. soin.",
     lambda q: q.keywords, ("fontaines", "veille", "soin")),
    (NOTICE, "07/01/2014 page : 9301", "08/01/2014 page : 9309", published, (date(2014, 1, 8), "9309")),
    (NOTICE, "13/05/2014 page : 9401", "14/05/2014 page : 9409", answered, (date(2014, 5, 14), "9409")),
    (NOTICE, "attribution: 04/03/2014", "attribution : 05/03/2014",
     lambda q: q.attributions[0].on, date(2014, 3, 5)),
    (NOTICE, "changement d'attribution: 04", "changement d’attribution : 05",
     lambda q: q.attributions[0].on, date(2014, 3, 5)),
    (NOTICE, "signalement: 29/04/2014", "signalement : 30/04/2014",
     lambda q: q.flaggings, (date(2014, 4, 30),)),
    (NOTICE, "renouvellement: 15/04/2014", "renouvellement : 16/04/2014",
     lambda q: q.renewals, (date(2014, 4, 16),)),
    (NOTICE, "14/01/2014 page : 9302", "15/01/2014 page : 9303", erratum, (date(2014, 1, 15), "9303")),
    (NOTICE, "20/05/2014 page : 9402", "21/05/2014 page : 9403",
     erratum_of_answer, (date(2014, 5, 21), "9403")),
    (NOTICE, "Texte de la question\nQui", "Texte de la QUESTION :\nMais qui",
     lambda q: plain(q.text), "Mais qui veille ?"),
    (NOTICE, "Texte de la réponse\nLes", "Texte de la REPONSE :\nToutes les",
     lambda q: plain(q.answers[0].text), "Toutes les communes."),
    (NOTICE, "Tête d'analyse > fontaines\nAnalyse > jouvence. entretien.", "Titre > Bassins",
     lambda q: (q.title, q.keywords), ("Bassins", ())),
    (BLOC, "Question écrite n°91 :", "Question écrite n° 92 :", lambda q: q.id.number, 92),
    (BLOC, "Question écrite n°91 :", "Question écrite n° 9\u00a0201 :", lambda q: q.id.number, 9201),
    (BLOC, "Fontaines", "Bassins", lambda q: q.title, "Bassins"),
    (BLOC, "16ème Législature", "16e Législature", lambda q: q.id.legislature, 16),
    (BLOC, "42e circonscription", "1re circonscription", seat, "2A-01"),
    (BLOC, "42e circonscription", "43ème circonscription", seat, "2A-43"),
    (BLOC, "Rubrique : Sources", "Rubrique : Lacs", lambda q: q.rubric, "Lacs"),
    (BLOC, "Ministère interrogé : Faune inventée", "Ministère interrogé : Flore",
     lambda q: q.ministry_asked and q.ministry_asked.label, "Flore"),
    (BLOC, "Ministère répondant : Mers", "Ministère répondant : Lacs", in_charge, "Lacs"),
    (BLOC, "Ministère répondant : Mers", "Ministère attributaire : Lacs", in_charge, "Lacs"),
    (BLOC, "Question publiée le 3 janvier 2023", "Question publiée le 1er février 2023",
     published, (date(2023, 2, 1), None)),
    (BLOC, "Question publiée le 3 janvier 2023",
     "Publication de la question au Journal Officiel du 10 janvier 2023, page 12",
     published, (date(2023, 1, 10), "12")),
    (BLOC, "Réponse publiée le 2 mai 2023", "Réponse publiée le 9 mai 2023",
     answered, (date(2023, 5, 9), None)),
    (BLOC, "Dates :\n", "Dates :\nPublication de la réponse au Journal Officiel du 2 mai 2023, page 34\n",
     answered, (date(2023, 5, 2), "34")),
    (BLOC, "Dates :\n", "Date :\n", published, JANUARY),
    (BLOC, "Qui veille ?", "Pourquoi ?", lambda q: plain(q.text), "Pourquoi ?"),
    (BLOC, "Les communes.", "Les villes.", lambda q: plain(q.answers[0].text), "Les villes."),
    (PAGE, "17ème législature", "17e législature", lambda q: q.id.legislature, 17),
    (PAGE, "Fontaines", "Bassins", lambda q: q.title, "Bassins"),
    (PAGE, "Auteur : Mme Ondine Chimère", "Auteur : [M. Aimé Modèle](/dyn/PA9990001)",
     lambda q: (q.author.civility, q.author.name, q.author.official_id), ("M.", "Aimé Modèle", "PA9990001")),
    (PAGE, "Corse-du-Sud (42^e", "Ain (41^e", seat, "01-41"),
    (PAGE, "Groupe des Essais", "Groupe des Songes",
     lambda q: q.author.group and q.author.group.label, "Groupe des Songes"),
    (PAGE, "Rubrique : Sources", "Rubrique : Lacs", lambda q: q.rubric, "Lacs"),
    (PAGE, "Ministère interrogé : Faune inventée", "Ministère interrogé : Flore",
     lambda q: q.ministry_asked and q.ministry_asked.label, "Flore"),
    (PAGE, "Ministère attributaire : Mers", "Ministère attributaire : Lacs", in_charge, "Lacs"),
    (PAGE, "6 janvier 2026, page 9301", "[13 janvier 2026](#), page 9309",
     published, (date(2026, 1, 13), "9309")),
    (PAGE, "5 mai 2026, page 9401", "12 mai 2026, page 9409", answered, (date(2026, 5, 12), "9409")),
    (PAGE, "attribution : 3 mars 2026", "attribution : 10 mars 2026",
     lambda q: q.attributions[0].on, date(2026, 3, 10)),
    (PAGE, "Date(s) clé(s)", "Date(s) clé(e)s", published, (date(2026, 1, 6), "9301")),
    (PAGE, "Date(s) clé(s)", "Date(s) clée(s)", published, (date(2026, 1, 6), "9301")),
    (PAGE, "Qui veille ?", "Pourquoi ?", lambda q: plain(q.text), "Pourquoi ?"),
    (PAGE, "Les communes.", "Les villes.", lambda q: plain(q.answers[0].text), "Les villes."),
]  # fmt: skip
"""A page, what it prints, what takes its place, the field, what that is then."""

UNANSWERED_NOTICE = "".join(
    line
    for line in NOTICE.splitlines(keepends=True)
    if not line.startswith(
        ("Réponse publiée", "Erratum de la réponse", "Texte de la réponse", "Les communes")
    )
)
UNANSWERED_BLOC = BLOC.replace("Réponse publiée le 2 mai 2023\nLes communes.\n", "")
UNANSWERED_PAGE = "".join(
    line
    for line in PAGE.splitlines(keepends=True)
    if not line.startswith(("Réponse publiée", "Texte de la réponse", "Les communes"))
)
END_OF_TERM = "Fin de mandat"
AFTER_TEXT, AFTER_KEYS = "Données clés\n", "Dates :\n"
ENDS = [
    ("Question retirée le: 21/06/2016 (fin de mandat)", "lapsed", END_OF_TERM),
    ("Question retirée le : 21/06/2016 (Fin de mandat)", "lapsed", END_OF_TERM),
    ("Question retirée le: 21/06/2016", "withdrawn", "Question retirée"),
    ("Question retirée le 21 juin 2016\nCause : Fin de mandat", "lapsed", END_OF_TERM),
    (
        "Question retirée le 21 juin 2016\nCause : à la demande de l'auteur",
        "withdrawn",
        "à la demande de l'auteur",
    ),
    ("Question clôturée le 21 juin 2016\nCause : Fin de mandat", "lapsed", END_OF_TERM),
    ("Question clôturée le 21 juin 2016\nCause : démission", "closed", "démission"),
    ("Date de cloture : 21 juin 2016\nFin de mandat", "lapsed", END_OF_TERM),
    ("Date de clôture : 21 juin 2016\nFin de mandat", "lapsed", END_OF_TERM),
]
DEBATED = """Question au Gouvernement n°91 : Fontaines
16ème Législature
Question de : Mme Ondine Chimère
Corse-du-Sud (42e circonscription) - Groupe du jour
Qui veille ? Les communes.
Données clés
Auteur : Mme Ondine Chimère
Type de question : Question au Gouvernement
Rubrique : Sources
Ministère interrogé : Faune inventée
Ministère répondant : Faune inventée
Date de la séance :
{sitting}
"""
SITTINGS = [
    "La question a été posée au Gouvernement en séance, parue dans le journal officiel le 26 octobre 2022",
    "Réponse en séance, et publiée le 26 octobre 2022",
    "26 octobre 2022",
]
FURNITURE = [
    "partager",
    "imprimer",
    "Format PDF",
    "-->",
    "suppress HtmlUnknownAnchorTarget x",
    "Aller au contenu",
]


@pytest.mark.parametrize("page", [NOTICE, BLOC, PAGE], ids=["notice", "bloc", "page"])
def test_a_whole_page_has_no_other_problem_than_missing_pages_of_the_journal(page: str) -> None:
    (found,), problems = read(page)
    assert found.id.number == 91
    assert {problem.expected for problem in problems} <= {"a page of the Journal officiel"}


@pytest.mark.parametrize(("page", "old", "new", "field", "expected"), LABELS)
def test_a_label_fills_its_field(
    page: str, old: str, new: str, field: Callable[[Question], Value], expected: Value
) -> None:
    assert old in page
    found, problems = read(page.replace(old, new))
    assert found, problems
    assert field(found[0]) == expected


@pytest.mark.parametrize(("end", "ending", "label"), ENDS)
def test_a_label_says_how_the_question_ended(end: str, ending: str, label: str) -> None:
    notice = UNANSWERED_NOTICE.replace("Texte de la question\n", f"{end}\nTexte de la question\n")
    found, problems = read(notice)
    assert found, problems
    closure = found[0].closure
    assert closure
    assert (str(closure.ending), closure.on, closure.label) == (ending, date(2016, 6, 21), label)


@pytest.mark.parametrize("sitting", SITTINGS)
def test_the_day_of_the_sitting_is_that_of_question_and_answer(sitting: str) -> None:
    found, problems = read(DEBATED.format(sitting=sitting))
    assert found, problems
    assert (found[0].published.on, found[0].answers[0].published.on) == (date(2022, 10, 26),) * 2
    assert {str(found[0].published.journal), str(found[0].answers[0].published.journal)} == {"debates"}


@pytest.mark.parametrize("page", [UNANSWERED_NOTICE, UNANSWERED_BLOC, UNANSWERED_PAGE])
@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_of_a_page_changes_nothing(page: str, line: str) -> None:
    assert read(f"{line}\n{page}{line}\n")[0] == read(page)[0] != []


@pytest.mark.parametrize("page", [UNANSWERED_NOTICE, UNANSWERED_PAGE])
def test_a_label_that_nobody_knows_is_told(page: str) -> None:
    place = "Rubrique"
    found, problems = read(page.replace(place, f"Nouveau libellé : x\n{place}", 1))
    assert found == read(page)[0]
    assert "a known field" in without_end(problems)[0].expected


def test_a_debate_is_the_answer_of_a_notice_of_question_time() -> None:
    head, _, _ = NOTICE.partition("Date de changement")
    text = head.replace("Question écrite", "Question au Gouvernement").replace("13/05/2014", "07/01/2014")
    text = text.replace("9401", "9301") + "DEBAT :\nLe débat.\n"
    asked = question(text)
    assert (asked.text, plain(asked.answers[0].text), str(asked.published.journal)) == (
        None,
        "Le débat.",
        "debates",
    )
