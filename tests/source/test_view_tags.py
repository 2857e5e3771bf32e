"""Each tag of a page's view as XML (14th legislature) fills the field that it is documented to fill."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lod import Question
from tests.support.reading import plain, question, read

Value = Any
VIEW = """<QUESTION TYPE="QE">
<LEGISLATURE>14</LEGISLATURE>
<DEPOT NUMERO="91">
<DATE_JO>07/01/2014</DATE_JO><PAGE_JO>18</PAGE_JO><TYPE_JO>JO_QUESTION</TYPE_JO><NUMERO_JO>1</NUMERO_JO>
</DEPOT>
<AUTEUR ID_MANDAT="9990002">
<ID_ACTEUR>9990001</ID_ACTEUR><CIVILITE>Mme</CIVILITE><NOM>Chimère</NOM><PRENOM>Ondine</PRENOM>
</AUTEUR>
<GROUPE SIGLE="ESSAIS"><LIBELLE>Groupe des Essais</LIBELLE><ID_GROUPE>9990003</ID_GROUPE></GROUPE>
<CIRCONSCRIPTION NUMERO_CIRCONSCRIPTION="42">
<CODE_DEPARTEMENT>52</CODE_DEPARTEMENT><DEPARTEMENT>Haute-Marne</DEPARTEMENT>
<CODE_REGION>36</CODE_REGION><REGION>Région imaginaire</REGION>
</CIRCONSCRIPTION>
<INDEXATION_AN RUBRIQUE="eau">
<TETE_ANALYSE>fontaines</TETE_ANALYSE><ANALYSE><ANA>jouvence</ANA><ANA>entretien</ANA></ANALYSE>
</INDEXATION_AN>
<MINI><ABREGE>Faune</ABREGE><DEVELOPPE>Ministère de la faune</DEVELOPPE><ID_MINI>9990004</ID_MINI></MINI>
<MINA>
<ORDRE NUMERO="1"><ABREGE>Faune</ABREGE><DEVELOPPE>Ministère de la faune</DEVELOPPE><ID_MINA>9990004</ID_MINA>
<DATE_JO>07/01/2014</DATE_JO><TYPE_JO>JO_QUESTION</TYPE_JO><NUMERO_JO>1</NUMERO_JO></ORDRE>
<ORDRE NUMERO="2"><ABREGE>Mers</ABREGE><DEVELOPPE>Ministère des mers</DEVELOPPE><ID_MINA>9990005</ID_MINA>
<DATE_JO>03/04/2014</DATE_JO><TYPE_JO>JO_LOI_DECRET</TYPE_JO><NUMERO_JO></NUMERO_JO></ORDRE>
</MINA>
<DEPOT><TEXTE_DEPOT><![CDATA[Qui veille ?]]></TEXTE_DEPOT></DEPOT>
<ERRATUM_QUESTION><DATE_JO>14/01/2014</DATE_JO><PAGE_JO>99</PAGE_JO><TYPE_JO>JO_QUESTION</TYPE_JO></ERRATUM_QUESTION>
<SIGNALEMENT><DATE_JO>01/05/2014</DATE_JO><DATE_DEPOT_SIGNAL>29/04/2014</DATE_DEPOT_SIGNAL></SIGNALEMENT>
<RENOUVELLEMENT><ORDRE NUMERO="1">
<DATE_RENOUVELLEMENT>15/04/2014</DATE_RENOUVELLEMENT><TYPE_JO>JO_QUESTION</TYPE_JO><NUMERO_JO>15</NUMERO_JO>
</ORDRE></RENOUVELLEMENT>
<CLOTURE><DATE_JO>13/05/2014</DATE_JO><PAGE_JO>3858</PAGE_JO><ABREGE>REP_PUB</ABREGE>
<LIBELLE>Réponse publiée</LIBELLE><NUMERO_JO>19</NUMERO_JO><TYPE_JO>JO_QUESTION</TYPE_JO></CLOTURE>
<REPONSE><TEXTE_REPONSE><![CDATA[Les communes.]]></TEXTE_REPONSE>
<DATE_JO_REPONSE>13/05/2014</DATE_JO_REPONSE><PAGE_JO_REPONSE>3858</PAGE_JO_REPONSE></REPONSE>
<ERRATUM_REPONSE><DATE_JO>20/05/2014</DATE_JO><PAGE_JO>88</PAGE_JO><TYPE_JO>JO_QUESTION</TYPE_JO></ERRATUM_REPONSE>
</QUESTION>"""
SIGNALEMENT = "<SIGNALEMENT><DATE_JO>01/05/2014</DATE_JO>"
FIELDS: list[tuple[str, str, Callable[[Question], Value], Value]] = [
    ('TYPE="QE"', 'TYPE="QOSD"', lambda q: str(q.id.kind), "QOSD"),
    ("<LEGISLATURE>14", "<LEGISLATURE>13", lambda q: q.id.legislature, 13),
    ('<DEPOT NUMERO="91"', '<DEPOT NUMERO="92"', lambda q: q.id.number, 92),
    ("<DATE_JO>07/01/2014</DATE_JO><PAGE_JO>18", "<DATE_JO>08/01/2014</DATE_JO><PAGE_JO>18",
     lambda q: q.published.on, date(2014, 1, 8)),
    ("<PAGE_JO>18", "<PAGE_JO>19", lambda q: q.published.page, "19"),
    ("18</PAGE_JO><TYPE_JO>JO_QUESTION", "18</PAGE_JO><TYPE_JO>JO_DEBAT",
     lambda q: str(q.published.journal), "debates"),
    ('ID_MANDAT="9990002"', 'ID_MANDAT="7"', lambda q: q.author.mandate_id, "PM7"),
    ("<ID_ACTEUR>9990001", "<ID_ACTEUR>7", lambda q: q.author.official_id, "PA7"),
    ("<CIVILITE>Mme", "<CIVILITE>M.", lambda q: q.author.civility, "M."),
    ("<NOM>Chimère", "<NOM>Modèle", lambda q: q.author.name, "Ondine Modèle"),
    ("<PRENOM>Ondine", "<PRENOM>Aimé", lambda q: q.author.name, "Aimé Chimère"),
    ('NUMERO_CIRCONSCRIPTION="42"', 'NUMERO_CIRCONSCRIPTION="43"',
     lambda q: q.author.seat and q.author.seat.number, 43),
    ("<CODE_DEPARTEMENT>52</CODE_DEPARTEMENT><DEPARTEMENT>Haute-Marne",
     "<CODE_DEPARTEMENT>44</CODE_DEPARTEMENT><DEPARTEMENT>Loire-Atlantique",
     lambda q: q.author.seat and q.author.seat.departement, "44"),
    ('RUBRIQUE="eau"', 'RUBRIQUE="sources"', lambda q: q.rubric, "sources"),
    ("<TETE_ANALYSE>fontaines", "<TETE_ANALYSE>sources", lambda q: q.title, "sources"),
    ("<ANA>entretien", "<ANA>veille", lambda q: q.keywords, ("fontaines", "jouvence", "veille")),
    ("<MINI><ABREGE>Faune", "<MINI><ABREGE>Flore",
     lambda q: q.ministry_asked and q.ministry_asked.label, "Flore"),
    ("faune</DEVELOPPE><ID_MINI>", "flore</DEVELOPPE><ID_MINI>",
     lambda q: q.ministry_asked and q.ministry_asked.full_name, "Ministère de la flore"),
    ("<ID_MINI>9990004", "<ID_MINI>7", lambda q: q.ministry_asked and q.ministry_asked.official_id, "PO7"),
    ("<ABREGE>Mers", "<ABREGE>Lacs", lambda q: q.attributions[1].ministry.label, "Lacs"),
    ("des mers<", "des lacs<", lambda q: q.attributions[1].ministry.full_name, "Ministère des lacs"),
    ("<ID_MINA>9990005", "<ID_MINA>7", lambda q: q.attributions[1].ministry.official_id, "PO7"),
    ("<DATE_JO>03/04/2014", "<DATE_JO>04/04/2014", lambda q: q.attributions[1].on, date(2014, 4, 4)),
    ("JO_LOI_DECRET", "JO_DEBAT", lambda q: str(q.attributions[1].journal), "debates"),
    ("Qui veille ?", "Pourquoi ?", lambda q: plain(q.text), "Pourquoi ?"),
    ("<DATE_JO>14/01/2014", "<DATE_JO>15/01/2014",
     lambda q: q.errata[0].published and q.errata[0].published.on, date(2014, 1, 15)),
    ("<PAGE_JO>99", "<PAGE_JO>98", lambda q: q.errata[0].published and q.errata[0].published.page, "98"),
    ("<DATE_DEPOT_SIGNAL>29/04/2014", "<DATE_DEPOT_SIGNAL>30/04/2014",
     lambda q: q.flaggings, (date(2014, 4, 30),)),
    ("<DATE_RENOUVELLEMENT>15", "<DATE_RENOUVELLEMENT>16", lambda q: q.renewals, (date(2014, 4, 16),)),
    ("Les communes.", "Les villes.", lambda q: plain(q.answers[0].text), "Les villes."),
    ("<DATE_JO>20/05/2014", "<DATE_JO>21/05/2014",
     lambda q: (e := q.answers[0].errata[0].published) and e.on, date(2014, 5, 21)),
    ("<PAGE_JO>88", "<PAGE_JO>87", lambda q: (e := q.answers[0].errata[0].published) and e.page, "87"),
]  # fmt: skip
"""What stands in the view, what takes its place, the field that it fills, what the field is then."""

NUMBERS: list[tuple[str, Callable[[Question], Value]]] = [
    ("TYPE_JO><NUMERO_JO>1</NUMERO_JO>\n</DEPOT>", lambda q: q.published.number),
    ("TYPE_JO><NUMERO_JO>1</NUMERO_JO></ORDRE>", lambda q: q.attributions[0].number),
    ("<LIBELLE>Réponse publiée</LIBELLE><NUMERO_JO>19<", lambda q: q.answers[0].published.number),
]


@pytest.mark.parametrize(("old", "field"), NUMBERS)
def test_the_number_of_an_issue_is_read_where_it_is_stated(
    old: str, field: Callable[[Question], Value]
) -> None:
    new = re.sub("<NUMERO_JO>[0-9]+<", "<NUMERO_JO>7<", old)
    assert field(question(view((old, new)))) == "7"


TOGETHER: list[tuple[list[tuple[str, str]], Callable[[Question], Value], Value]] = [
    ([("13/05/2014", "20/05/2014")], lambda q: q.answers[0].published.on, date(2014, 5, 20)),
    ([("3858", "3859")], lambda q: q.answers[0].published.page, "3859"),
    (
        [("<NUMERO_JO>19</NUMERO_JO><TYPE_JO>JO_QUESTION", "<NUMERO_JO>19</NUMERO_JO><TYPE_JO>JO_DEBAT")],
        lambda q: str(q.answers[0].published.journal),
        "debates",
    ),
]
UNREAD = [
    ('SIGLE="ESSAIS"', 'SIGLE="X"'),
    ("<LIBELLE>Groupe des Essais", "<LIBELLE>Autre groupe"),
    ("<ID_GROUPE>9990003", "<ID_GROUPE>7"),
    ("<CODE_REGION>36", "<CODE_REGION>11"),
    ("<REGION>Région imaginaire", "<REGION>Autre région"),
    ("<NUMERO_JO>15<", "<NUMERO_JO>16<"),
]
"""The group and the region of the day of export, the number of the issue of a renewal: read, and left out."""

TOLD = [
    ("<DEPARTEMENT>Haute-Marne", "<DEPARTEMENT>Ain"),
    ('<ORDRE NUMERO="2">', '<ORDRE NUMERO="3">'),
    ("<PAGE_JO>3858", "<PAGE_JO>3857"),
    ("<ABREGE>REP_PUB", "<ABREGE>NOUVEAU"),
    ("<MINA>", "<NOUVEAU>x</NOUVEAU><MINA>"),
    (
        "15/04/2014</DATE_RENOUVELLEMENT><TYPE_JO>JO_QUESTION",
        "15/04/2014</DATE_RENOUVELLEMENT><TYPE_JO>JO_DEBAT",
    ),
]
"""What says something twice and not the same, or is not known."""


def view(*changes: tuple[str, str]) -> str:
    text = VIEW.replace(SIGNALEMENT, "<SIGNALEMENT>")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def test_a_whole_view_is_read_without_a_problem() -> None:
    assert question(view()).id.uid == "QANR5L14QE91"


@pytest.mark.parametrize(("old", "new", "field", "expected"), FIELDS)
def test_a_tag_fills_its_field(
    old: str, new: str, field: Callable[[Question], Value], expected: Value
) -> None:
    assert field(question(view())) != expected
    (found, *_), _ = read(view((old, new)))
    assert field(found) == expected


@pytest.mark.parametrize(("changes", "field", "expected"), TOGETHER)
def test_a_tag_that_another_repeats_fills_its_field(
    changes: list[tuple[str, str]], field: Callable[[Question], Value], expected: Value
) -> None:
    assert field(question(view())) != expected
    assert field(question(view(*changes))) == expected


@pytest.mark.parametrize(("old", "new"), UNREAD)
def test_what_is_left_out_changes_nothing(old: str, new: str) -> None:
    assert question(view((old, new))) == question(view())


@pytest.mark.parametrize(("old", "new"), TOLD)
def test_what_is_unknown_or_contradicts_another_tag_is_told(old: str, new: str) -> None:
    _, problems = read(view((old, new)))
    assert problems


def test_the_label_of_the_closure_is_that_of_a_question_without_an_answer() -> None:
    head, answer, end = view().partition("<REPONSE>")
    text = head + "</QUESTION>"
    assert answer
    assert "ERRATUM_REPONSE" in end
    for old, new in (("REP_PUB", "FM"), ("Réponse publiée", "Fin de mandat")):
        text = text.replace(old, new)
    closure = question(text).closure
    assert closure
    assert (str(closure.ending), closure.on, closure.label) == ("lapsed", date(2014, 5, 13), "Fin de mandat")
