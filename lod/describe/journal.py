"""The Journal officiel: the issue in which a question or an answer was published, and the page there."""

from datetime import date

from lod.context import Node
from lod.dates import in_words
from lod.describe.shared import Resource
from lod.iri import FRENCH, Iris
from lod.model import Attribution, Journal, JournalPage, Question

_SERIES = {
    Journal.QUESTIONS: "Assemblée nationale, Questions",
    Journal.DEBATES: "Assemblée nationale, Débats",
    Journal.LAWS: "Lois et décrets",
}
FRENCH_LANGUAGE: Node = {"id": FRENCH, "label": "français"}


def issue_ref(iris: Iris, page: JournalPage) -> Node:
    """Refer to the issue of a day."""
    return {"id": iris.issue(page.on, page.journal), "label": _title(page)}


def published(iris: Iris, page: JournalPage) -> Node:
    """Say on which day and on which page a work was published."""
    day = page.on.isoformat()
    node: Node = {"documentDate": day, "issued": day, "publishedIn": issue_ref(iris, page)}
    if page.page:
        node["pageStart"] = page.page
    return node


def expression(iris: Iris, work: str, title: str) -> Node:
    """Describe the French text of a question, an answer or an erratum."""
    return {
        "type": ["Expression"],
        "id": iris.expression(work),
        "realizes": work,
        "language": FRENCH_LANGUAGE,
        "expressionTitle": title,
    }


def issue_resources(iris: Iris, question: Question) -> list[Resource]:
    """Describe the issues that tell of the question: each is a document, in a graph of its own."""
    changes = (attributed(given, on) for _, given, on in question.reattributions)
    return [Resource(None, _issue(iris, page)) for page in (*question.pages, *changes)]


def attributed(given: Attribution, on: date) -> JournalPage:
    """Say where an attribution was published: a decree of the Government, or the weekly questions."""
    return JournalPage(on=on, page=None, journal=given.journal)


def _issue(iris: Iris, page: JournalPage) -> Node:
    return {
        "type": ["Work", "Issue"],
        "id": iris.issue(page.on, page.journal),
        "title": _title(page),
        "issued": page.on.isoformat(),
    }


def _title(page: JournalPage) -> str:
    return f"Journal officiel de la République française, {_SERIES[page.journal]}, {in_words(page.on)}"
