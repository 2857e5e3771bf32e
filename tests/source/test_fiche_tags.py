"""Each tag of a « fiche question » (up to the 13th legislature) fills the field it is documented to fill."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lod import Question
from lod.finding import Finding
from tests.support.reading import plain, question, read

Value = Any
TAGS = {
    "leg": "11ème législature",
    "num": "91",
    "civ": "Mme",
    "aut": "Chimère Ondine",
    "groupe": "Groupe des Essais",
    "dept": "Corse-du-Sud",
    "nat": "QE",
    "ret": "",
    "dret": "",
    "cret": "",
    "mini": "faune inventée",
    "mina": "eaux vives",
    "dpq": "02/02/1998",
    "pgq": "9101",
    "dpr": "04/05/1998",
    "pgrep": "9201",
    "derq": "09/02/1998",
    "pgerq": "9110",
    "derr": "11/05/1998",
    "pgerrep": "9210",
    "dsign": "20/04/1998",
    "draps": "",
    "dca": "23/03/1998",
    "rub": "sources",
    "tana": "fontaines",
    "ana": "entretien. jouvence",
    "quest": "<html>Qui veille ?</html>",
    "rep": "<html>Les communes.</html>",
    "grp": "ESS",
    "nleg": "11",
    "codret": "REP_PUB",
    "reg": "Région imaginaire",
    "reponse": "O",
}
FIELDS: dict[str, tuple[str, Callable[[Question], Value], Value]] = {
    "num": ("92", lambda q: q.id.number, 92),
    "nat": ("QOSD", lambda q: str(q.id.kind), "QOSD"),
    "civ": ("M.", lambda q: q.author.civility, "M."),
    "aut": ("Modèle Aimé", lambda q: q.author.name, "Modèle Aimé"),
    "groupe": ("Autre groupe", lambda q: q.author.group and q.author.group.label, "Autre groupe"),
    "grp": ("X", lambda q: q.author.group and q.author.group.abbreviation, "X"),
    "dept": ("Ain", lambda q: q.author.departement, "01"),
    "mini": ("flore", lambda q: q.ministry_asked and q.ministry_asked.label, "flore"),
    "mina": ("mers", lambda q: q.attributions[0].ministry.label, "mers"),
    "dpq": ("03/02/1998", lambda q: q.published.on, date(1998, 2, 3)),
    "pgq": ("9102", lambda q: q.published.page, "9102"),
    "dpr": ("05/05/1998", lambda q: q.answers[0].published.on, date(1998, 5, 5)),
    "pgrep": ("9202", lambda q: q.answers[0].published.page, "9202"),
    "derq": ("10/02/1998", lambda q: (e := q.errata[0].published) and e.on, date(1998, 2, 10)),
    "pgerq": ("9111", lambda q: (e := q.errata[0].published) and e.page, "9111"),
    "derr": ("12/05/1998", lambda q: (e := q.answers[0].errata[0].published) and e.on, date(1998, 5, 12)),
    "pgerrep": ("9211", lambda q: (e := q.answers[0].errata[0].published) and e.page, "9211"),
    "dsign": ("21/04/1998", lambda q: q.flaggings, (date(1998, 4, 21),)),
    "draps": ("02/03/1998", lambda q: q.renewals, (date(1998, 3, 2),)),
    "dca": ("24/03/1998", lambda q: q.attributions[0].on, date(1998, 3, 24)),
    "rub": ("lacs", lambda q: q.rubric, "lacs"),
    "tana": ("bassins", lambda q: q.title, "bassins"),
    "ana": ("veille. soin", lambda q: q.keywords, ("fontaines", "veille", "soin")),
    "quest": ("Pourquoi ?", lambda q: plain(q.text), "Pourquoi ?"),
    "rep": ("Les villes.", lambda q: plain(q.answers[0].text), "Les villes."),
}
"""For each tag: another value, the field that it fills, what the field is then."""

UNREAD = {"reg": "Autre région", "reponse": "N"}
"""The region of the day of export: read, and left out."""

TOLD = {"nleg": "12", "codret": "NOUVEAU", "comprep": "x", "nouveau": "x"}
"""What is not known, or contradicts another tag."""


def fiche(**changes: str) -> str:
    fields = "\n".join(f"<{tag}>{value}</{tag}>" for tag, value in (TAGS | changes).items())
    return f"<html><body><title>FICHE QUESTION</title>\n{fields}\n</body></html>"


def test_a_whole_fiche_is_read_without_a_problem() -> None:
    assert question(fiche()).id.uid == "QANR5L11QE91"


@pytest.mark.parametrize("tag", FIELDS)
def test_a_tag_fills_its_field(tag: str) -> None:
    value, field, expected = FIELDS[tag]
    assert field(question(fiche())) != expected
    (found,), problems = read(fiche(**{tag: value}))
    assert field(found) == expected
    assert [problem.kind for problem in problems] == ([Finding.SERIES_UNKNOWN] if tag == "nat" else [])


def test_the_legislature_is_said_in_two_tags() -> None:
    found = question(fiche(leg="10ème législature", nleg="10", dpq="05/02/1996", dpr="06/05/1996"))
    assert found.id.legislature == 10


def test_the_group_of_a_later_legislature_is_that_of_the_day_of_export() -> None:
    days = {tag: value.replace("1998", "2004") for tag, value in TAGS.items() if value.endswith("/1998")}
    found = question(fiche(leg="12ème législature", nleg="12", **days))
    assert (found.id.legislature, found.author.group) == (12, None)


@pytest.mark.parametrize("tag", UNREAD)
def test_what_is_left_out_changes_nothing(tag: str) -> None:
    assert question(fiche(**{tag: UNREAD[tag]})) == question(fiche())


@pytest.mark.parametrize("tag", TOLD)
def test_what_is_unknown_or_contradicts_another_tag_is_told(tag: str) -> None:
    _, problems = read(fiche(**{tag: TOLD[tag]}))
    assert tag in {problem.place for problem in problems}


@pytest.mark.parametrize(
    ("tags", "ending", "label"),
    [
        ({"codret": "FL", "cret": "Fin de législature"}, "lapsed", "Fin de mandat"),
        ({"codret": "", "cret": "Fin de mandat"}, "lapsed", "Fin de mandat"),
        ({"codret": "", "cret": "à l'initiative de l'auteur"}, "withdrawn", "à l'initiative de l'auteur"),
        ({"codret": "", "cret": ""}, "withdrawn", "Question retirée"),
    ],
)
def test_the_tags_of_the_end_say_how_the_question_ended(
    tags: dict[str, str], ending: str, label: str
) -> None:
    (found,), _ = read(fiche(dpr="", pgrep="", rep="", derr="", pgerrep="", dret="15/06/1999", **tags))
    assert found.closure
    assert (str(found.closure.ending), found.closure.on, found.closure.label) == (
        ending,
        date(1999, 6, 15),
        label,
    )


ALWAYS = (
    "civ",
    "pgq",
    "tana",
    "ana",
    "derq",
    "pgerq",
    "derr",
    "pgerrep",
    "dsign",
    "draps",
    "dca",
    "ret",
    "dret",
    "cret",
)


@pytest.mark.parametrize("tag", [*ALWAYS, "codret"])
def test_a_tag_that_every_fiche_has_is_missed(tag: str) -> None:
    text = fiche().replace(f"<{tag}>{TAGS[tag]}</{tag}>", "")
    _, problems = read(text)
    assert problems


IDENTITY = ("leg", "nleg", "num", "nat", "aut", "dpq")
"""The tags without which a question cannot be published, or is another one."""


@pytest.mark.parametrize("damage", ["", "?", "31 février 1998"], ids=["missing", "not understood", "no day"])
@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag not in IDENTITY])
def test_damage_to_any_one_tag_costs_that_part_alone(tag: str, damage: str) -> None:
    whole = question(fiche())
    (found,), problems = read(fiche(**{tag: damage}))
    assert (found.id, found.author.name) == (whole.id, whole.author.name)
    names = ("mini", "mina", "rub", "tana", "ana", "quest", "rep", "civ", "groupe", "grp")
    optional = ("derq", "pgerq", "derr", "pgerrep", "dsign", "dca", "codret")
    assert problems or found == whole or tag in names or (not damage and tag in optional)
