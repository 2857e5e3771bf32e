"""The pages of the vocabulary and of the shapes: what each term means, what each shape demands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lod.web.index.index import Held
from lod.web.pages.capacity import nodes
from lod.web.pages.language import Language
from lod.web.pages.links import Named
from lod.web.pages.property_path import Paths
from lod.web.pages.property_table import curie, described, spoken
from lod.web.pages.renderer import PageRenderer

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_DEMANDS = (
    *("minCount", "maxCount", "class", "datatype", "nodeKind", "minLength", "pattern", "languageIn", "in"),
    *("hasValue", "minInclusive", "maxExclusive", "equals", "disjoint", "lessThanOrEquals", "uniqueLang"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyTerm:
    """A term of the vocabulary; labels and definitions in all languages that it has."""

    anchor: str
    iri: str
    types: tuple[str, ...]
    labels: tuple[Named, ...]
    definitions: tuple[Named, ...]
    domain: tuple[Named, ...]
    range: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a shape demands of a property, or of the whole: in words, and as SHACL has it."""

    anchor: str
    path: str | None
    message: Named | None
    constraints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeView:
    """A shape: what it is called, what it is about, its own message, what it demands of properties."""

    anchor: str
    label: Named | None
    targets: tuple[tuple[str, Named], ...]
    message: Named | None
    demands: tuple[Demand, ...]


def ontology_page(made: PageRenderer, held: Held) -> str:
    """Write the documentation of the vocabulary."""
    found = nodes(made.index.json(held))
    about = next(node for node in found if "owl:Ontology" in node.get("type", ()))
    return made.page(
        "ontology.html",
        made.links.held(held).text,
        here=made.here(held.path),
        path=held.path,
        iri=about["id"],
        named=made.links.held(held),
        told=described(about, made.language),
        version=next((one["@value"] for one in about.get("owl:versionInfo", ())), None),
        terms=[_term(made, node) for node in found if "#" in node["id"]],
    )


def _term(made: PageRenderer, node: dict[str, Any]) -> VocabularyTerm:
    return VocabularyTerm(
        anchor=node["id"].rpartition("#")[2],
        iri=node["id"],
        types=tuple(node["type"]),
        labels=tuple(_in_all(node.get(f"{_RDFS}label", ()))),
        definitions=tuple(_in_all(node.get(f"{_RDFS}comment", ()))),
        domain=_classes(made, node, "domain"),
        range=_classes(made, node, "range"),
    )


def _in_all(told: list[dict[str, str]]) -> Iterator[Named]:
    for one in sorted(told, key=lambda one: one["@language"], reverse=True):
        yield Named(text=one["@value"], language=Language(one["@language"]))


def _classes(made: PageRenderer, node: dict[str, Any], key: str) -> tuple[Named, ...]:
    return tuple(_class(made, one["@id"]) for one in node.get(f"{_RDFS}{key}", ()))


def _class(made: PageRenderer, iri: str) -> Named:
    return Named(text=curie(iri), language=made.language, href=made.links.of(iri))


def shapes_page(made: PageRenderer, held: Held) -> str:
    """Write the documentation of the shapes."""
    found = {node["id"]: node for node in nodes(made.index.json(held))}
    shapes = [_shape(made, node, found) for node in found.values() if _is_shape(node) and _is_named(node)]
    return made.page(
        "shapes.html",
        made.words("shapes_title"),
        here=made.here(held.path),
        path=held.path,
        iri=f"{made.index.base}{held.path}",
        shapes=sorted(shapes, key=lambda shape: shape.anchor),
    )


def _is_named(node: dict[str, Any]) -> bool:
    return f"{_RDFS}label" in node


def _is_shape(node: dict[str, Any]) -> bool:
    return "sh:NodeShape" in node.get("type", ())


def _shape(made: PageRenderer, node: dict[str, Any], found: dict[str, Any]) -> ShapeView:
    anchor = node["id"].rpartition("#")[2]
    return ShapeView(
        anchor=anchor,
        label=spoken(node[f"{_RDFS}label"], made.language),
        targets=tuple(
            (key, _class(made, one["@id"])) for key in _TARGETS for one in node.get(f"sh:{key}", ())
        ),
        message=spoken(node.get("sh:message", ()), made.language),
        demands=tuple(_demand(made, one, found) for one in _demanding(node, found)),
    )


def _demanding(node: dict[str, Any], found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the shapes of the properties of a shape, and those of its class that have no name of their own."""
    for one in node.get("sh:property", ()):
        yield found[one["@id"]]
    for name, other in found.items():
        if _is_shape(other) and not _is_named(other) and name.startswith(f"{node['id']}-"):
            yield other


def _demand(made: PageRenderer, node: dict[str, Any], found: dict[str, Any]) -> Demand:
    paths = Paths(found)
    return Demand(
        anchor=node["id"].rpartition("#")[2],
        path=paths.path(node["sh:path"][0]["@id"]) if "sh:path" in node else None,
        message=spoken(node.get("sh:message", ()), made.language),
        constraints=tuple(
            f"{key} {paths.value(one)}" for key in _DEMANDS for one in node.get(f"sh:{key}", ())
        ),
    )
