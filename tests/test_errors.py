"""Similar problems are grouped: those that differ in their values only."""

import pytest

from lod.errors import Cause, Problem, Severity, group_alike


def problem(document: str, found: str, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(
        document=document,
        place="heading",
        expected="a number such as « 16300 »",
        found=found,
        severity=severity,
        cause=Cause.FIELD,
    )


def test_a_kind_is_told_by_its_first_example_with_the_number() -> None:
    one, other = problem("b.txt", "« x »"), problem("a.txt", "« y 2 »")
    [example] = group_alike([one, other])
    assert str(example) == (
        "a.txt, heading: expected a number such as « 16300 », found « y 2 » (and 1 more like this)"
    )
    assert example.as_json()["count"] == 2
    assert "count" not in one.as_json()


def test_rejections_come_first_then_the_most_frequent_kind() -> None:
    rare, rejected = problem("a", "nothing"), problem("c", "nothing", Severity.REJECTED)
    often = [problem(f"b{n}", f"the byte 0xF{n}") for n in range(3)]
    assert [example.count for example in group_alike([rare, *often, rejected])] == [1, 3, 1]
    assert group_alike([rare, *often, rejected])[0].severity is Severity.REJECTED


def test_groups_are_grouped_by_their_numbers() -> None:
    grouped = group_alike([problem("a", "« x »"), problem("b", "« y »")])
    assert group_alike([*grouped, problem("c", "« z »")])[0].count == 3


PROMISED = {
    Severity: ("rejected", "warning", "remark"),
    Cause: ("document", "field", "unknown", "contradiction", "identity", "shape", "engine", "correction"),
}


@pytest.mark.parametrize("kind", PROMISED)
def test_programs_that_read_problems_find_the_promised_words(kind: type[Severity | Cause]) -> None:
    assert tuple(str(member) for member in kind) == PROMISED[kind]


@pytest.mark.parametrize(
    ("cause", "place", "kind"),
    [
        (Cause.DOCUMENT, "", "document-unreadable"),
        (Cause.UNKNOWN, "question", "value-unknown"),
        (Cause.CONTRADICTION, "title", "accounts-contradict"),
        (Cause.IDENTITY, "group", "author-uncertain"),
        (Cause.SHAPE, "question", "shape-result"),
        (Cause.CORRECTION, "title", "correction-not-applied"),
        (Cause.FIELD, "encoding", "encoding-assumed"),
        (Cause.FIELD, "question, journal", "series-unknown"),
        (Cause.FIELD, "closure", "end-unknown"),
        (Cause.FIELD, "author", "author-uncertain"),
        (Cause.FIELD, "heading", "value-unexpected"),
    ],
)
def test_a_problem_without_a_kind_of_its_own_has_that_of_its_cause_or_place(
    cause: Cause, place: str, kind: str
) -> None:
    found = Problem(
        document="a.json", place=place, expected="a", found="b", severity=Severity.WARNING, cause=cause
    )
    assert found.as_json()["kind"] == kind
    assert found.as_json()["cause"] == str(cause)
