"""Similar problems are grouped: those that differ in their values only."""

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
