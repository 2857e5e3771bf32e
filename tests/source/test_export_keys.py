"""Each key of the official exports, in JSON and in XML, fills the field that it is documented to fill.

The keys are those of the files of the Assemblée's open data; the values are invented.
"""

import copy
import html
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import pytest

from lod import Question
from lod.errors import Severity
from tests.support.reading import plain, question, read

Value = Any
WHOLE: dict[str, Value] = {
    "uid": "QANR5L17QE91",
    "identifiant": {"numero": "91", "regime": "5eme Republique", "legislature": "17"},
    "type": "QE",
    "indexationAN": {
        "rubrique": "eau",
        "teteAnalyse": None,
        "analyses": {"analyse": "Fontaines de jouvence"},
    },
    "auteur": {
        "identite": {"acteurRef": "PA9990001", "mandatRef": "PM9990002"},
        "groupe": {"organeRef": "PO9990003", "abrege": "ESSAIS", "developpe": "Groupe des Essais"},
    },
    "minInt": {"organeRef": "PO9990004", "abrege": "Faune", "developpe": "Ministère de la faune"},
    "minAttribs": {
        "minAttrib": [
            {
                "infoJO": {"typeJO": "JO_QUESTION", "dateJO": "2026-01-06", "pageJO": None},
                "denomination": {
                    "organeRef": "PO9990004",
                    "abrege": "Faune",
                    "developpe": "Ministère de la faune",
                },
            },
            {
                "infoJO": {"typeJO": "JO_LOI_DECRET", "dateJO": "2026-02-03", "pageJO": None},
                "denomination": {
                    "organeRef": "PO9990005",
                    "abrege": "Eaux",
                    "developpe": "Ministère des eaux",
                },
            },
        ]
    },
    "textesQuestion": {
        "texteQuestion": {
            "infoJO": {"typeJO": "JO_QUESTION", "dateJO": "2026-01-06", "pageJO": "12"},
            "texte": "Qui veille sur les fontaines ?",
            "erratum": "Lire : « les sources ».",
        }
    },
    "textesReponse": {
        "texteReponse": {
            "infoJO": {"typeJO": "JO_QUESTION", "dateJO": "2026-04-07", "pageJO": "34"},
            "texte": "Les communes.",
            "erratum": "Lire : « Les villes ».",
        }
    },
    "cloture": {
        "codeCloture": "REP_PUB",
        "libelleCloture": "Réponse publiée",
        "dateCloture": "2026-04-07",
        "infoJO": {"typeJO": "JO_QUESTION", "dateJO": "2026-04-07", "pageJO": "30"},
    },
    "signalement": {
        "dateDepotSignal": "2026-03-24",
        "infoJO": {"typeJO": "JO_QUESTION", "dateJO": "2026-03-31", "pageJO": None},
    },
}
FIELDS: dict[str, tuple[Value, Callable[[Question], Value], Value]] = {
    "indexationAN.rubrique": ("eaux vives", lambda q: q.rubric, "eaux vives"),
    "indexationAN.analyses.analyse": ("Sources", lambda q: q.title, "Sources"),
    "auteur.identite.acteurRef": ("PA7", lambda q: q.author.official_id, "PA7"),
    "auteur.identite.mandatRef": ("PM7", lambda q: q.author.mandate_id, "PM7"),
    "auteur.groupe.organeRef": ("PO7", lambda q: q.author.group and q.author.group.official_id, "PO7"),
    "auteur.groupe.abrege": ("SONGES", lambda q: q.author.group and q.author.group.abbreviation, "SONGES"),
    "auteur.groupe.developpe": (
        "Groupe des Songes",
        lambda q: q.author.group and q.author.group.label,
        "Groupe des Songes",
    ),
    "minInt.organeRef": ("PO8", lambda q: q.ministry_asked and q.ministry_asked.official_id, "PO8"),
    "minInt.abrege": ("Flore", lambda q: q.ministry_asked and q.ministry_asked.label, "Flore"),
    "minInt.developpe": (
        "Ministère de la flore",
        lambda q: q.ministry_asked and q.ministry_asked.full_name,
        "Ministère de la flore",
    ),
    "minAttribs.minAttrib.1.infoJO.typeJO": ("JO_DEBAT", lambda q: str(q.attributions[1].journal), "debates"),
    "minAttribs.minAttrib.1.infoJO.dateJO": ("2026-02-10", lambda q: q.attributions[1].on, date(2026, 2, 10)),
    "minAttribs.minAttrib.1.denomination.organeRef": (
        "PO9",
        lambda q: q.attributions[1].ministry.official_id,
        "PO9",
    ),
    "minAttribs.minAttrib.1.denomination.abrege": (
        "Mers",
        lambda q: q.attributions[1].ministry.label,
        "Mers",
    ),
    "minAttribs.minAttrib.1.denomination.developpe": (
        "Les mers",
        lambda q: q.attributions[1].ministry.full_name,
        "Les mers",
    ),
    "textesQuestion.texteQuestion.infoJO.typeJO": ("JO_DEBAT", lambda q: str(q.published.journal), "debates"),
    "textesQuestion.texteQuestion.infoJO.dateJO": ("2026-01-13", lambda q: q.published.on, date(2026, 1, 13)),
    "textesQuestion.texteQuestion.infoJO.pageJO": ("13", lambda q: q.published.page, "13"),
    "textesQuestion.texteQuestion.texte": ("Pourquoi ?", lambda q: plain(q.text), "Pourquoi ?"),
    "textesQuestion.texteQuestion.erratum": (
        "Lire autrement.",
        lambda q: plain(q.errata[0].text),
        "Lire autrement.",
    ),
    "textesQuestion.texteQuestion.infoJO.numJO": ("20260001", lambda q: q.published.number, "1"),
    "minAttribs.minAttrib.1.infoJO.numJO": ("20260131", lambda q: q.attributions[1].number, "131"),
    "textesReponse.texteReponse.infoJO.numJO": ("20260012", lambda q: q.answers[0].published.number, "12"),
    "renouvellements.renouvellement": (
        [{"dateRenouvellement": "2026-03-10"}, {"infoJO": {"typeJO": "JO_QUESTION", "dateJO": "2026-03-03"}}],
        lambda q: q.renewals,
        (date(2026, 3, 3), date(2026, 3, 10)),
    ),
    "textesReponse.texteReponse.infoJO.pageJO": ("35", lambda q: q.answers[0].published.page, "35"),
    "textesReponse.texteReponse.texte": ("Les villes.", lambda q: plain(q.answers[0].text), "Les villes."),
    "textesReponse.texteReponse.erratum": ("Autre.", lambda q: plain(q.answers[0].errata[0].text), "Autre."),
    "signalement.dateDepotSignal": ("2026-03-25", lambda q: q.flaggings, (date(2026, 3, 25),)),
}
"""For each key: another value, the field that it fills, what the field is then."""

TOGETHER: dict[str, tuple[dict[str, Value], Callable[[Question], Value], Value]] = {
    "identifiant.numero": (
        {"identifiant.numero": "92", "uid": "QANR5L17QE92"},
        lambda q: q.id.number,
        92,
    ),
    "identifiant.legislature": (
        {"identifiant.legislature": "16", "uid": "QANR5L16QE91"},
        lambda q: q.id.legislature,
        16,
    ),
    "type": ({"type": "QOSD", "uid": "QANR5L17QOSD91"}, lambda q: str(q.id.kind), "QOSD"),
    "textesReponse.texteReponse.infoJO.dateJO": (
        {
            "textesReponse.texteReponse.infoJO.dateJO": "2026-04-14",
            "cloture.dateCloture": "2026-04-14",
            "cloture.infoJO.dateJO": "2026-04-14",
        },
        lambda q: q.answers[0].published.on,
        date(2026, 4, 14),
    ),
    "textesReponse.texteReponse.infoJO.typeJO": (
        {"textesReponse.texteReponse.infoJO.typeJO": "JO_DEBAT", "cloture.infoJO.typeJO": "JO_DEBAT"},
        lambda q: str(q.answers[0].published.journal),
        "debates",
    ),
    "cloture.codeCloture": (
        {"textesReponse": None, "cloture.codeCloture": "FM", "cloture.libelleCloture": "Fin de mandat"},
        lambda q: str(q.status),
        "lapsed",
    ),
    "cloture.libelleCloture": (
        {"textesReponse": None, "cloture.codeCloture": "FM", "cloture.libelleCloture": "Fin du mandat"},
        lambda q: q.closure and q.closure.label,
        "Fin du mandat",
    ),
    "cloture.dateCloture": (
        {
            "textesReponse": None,
            "cloture.codeCloture": "FM",
            "cloture.dateCloture": "2026-06-11",
            "cloture.infoJO": None,
        },
        lambda q: q.closure and q.closure.on,
        date(2026, 6, 11),
    ),
}
"""Keys whose value another one repeats: the values to change together, the field, what it is then."""

OTHERWISE = {
    "uid": "QANR5L17QE92",
    "cloture.dateCloture": "2026-04-08",
    "cloture.infoJO.dateJO": "2026-04-08",
    "cloture.infoJO.typeJO": "JO_DEBAT",
    "newKey": "x",
    "auteur.newKey": "x",
    "renouvellements.renouvellement": "2026-03-03",
    "textesQuestion.texteQuestion.infoJO.numJO": "12",
    "minAttribs.minAttrib.0.infoJO.numJO": "20250012",
    "textesReponse.texteReponse.infoJO.numJO": "20260000",
}
"""What says the same as another key, or is not known: another value is told."""

UNREAD = {
    "identifiant.regime": "5ème République",
    "cloture.infoJO.pageJO": "31",
    "signalement.infoJO.typeJO": "JO_DEBAT",
    "signalement.infoJO.dateJO": "2026-04-01",
    "signalement.infoJO.pageJO": "3",
    "signalement.infoJO.numJO": "20260013",
    "cloture.infoJO.numJO": "20260014",
    "minAttribs.minAttrib.1.infoJO.urlLegifrance": "https://www.legifrance.gouv.fr/jorf/id/x",
    "minAttribs.minAttrib.1.infoJO.referenceNOR": "PRMX2600001D",
    "textesReponse.texteReponse.infoJO.urlLegifrance": "https://www.legifrance.gouv.fr/jorf/id/x",
}
"""What is read and left out for a reason: another value changes nothing."""

BEFORE_15TH: dict[str, Value] = {
    "identifiant.legislature": "14",
    "uid": "QANR5L14QE91",
    "indexationAN.teteAnalyse": "fontaines",
    "indexationAN.analyses.analyse": ["jouvence", "entretien"],
}


def changed(**changes: Value) -> dict[str, Value]:
    """Return the whole question with other values at some paths."""
    whole = copy.deepcopy(WHOLE)
    for path, value in changes.items():
        *above, last = path.split(".")
        place: Value = whole
        for key in above:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        place[last] = value
    return whole


def as_json(value: Value) -> str:
    return json.dumps({"question": value})


def as_xml(value: Value) -> str:
    """Return the XML of the same question: namespace and names as the exports have them."""
    space = "http://schemas.assemblee-nationale.fr/referentiel"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<question xmlns="{space}">{elements(value)}</question>'


def elements(value: dict[str, Value]) -> str:
    return "".join(element(name, each) for name, each in value.items())


def element(name: str, value: Value) -> str:
    if isinstance(value, list):
        return "".join(element(name, each) for each in value)
    inner = elements(value) if isinstance(value, dict) else html.escape(value or "")
    return f"<{name}>{inner}</{name}>"


FORMS = pytest.mark.parametrize("form", [as_json, as_xml])
Form = Callable[[Value], str]


@FORMS
def test_a_whole_question_is_read_without_a_problem(form: Form) -> None:
    asked = question(form(WHOLE))
    assert (asked.id.uid, str(asked.status)) == ("QANR5L17QE91", "answered")


@FORMS
@pytest.mark.parametrize("key", FIELDS)
def test_a_key_fills_its_field(key: str, form: Form) -> None:
    value, field, expected = FIELDS[key]
    assert field(question(form(WHOLE))) != expected
    assert field(question(form(changed(**{key: value})))) == expected


@FORMS
@pytest.mark.parametrize("key", TOGETHER)
def test_a_key_that_another_repeats_fills_its_field(key: str, form: Form) -> None:
    changes, field, expected = TOGETHER[key]
    assert field(question(form(WHOLE))) != expected
    (found, *_), _ = read(form(changed(**changes)))
    assert field(found) == expected


@FORMS
@pytest.mark.parametrize("key", OTHERWISE)
def test_what_is_unknown_or_contradicts_another_key_is_told(key: str, form: Form) -> None:
    _, problems = read(form(changed(**{key: OTHERWISE[key]})))
    assert problems


@FORMS
@pytest.mark.parametrize("key", UNREAD)
def test_what_is_left_out_changes_nothing(key: str, form: Form) -> None:
    assert question(form(changed(**{key: UNREAD[key]}))) == question(form(WHOLE))


@FORMS
def test_before_the_15th_legislature_the_head_is_the_title_and_analyses_are_keywords(form: Form) -> None:
    (asked,), _ = read(form(changed(**BEFORE_15TH)))
    assert (asked.title, asked.keywords) == ("fontaines", ("fontaines", "jouvence", "entretien"))


@FORMS
def test_no_head_of_analysis_is_no_title(form: Form) -> None:
    (asked,), _ = read(form(changed(**(BEFORE_15TH | {"indexationAN.teteAnalyse": "aucune tête d'analyse"}))))
    assert (asked.title, asked.keywords) == (None, ("jouvence", "entretien"))


@FORMS
def test_the_15th_legislature_has_its_titles_in_another_element(form: Form) -> None:
    whole = changed(**{"identifiant.legislature": "15", "uid": "QANR5L15QE91"})
    whole["indexationAN"] = {"rubrique": "eau", "ANALYSE": {"ANA": "Fontaines"}}
    (asked,), _ = read(form(whole))
    assert asked.title == "Fontaines"


@FORMS
@pytest.mark.parametrize(
    ("code", "ending"),
    [("FM", "lapsed"), ("FL", "lapsed"), ("AU", "withdrawn"), ("DE", "unknown"), ("ID", "unknown")],
)
def test_a_code_of_closure_is_an_ending(code: str, ending: str, form: Form) -> None:
    whole = changed(textesReponse=None, **{"cloture.codeCloture": code, "cloture.libelleCloture": "Clôture"})
    (asked,), _ = read(form(whole))
    assert asked.closure
    assert (str(asked.closure.ending), asked.closure.label) == (ending, "Clôture")


@FORMS
@pytest.mark.parametrize(
    ("code", "journal"), [("JO_QUESTION", "questions"), ("JO_LOI_DECRET", "laws"), ("JO_DEBAT", "debates")]
)
def test_a_code_of_the_journal_is_a_series(code: str, journal: str, form: Form) -> None:
    asked = question(form(changed(**{"minAttribs.minAttrib.1.infoJO.typeJO": code})))
    assert str(asked.attributions[1].journal) == journal


@FORMS
@pytest.mark.parametrize(
    "key",
    ["uid", "type", "identifiant.numero", "identifiant.legislature"],
)
def test_a_question_without_a_key_that_names_it_is_refused(key: str, form: Form) -> None:
    whole = changed(**{key: None})
    found, problems = read(form(whole))
    assert (found, len(problems)) == ([], 1)
    assert key in str(problems[0].place)


def leaves(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """Yield the path and the value of each text of nested values."""
    items: Iterable[tuple[Any, Value]] = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    if not isinstance(value, dict | list) and value is not None:
        yield path, value
    for key, inner in items:
        yield from leaves(inner, f"{path}.{key}" if path else str(key))


def every_path(value: Value, path: str = "") -> Iterator[str]:
    """Yield the path of each value that is not missing, nested ones and texts."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        here = f"{path}.{key}" if path else str(key)
        if inner is not None:
            yield here
        if isinstance(inner, dict | list):
            yield from every_path(inner, here)


def value_at(path: str) -> Value:
    place: Value = WHOLE
    for key in path.split("."):
        place = place[int(key)] if isinstance(place, list) else place[key]
    return place


@pytest.mark.parametrize("path", [path for path in every_path(WHOLE) if not path[-1].isdecimal()])
def test_a_list_of_one_is_its_value(path: str) -> None:
    value = value_at(path)
    for listed in ([value], [None, value], [value, {"@xsi:nil": "true"}], [[value]]):
        assert question(as_json(changed(**{path: listed}))) == question(as_json(WHOLE))


IDENTITY = ("uid", "type", "identifiant.numero", "identifiant.legislature")
AUTHOR = "auteur.identite.acteurRef"
"""What a question cannot be published without; without its author, it can."""


@FORMS
@pytest.mark.parametrize(
    "damage", [None, "?", "31 février 2026"], ids=["missing", "not understood", "no day"]
)
@pytest.mark.parametrize("path", [path for path, _ in leaves(WHOLE) if path not in IDENTITY])
def test_damage_to_any_one_part_costs_that_part_alone(path: str, damage: str | None, form: Form) -> None:
    whole = question(form(WHOLE))
    (found,), problems = read(form(changed(**{path: damage})))
    assert found.id == whole.id
    assert found.author.official_id == (None if path == AUTHOR else whole.author.official_id)
    assert len(found.answers) == 1
    any_value = ("texte", "erratum", "libelleCloture", "abrege", "developpe", "analyse", "rubrique")
    optional = ("mandatRef", "organeRef")
    assert problems or found == whole or path.endswith(any_value if damage else any_value + optional)


@FORMS
def test_all_flaggings_are_kept(form: Form) -> None:
    two = [{"dateDepotSignal": "2026-03-31"}, {"dateDepotSignal": "2026-03-24"}]
    assert question(form(changed(signalement=two))).flaggings == (date(2026, 3, 24), date(2026, 3, 31))


@FORMS
def test_the_first_text_dates_the_question_and_a_later_one_is_an_erratum(form: Form) -> None:
    pages = [{"typeJO": "JO_QUESTION", "dateJO": day, "pageJO": "12"} for day in ("2026-01-06", "2026-01-20")]
    texts = [{"infoJO": pages[1], "texte": "Révisé."}, {"infoJO": pages[0], "texte": "Initial."}]
    asked = question(form(changed(textesQuestion={"texteQuestion": texts})))
    assert (asked.published.on, plain(asked.text)) == (date(2026, 1, 6), "Initial.")
    assert [(e.published and e.published.on, plain(e.text)) for e in asked.errata] == [
        (date(2026, 1, 20), "Révisé.")
    ]


@FORMS
def test_the_second_analysis_is_not_lost(form: Form) -> None:
    asked = question(form(changed(**{"indexationAN.analyses.analyse": ["Fontaines", "Sources"]})))
    assert (asked.title, asked.keywords) == ("Fontaines", ("Sources",))


@FORMS
def test_attributions_are_in_the_order_of_their_days(form: Form) -> None:
    listed = changed()["minAttribs"]["minAttrib"]
    (asked,), problems = read(form(changed(minAttribs={"minAttrib": listed[::-1]})))
    assert asked.attributions == question(form(WHOLE)).attributions
    assert [problem.found for problem in problems] == ["another order"]
    assert asked.in_charge
    assert asked.in_charge.label == "Eaux"


@FORMS
@pytest.mark.parametrize("text", [None, "<p><br/></p>", " "])
def test_an_answer_without_words_is_an_answer(text: str | None, form: Form) -> None:
    (asked,), problems = read(form(changed(**{"textesReponse.texteReponse.texte": text})))
    assert [(answer.published.on, answer.text) for answer in asked.answers] == [(date(2026, 4, 7), None)]
    assert "the text of the answer" in [problem.expected for problem in problems]


@FORMS
def test_an_answer_that_is_a_picture_is_published_and_reported(form: Form) -> None:
    picture = {"textesReponse.texteReponse.texte": '<img src="/annexe.png">'}
    (asked,), problems = read(form(changed(**picture)))
    assert [plain(answer.text) for answer in asked.answers] == ["[image]"]
    assert "a text without pictures" in [problem.expected for problem in problems]


@FORMS
def test_an_answer_before_its_question_is_published_without_a_response_time(form: Form) -> None:
    days = {
        "textesReponse.texteReponse.infoJO.dateJO": "2026-01-05",
        "cloture.dateCloture": "2026-01-05",
        "cloture.infoJO.dateJO": "2026-01-05",
    }
    (asked,), _ = read(form(changed(**days)))
    assert asked.days_to(asked.answers[0]) is None


def test_dates_of_the_xml_may_be_written_as_pages_write_them() -> None:
    asked = question(as_xml(changed(**{"signalement.dateDepotSignal": "25/03/2026"})))
    assert asked.flaggings == (date(2026, 3, 25),)


QUESTION_TIME = changed(
    uid="QANR5L17QG91",
    type="QG",
    textesQuestion=None,
    signalement=None,
    **{
        "textesReponse.texteReponse.infoJO": {"typeJO": "JO_DEBAT", "dateJO": "2026-04-07", "pageJO": None},
        "cloture.infoJO": {"typeJO": "JO_DEBAT", "dateJO": "2026-04-07", "pageJO": "30"},
    },
)


@FORMS
def test_at_question_time_the_page_is_that_of_the_closure(form: Form) -> None:
    asked = question(form(QUESTION_TIME))
    assert (asked.text, asked.published.page, asked.answers[0].published.page) == (None, "30", "30")
    assert asked.published.on == date(2026, 4, 7)


LISTS: dict[str, Callable[[list[Value]], str]] = {
    "a list": json.dumps,
    "a list of objects with one key": lambda some: json.dumps([{"question": each} for each in some]),
    "named lists": lambda some: json.dumps({"questions": {"question": some}}),
    "the list of the 14th legislature": lambda some: json.dumps({"questionsGvt": {"question": some}}),
    "XML": lambda some: (
        f"<questionsEcrites>{''.join(f'<question>{elements(s)}</question>' for s in some)}</questionsEcrites>"
    ),
}


@pytest.mark.parametrize("form", LISTS)
def test_several_questions_are_read_from_one_document(form: str) -> None:
    some = [changed(**{"identifiant.numero": str(n), "uid": f"QANR5L17QE{n}"}) for n in (91, 92, 93)]
    found, problems = read(LISTS[form](some))
    assert problems == []
    assert [each.id.number for each in found] == [91, 92, 93]


@FORMS
def test_the_issue_of_a_closure_must_be_that_of_the_answer(form: Form) -> None:
    numbers = {"textesReponse.texteReponse.infoJO.numJO": "20260012", "cloture.infoJO.numJO": "20260012"}
    assert question(form(changed(**numbers))).answers[0].published.number == "12"
    _, [problem] = read(form(changed(**(numbers | {"cloture.infoJO.numJO": "20260013"}))))
    assert (problem.place, problem.found) == ("cloture.infoJO.numJO", "« 13 »")


@FORMS
@pytest.mark.parametrize(
    ("key", "place", "missing", "kind"),
    [
        ("auteur.identite.acteurRef", "auteur.identite.acteurRef", "the author", "author-missing"),
        ("minInt", "minInt", "the ministry asked", "ministry-missing"),
        ("minAttribs", "minAttribs", "a ministry in charge", "ministry-missing"),
        ("textesQuestion.texteQuestion.texte", "question", "the text of the question", "text-missing"),
        ("textesQuestion", "question", "the text of the question", "text-missing"),
        ("textesReponse.texteReponse.texte", "answer", "the text of the answer", "text-missing"),
    ],
)
def test_a_part_that_is_missing_costs_only_itself_and_is_told(
    key: str, place: str, missing: str, kind: str, form: Form
) -> None:
    (found,), problems = read(form(changed(**{key: None})))
    assert found.id.uid == "QANR5L17QE91"
    assert (place, missing, "nothing", kind) in [(p.place, p.expected, p.found, p.kind) for p in problems]
    assert {problem.severity for problem in problems} == {Severity.WARNING}


@FORMS
@pytest.mark.parametrize("key", ["minAttribs.minAttrib.1.infoJO.dateJO", "auteur.identite.mandatRef"])
def test_a_part_that_is_not_valid_costs_only_itself_and_is_told(key: str, form: Form) -> None:
    (found,), problems = read(form(changed(**{key: "x"})))
    assert found.id.uid == "QANR5L17QE91"
    assert [problem.found for problem in problems][:1] == ["« x »"]


@FORMS
@pytest.mark.parametrize("suffix", ["+01:00", "Z", "+02:00", "T00:00:00", "T00:00:00.000+01:00"])
def test_a_time_zone_does_not_move_a_day(suffix: str, form: Form) -> None:
    day = WHOLE["textesQuestion"]["texteQuestion"]["infoJO"]["dateJO"]
    zoned = changed(**{"textesQuestion.texteQuestion.infoJO.dateJO": f"{day}{suffix}"})
    assert question(form(zoned)) == question(form(WHOLE))


@FORMS
@pytest.mark.parametrize("suffix", ["T23:00:00Z", "+1", " 00:00", "T00:00:01"])
def test_a_time_that_may_be_of_another_day_is_not_read(suffix: str, form: Form) -> None:
    place = "textesQuestion.texteQuestion.infoJO.dateJO"
    day = WHOLE["textesQuestion"]["texteQuestion"]["infoJO"]["dateJO"]
    (found,), problems = read(form(changed(**{place: f"{day}{suffix}"})))
    assert found.published.on == found.attributions[0].on
    assert {place, "textesQuestion"} <= {problem.place for problem in problems}
