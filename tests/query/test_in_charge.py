"""The ministry in charge is the last one, however many there were before."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lod import Options, build_release
from tests.conftest import SAMPLES
from tests.support.queries import Asker, asked_of, asked_of_rdflib, text_of

MINISTRIES = [f"Essai {letter}" for letter in "ABCDEFGHIJK"]
"""Eleven: the tenth and the eleventh have a number that comes before the ninth, as words go."""
ASKERS: list[Callable[[Path], Asker]] = [asked_of, asked_of_rdflib]


@pytest.fixture(scope="module")
def passed_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two questions, one with an answer and one that waits, each put to eleven ministries."""
    folder = tmp_path_factory.mktemp("passed-on")
    for name in ("QANR5L17QE90101", "QANR5L17QE90102"):
        read = json.loads((SAMPLES / "json" / f"{name}.json").read_text(encoding="utf-8"))
        _pass_on(read["question"])
        (folder / f"{name}.json").write_text(json.dumps(read), encoding="utf-8")
    return build_release([folder], folder / "out", Options(registers=(SAMPLES / "register",))).path


def _pass_on(question: dict[str, Any]) -> None:
    [first, *_] = _as_list(question["minAttribs"]["minAttrib"])
    given = [copy.deepcopy(first) for _ in MINISTRIES]
    for n, (attribution, label) in enumerate(zip(given, MINISTRIES, strict=True)):
        attribution["denomination"] = {"abrege": label, "developpe": f"Ministère {label}"}
        if n:
            attribution["infoJO"]["dateJO"] = f"2026-04-{n:02}"
    question["minAttribs"]["minAttrib"] = given
    if not question.get("textesReponse"):
        question["cloture"] = None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("answers-in-time-by-ministry", 0),
        ("response-time-by-ministry", 0),
        ("overdue-by-ministry", 0),
        ("overdue", 2),
    ],
)
def test_of_eleven_ministries_the_eleventh_is_in_charge(
    name: str, column: int, asker: Callable[[Path], Asker], passed_on: Path
) -> None:
    [_, *rows] = asker(passed_on)(text_of(name)).splitlines()
    assert [row.split(",")[column] for row in rows] == [MINISTRIES[-1]]
