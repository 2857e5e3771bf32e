"""Answers: each a document of its own, published on a day of the Journal officiel."""

from lod.context import Node
from lod.describe import journal
from lod.describe.concept import ANSWER_TYPES, LABELS, fixed
from lod.iri import Iris
from lod.model import Answer, Question


def answer(iris: Iris, question: Question, given: Answer, rank: int) -> Node:
    """Describe an answer, with the days between the publication of the question and its own."""
    me = iris.answer(question.id, rank)
    title = title_of(question, rank)
    node: Node = {
        "type": ["Work", "Answer"],
        "id": me,
        "workType": fixed(iris, "type", ANSWER_TYPES[question.id.kind]),
        "identifier": f"{question.id.uid}-REP" + ("" if rank == 1 else f"-{rank}"),
        "title": title,
        **journal.published(iris, given.published),
        "answersTo": iris.question(question.id),
        "parentItem": iris.question(question.id),
        "responseDays": (given.published.on - question.published.on).days,
        "text": given.text,
        "expression": expression(iris, me, title),
    }
    return node


def title_of(question: Question, rank: int) -> str:
    """Name an answer, which has no title of its own, after its question."""
    kind = LABELS["type"][ANSWER_TYPES[question.id.kind]].replace(" une ", " la ", 1)
    return f"{kind} n° {question.id.number}" + ("" if rank == 1 else f" ({rank}e)")


def expression(iris: Iris, work: str, title: str) -> Node:
    """Describe the French text of a question or an answer."""
    return {
        "type": ["Expression"],
        "id": iris.expression(work),
        "realizes": work,
        "language": journal.FRENCH_LANGUAGE,
        "expressionTitle": title,
    }
