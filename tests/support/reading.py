"""Reading one document in a test."""

from collections.abc import Iterable

from lod import Document, Problem, Question, read_questions
from lod.model import Text


def read(text: str) -> tuple[list[Question], list[Problem]]:
    """Return the questions of a document and its problems."""
    found = list(read_questions(Document("document", text.encode())))
    questions = [item for item in found if isinstance(item, Question)]
    return questions, [item for item in found if isinstance(item, Problem)]


def without_end(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems without that of a question whose legislature is over, and of which no end is stated."""
    return [problem for problem in problems if (problem.place, problem.found) != ("closure", "neither")]


def question(text: str) -> Question:
    """Return the only question of a document that has no other problem than an end that is not stated."""
    questions, problems = read(text)
    assert without_end(problems) == []
    (found,) = questions
    return found


def plain(text: Text | None) -> str:
    """Return the plain text of a text; nothing if there is none."""
    return text.plain if text else ""
