"""What a document says of a resource, property by property, for pages that have no better words for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lod import context as contexts
from lod.web.pages.language import Language, day
from lod.web.pages.links import Links, Named

_SKIPPED = {"@context", "@graph", "id", "type", "label"}
_HEADED = {
    *("prefLabel", "skos:prefLabel", "skos:definition", "name", "title", "titleEn", "description"),
    *(
        "descriptionEn",
        "license",
        "vann:preferredNamespaceUri",
        "hasTopConcept",
        "hasMembership",
        "topConceptOf",
    ),
}
"""What the head of a page, its lists or its foot tell already."""
_DATE = "xsd:date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A property, the key of the words for it, and its values."""

    key: str
    property: str
    values: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyGroup:
    """A resource of a document, and what is said of it."""

    name: str
    anchor: str | None
    is_main: bool
    statements: tuple[Statement, ...]


class PropertyTable:
    """Names the values of one document, as its context reads them."""

    def __init__(self, links: Links, document: dict[str, Any]) -> None:
        self._links = links
        self._terms: dict[str, Any] = document.get("@context", {})

    def facts(self, node: dict[str, Any]) -> list[Statement]:
        """Give what is said of a resource beyond its names and definitions."""
        return [told for told in self._statements(node) if told.property not in _HEADED]

    def part(self, node: dict[str, Any]) -> PropertyGroup:
        """Give all that is said of a resource."""
        name = node["id"].rpartition("#")[2]
        is_main = name in {"id", node["id"]}
        statements = tuple(self._statements(node))
        return PropertyGroup(
            name=name, anchor=None if is_main else name, is_main=is_main, statements=statements
        )

    def _statements(self, node: dict[str, Any]) -> Iterator[Statement]:
        for key, value in node.items():
            if key not in _SKIPPED:
                values = value if isinstance(value, list) else [value]
                named = tuple(self._value(key, one) for one in values)
                yield Statement(key=f"fact_{key}", property=_spelt(key), values=named)

    def _value(self, key: str, value: Any) -> Named:
        if isinstance(value, dict):
            return self._expanded(value)
        term = self._terms.get(key)
        term = term if isinstance(term, dict) else {}
        if term.get("@type") == "@id":
            return self._links.named(str(value))
        language = self._links.language
        if term.get("@type") == _DATE:
            return Named(text=day(str(value), language), language=language)
        return Named(text=str(value), language=Language(term.get("@language", language)))

    def _expanded(self, value: dict[str, Any]) -> Named:
        if "@value" in value:
            language = value.get("@language", self._links.language)
            return Named(text=str(value["@value"]), language=Language(language))
        return self._links.named({"id": value.get("@id") or value.get("id"), "label": value.get("label")})


def described(node: dict[str, Any], language: Language) -> Named | None:
    """Give the definition of a concept, or the description of anything, in a language, or else in French."""
    told = list(node.get("skos:definition", ()))
    for key, its in (("description", Language.FR), ("descriptionEn", Language.EN)):
        if isinstance(node.get(key), str):
            told.append({"@language": its, "@value": node[key]})
    return spoken(told, language)


def spoken(told: Iterable[dict[str, str]], language: Language) -> Named | None:
    """Choose, of what is told in several languages, what is in one, or else in French."""
    by_language = {one["@language"]: one["@value"] for one in told}
    chosen = language if language in by_language else Language.FR
    return Named(text=by_language[chosen], language=chosen) if chosen in by_language else None


def _spelt(key: str) -> str:
    return curie(key) if "://" in key else key


@cache
def _prefixes() -> dict[str, str]:
    return {iri: prefix for prefix, iri in contexts.published().prefixes.items()} | {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
        "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
        "http://www.w3.org/ns/shacl#": "sh",
        "http://purl.org/vocab/vann/": "vann",
        "http://www.w3.org/2002/07/owl#": "owl",
    }


def curie(iri: str) -> str:
    """Shorten an IRI by the prefix that everybody uses."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _prefixes().get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix else iri
