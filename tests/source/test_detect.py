"""The same question, in every form in which the Assemblée publishes questions, gives the same record."""

import itertools
from pathlib import Path

import pytest
from msgspec.structs import replace

from lod import Document, Options, Problem, Question, build_release, check_files, read_questions
from lod.merge import merge
from lod.source.register import Register
from tests.conftest import SAMPLES
from tests.support.reading import plain

FORMS = sorted((SAMPLES / "forms").iterdir())


def question(path: Path) -> Question:
    record, *problems = read_questions(Document(path.name, path.read_bytes()))
    assert isinstance(record, Question), record
    assert all(isinstance(problem, Problem) and is_of_no_keyword(problem) for problem in problems), problems
    return record


def without_numbers(question: Question) -> Question:
    """Return a question without the numbers of the issues, which pages do not state."""
    return replace(
        question,
        published=replace(question.published, number=None),
        answers=tuple(replace(a, published=replace(a.published, number=None)) for a in question.answers),
        attributions=tuple(replace(attribution, number=None) for attribution in question.attributions),
    )


def is_of_no_keyword(problem: Problem) -> bool:
    """Return whether a problem only reports a label that the older pages print even without a value."""
    return str(problem).endswith(", Analyse: expected a value, found nothing")


def test_there_is_a_sample_of_every_form() -> None:
    assert {path.name for path in FORMS} == {
        *("json-file.json", "json-list.json", "xml-file.xml", "xml-list.xml", "page-view.xml"),
        *("page-a.html", "page-a.txt", "page-b.html", "page-b.txt", "page-b-links.txt"),
        *("page-c.html", "page-c-links.txt", "page-c-name.txt", "page-c-seat.txt"),
        *("page-d.txt", "page-d-links.txt"),
    }


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_every_form_gives_the_identical_record(path: Path, sample_register: Register) -> None:
    record, unknown = sample_register.resolve(question(path))
    expected, _ = sample_register.resolve(question(SAMPLES / "forms" / "json-file.json"))
    assert unknown == []
    assert without_numbers(record) == without_numbers(expected)
    assert record.author.official_id == "PA9990006"
    assert record.ministry_asked
    assert record.ministry_asked.official_id == "PO9990030"
    assert [len(text.split("\n")) for text in (plain(record.text), plain(record.answers[0].text))] == [2, 2]


def test_accounts_in_any_two_forms_agree_without_a_register() -> None:
    for pair in itertools.permutations(map(question, FORMS), 2):
        names = [account.sources[0].name for account in pair]
        if all(name.startswith("page-a") == names[0].startswith("page-a") for name in names):
            merged = merge(pair)
            assert merged.question, (names, merged.problems)
            assert merged.problems == []


def test_all_forms_together_are_one_question_and_the_others_duplicates(tmp_path: Path) -> None:
    options = Options(registers=(SAMPLES / "register",))
    summary = build_release([SAMPLES / "forms"], tmp_path, options)
    assert [problem for problem in summary.problems if not is_of_no_keyword(problem)] == []
    assert (summary.counts["questions"], summary.counts["duplicates"]) == (1, len(FORMS) - 1)
    assert check_files([summary.path]) == []
