"""A tombstone: what is left to say of a question's document that is no longer published."""

from datetime import date

from lod.context import Node
from lod.iri import Iris
from lod.model import QuestionId

_WITHDRAWN = "http://purl.org/adms/status/Withdrawn"
"""Of a document that its publisher has taken back.

`def/etat/retiree` is another thing: a question that its author takes back is published as such."""


def tombstone(iris: Iris, question: QuestionId, on: date) -> Node:
    """Say that a question's document has been gone since a release of that day; nothing of its content."""
    return {
        "type": ["Document"],
        "id": iris.question(question),
        "identifier": question.uid,
        "documentStatus": _WITHDRAWN,
        "modified": on.isoformat(),
    }
