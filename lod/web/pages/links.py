"""The URLs of pages, data and assets, and the labels of resources."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from lod.errors import Misused
from lod.errors import quote as quote_value
from lod.iri import DUMPS, THING, fragment, last_segment
from lod.web.index.question_row import IndexedResource, indexed_resource
from lod.web.index.reader import Index, IndexedDocument
from lod.web.pages.language import Label, Language, Words, english_ordinal

ASSETS = Path(__file__).parents[1] / "assets"
_SEARCH = {Language.FR: "recherche", Language.EN: "search"}
_WITH_FRAGMENTS = {"question", "person", "ontology", "shapes"}
"""The kinds of pages that mark the parts of their document, so that links can point at them."""
_CACHED = 1 << 15


def root_path(address: str | None) -> str:
    """Return the path of a site's address, with a slash at both ends; « / » if the address is not known.

    Raise Misused if the address cannot be that of a site.
    """
    if address is None:
        return "/"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or not parts.path.endswith("/"):
        raise Misused(
            "expected --address such as https://data.example.org/, with a slash at its end, "
            f"found {quote_value(address)}"
        )
    return parts.path


class Links:
    """URLs and labels in one language, for a site whose pages lie below the path of its address."""

    def __init__(self, index: Index, address: str | None, language: Language) -> None:
        self._index = index
        self._root = root_path(address)
        self._address = address or index.base
        self.language = language
        self._words = Words(language)
        self._documents = dict[str, IndexedDocument | None]()
        self._labels = dict[IndexedResource, Label]()

    def page(self, path: str, number: int = 1, language: Language | None = None) -> str:
        """Return the URL of the page of a document, or of a further page of its list."""
        further = f".{number}" if number > 1 else ""
        return f"{self._root}{quote(path)}{further}{(language or self.language).suffix}"

    def data(self, path: str, form: str) -> str:
        """Return the URL of a document in one of its data formats."""
        return f"{self._root}{quote(path)}.{form}"

    def search(self, language: Language | None = None) -> str:
        """Return the URL of the search page."""
        return f"{self._root}{_SEARCH[language or self.language]}"

    def absolute(self, url: str) -> str:
        """Return a URL of this site with its public address, or the base of the data if that is not known."""
        return self._address + url.removeprefix(self._root)

    def at(self, path: str) -> str:
        """Return the URL of a path below the root."""
        return f"{self._root}{path}"

    def asset(self, name: str) -> str:
        """Return the URL of an asset, which changes whenever its content does."""
        return f"{self._root}assets/{name}?v={_asset_version(name)}"

    def iri(self, iri: str) -> str | None:
        """Return the URL of the page that describes an IRI; None if there is none."""
        if not iri.startswith(self._index.base):
            return iri if iri.startswith(("http://", "https://")) else None
        path, anchor = self._index.iris.path(iri), fragment(iri)
        if path.startswith(DUMPS):
            return self.at(path)
        document = self._document(path)
        if document is None:
            return None if path else self.page("index")
        if document.path != path and document.kind == "question":
            anchor = path.removeprefix(f"{document.path}/").removesuffix("/fr").replace("/", "-")
            anchor = "" if anchor == "fr" or anchor.startswith("source-") else anchor
        is_marked = anchor and anchor != fragment(THING) and page_kind(document) in _WITH_FRAGMENTS
        return self.page(document.path) + (f"#{anchor}" if is_marked else "")

    def label(self, value: str | dict[str, Any]) -> Label:
        """Label the resource to which a value of a document refers, in this language if possible."""
        resource = indexed_resource(value)
        if resource not in self._labels:
            if len(self._labels) > _CACHED:
                self._labels.clear()
            self._labels[resource] = self._resource_label(resource)
        return self._labels[resource]

    def document_label(self, document: IndexedDocument) -> Label:
        """Label the subject of a document."""
        href = self.page(document.path)
        if english := self._english_text(document):
            return Label(text=english, language=Language.EN, href=href)
        if document.label is None and document.kind == "person":
            return self._unnamed(document, href)
        return Label(text=document.label or document.path, href=href)

    def _resource_label(self, resource: IndexedResource) -> Label:
        href, document = self.iri(resource.iri), None
        if resource.iri.startswith(self._index.base):
            document = self._document(self._index.iris.path(resource.iri))
        if document and (english := self._english_text(document)):
            return Label(text=english, language=Language.EN, href=href)
        text = resource.label or (document.label if document and THING in resource.iri else None)
        text = text or self._index.label(resource.iri)
        if text is None and document and document.kind == "person":
            return self._unnamed(document, href)
        return Label(text=text or self._name(resource.iri), href=href)

    def _unnamed(self, document: IndexedDocument, href: str | None) -> Label:
        """Label a deputy whom no document and no register names."""
        text = self._words("unnamed_deputy", id=last_segment(document.path))
        return Label(text=text, language=self.language, href=href)

    def _name(self, iri: str) -> str:
        """Return the last segment of an IRI of the base, as a label of last resort; other IRIs whole."""
        return (last_segment(iri) if iri.startswith(self._index.base) else "") or iri

    def _english_text(self, document: IndexedDocument) -> str | None:
        if self.language is not Language.EN:
            return None
        number = last_segment(document.path)
        is_numbered = document.kind == "legislature" and number.isdecimal()
        return document.label_en or (f"{english_ordinal(int(number))} legislature" if is_numbered else None)

    def _document(self, path: str) -> IndexedDocument | None:
        if path not in self._documents:
            if len(self._documents) > _CACHED:
                self._documents.clear()
            self._documents[path] = self._index.document(path)
        return self._documents[path]


def page_kind(document: IndexedDocument) -> str:
    """Return the kind of page that a document has: that of the document, but the shapes have their own."""
    return "shapes" if document.path == "shapes" else document.kind


@cache
def _asset_version(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:10]
