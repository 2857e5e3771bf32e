"""Answers and errata: each a document of its own, published in the Journal officiel."""

from datetime import date

from lod.context import Node
from lod.dates import french_date
from lod.describe import journal
from lod.describe.concept import ANSWER_TYPES, LABELS, fixed
from lod.describe.shared import SharedResource
from lod.iri import Iris
from lod.model import Answer, Erratum, Question, QuestionId


def answer(iris: Iris, question: Question, record: Answer, rank: int) -> Node:
    """Describe an answer, with the days from the publication of the question to its own, if that is later."""
    me, days = iris.answer(question.id, rank), question.days_to(record)
    title = title_of(question.id, rank)
    node: Node = {
        "type": ["Work", "Answer"],
        "id": me,
        "workType": fixed(iris, "type", ANSWER_TYPES[question.id.kind]),
        "identifier": f"{question.id.uid}-REP" + ("" if rank == 1 else f"-{rank}"),
        "title": title,
        **journal.publication(iris, record.published),
        "answersTo": iris.question(question.id),
        "parentItem": iris.question(question.id),
        **({} if days is None else {"responseDays": days}),
        **({"text": record.text.plain} if record.text else {}),
        "expression": journal.expression(iris, me, title, record.text),
        **errata(iris, me, title, record.errata),
    }
    if record.first:
        node["memberOf"] = common_ref(iris, record.first, record.published.on)
    return node


def common_ref(iris: Iris, first: QuestionId, on: date) -> Node:
    """Refer to what is common to the answers of a day to several questions."""
    return {"id": iris.common_answer(first, on), "label": _common_title(first, on)}


def title_of(question: QuestionId, rank: int = 1) -> str:
    """Return the title of an answer, after its question: an answer has none of its own."""
    kind = LABELS["type"][ANSWER_TYPES[question.kind]].replace(" une ", " la ", 1)
    return f"{kind} n° {question.number}" + ("" if rank == 1 else f" ({rank}e)")


def common_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the works that common answers are members of: each a document, in a graph of its own."""
    return [
        common_resource(iris, record.first, record.published.on)
        for record in question.answers
        if record.first
    ]


def common_resource(iris: Iris, first: QuestionId, on: date) -> SharedResource:
    """Describe the work that the answers of a day to several questions are members of."""
    node: Node = {
        "type": ["Work", "ComplexWork"],
        "id": iris.common_answer(first, on),
        "title": _common_title(first, on),
        "issued": on.isoformat(),
    }
    return SharedResource(None, node)


def _common_title(first: QuestionId, on: date) -> str:
    return f"{title_of(first)} et à d’autres, {french_date(on)}"


def errata(iris: Iris, corrected: str, name: str, published: tuple[Erratum, ...]) -> Node:
    """Describe the errata of a work with this name, under the key of the work; empty without any."""
    nodes = [_erratum(iris, corrected, name, erratum, rank) for rank, erratum in enumerate(published, 1)]
    return {"correctedBy": nodes} if nodes else {}


def _erratum(iris: Iris, corrected: str, name: str, erratum: Erratum, rank: int) -> Node:
    me, title = iris.erratum(corrected, rank), _erratum_title(name, rank)
    return {
        "type": ["Work"],
        "id": me,
        "workType": fixed(iris, "type", "erratum"),
        "title": title,
        **(journal.publication(iris, erratum.published) if erratum.published else {}),
        "corrects": corrected,
        **({"text": erratum.text.plain} if erratum.text else {}),
        "expression": journal.expression(iris, me, title, erratum.text),
    }


def _erratum_title(name: str, rank: int) -> str:
    """Return the title of an erratum, after the work: Erratum de la question écrite n° 16300."""
    nth = "Erratum" if rank == 1 else f"{rank}e erratum"
    return f"{nth} de la {name[0].lower()}{name[1:]}"
