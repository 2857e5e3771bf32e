"""Answers and errata: each a document of its own, published in the Journal officiel."""

from lod.context import Node
from lod.dates import french_date
from lod.describe import journal
from lod.describe.concept import ANSWER_TYPES, LABELS, fixed
from lod.describe.shared import SharedResource
from lod.iri import Iris
from lod.model import Answer, Erratum, Question, QuestionId


def answer(iris: Iris, question: Question, record: Answer, rank: int) -> Node:
    """Describe an answer, with the days from the publication of the question to its own."""
    me = iris.answer(question.id, rank)
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
        "responseDays": question.days_to(record),
        **({"text": record.text.plain} if record.text else {}),
        "expression": journal.expression(iris, me, title, record.text),
        **errata(iris, me, title, record.errata),
    }
    if record.first:
        common = iris.common_answer(record.first, record.published.on)
        node["memberOf"] = {"id": common, "label": _common_title(record.first, record)}
    return node


def title_of(question: QuestionId, rank: int = 1) -> str:
    """Return the title of an answer, after its question: an answer has none of its own."""
    kind = LABELS["type"][ANSWER_TYPES[question.kind]].replace(" une ", " la ", 1)
    return f"{kind} n° {question.number}" + ("" if rank == 1 else f" ({rank}e)")


def common_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the works that common answers are members of: each a document, in a graph of its own."""
    return [
        SharedResource(None, _common(iris, record.first, record))
        for record in question.answers
        if record.first
    ]


def _common(iris: Iris, first: QuestionId, record: Answer) -> Node:
    return {
        "type": ["Work", "ComplexWork"],
        "id": iris.common_answer(first, record.published.on),
        "title": _common_title(first, record),
        "issued": record.published.on.isoformat(),
    }


def _common_title(first: QuestionId, record: Answer) -> str:
    return f"{title_of(first)} et à d’autres, {french_date(record.published.on)}"


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
