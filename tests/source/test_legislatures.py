"""A day outside the legislature is published as printed and reported, in every form."""

import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from lod import Document, Problem, Question, read_questions
from lod.errors import Severity
from lod.model import Attribution, Closure, Ending, Erratum, JournalPage, QuestionId
from lod.source.legislatures import FIFTH_REPUBLIC, FIRST_DAYS, days_outside_legislature, legislature_period
from tests.conftest import SAMPLES
from tests.support.lives import AWAITING, CLEAR_SKIES

FORMS = sorted(path for path in (SAMPLES / "forms").iterdir() if "list" not in path.name)
ASKED = re.compile(r"07/01/2014|2014-01-07|7 janvier 2014")
ANSWERED = re.compile(r"13/05/2014|2014-05-13|13 mai 2014")


def problem_days(text: str) -> list[tuple[str | None, str]]:
    items = list(read_questions(Document("page", text.encode())))
    problems = [item for item in items if isinstance(item, Problem)]
    assert [item for item in items if isinstance(item, Question)]
    assert {problem.severity for problem in problems} <= {Severity.WARNING}
    return [(problem.place, problem.found) for problem in problems]


def with_year(day: re.Pattern[str], text: str, year: str) -> str:
    return day.sub(lambda match: match[0].replace("2014", year), text)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_question_outside_its_legislature_is_reported_in_every_form(path: Path) -> None:
    before = problem_days(text := path.read_text(encoding="utf-8"))
    for year in ("1014", "2024"):
        assert ("publication", f"{year}-01-07") not in before
        assert ("publication", f"{year}-01-07") in problem_days(with_year(ASKED, text, year))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_an_answer_outside_its_legislature_is_reported_in_every_form(path: Path) -> None:
    before = problem_days(text := path.read_text(encoding="utf-8"))
    after = problem_days(with_year(ANSWERED, text, "2114"))
    assert set(after) - set(before) == {("answer or erratum", "2114-05-13")}


def test_every_day_of_a_life_is_checked() -> None:
    on = date(2122, 6, 23)
    page = JournalPage(on=on, page="1")
    lived = replace(
        AWAITING,
        attributions=(*AWAITING.attributions, Attribution(ministry=CLEAR_SKIES, on=on)),
        renewals=(on,),
        flaggings=(on,),
        closure=Closure(ending=Ending.CLOSED, on=on, label="Question clôturée"),
        errata=(Erratum(published=page, text=None),),
    )
    assert list(days_outside_legislature(AWAITING)) == []
    assert [(remark.place, remark.expected, remark.found) for remark in days_outside_legislature(lived)] == [
        (place, "a day of the legislature 17, from 2024-07-01 to 2030-07-01", "2122-06-23")
        for place in ("attribution", "answer or erratum", "renewal", "flagging", "closure")
    ]


def test_events_up_to_a_year_late_are_not_reported() -> None:
    """The ministry in charge of a question of 2016 was part of the next legislature's government."""
    asked = replace(
        AWAITING,
        id=QuestionId(legislature=14, kind=AWAITING.id.kind, number=97236),
        published=JournalPage(on=date(2016, 7, 5), page="1"),
        attributions=(Attribution(ministry=CLEAR_SKIES, on=date(2017, 7, 5)),),
    )
    assert list(days_outside_legislature(asked)) == []
    assert (
        list(days_outside_legislature(replace(asked, published=JournalPage(on=date(2017, 6, 20), page="1"))))
        == []
    )
    assert list(
        days_outside_legislature(replace(asked, published=JournalPage(on=date(2017, 7, 4), page="1")))
    )


def test_for_an_unknown_legislature_only_certain_errors_are_reported() -> None:
    assert legislature_period(9)[:2] == (FIFTH_REPUBLIC, FIRST_DAYS[11])
    assert legislature_period(18)[:2] == (FIRST_DAYS[17], date(2034, 7, 1))
    assert legislature_period(999_999).first_day == FIRST_DAYS[17]
