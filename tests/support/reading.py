"""Reading one document in a test."""

from lod import Document, Problem, Question, read_questions
from lod.model import Text


def read(text: str) -> tuple[list[Question], list[Problem]]:
    """Return the questions of a document and its problems."""
    found = list(read_questions(Document("document", text.encode())))
    questions = [item for item in found if isinstance(item, Question)]
    return questions, [item for item in found if isinstance(item, Problem)]


def question(text: str) -> Question:
    """Return the only question of a document that has no problem."""
    questions, problems = read(text)
    assert problems == []
    (found,) = questions
    return found


def plain(text: Text | None) -> str:
    """Return the plain text of a text; nothing if there is none."""
    return text.plain if text else ""
