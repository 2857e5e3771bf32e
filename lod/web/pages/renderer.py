"""What all pages of a language are made with: templates, words, links, and what is the same on each."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from lod.web.index.index import FOUND, PAGE, Held, Index, Row
from lod.web.index.question_filter import QuestionFilter
from lod.web.pages.capacity import Holders
from lod.web.pages.formatter import Formatter
from lod.web.pages.language import Language, set_in_french
from lod.web.pages.links import Links, Named

TEMPLATES = Path(__file__).parents[1] / "templates"
FORMS = (("jsonld", "JSON-LD"), ("ttl", "Turtle"), ("nt", "N-Triples"))
TYPES = {"jsonld": "application/ld+json", "ttl": "text/turtle", "nt": "application/n-triples"}
_WAYS = (("deputes", "deputies"), ("groupes", "groups"), ("ministeres", "ministries"))
_LED_TO = len(_WAYS) + 1
_STANDING = ("catalogue", "ontology", "shapes")
_DOORS = (
    ("def/rubrique", "rubrics"),
    ("def/circonscription", "constituencies"),
    ("def/legislature", "legislatures"),
)


class State:
    """Where a question stands: the name of its badge, and what that is called."""

    def __init__(self, key: str, named: Named) -> None:
        self.key = key
        self.named = named


class PageRenderer:
    """Fills the templates of one language."""

    def __init__(
        self, index: Index, language: Language, *, root: str, is_served: bool, folders: Sequence[Path] = ()
    ) -> None:
        self.index = index
        self.language = language
        self.is_served = is_served
        self.links = Links(index, root, language)
        self.holders = Holders(index)
        self.voice = Formatter(language)
        self.words = self.voice.words
        self._environment = Environment(
            loader=FileSystemLoader([TEMPLATES, *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._environment.globals.update(self._always())

    def page(self, template: str, title: str, **values: Any) -> str:
        """Write a page."""
        found = self._environment.get_template(template)
        return found.render(**{"here": None, "title": title} | values)

    def here(self, path: str, number: int = 1) -> dict[Language, str]:
        """Give the addresses of a page in each language."""
        return {language: self.links.page(path, number, language) for language in Language}

    def rows(
        self, wanted: QuestionFilter, number: int = 1, most: int = PAGE
    ) -> list[tuple[Row, State | None]]:
        """List a page of questions, each with where it stands."""
        found = self.index.questions(wanted, skip=(number - 1) * most, most=most)
        return [(row, self._states.get(row.status or "")) for row in found]

    def held(self, path: str) -> Held | None:
        """Find a document."""
        return self.index.document(path)

    def doors(self) -> list[tuple[str, str]]:
        """Give the addresses of lists of things, with the keys of their names."""
        found = [(self.links.page(path), key) for path, key in _WAYS]
        return found + [(self.links.page(path), key) for path, key in _DOORS if self.held(path)]

    @cached_property
    def _states(self) -> Mapping[str, State]:
        """Give the states by what lists call them."""
        scheme = self.held("def/etat")
        iris = self.index.json(scheme).get("hasTopConcept", ()) if scheme else ()
        labels = {self.index.label(iri): iri for iri in iris}
        return {
            label or "": State(iri.rpartition("/")[2], self.links.named(iri)) for label, iri in labels.items()
        }

    def _always(self) -> dict[str, Any]:
        """Give what every template may use."""
        kept = {path: self.links.page(path) for path in _STANDING if self.held(path)}
        return {
            "language": self.language,
            "links": self.links,
            "say": self.voice,
            "w": self.words,
            "is_served": self.is_served,
            "home": self.here("index"),
            "release": self.index.release,
            "base": self.index.base,
            "ways": self._ways(),
            "forms": FORMS,
            "types": TYPES,
            "french": set_in_french,
            "marked": marked,
            "unlinked": unlinked,
            "standing": dict.fromkeys(_STANDING) | kept,
        }

    def _ways(self) -> list[tuple[str, str]]:
        """Give what the head of every page leads to."""
        sought = [(self.links.search(), "search_title")] if self.is_served else []
        return sought + self.doors()[:_LED_TO]


def unlinked(named: Named) -> Named:
    """Name something without the link to its page."""
    return Named(text=named.text, language=named.language)


def marked(snippet: str) -> Markup:
    """Write a snippet with what was sought marked."""
    text = str(escape(snippet))
    return Markup(text.replace(FOUND[0], "<mark>").replace(FOUND[1], "</mark>"))  # noqa: S704 - escaped just now
