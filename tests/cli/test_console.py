"""What the console prints of problems: an example of each kind, and how many more there are."""

from pathlib import Path

import pytest

from lod.cli import console
from lod.errors import Cause, Problem, Severity

FILE = Path("out/current/problems.jsonl")


def problem(kind: int, document: str = "a.json", severity: Severity = Severity.WARNING) -> Problem:
    """Return a problem of one of several kinds."""
    return Problem(
        document=document,
        place=f"label {chr(ord('a') + kind)}",
        expected="a day",
        found="none",
        severity=severity,
        cause=Cause.FIELD,
    )


def test_as_many_kinds_as_there_is_room_for_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_problems([problem(kind) for kind in range(20)], FILE)
    assert len(capsys.readouterr().err.splitlines()) == 20


def test_what_there_is_no_room_for_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    remarks = [problem(24, severity=Severity.REMARK)]
    console.print_problems([problem(kind) for kind in range(23)] + remarks, FILE)
    *printed, last = capsys.readouterr().err.splitlines()
    assert len(printed) == 20
    assert last == f"… and 3 more kinds; all 24 problems are in {FILE}"


def test_all_are_printed_if_there_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_problems([problem(kind) for kind in range(23)])
    assert len(capsys.readouterr().err.splitlines()) == 23


def test_problems_that_are_alike_are_one_line_with_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_problems([problem(0, f"{number}.json") for number in range(3)], FILE)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: 0.json, label a: expected a day, found none")
    assert line.endswith("(and 2 more like this)")
