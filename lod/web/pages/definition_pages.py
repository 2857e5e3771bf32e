"""The pages of the vocabulary and of the shapes: what each term means, what each shape requires."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lod.iri import fragment
from lod.web.index.reader import IndexedDocument, nodes
from lod.web.pages.language import Label, Language
from lod.web.pages.property_table import curie, description, translation
from lod.web.pages.renderer import PageRenderer

_RDF = "rdf:"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_CONSTRAINTS = (
    *("minCount", "maxCount", "class", "datatype", "nodeKind", "minLength", "pattern", "languageIn", "in"),
    *("hasValue", "minInclusive", "maxExclusive", "equals", "disjoint", "lessThanOrEquals", "uniqueLang"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyTerm:
    """A term of the vocabulary, with its labels and definitions in every language that it has."""

    anchor: str
    iri: str
    types: tuple[str, ...]
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]
    domain: tuple[Label, ...]
    range: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a shape requires of a property, or of the whole resource: in words, and as SHACL constraints."""

    anchor: str
    path: str | None
    message: Label | None
    constraints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeView:
    """A named node shape; `targets` are pairs of a SHACL target property and its value."""

    anchor: str
    label: Label | None
    targets: tuple[tuple[str, Label], ...]
    message: Label | None
    requirements: tuple[Requirement, ...]


def render_ontology(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the documentation of the vocabulary."""
    graph = nodes(renderer.index.json(document))
    ontology = next(node for node in graph if "owl:Ontology" in node.get("type", ()))
    label = renderer.links.document_label(document)
    own_words = description(ontology, renderer.language)
    return renderer.page(
        "ontology.html",
        label.text,
        here=renderer.here(document.path),
        path=document.path,
        iri=ontology["id"],
        label=label,
        description=own_words,
        summary=own_words.text if own_words else label.text,
        version=next((value["@value"] for value in ontology.get("owl:versionInfo", ())), None),
        terms=[_term(renderer, node) for node in graph if "#" in node["id"]],
    )


def _term(renderer: PageRenderer, node: dict[str, Any]) -> VocabularyTerm:
    return VocabularyTerm(
        anchor=fragment(node["id"]),
        iri=node["id"],
        types=tuple(node["type"]),
        labels=tuple(_all_languages(node.get(f"{_RDFS}label", ()))),
        definitions=tuple(_all_languages(node.get(f"{_RDFS}comment", ()))),
        domain=tuple(_class_label(renderer, value["@id"]) for value in node.get(f"{_RDFS}domain", ())),
        range=tuple(_class_label(renderer, value["@id"]) for value in node.get(f"{_RDFS}range", ())),
    )


def _all_languages(values: list[dict[str, str]]) -> Iterator[Label]:
    for value in sorted(values, key=lambda value: value["@language"], reverse=True):
        yield Label(text=value["@value"], language=Language(value["@language"]))


def _class_label(renderer: PageRenderer, iri: str) -> Label:
    return Label(text=curie(iri), language=renderer.language, href=renderer.links.iri(iri))


def render_shapes(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the documentation of the shapes."""
    graph = {node["id"]: node for node in nodes(renderer.index.json(document))}
    shapes = [_shape(renderer, node, graph) for node in graph.values() if _is_shape(node) and _is_named(node)]
    return renderer.page(
        "shapes.html",
        renderer.words("shapes_title"),
        here=renderer.here(document.path),
        summary=renderer.words("shapes_lead"),
        path=document.path,
        iri=f"{renderer.index.base}{document.path}",
        shapes=sorted(shapes, key=lambda shape: shape.anchor),
    )


def _is_named(node: dict[str, Any]) -> bool:
    return f"{_RDFS}label" in node


def _is_shape(node: dict[str, Any]) -> bool:
    return "sh:NodeShape" in node.get("type", ())


def _shape(renderer: PageRenderer, node: dict[str, Any], graph: dict[str, Any]) -> ShapeView:
    return ShapeView(
        anchor=fragment(node["id"]),
        label=translation(node[f"{_RDFS}label"], renderer.language),
        targets=tuple(
            (key, _class_label(renderer, value["@id"]))
            for key in _TARGETS
            for value in node.get(f"sh:{key}", ())
        ),
        message=translation(node.get("sh:message", ()), renderer.language),
        requirements=tuple(_requirement(renderer, each, graph) for each in _parts(node, graph)),
    )


def _parts(node: dict[str, Any], graph: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the property shapes of a shape, then the unnamed shapes that add to it (`NAME-…`)."""
    for value in node.get("sh:property", ()):
        yield graph[value["@id"]]
    for name, other in graph.items():
        if _is_shape(other) and not _is_named(other) and name.startswith(f"{node['id']}-"):
            yield other


def _requirement(renderer: PageRenderer, node: dict[str, Any], graph: dict[str, Any]) -> Requirement:
    formatter = _ShaclFormatter(graph)
    return Requirement(
        anchor=fragment(node["id"]),
        path=formatter.path(node["sh:path"][0]["@id"]) if "sh:path" in node else None,
        message=translation(node.get("sh:message", ()), renderer.language),
        constraints=tuple(
            f"{key} {formatter.value(value)}" for key in _CONSTRAINTS for value in node.get(f"sh:{key}", ())
        ),
    )


class _ShaclFormatter:
    """Formats the property paths and constraint values of a document in the syntax of SPARQL and Turtle."""

    def __init__(self, graph: Mapping[str, Mapping[str, Any]]) -> None:
        self._graph = graph

    def path(self, name: str) -> str:
        """Format a property path: `^eli:realizes`."""
        node = self._graph.get(name, {})
        if "sh:inversePath" in node:
            return f"^{self.path(node['sh:inversePath'][0]['@id'])}"
        if "sh:alternativePath" in node:
            alternatives = self._list(node["sh:alternativePath"][0]["@id"])
            return " | ".join(self.path(value["@id"]) for value in alternatives)
        if f"{_RDF}first" in node:
            return " / ".join(self.path(value["@id"]) for value in self._list(name))
        return curie(name)

    def value(self, value: Mapping[str, Any]) -> str:
        """Format the value of a constraint: a literal, a CURIE, or a list of them."""
        if "@value" in value:
            return str(value["@value"])
        members = [self.value(member) for member in self._list(value["@id"])]
        return f"( {' '.join(members)} )" if members else curie(value["@id"])

    def _list(self, name: str) -> Iterator[Mapping[str, Any]]:
        while f"{_RDF}first" in (node := self._graph.get(name, {})):
            yield node[f"{_RDF}first"][0]
            name = node[f"{_RDF}rest"][0]["@id"]
