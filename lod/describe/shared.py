"""What questions share: people, organs, places, concepts, JO issues; collected by IRI, written once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from lod.context import Context, Node

PEOPLE = "acteurs"
PLACES = "lieux"
CONCEPTS = "concepts"
LINKS = "liens"
METADATA = "metadonnees"


@dataclass(frozen=True, slots=True)
class Resource:
    """A shared node and the graph it belongs to: one of the names above, or None for a graph of its own."""

    graph: str | None
    node: Node


NAMES = frozenset(
    ("prefLabel", "name", "givenName", "familyName", "honorific", "title", "notation", "sameAs")
)
"""What may be spelt in several ways: of these one is kept and the others are told. All else is fact."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Conflict:
    """A resource has two values where it takes one: the one kept, the other, and who says the other.

    If as many say one as the other, both sides are named, and neither is believed.
    """

    iri: str
    key: str
    kept: str
    other: str
    said_by: tuple[str, ...]

    @property
    def is_of_facts(self) -> bool:
        """Say whether this is more than a name spelt otherwise."""
        return self.key not in NAMES


class Shared:
    """The shared resources of many questions: the same whatever the order in which they came."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._graphs: dict[str, str | None] = {}
        self._said: dict[str, dict[str, dict[str, _Said]]] = {}

    def add(self, resources: Iterable[Resource], said_by: str) -> None:
        """Take in what a question, by its uid, says of shared resources."""
        for resource in resources:
            iri = resource.node["id"]
            self._graphs.setdefault(iri, resource.graph)
            said = self._said.setdefault(iri, {})
            for key, value in resource.node.items():
                values = said.setdefault(key, {})
                for item in value if isinstance(value, list) else (value,):
                    values.setdefault(_spelt(item), _Said(item, [])).by.append(said_by)

    def resources(self) -> Iterator[Resource]:
        """Give every resource once, by IRI; a name that stands for two official ones is tied to neither."""
        for iri in sorted(self._said):
            if len(self._said[iri].get("sameAs", ())) < 2:
                yield Resource(self._graphs[iri], self._node(iri))

    def conflicts(self) -> Iterator[Conflict]:
        """Give what documents disagree on; labels that differ by case alone are no disagreement."""
        for iri in sorted(self._said):
            for key, values in self._said[iri].items():
                if key == "sameAs" or not self._many(key):
                    yield from _disagreements(iri, key, values)

    def _node(self, iri: str) -> Node:
        """Put a resource together; what most documents say is kept, other labels become `altLabels`."""
        node: Node = {}
        for key, values in self._said[iri].items():
            if key == "type":
                node[key] = [said.value for said in values.values()]
            elif self._many(key):
                node[key] = [values[spelt].value for spelt in sorted(values)]
            else:
                node[key] = values[_by_weight(values)[0]].value
        if others := _by_weight(self._said[iri].get("prefLabel", {}))[1:]:
            node["altLabels"] = sorted(others)
        return node

    def _many(self, key: str) -> bool:
        return key == "type" or (key in self._context.terms and self._context.terms[key].many)


class _Said(NamedTuple):
    value: Any
    by: list[str]


def _disagreements(iri: str, key: str, values: dict[str, _Said]) -> Iterator[Conflict]:
    kept, *others = _by_weight(values)
    for other in others:
        if key == "prefLabel" and other.casefold() == kept.casefold():
            continue
        said_by = set(values[other].by)
        if len(values[kept].by) == len(values[other].by):
            said_by |= set(values[kept].by)
        yield Conflict(iri=iri, key=key, kept=kept, other=other, said_by=tuple(sorted(said_by)))


def _by_weight(values: dict[str, _Said]) -> list[str]:
    """Order values: what most documents say first; of as many, the last by code point, which has accents."""
    return sorted(values, key=lambda spelt: (len(values[spelt].by), spelt), reverse=True)


def _spelt(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["id"])
    return value if isinstance(value, str) else json.dumps(value)
