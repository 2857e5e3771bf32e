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


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Conflict:
    """A resource has two values where it takes one: what is kept, what is left out, and who says so."""

    iri: str
    key: str
    kept: str
    other: str
    said_by: str


class Shared:
    """The shared resources of many questions: the same whatever the order in which they came."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._graphs: dict[str, str | None] = {}
        self._said: dict[str, dict[str, dict[str, _Said]]] = {}

    def add(self, resources: Iterable[Resource], said_by: str) -> None:
        """Take in what a document, named by its question, says of shared resources."""
        for resource in resources:
            iri = resource.node["id"]
            self._graphs.setdefault(iri, resource.graph)
            said = self._said.setdefault(iri, {})
            for key, value in resource.node.items():
                values = said.setdefault(key, {})
                for item in value if isinstance(value, list) else (value,):
                    spelt = _spelt(item)
                    values[spelt] = min(
                        values.get(spelt, _Said(said_by, item)), _Said(said_by, item), key=_who
                    )

    def resources(self) -> Iterator[Resource]:
        """Give every resource once, by IRI."""
        for iri in sorted(self._said):
            yield Resource(self._graphs[iri], self._node(iri))

    def conflicts(self) -> Iterator[Conflict]:
        """Give the values that had to be left out; a second label is none, it becomes another label."""
        for iri in sorted(self._said):
            for key, values in self._said[iri].items():
                if not self._many(key) and key != "prefLabel":
                    kept, *others = sorted(values)
                    for other in others:
                        who = values[other].by
                        yield Conflict(iri=iri, key=key, kept=kept, other=other, said_by=who)

    def _node(self, iri: str) -> Node:
        node: Node = {}
        for key, values in self._said[iri].items():
            ordered = [values[spelt].value for spelt in sorted(values)]
            node[key] = ordered if self._many(key) else ordered[0]
        if others := sorted(self._said[iri].get("prefLabel", ()))[1:]:
            node["altLabels"] = others
        return node

    def _many(self, key: str) -> bool:
        return key == "type" or (key in self._context.terms and self._context.terms[key].many)


class _Said(NamedTuple):
    by: str
    value: Any


def _who(said: _Said) -> str:
    return said.by


def _spelt(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["id"])
    return value if isinstance(value, str) else json.dumps(value)
