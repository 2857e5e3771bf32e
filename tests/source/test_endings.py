"""How a question ended is read by code and by words, alike in every form; what is unknown stays so."""

from collections.abc import Callable
from datetime import date

import pytest

from lod import Question
from lod.errors import Cause
from lod.merge import merge
from tests.source.test_export_keys import as_json, as_xml, changed
from tests.source.test_fiche_tags import fiche
from tests.source.test_page_labels import UNANSWERED_NOTICE
from tests.support.reading import read

ON = date(2026, 4, 14)
Form = Callable[[str | None, str | None], str]


def export(code: str | None, label: str | None) -> dict[str, object]:
    ends = {"cloture.codeCloture": code, "cloture.libelleCloture": label, "cloture.dateCloture": "2026-04-14"}
    return changed(textesReponse=None, signalement=None, **{**ends, "cloture.infoJO": None})


def json_form(code: str | None, label: str | None) -> str:
    return as_json(export(code, label))


def xml_form(code: str | None, label: str | None) -> str:
    return as_xml(export(code, label))


def fiche_form(code: str | None, label: str | None) -> str:
    unanswered = {"dpr": "", "pgrep": "", "rep": "", "derr": "", "pgerrep": ""}
    return fiche(**unanswered, codret=code or "", cret=label or "", dret="15/06/1999")


def page_form(_: str | None, label: str | None) -> str:
    lines = [line for line in UNANSWERED_NOTICE.splitlines() if not line.startswith(("Date de ", "Erratum"))]
    return "\n".join(lines).replace(
        "Texte de la question", f"Question retirée le: 15/01/2014 ({label})\nTexte de la question"
    )


FORMS: dict[str, Form] = {"json": json_form, "xml": xml_form, "fiche": fiche_form, "page": page_form}
WORDS = [
    ("FM", "Fin de mandat", "lapsed"),
    ("FL", "Fin de législature", "lapsed"),
    ("AU", "Retrait à l'initiative de l'auteur", "withdrawn"),
    ("AU", "Retirée à l’initiative de l’auteur", "withdrawn"),
    ("DE", "Décès", "closed"),
    ("ID", "Cause que nul ne comprend", "unknown"),
]


def ended(text: str) -> tuple[Question, list[str]]:
    (found,), problems = read(text)
    return found, [problem.expected for problem in problems]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("code", "label", "ending"), WORDS)
def test_the_words_say_how_a_question_ended(code: str, label: str, ending: str, form: Form) -> None:
    found, _ = ended(form(code, label))
    assert found.closure
    assert str(found.closure.ending) == ending


@pytest.mark.parametrize("form", [json_form, xml_form, fiche_form])
@pytest.mark.parametrize(
    ("code", "ending"),
    [("FM", "lapsed"), ("FL", "lapsed"), ("AU", "withdrawn"), ("DE", "unknown"), ("XX", "unknown")],
)
def test_the_code_alone_says_it_too(code: str, ending: str, form: Form) -> None:
    found, _ = ended(form(code, None))
    assert found.closure
    assert str(found.closure.ending) == ending


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_end_that_is_not_understood_is_told_and_never_awaited(form: Form) -> None:
    (found,), problems = read(form("XX", "Cause que nul ne comprend"))
    assert (found.status, found.closure and found.closure.label) == ("ended", "Cause que nul ne comprend")
    told = [problem for problem in problems if problem.cause is Cause.UNKNOWN]
    assert ["Cause que nul ne comprend" in problem.found for problem in told] == [True]


def test_words_that_say_something_else_than_the_code_count_and_are_told() -> None:
    found, told = ended(json_form("FM", "Retrait à l'initiative de l'auteur"))
    assert found.status == "withdrawn"
    assert "words that say the same as the code FM" in told


def test_an_end_without_a_day_is_an_end() -> None:
    found, told = ended(fiche_form("", "Retrait à l'initiative de l'auteur").replace("15/06/1999", ""))
    assert (found.status, found.closure and found.closure.on) == ("withdrawn", None)
    assert "the day of the end" in told


@pytest.mark.parametrize(
    ("legislature", "status", "is_told"),
    [("17", "awaiting", False), ("16", "ended", True), ("15", "ended", True)],
)
def test_of_an_ended_legislature_nothing_is_awaited(legislature: str, status: str, is_told: bool) -> None:
    ids = {"identifiant.legislature": legislature, "uid": f"QANR5L{legislature}QE91"}
    found, told = ended(as_json(changed(textesReponse=None, cloture=None, signalement=None, **ids)))
    assert found.status == status
    assert any("an answer or an end" in each for each in told) is is_told


def test_that_an_answer_is_published_is_known_without_its_text() -> None:
    found, told = ended(as_json(changed(textesReponse=None, signalement=None)))
    assert (found.status, found.closure) == ("answered", None)
    assert [(answer.published.on, answer.text) for answer in found.answers] == [(date(2026, 4, 7), None)]
    assert "the text of the answer" in told


def test_an_answer_of_which_not_even_the_day_is_known_is_an_end_that_is_not() -> None:
    ends = {"cloture.dateCloture": None, "cloture.infoJO": None}
    found, told = ended(as_json(changed(textesReponse=None, signalement=None, **ends)))
    assert (found.status, found.closure and found.closure.label) == ("ended", "Réponse publiée")
    assert "an answer, or its day" in told


@pytest.mark.parametrize("closer", ["AU", "FM"])
def test_a_closer_word_for_the_same_end_is_no_contradiction(closer: str) -> None:
    (known,), _ = read(json_form(closer, None))
    (unknown,), _ = read(json_form("XX", "Clôture"))
    for accounts in ([known, unknown], [unknown, known]):
        merged = merge(accounts)
        assert merged.question
        assert merged.question.closure == known.closure
