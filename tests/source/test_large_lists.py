"""A list too large to be held (more than 32 MiB) is read question by question, in each form it comes in."""

import json
from pathlib import Path
from typing import Any

import pytest

from lod import Problem, Question, read_file
from tests.source.test_export_keys import changed, elements

LIMIT = 32 * 2**20
NUMBERS = range(91, 103)
PADDING = 3 * 2**20
"""A dozen questions with texts of this size are more than a document may have that is read as a whole."""


def some() -> list[dict[str, Any]]:
    text = "Pourquoi ? " * (PADDING // 11)
    return [
        changed(
            **{
                "identifiant.numero": str(n),
                "uid": f"QANR5L17QE{n}",
                "textesQuestion.texteQuestion.texte": text,
            }
        )
        for n in NUMBERS
    ]


def as_list() -> str:
    return json.dumps(some())


def as_named_list() -> str:
    return json.dumps({"questions": {"question": some()}})


def as_xml() -> str:
    inner = "".join(f"<question>{elements(each)}</question>" for each in some())
    return f"<questionsEcrites>{inner}</questionsEcrites>"


@pytest.mark.slow
@pytest.mark.parametrize("before", ["", "\ufeff", " \n"], ids=["bare", "mark", "blank"])
@pytest.mark.parametrize("form", [as_list, as_named_list, as_xml])
def test_a_list_larger_than_the_limit_is_read(form: Any, before: str, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(before + form(), encoding="utf-8")
    assert path.stat().st_size > LIMIT
    found = list(read_file(path))
    assert [item for item in found if isinstance(item, Problem)] == []
    questions = [item for item in found if isinstance(item, Question)]
    assert [each.id.number for each in questions] == [*NUMBERS]
    assert {each.sources[0].alone for each in questions} == {False}


def test_another_document_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("x" * (LIMIT + 1), encoding="utf-8")
    (problem,) = read_file(path)
    assert isinstance(problem, Problem)
    assert "or a list of questions in JSON or XML" in problem.expected
