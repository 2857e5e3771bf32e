"""Answers: each a document of its own, published on a day of the Journal officiel."""

from lod.context import Node
from lod.dates import french_date
from lod.describe import journal
from lod.describe.concept import ANSWER_TYPES, LABELS, fixed
from lod.describe.erratum import errata
from lod.describe.shared import SharedResource
from lod.iri import Iris
from lod.model import Answer, Question, QuestionId


def answer(iris: Iris, question: Question, given: Answer, rank: int) -> Node:
    """Describe an answer, with the days between the publication of the question and its own."""
    me = iris.answer(question.id, rank)
    title = title_of(question.id, rank)
    node: Node = {
        "type": ["Work", "Answer"],
        "id": me,
        "workType": fixed(iris, "type", ANSWER_TYPES[question.id.kind]),
        "identifier": f"{question.id.uid}-REP" + ("" if rank == 1 else f"-{rank}"),
        "title": title,
        **journal.published(iris, given.published),
        "answersTo": iris.question(question.id),
        "parentItem": iris.question(question.id),
        "responseDays": question.days_to(given),
        "text": given.text.plain,
        "expression": journal.expression(iris, me, title, given.text),
        **errata(iris, me, title, given.errata),
    }
    if given.first:
        common = iris.common_answer(given.first, given.published.on)
        node["memberOf"] = {"id": common, "label": _common_title(given.first, given)}
    return node


def title_of(question: QuestionId, rank: int = 1) -> str:
    """Name an answer, which has no title of its own, after its question."""
    kind = LABELS["type"][ANSWER_TYPES[question.kind]].replace(" une ", " la ", 1)
    return f"{kind} n° {question.number}" + ("" if rank == 1 else f" ({rank}e)")


def common_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the works that common answers are members of: each a document, in a graph of its own."""
    answers = question.answers
    return [SharedResource(None, _common(iris, given.first, given)) for given in answers if given.first]


def _common(iris: Iris, first: QuestionId, given: Answer) -> Node:
    return {
        "type": ["Work", "ComplexWork"],
        "id": iris.common_answer(first, given.published.on),
        "title": _common_title(first, given),
        "issued": given.published.on.isoformat(),
    }


def _common_title(first: QuestionId, given: Answer) -> str:
    return f"{title_of(first)} et à d’autres, {french_date(given.published.on)}"
