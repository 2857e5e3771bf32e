"""Where things are: the addresses of pages, data and assets, and what an IRI is called."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lod.web.index.index import Held, Index
from lod.web.index.question_row import IndexedResource, resource
from lod.web.pages.language import Language, nth

ASSETS = Path(__file__).parents[1] / "assets"
_SEARCH = {Language.FR: "recherche", Language.EN: "search"}
_WITH_PARTS = {"question", "person", "ontology", "shapes"}
"""Kinds of pages on which parts of the document can be pointed at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something that a page names: its words, their language, and the address of its page, if it has one."""

    text: str
    language: Language = Language.FR
    href: str | None = None


class Links:
    """Addresses of one language, in a site that lies under a root."""

    def __init__(self, index: Index, root: str, language: Language) -> None:
        self._index = index
        self._root = root
        self.language = language
        self._held = dict[str, Held | None]()
        self._named = dict[IndexedResource, Named]()

    def page(self, path: str, number: int = 1, language: Language | None = None) -> str:
        """Give the address of a page of this path, or of a further page of its list."""
        further = f".{number}" if number > 1 else ""
        return f"{self._root}{quote(path)}{further}{(language or self.language).suffix}"

    def data(self, path: str, form: str) -> str:
        """Give the address of a document in one of its formats."""
        return f"{self._root}{quote(path)}.{form}"

    def search(self, language: Language | None = None) -> str:
        """Give the address at which questions are sought."""
        return f"{self._root}{_SEARCH[language or self.language]}"

    def at(self, path: str) -> str:
        """Give the address of what is at the root as it is."""
        return f"{self._root}{path}"

    def asset(self, name: str) -> str:
        """Give the address of a file of the site, which changes when the file does."""
        return f"{self._root}assets/{name}?v={_version(name)}"

    def of(self, iri: str) -> str | None:
        """Give the address of the page that says what an IRI names; None if no page does."""
        if not iri.startswith(self._index.base):
            return iri if iri.startswith(("http://", "https://")) else None
        path, part = self._index.path(iri), iri.partition("#")[2]
        if path.startswith("dumps/"):
            return self.at(path)
        held = self._document(path)
        if held is None:
            return None if path else self.page("index")
        if held.path != path and held.kind == "question":
            part = path.removeprefix(f"{held.path}/").removesuffix("/fr").replace("/", "-")
            part = "" if part == "fr" or part.startswith("source-") else part
        is_part = part and part != "id" and kind(held) in _WITH_PARTS
        return self.page(held.path) + (f"#{part}" if is_part else "")

    def named(self, value: str | dict[str, Any]) -> Named:
        """Name what a document refers to, in this language if the release does."""
        about = resource(value)
        if about not in self._named:
            if len(self._named) > 1 << 15:
                self._named.clear()
            self._named[about] = self._name(about)
        return self._named[about]

    def held(self, held: Held) -> Named:
        """Name what a document is about."""
        href = self.page(held.path)
        if english := self._in_english(held):
            return Named(text=english, language=Language.EN, href=href)
        return Named(text=held.label or held.path, href=href)

    def _name(self, about: IndexedResource) -> Named:
        href, held = self.of(about.iri), None
        if about.iri.startswith(self._index.base):
            held = self._document(self._index.path(about.iri))
        if held and (english := self._in_english(held)):
            return Named(text=english, language=Language.EN, href=href)
        text = about.label or (held.label if held and "#id" in about.iri else None)
        text = text or self._index.label(about.iri) or _short(about.iri, self._index.base)
        return Named(text=text, href=href)

    def _in_english(self, held: Held) -> str | None:
        """Give the English name of what a document is about, if that is wanted and there is one."""
        if self.language is not Language.EN:
            return None
        number = held.path.rpartition("/")[2]
        is_counted = held.kind == "legislature" and number.isdecimal()
        return held.label_en or (f"{nth(int(number))} legislature" if is_counted else None)

    def _document(self, path: str) -> Held | None:
        if path not in self._held:
            if len(self._held) > 1 << 15:
                self._held.clear()
            self._held[path] = self._index.document(path)
        return self._held[path]


def kind(held: Held) -> str:
    """Say what kind of page a document has: shapes have one of their own."""
    return "shapes" if held.path == "shapes" else held.kind


def _short(iri: str, base: str) -> str:
    """Call by the end of its IRI what has no name."""
    if iri.startswith(base):
        return iri.removeprefix(base).removesuffix("#id").rpartition("/")[2] or iri
    return iri


@cache
def _version(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:10]
