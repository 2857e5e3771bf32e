"""Accounts of one question become one: agreeing facts once, the more complete counts, the rest is told."""

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from lod.errors import Severity
from lod.merge import merge
from lod.model import Attribution, JournalPage, Ministry, Question, Source
from tests.support.lives import ANSWERED, AWAITING

OLD = replace(ANSWERED, answers=(), renewals=(), flaggings=(), attributions=ANSWERED.attributions[:1])


def account(question: Question, name: str, **changes: Any) -> Question:
    """Let a document of this name say what the question says, but for these changes."""
    source = Source(digest=f"{sum(map(ord, name)):064x}", name=name)
    return replace(question, sources=(source,), **changes)


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
        pytest.param({"text": AWAITING.text}, {"text": f"{AWAITING.text}\n"}, id="paragraphs"),
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
