"""What questions share: people, organs, places, concepts, JO issues; collected by IRI, written once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lod.context import Context, Node

PEOPLE = "acteurs"
PLACES = "lieux"
CONCEPTS = "concepts"
LINKS = "liens"
METADATA = "metadonnees"


@dataclass(frozen=True, slots=True, eq=False)
class SharedResource:
    """A shared node and the graph it belongs to: one of the names above, or None for a graph of its own.

    The functions that make resources remember those that many questions share, and give them again.
    """

    graph: str | None
    node: Node


REMEMBERED = 2**14
"""How many resources of a kind are remembered: more than a legislature has."""


NAMES = frozenset(
    ("prefLabel", "name", "givenName", "familyName", "honorific", "title", "notation", "sameAs")
)
"""What may be spelt in several ways: of these one is kept and the others are told. All else is fact."""


_OTHER_NAMES = {"prefLabel": "altLabels", "name": "otherNames"}
"""The keys under which the other labels of a thing and the other names of a person are kept."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Conflict:
    """A resource has two values where it takes one: the one kept, and the other.

    If as many questions say one as the other, neither is believed.
    """

    iri: str
    key: str
    kept: str
    other: str
    even: bool

    @property
    def is_of_facts(self) -> bool:
        """Say whether this is more than a name spelt otherwise."""
        return self.key not in NAMES

    def is_said_by(self, resources: Iterable[SharedResource]) -> bool:
        """Say whether these resources have the value that is not believed."""
        doubted = {self.other, self.kept} if self.even else {self.other}
        said = (r.node[self.key] for r in resources if r.node["id"] == self.iri and self.key in r.node)
        return any(_spelt(item) in doubted for value in said for item in _as_list(value))


class SharedResources:
    """The shared resources of many questions: the same whatever the order in which they came."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counts: dict[int, tuple[SharedResource, list[int]]] = {}
        self._graphs: dict[str, str | None] = {}
        self._said: dict[str, dict[str, dict[str, _Said]]] = {}

    def add(self, resources: Iterable[SharedResource], times: int = 1) -> None:
        """Take in what so many questions say of shared resources; the same resource is only counted."""
        counts = self._counts
        for resource in resources:
            known = counts.get(id(resource))
            if known:
                known[1][0] += times
            else:
                counts[id(resource)] = (resource, [times])
        if len(counts) > REMEMBERED:
            self._gather()

    def resources(self) -> Iterator[SharedResource]:
        """Give every resource once, by IRI, then what it is tied to; a name of two official ones to neither.

        Some questions may name somebody whom others know by an official id: then there are both.
        """
        self._gather()
        self._fold_organs()
        for iri in sorted(self._said):
            node = self._node(iri)
            ties = node.pop("sameAs", ())
            if iri in self._graphs:
                yield SharedResource(self._graphs[iri], node)
            if len(ties) == 1:
                yield SharedResource(LINKS, {"id": iri, "sameAs": ties})

    def conflicts(self) -> Iterator[Conflict]:
        """Give what questions disagree on; labels that differ by case alone are no disagreement."""
        self._gather()
        self._fold_organs()
        for iri in sorted(self._said):
            for key, values in self._said[iri].items():
                if len(values) > 1 and (key == "sameAs" or not self._many(key)):
                    yield from _disagreements(iri, key, values)

    def _gather(self) -> None:
        """Bring together what has been counted, resource by resource."""
        for resource, [count] in self._counts.values():
            iri = resource.node["id"]
            if resource.graph != LINKS:
                self._graphs.setdefault(iri, resource.graph)
            said = self._said.setdefault(iri, {})
            for key, value in resource.node.items():
                values = said.setdefault(key, {})
                for item in _as_list(value):
                    values.setdefault(_spelt(item), _Said(item)).by += count
        self._counts.clear()

    def _node(self, iri: str) -> Node:
        """Put a resource together; what most questions say is kept, other labels become `altLabels`."""
        node: Node = {}
        for key, values in self._said[iri].items():
            if key == "type":
                node[key] = [said.value for said in values.values()]
            elif self._many(key):
                node[key] = [values[spelt].value for spelt in sorted(values)]
            else:
                node[key] = values[_by_weight(values)[0]].value
        for key, others in _OTHER_NAMES.items():
            spelt = {*_by_weight(self._said[iri].get(key, {}))[1:], *node.pop(others, ())} - {node.get(key)}
            if spelt:
                node[others] = sorted(spelt)
        return node

    def _fold_organs(self) -> None:
        """Say of an official organ what is said of those names that are tied to it alone.

        Only memberships refer to groups, so that one description is enough; deputies named in questions keep
        theirs.
        """
        for named, said in self._said.items():
            official = self._official(named)
            if official != named and "classification" in said:
                self._graphs.pop(named, None)
                for key in [key for key in said if key not in ("id", "sameAs")]:
                    _add_all(self._said[official].setdefault(key, {}), said.pop(key))
        for said in self._said.values():
            if organs := said.get("organization"):
                said["organization"] = {}
                for named, organ in organs.items():
                    official = self._official(named)
                    organ.value = {**organ.value, "id": official}
                    _add_all(said["organization"], {official: organ})

    def _official(self, named: str) -> str:
        """Return the official IRI that a named one is tied to, or the same if there is not exactly one."""
        ties = self._said.get(named, {}).get("sameAs", {})
        return next(iter(ties)) if len(ties) == 1 else named

    def _many(self, key: str) -> bool:
        return key == "type" or (key in self._context.terms and self._context.terms[key].many)


@dataclass(slots=True)
class _Said:
    """A value, and how many questions say it."""

    value: Any
    by: int = 0


def _add_all(known: dict[str, _Said], values: dict[str, _Said]) -> None:
    """Add values, each with the number of questions that say it."""
    for spelt, said in values.items():
        known.setdefault(spelt, _Said(said.value)).by += said.by


def _disagreements(iri: str, key: str, values: dict[str, _Said]) -> Iterator[Conflict]:
    kept, *others = _by_weight(values)
    for other in others:
        if key != "prefLabel" or other.casefold() != kept.casefold():
            even = values[kept].by == values[other].by
            yield Conflict(iri=iri, key=key, kept=kept, other=other, even=even)


def _by_weight(values: dict[str, _Said]) -> list[str]:
    """Order values: what most questions say first; of as many, the last by code point, which has accents."""
    return sorted(values, key=lambda spelt: (values[spelt].by, spelt), reverse=True)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _spelt(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["id"])
    return value if isinstance(value, str) else json.dumps(value)
