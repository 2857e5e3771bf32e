"""The Journal officiel: the issue in which a question or an answer was published, and the page there."""

from datetime import date
from functools import lru_cache

from lod.context import Node
from lod.dates import french_date
from lod.describe.shared import REMEMBERED, SharedResource
from lod.iri import FRENCH, Iris
from lod.model import Journal, JournalPage, Question

_SERIES = {
    Journal.QUESTIONS: "Assemblée nationale, Questions",
    Journal.DEBATES: "Assemblée nationale, Débats",
    Journal.LAWS: "Lois et décrets",
}
FRENCH_LANGUAGE: Node = {"id": FRENCH, "label": "français"}


def issue_ref(iris: Iris, key: str, on: date, journal: Journal | None) -> Node:
    """Refer, at this key, to the issue of a day; say nothing if its series is not known."""
    return {key: issue_of(iris, on, journal)} if journal else {}


@lru_cache(maxsize=REMEMBERED)
def issue_of(iris: Iris, on: date, journal: Journal) -> Node:
    """Refer to the issue of a day."""
    return {"id": iris.issue(on, journal), "label": _title(on, journal)}


def published(iris: Iris, page: JournalPage) -> Node:
    """Say on which day and on which page a work was published."""
    day = page.on.isoformat()
    node: Node = {"documentDate": day, "issued": day}
    node |= issue_ref(iris, "publishedIn", page.on, page.journal)
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


def issue_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the issues that tell of the question: each is a document, in a graph of its own."""
    changes = [(on, change.journal) for _, change, on in question.reattributions]
    days = dict.fromkeys([*((page.on, page.journal) for page in question.pages), *changes])
    stated = {(given.on, given.journal): given.number for given in question.attributions if given.number}
    stated |= {(page.on, page.journal): page.number for page in question.pages if page.number}
    return [_issue(iris, on, series, stated.get((on, series))) for on, series in days if series]


@lru_cache(maxsize=REMEMBERED)
def _issue(iris: Iris, on: date, journal: Journal, number: str | None) -> SharedResource:
    node: Node = {
        "type": ["Work", "Issue"],
        "id": iris.issue(on, journal),
        "title": _title(on, journal),
        "issued": on.isoformat(),
    }
    if number:
        node["issueNumber"] = number
    return SharedResource(None, node)


@lru_cache(maxsize=REMEMBERED)
def _title(on: date, journal: Journal) -> str:
    return f"Journal officiel de la République française, {_SERIES[journal]}, {french_date(on)}"
