"""The properties of a resource as a table, for what no page describes in a better way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lod import context as contexts
from lod.iri import fragment
from lod.web.pages.language import Label, Language, format_day
from lod.web.pages.links import Links

_KEYWORDS = {"@context", "@graph", "id", "type", "label"}
_SHOWN_ELSEWHERE = {
    *("prefLabel", "prefLabelEn", "skos:definition", "name", "title", "titleEn"),
    *("description", "descriptionEn", "license", "vann:preferredNamespaceUri"),
    *("hasTopConcept", "hasMembership", "topConceptOf", "items", "temporal"),
}
"""Properties that the header, the lists or the footer of a page show already."""
_DATE = "xsd:date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A property, the key of the words for it, and its values."""

    key: str
    property: str
    values: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyGroup:
    """The statements about one resource of a document; `anchor` is its id on the page, if it has one."""

    name: str
    anchor: str | None
    statements: tuple[Statement, ...]


class PropertyTable:
    """Reads the statements of a document, typed as its own context says."""

    def __init__(self, links: Links, document: dict[str, Any]) -> None:
        self._links = links
        self._terms: dict[str, Any] = document.get("@context", {})

    def facts(self, node: dict[str, Any]) -> list[Statement]:
        """Return the statements about a resource, except those that a page shows elsewhere."""
        return [
            statement for statement in self._statements(node) if statement.property not in _SHOWN_ELSEWHERE
        ]

    def group(self, node: dict[str, Any]) -> PropertyGroup:
        """Return all statements about a resource."""
        name = fragment(node["id"])
        anchor = None if name in {"id", node["id"]} else name
        return PropertyGroup(name=name, anchor=anchor, statements=tuple(self._statements(node)))

    def _statements(self, node: dict[str, Any]) -> Iterator[Statement]:
        for key, value in node.items():
            if key not in _KEYWORDS:
                values = value if isinstance(value, list) else [value]
                yield Statement(
                    key=f"fact_{key}",
                    property=curie(key) if "://" in key else key,
                    values=tuple(self._value(key, each) for each in values),
                )

    def _value(self, key: str, value: Any) -> Label:
        if isinstance(value, dict):
            return self._expanded_value(value)
        term = self._terms.get(key)
        term = term if isinstance(term, dict) else {}
        if term.get("@type") == "@id":
            return self._links.label(str(value))
        language = self._links.language
        if term.get("@type") == _DATE:
            return Label(text=format_day(str(value), language), language=language)
        return Label(text=str(value), language=Language(term.get("@language", language)))

    def _expanded_value(self, value: dict[str, Any]) -> Label:
        if "@value" in value:
            language = value.get("@language", self._links.language)
            return Label(text=str(value["@value"]), language=Language(language))
        return self._links.label({"id": value.get("@id") or value.get("id"), "label": value.get("label")})


def description(node: dict[str, Any], language: Language) -> Label | None:
    """Return the definition or description of a resource in a language, else in French."""
    values = list(node.get("skos:definition", ()))
    for key, of_key in (("description", Language.FR), ("descriptionEn", Language.EN)):
        if isinstance(node.get(key), str):
            values.append({"@language": of_key, "@value": node[key]})
    return translation(values, language)


def translation(values: Iterable[dict[str, str]], language: Language) -> Label | None:
    """Return the text in a language among values in several, else the French one."""
    by_language = {value["@language"]: value["@value"] for value in values}
    chosen = language if language in by_language else Language.FR
    return Label(text=by_language[chosen], language=chosen) if chosen in by_language else None


def curie(iri: str) -> str:
    """Shorten an IRI with its usual prefix; return it whole if there is none."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _prefixes().get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix else iri


@cache
def _prefixes() -> dict[str, str]:
    return {iri: prefix for prefix, iri in contexts.published().prefixes.items()} | {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
        "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
        "http://www.w3.org/ns/shacl#": "sh",
        "http://purl.org/vocab/vann/": "vann",
        "http://www.w3.org/2002/07/owl#": "owl",
    }
