"""Rendering pages in one language: the templates, and the values that all of them use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from lod.formats import DOCUMENT_DATA
from lod.iri import last_segment, scheme_path
from lod.web.index.comparison import overdue_among
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.reader import MATCH_MARKS, PAGE_SIZE, Index, QuestionSummary
from lod.web.pages.cited_text import link_passages
from lod.web.pages.language import Formatter, Label, Language
from lod.web.pages.links import Links
from lod.web.pages.memberships import MembershipResolver

TEMPLATES = Path(__file__).with_name("templates")
_LISTS = (("deputes", "deputies"), ("groupes", "groups"), ("ministeres", "ministries"))
_SCHEMES = (
    (scheme_path("rubrique"), "rubrics"),
    (scheme_path("circonscription"), "constituencies"),
    (scheme_path("legislature"), "legislatures"),
)
_IN_NAVIGATION = len(_LISTS) + 1
_SUMMARY_LENGTH = 200
"""How many characters of a summary search engines display."""
_DEFINITIONS = ("catalogue", "ontology", "shapes")


class StatusLabel(NamedTuple):
    """The status of a question: the last segment of its IRI, and its label."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """What all pages of a site have in common.

    `address` is the public address of the site, if it is known. `is_served` says whether there are a search
    and a SPARQL endpoint; `folders` hold further templates. `today` returns the day on which questions are
    overdue: without it, that of the release.
    """

    address: str | None = None
    is_served: bool = True
    folders: Sequence[Path] = ()
    today: Callable[[], date] | None = None


class PageRenderer:
    """Fills the templates of one language with the values of an index."""

    def __init__(
        self,
        index: Index,
        language: Language,
        settings: PageSettings,
    ) -> None:
        self.index = index
        self._today = settings.today
        self.language = language
        self.is_served = settings.is_served
        self.links = Links(index, settings.address, language)
        self.memberships = MembershipResolver(index)
        self.fmt = Formatter(language)
        self.words = self.fmt.words
        self._environment = Environment(
            loader=FileSystemLoader([TEMPLATES, *settings.folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._environment.globals.update(self._globals())
        self._environment.filters["link_passages"] = link_passages

    def page(self, template: str, title: str, **values: Any) -> str:
        """Render a template.

        `here`, if it is among the values, maps languages to the URLs of the page; `summary` is what search
        engines show of it.
        """
        context = {"here": None, "summary": None, "title": title} | values
        if context["summary"]:
            context["summary"] = _shorten(context["summary"])
        return self._environment.get_template(template).render(**context)

    def here(self, path: str, number: int = 1) -> dict[Language, str]:
        """Return the URL of a page in each language."""
        return {language: self.links.page(path, number, language) for language in Language}

    def questions(
        self, question_filter: QuestionFilter, number: int = 1, size: int = PAGE_SIZE
    ) -> list[tuple[QuestionSummary, StatusLabel | None]]:
        """Return a page of matching questions, each with its status."""
        return self.with_statuses(self.index.questions(question_filter, skip=(number - 1) * size, limit=size))

    def with_statuses(
        self, questions: Sequence[QuestionSummary]
    ) -> list[tuple[QuestionSummary, StatusLabel | None]]:
        """Return questions, each with its status; « overdue » is one of them here."""
        due = overdue_among(self.index, (question.path for question in questions), self.stated_day)
        return [
            (
                question,
                self._overdue(due[question.path])
                if question.path in due
                else self._statuses.get(question.status or ""),
            )
            for question in questions
        ]

    @property
    def stated_day(self) -> str:
        """The day on which questions are overdue, as an ISO date: today, or the day of the release."""
        return self._today().isoformat() if self._today else self.index.release[:10]

    def _overdue(self, due: str) -> StatusLabel:
        days = (date.fromisoformat(self.stated_day) - date.fromisoformat(due)).days
        label = Label(text=self.words.count("late_by_days", days), language=self.language)
        return StatusLabel("overdue", label)

    def overview_links(self) -> list[tuple[str, str]]:
        """Return the lists and concept schemes of the site: URLs with the keys of their titles."""
        links = [(self.links.page(path), key) for path, key in _LISTS]
        return links + [(self.links.page(path), key) for path, key in _SCHEMES if self.index.document(path)]

    @cached_property
    def _statuses(self) -> Mapping[str, StatusLabel]:
        """The statuses by their French label, which is what the index has."""
        scheme = self.index.document(scheme_path("etat"))
        iris = self.index.json(scheme).get("hasTopConcept", ()) if scheme else ()
        return {
            self.index.label(iri) or "": StatusLabel(last_segment(iri), self.links.label(iri)) for iri in iris
        }

    def _globals(self) -> dict[str, Any]:
        definitions = {path: self.links.page(path) for path in _DEFINITIONS if self.index.document(path)}
        return {
            "language": self.language,
            "links": self.links,
            "fmt": self.fmt,
            "words": self.words,
            "is_served": self.is_served,
            "home": self.here("index"),
            "release": self.index.release,
            "base": self.index.base,
            "navigation": self._navigation(),
            "data_formats": list(DOCUMENT_DATA.values()),
            "highlight": _highlight,
            "definitions": dict.fromkeys(_DEFINITIONS) | definitions,
        }

    def _navigation(self) -> list[tuple[str, str]]:
        search = [(self.links.search(), "search_title")] if self.is_served else []
        figures = [(self.links.page("chiffres"), "figures")]
        return search + figures + self.overview_links()[:_IN_NAVIGATION]


def _shorten(text: str) -> str:
    """Cut a text between words to the length of a summary."""
    line = " ".join(text.split())
    if len(line) <= _SUMMARY_LENGTH:
        return line
    return line[:_SUMMARY_LENGTH].rpartition(" ")[0] + "…"


def _highlight(snippet: str) -> Markup:
    """Return a snippet as HTML, its matches in mark elements."""
    text = str(escape(snippet))
    return Markup(text.replace(MATCH_MARKS[0], "<mark>").replace(MATCH_MARKS[1], "</mark>"))  # noqa: S704 - escaped just now
