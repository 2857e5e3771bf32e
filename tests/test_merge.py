"""Accounts of one question become one: agreeing facts once, the more complete counts, the rest is told."""

import itertools
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from lod.errors import Severity
from lod.merge import merge
from lod.model import (
    Answer,
    Attribution,
    Erratum,
    Group,
    JournalPage,
    Ministry,
    Question,
    Seat,
    Source,
    Text,
)
from tests.support.lives import ANSWERED, AWAITING

OLD = replace(ANSWERED, answers=(), renewals=(), flaggings=(), attributions=ANSWERED.attributions[:1])


def account(question: Question, name: str, **changes: Any) -> Question:
    """Let a document of this name say what the question says, but for these changes."""
    source = Source(digest=f"{sum(map(ord, name)):064x}", name=name)
    return replace(question, sources=(source,), **changes)


def export(question: Question, name: str, dated: date | None = None, **changes: Any) -> Question:
    """Let an official export say it, of a day if that is known."""
    said = account(question, name, **changes)
    return replace(said, sources=(replace(said.sources[0], dated=dated, export=True),))


def of_every_order(*accounts: Question) -> tuple[Question, list[str]]:
    """Merge accounts in every order, which must not matter, and return the question and what is told."""
    merged = [merge(order) for order in itertools.permutations(accounts)]
    told = {tuple(sorted(map(str, one.problems))) for one in merged}
    assert len(told) == 1
    [question] = {repr(one.question): one.question for one in merged}.values()
    assert question, told
    return question, [*told.pop()]


def test_the_same_account_given_twice_changes_nothing() -> None:
    merged = merge([account(ANSWERED, "a"), account(ANSWERED, "b")])
    assert (merged.question, merged.problems) == (ANSWERED, [])
    assert merged.question
    assert [source.name for source in merged.question.sources] == ["a", "b"]


@pytest.mark.parametrize(
    ("less", "more"),
    [
        pytest.param({"title": None}, {}, id="a title"),
        pytest.param({"published": JournalPage(on=ANSWERED.published.on, page=None)}, {}, id="a page"),
        pytest.param({"keywords": ("sable",)}, {"keywords": ("oasis", "sable")}, id="keywords"),
        pytest.param(
            {"ministry_asked": Ministry(label="Beaux temps et éclaircies")}, {}, id="a ministry's id"
        ),
        pytest.param({"author": AWAITING.author}, {}, id="who the author is"),
        pytest.param({"text": Text(plain="Un. Deux.")}, {"text": Text(plain="Un.\nDeux.")}, id="paragraphs"),
        pytest.param(
            {"text": Text(plain="Un.\nDeux.")},
            {"text": Text(plain="Un. Deux.", html="<p>Un. <em>Deux.</em></p>")},
            id="structure",
        ),
        pytest.param({"renewals": (), "flaggings": ()}, {}, id="events"),
        pytest.param(
            {"attributions": (Attribution(ministry=ANSWERED.attributions[1].ministry, on=None),)},
            {},
            id="the day of an attribution",
        ),
    ],
)
def test_the_more_complete_account_counts(less: dict[str, Any], more: dict[str, Any]) -> None:
    full = replace(
        ANSWERED, ministry_asked=Ministry(label="Beaux temps et éclaircies", official_id="PO1"), **more
    )
    for order in itertools.permutations([account(full, "full"), account(full, "less", **less)]):
        merged = merge(order)
        assert (merged.question, merged.problems) == (full, [])


def test_typography_is_no_contradiction() -> None:
    other = account(ANSWERED, "b", rubric="environnement", title="Horaires  des marées\u00a0imaginaires")
    assert merge([account(ANSWERED, "a"), other]).problems == []


def test_an_older_account_gives_way_and_is_told() -> None:
    for order in itertools.permutations([account(ANSWERED, "new"), account(OLD, "old", rubric="Transports")]):
        merged = merge(order)
        assert merged.question == ANSWERED
        [told] = merged.problems
        assert (told.document, told.severity, told.place) == ("old", Severity.WARNING, "rubric")
        assert str(told).startswith("old, rubric: expected « Environnement » as in new (sha256 ")
        assert told.found == "« Transports »"


def test_accounts_of_one_day_that_differ_are_all_rejected_whatever_the_order() -> None:
    accounts = [account(ANSWERED, "a"), account(ANSWERED, "b", rubric="Transports"), account(OLD, "c")]
    told = [merge(order) for order in itertools.permutations(accounts)]
    assert all(merged.question is None for merged in told)
    assert len({tuple(sorted(merged.problems)) for merged in told}) == 1
    assert {(p.document, p.severity) for p in told[0].problems} == {
        (name, Severity.REJECTED) for name in "abc"
    }


def test_older_accounts_that_contradict_each_other_are_not_chosen_between() -> None:
    accounts = [account(OLD, "b", rubric="eau"), account(OLD, "c", rubric="forêts")]
    for order in itertools.permutations([account(ANSWERED, "a", rubric=None), *accounts]):
        merged = merge(order)
        assert merged.question is None
        assert {problem.place for problem in merged.problems} == {"rubric"}


def test_the_account_that_says_otherwise_is_the_one_that_is_named() -> None:
    newest = account(ANSWERED, "newest", rubric=None)
    middle = account(replace(ANSWERED, answers=()), "middle", rubric="eau")
    merged = merge([newest, middle, account(OLD, "oldest", rubric="forêts")])
    assert merged.question
    assert merged.question.rubric == "eau"
    [told] = merged.problems
    assert str(told).startswith("oldest, rubric: expected « eau » as in middle (sha256 ")


def test_the_order_of_an_authors_names_is_no_contradiction() -> None:
    turned = replace(ANSWERED.author, name="Exemple Zéphyrine")
    assert merge([account(ANSWERED, "a"), account(ANSWERED, "b", author=turned)]).problems == []


ANSWER = ANSWERED.answers[0]
PAGE_MARKS = {
    "bullets": ("trois points : premier ; second.", "trois points :\n* premier ;\n* second."),
    "numbers": ("premier\nsecond", "1. premier\n2. second"),
    "table": ("Année\tNombre\n2024\t12", "| Année | Nombre |\n| --- | --- |\n| 2024 | 12 |"),
    "superscript": ("sur 12 m²", "sur 12 m^2"),
    "link": ("voir ici (https://example.org/a)", "voir [ici](https://example.org/a)"),
    "escapes": ("a*b_c", "a\\*b\\_c"),
    "ligatures": ("un cœur de bœuf", "un coeur de boeuf"),
    "quotes": ("« ailes » d’or", '"ailes" d\'or'),
    "emphasis": ("nul ne sait", "*nul* ne **sait**"),
    "words": ("nul ne sait", "personne ne sait"),
}


@pytest.mark.parametrize("marks", PAGE_MARKS)
def test_a_page_and_an_export_never_reject_each_other_for_words(marks: str) -> None:
    printed, marked = PAGE_MARKS[marks]
    structured = Text(plain=marked, html=f"<p>{marked}</p>")
    official = export(ANSWERED, "q.json", answers=(replace(ANSWER, text=Text(plain=printed)),))
    page = account(ANSWERED, "page.txt", answers=(replace(ANSWER, text=structured),))
    question, told = of_every_order(official, page)
    assert question.answers[0].text == Text(plain=printed)
    assert [problem.partition(":")[0] for problem in told] == (
        ["page.txt, answers.text"] if marks == "words" else []
    )


def test_the_words_of_an_export_count_even_if_a_page_knows_more() -> None:
    official = export(OLD, "q.json", title="Horaires des marées imaginaires")
    page = account(ANSWERED, "page.txt", title="Horaires des *marées* imaginaires")
    question, told = of_every_order(official, page)
    assert (question.title, question.answers, told) == (official.title, ANSWERED.answers, [])


@pytest.mark.parametrize("changes", [{"title": "Marées"}, {"text": Text(plain="Rien.")}, {"rubric": "eau"}])
def test_of_two_exports_the_one_of_the_later_day_counts(changes: dict[str, Any]) -> None:
    first = export(ANSWERED, "a.zip!q.json", date(2026, 6, 2))
    corrected = export(ANSWERED, "b.zip!q.json", date(2026, 6, 9), **changes)
    question, [told] = of_every_order(first, corrected)
    assert {name: question.content[name] for name in changes} == changes
    assert told.startswith(f"a.zip!q.json, {next(iter(changes))}: expected « ")
    assert "which is newer" in told


def test_the_day_in_a_name_orders_archives_that_were_packed_on_one_day() -> None:
    first = export(ANSWERED, "2026-06-02.zip!q.json", date(2026, 7, 1), rubric="eau")
    corrected = export(ANSWERED, "2026-06-09.zip!q.json", date(2026, 7, 1), rubric="forêts")
    assert of_every_order(first, corrected)[0].rubric == "forêts"


def test_exports_without_a_day_that_differ_in_words_are_published_and_told() -> None:
    question, [told] = of_every_order(
        export(ANSWERED, "a.json", title="Marées"), export(ANSWERED, "b.json", title="Marées recensées")
    )
    assert question.title == "Marées recensées"
    assert "neither is known to be newer" in told


def test_a_newer_account_decides_between_older_ones() -> None:
    older = [export(OLD, name, rubric=rubric) for name, rubric in (("b", "eau"), ("c", "forêts"))]
    question, told = of_every_order(export(ANSWERED, "a", rubric="sources"), *older)
    assert question.rubric == "sources"
    assert len(told) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"official_id": None, "group": Group(label="Groupe des Tentatives")},
        {"seat": None},
        {"civility": "M."},
    ],
    ids=["seat", "id", "civility"],
)
def test_names_are_no_contradiction_if_the_id_or_the_seat_agrees(changes: dict[str, Any]) -> None:
    other = replace(ANSWERED.author, name="Zéphyrine-Aimée Exemple", identity=None, **changes)
    accounts = export(ANSWERED, "a.json"), account(ANSWERED, "b.txt", author=other, stated=())
    question, _ = of_every_order(*accounts)
    assert question.author.name == "Zéphyrine Exemple"
    assert [stated.name for stated in question.stated] == ["Zéphyrine Exemple", "Zéphyrine-Aimée Exemple"]


@pytest.mark.parametrize(
    "changes",
    [
        {"official_id": "PA9990002"},
        {"seat": Seat(departement="01", number=42)},
        {"name": "Barnabé Factice", "official_id": None, "seat": None},
        {"group": Group(label="Autre", official_id="PO9990011")},
    ],
    ids=["id", "seat", "name-alone", "group"],
)
def test_another_author_is_a_contradiction(changes: dict[str, Any]) -> None:
    other = account(ANSWERED, "b.txt", author=replace(ANSWERED.author, identity=None, **changes))
    assert merge([export(ANSWERED, "a.json"), other]).question is None


def test_answers_and_errata_are_paired_by_their_days() -> None:
    later = Answer(published=JournalPage(on=date(2026, 6, 2), page=None), text=Text(plain="En avance."))
    erratum = Erratum(published=JournalPage(on=date(2026, 6, 9), page="9700"), text=None)
    full = replace(later, errata=(replace(erratum, text=Text(plain="Lire « en retard ».")),))
    question, told = of_every_order(
        export(ANSWERED, "a.json", answers=(ANSWER, replace(later, errata=(erratum,)))),
        account(ANSWERED, "b.txt", answers=(full,)),
    )
    assert (question.answers, told) == ((ANSWER, full), [])


def test_of_copies_of_a_document_the_newest_is_its_source() -> None:
    copies = [export(ANSWERED, "q.json", date(2026, 6, day)) for day in (2, 9, 16)]
    question, told = of_every_order(*copies)
    assert ([source.dated for source in question.sources], told) == ([date(2026, 6, 16)], [])
