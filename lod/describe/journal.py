"""The Journal officiel: the issue in which a question or an answer was published, and the page there."""

from lod.context import Node
from lod.dates import in_words
from lod.describe.shared import Resource
from lod.iri import FRENCH, Iris
from lod.model import JournalPage, Question

FRENCH_LANGUAGE: Node = {"id": FRENCH, "label": "français"}


def issue_ref(iris: Iris, page: JournalPage) -> Node:
    """Refer to the issue of a day."""
    return {"id": iris.issue(page.on), "label": _title(page)}


def published(iris: Iris, page: JournalPage) -> Node:
    """Say on which day and on which page a work was published."""
    day = page.on.isoformat()
    node: Node = {"documentDate": day, "issued": day, "publishedIn": issue_ref(iris, page)}
    if page.page:
        node["pageStart"] = page.page
    return node


def issue_resources(iris: Iris, question: Question) -> list[Resource]:
    """Describe the issues that hold the question and its answers: each a document, in a graph of its own."""
    pages = (question.published, *(answer.published for answer in question.answers))
    return [Resource(None, _issue(iris, page)) for page in pages]


def _issue(iris: Iris, page: JournalPage) -> Node:
    return {
        "type": ["Work", "Issue"],
        "id": iris.issue(page.on),
        "title": _title(page),
        "issued": page.on.isoformat(),
    }


def _title(page: JournalPage) -> str:
    return f"Journal officiel de la République française, Assemblée nationale, Questions, {in_words(page.on)}"
