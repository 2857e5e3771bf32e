"""The Journal officiel: the issues and pages in which questions, answers and errata are published."""

from datetime import date
from functools import lru_cache

from lod.context import Node
from lod.dates import french_date
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.formats import HTML
from lod.iri import FRENCH, Iris
from lod.model import Journal, JournalPage, Question, Text

_SERIES = {
    Journal.QUESTIONS: "Assemblée nationale, Questions",
    Journal.DEBATES: "Assemblée nationale, Débats",
    Journal.LAWS: "Lois et décrets",
}
HTML_MEDIA_TYPE: Node = {
    "id": f"http://www.iana.org/assignments/media-types/{HTML.media_type}",
    "label": HTML.media_type,
}
FRENCH_LANGUAGE: Node = {"id": FRENCH, "label": "français"}


def issue_ref(iris: Iris, key: str, on: date, journal: Journal | None) -> Node:
    """Return a reference to the issue of a day under this key, or nothing if the series is not known."""
    return {key: issue_of(iris, on, journal)} if journal else {}


@lru_cache(maxsize=CACHE_SIZE)
def issue_of(iris: Iris, on: date, journal: Journal) -> Node:
    """Refer to the issue of a day in a series."""
    return {"id": iris.issue(on, journal), "label": _title(on, journal)}


def publication(iris: Iris, page: JournalPage) -> Node:
    """Describe the publication of a work: its day, issue and page."""
    day = page.on.isoformat()
    node: Node = {"documentDate": day, "issued": day}
    node |= issue_ref(iris, "publishedIn", page.on, page.journal)
    if page.page:
        node["pageStart"] = page.page
    return node


def expression(iris: Iris, work: str, title: str, text: Text | None) -> Node:
    """Describe the French text of a question, an answer or an erratum, and its structure if it has one."""
    me = iris.expression(work)
    node: Node = {
        "type": ["Expression"],
        "id": me,
        "realizes": work,
        "language": FRENCH_LANGUAGE,
        "expressionTitle": title,
    }
    if text and text.html:
        node["embodiedBy"] = {
            "type": ["Manifestation"],
            "id": iris.html(me),
            "embodies": me,
            "technicalFormat": HTML_MEDIA_TYPE,
            "html": text.html,
        }
    return node


def issue_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the issues that mention a question: each is a document, in a graph of its own."""
    changes = [(on, change.journal) for _, change, on in question.reattributions]
    days = dict.fromkeys([*((page.on, page.journal) for page in question.pages), *changes])
    numbers = {(each.on, each.journal): each.number for each in question.attributions if each.number}
    numbers |= {(page.on, page.journal): page.number for page in question.pages if page.number}
    return [_issue(iris, on, journal, numbers.get((on, journal))) for on, journal in days if journal]


@lru_cache(maxsize=CACHE_SIZE)
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


@lru_cache(maxsize=CACHE_SIZE)
def _title(on: date, journal: Journal) -> str:
    return f"Journal officiel de la République française, {_SERIES[journal]}, {french_date(on)}"
