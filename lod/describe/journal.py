"""The Journal officiel: the issue in which a question or an answer was published, and the page there."""

from datetime import date
from functools import lru_cache

from lod.context import Node
from lod.dates import french_date
from lod.describe.shared import REMEMBERED, SharedResource
from lod.iri import FRENCH, Iris
from lod.model import Journal, JournalPage, Question, Text

_SERIES = {
    Journal.QUESTIONS: "Assemblée nationale, Questions",
    Journal.DEBATES: "Assemblée nationale, Débats",
    Journal.LAWS: "Lois et décrets",
}
HTML_MEDIA_TYPE: Node = {
    "id": "http://www.iana.org/assignments/media-types/text/html",
    "label": "text/html",
}
FRENCH_LANGUAGE: Node = {"id": FRENCH, "label": "français"}


def issue_ref(iris: Iris, page: JournalPage) -> Node:
    """Refer to the issue that a page is in."""
    return issue_of(iris, page.on, page.journal)


@lru_cache(maxsize=REMEMBERED)
def issue_of(iris: Iris, on: date, journal: Journal) -> Node:
    """Refer to the issue of a day."""
    return {"id": iris.issue(on, journal), "label": _title(on, journal)}


def published(iris: Iris, page: JournalPage) -> Node:
    """Say on which day and on which page a work was published."""
    day = page.on.isoformat()
    node: Node = {"documentDate": day, "issued": day, "publishedIn": issue_ref(iris, page)}
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
    """Describe the issues that tell of the question: each is a document, in a graph of its own."""
    changes = ((on, given.journal) for _, given, on in question.reattributions if given.journal)
    days = dict.fromkeys((*((page.on, page.journal) for page in question.pages), *changes))
    return [_issue(iris, on, journal) for on, journal in days]


@lru_cache(maxsize=REMEMBERED)
def _issue(iris: Iris, on: date, journal: Journal) -> SharedResource:
    node: Node = {
        "type": ["Work", "Issue"],
        "id": iris.issue(on, journal),
        "title": _title(on, journal),
        "issued": on.isoformat(),
    }
    return SharedResource(None, node)


@lru_cache(maxsize=REMEMBERED)
def _title(on: date, journal: Journal) -> str:
    return f"Journal officiel de la République française, {_SERIES[journal]}, {french_date(on)}"
