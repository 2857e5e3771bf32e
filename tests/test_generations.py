"""Pages of all four generations, as HTML and as text, are read whole and exactly, or not at all."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lod import Document, Problem, Question, read_questions
from lod.errors import Cause, Severity
from lod.model import Closure, Ending, Journal, JournalPage, Kind, Seat
from lod.rubriques import official
from lod.source.markup import plain
from lod.source.printed import unmarked
from tests.conftest import SAMPLES, SHARED
from tests.golden_files import approved
from tests.renderings import rendered

REAL = sorted((SHARED / "data" / "html").glob("*.html"))
HTML = sorted((SAMPLES / "html").glob("*.html"))
TEXTS = sorted((SAMPLES / "older-pages").glob("*.txt"))
NAMES = [path.name for path in (*HTML, *TEXTS)]


def found_in(data: str | bytes) -> list[Question | Problem]:
    return list(read_questions(Document("page", data if isinstance(data, bytes) else data.encode())))


def question(data: str | bytes) -> Question:
    read = next((item for item in found_in(data) if isinstance(item, Question)), None)
    assert read, found_in(data)
    return read


def problems(data: str | bytes) -> list[Problem]:
    return [item for item in found_in(data) if isinstance(item, Problem)]


def refusal(data: str | bytes) -> Problem:
    [problem] = problems(data)
    assert problem.severity is Severity.REJECTED
    return problem


def sample(name: str) -> str:
    folder = "html" if name.endswith(".html") else "older-pages"
    return (SAMPLES / folder / name).read_text(encoding="utf-8")


def changed(name: str, old: str, new: str) -> str:
    text = sample(name)
    assert old in text, old
    return text.replace(old, new)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_the_approved_record(name: str, regen: bool) -> None:
    approved(f"generations/{name}.lines", rendered(found_in(sample(name)), whole=True), regen=regen)


@pytest.mark.real
@pytest.mark.parametrize("name", ["11_qe", "11_qg", "14_qe", "14_qosd", "16_qe", "16_qg"])
def test_a_real_page_gives_the_approved_record(name: str, regen: bool) -> None:
    found = found_in((SHARED / "data" / "html" / f"{name}.html").read_bytes())
    approved(f"generations/real-{name}.lines", rendered(found, whole=False), regen=regen)


@pytest.mark.parametrize(
    "name", [path.stem for path in TEXTS if (SAMPLES / "html" / f"{path.stem}.html") in HTML]
)
def test_a_page_gives_the_same_record_as_html_and_as_text(name: str) -> None:
    html, text = question(sample(f"{name}.html")), question(sample(f"{name}.txt"))
    if text.author.official_id is None:
        html = replace(html, author=replace(html.author, official_id=None))
    assert html == text


def test_a_page_since_2025_would_be_read_as_html_too() -> None:
    text = sample("17-99112QE.txt")
    body = "".join(f"<p>{line}</p>\n" for line in text.replace("^e", "<sup>e</sup>").split("\n") if line)
    linked = re.sub(r"\[([^\]]+)\]\(#\)", r'<a href="#">\1</a>', body)
    assert question(f"<!DOCTYPE html><html><body><main>{linked}</main></body></html>") == question(text)


# What may go without a word: whole statements that a page makes once, and that no other line implies.
EVENTS = re.compile(
    r"Date de (?:changement|signalement|renouvellement)|Erratum de la|Question retirée|Cause : ",
    re.IGNORECASE,
)


def _is_of_a_text(line: str, whole: Question, least: int) -> bool:
    """Say whether a line is a paragraph of a text: one of several cannot be missed, any may be there twice."""
    texts = [text for text in (whole.text, *(answer.text for answer in whole.answers)) if text]
    spared = [text for text in texts if text.count("\n") + 1 >= least]
    words = plain(line).strip(" ").split("\n")[0]
    return bool(words) and any(words in text or unmarked(words) in text for text in spared)


def _silent(text: str, damage: Callable[[list[str], int], list[str]], least: int) -> list[str]:
    """Give the lines whose damage changes the record without a word; texts of `least` lines are spared."""
    whole, told, lines = question(text), problems(text), text.split("\n")
    silent = []
    for n, line in enumerate(lines):
        found = found_in("\n".join(damage(lines, n)))
        read = next((item for item in found if isinstance(item, Question)), None)
        more = len([item for item in found if isinstance(item, Problem)]) > len(told)
        if read not in (None, whole) and not more and not _is_of_a_text(line, whole, least):
            silent.append(line)
    return silent


def _gone(lines: list[str], n: int) -> list[str]:
    return lines[:n] + lines[n + 1 :]


def _twice(lines: list[str], n: int) -> list[str]:
    return [*lines[: n + 1], *lines[n:]]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_any_one_line_is_refused_told_or_unchanged(name: str) -> None:
    assert [line for line in _silent(sample(name), _gone, least=2) if not EVENTS.search(line)] == []


@pytest.mark.parametrize("name", [path.name for path in TEXTS])
def test_a_text_with_any_one_line_twice_is_refused_told_or_unchanged(name: str) -> None:
    assert _silent(sample(name), _twice, least=1) == []


@pytest.mark.real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_page_without_any_one_line_is_refused_told_or_unchanged(path: Path) -> None:
    assert _silent(path.read_text(encoding="utf-8"), _gone, least=2) == []
