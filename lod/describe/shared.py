"""The resources that questions share: people, organs, places, concepts, issues; merged by IRI."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lod.context import Context, Node
from lod.iri import SharedGraph


@dataclass(frozen=True, slots=True, eq=False)
class SharedResource:
    """A shared node and the shared graph that it is in; None for a graph of its own.

    The functions that make resources cache those that many questions share, and return the same object again.
    """

    graph: SharedGraph | None
    node: Node


CACHE_SIZE = 2**14
"""The number of resources of a kind that are cached: more than a legislature has."""


LABEL_KEYS = frozenset(
    (
        "prefLabel",
        "name",
        "givenName",
        "familyName",
        "honorific",
        "title",
        "notation",
        "sameAs",
        "issueNumber",
    )
)
"""The keys whose values may be spelt in several ways; the values of all other keys are facts.

An issue is identified by its series and its day: another number in one document makes it no other issue.
"""


_GRAPH_BY_KIND: dict[str, SharedGraph | None] = {
    "Issue": None,
    "ComplexWork": None,
    "SourceDocument": SharedGraph.METADATA,
    "SoftwareAgent": SharedGraph.METADATA,
    "Run": SharedGraph.METADATA,
    "derivedFrom": SharedGraph.METADATA,
    "generatedBy": SharedGraph.METADATA,
    "Location": SharedGraph.PLACES,
    "Departement": SharedGraph.PLACES,
    "sameAs": SharedGraph.LINKS,
}
"""The graph of a shared node that has a type or, if it has none, a key; of any other, that of people."""


def graph_of(node: Node) -> SharedGraph | None:
    """Return the graph of a shared node that was read from a dump, where it is no concept."""
    names = node.get("type") or list(node)
    return next((_GRAPH_BY_KIND[name] for name in names if name in _GRAPH_BY_KIND), SharedGraph.PEOPLE)


def is_shared_by_answers(node: Node) -> bool:
    """Return whether a node is what is common to answers, which only all questions together show."""
    return "ComplexWork" in node.get("type", ())


_OTHER_NAMES = {"prefLabel": "altLabels", "name": "otherNames"}
"""The keys under which the other labels of a thing and the other names of a person are kept."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Conflict:
    """A resource has two values for a key that takes one: the value kept, and the other.

    If as many questions state one as the other (`even`), neither is trusted.
    """

    iri: str
    key: str
    kept: str
    other: str
    even: bool

    @property
    def is_factual(self) -> bool:
        """Whether more than a spelling is at stake."""
        return self.key not in LABEL_KEYS

    def concerns(self, resources: Iterable[SharedResource]) -> bool:
        """Return whether these resources have a value that is not trusted."""
        doubtful = {self.other, self.kept} if self.even else {self.other}
        nodes = (r.node for r in resources if r.node["id"] == self.iri and self.key in r.node)
        return any(_as_text(item) in doubtful for node in nodes for item in _as_list(node[self.key]))


class SharedResources:
    """The shared resources of many questions, merged; the result does not depend on their order."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counts: dict[int, tuple[SharedResource, list[int]]] = {}
        self._graphs: dict[str, SharedGraph | None] = {}
        self._stated: dict[str, dict[str, dict[str, _StatedValue]]] = {}

    def add(self, resources: Iterable[SharedResource], times: int = 1) -> None:
        """Add the shared resources of this many questions; a known object only counts once more."""
        counts = self._counts
        for resource in resources:
            known = counts.get(id(resource))
            if known:
                known[1][0] += times
            else:
                counts[id(resource)] = (resource, [times])
        if len(counts) > CACHE_SIZE:
            self._merge()

    def add_missing(self, resources: Iterable[SharedResource]) -> None:
        """Add what no question states of these resources: other values of lists, and values of other keys."""
        self._merge()
        for resource in resources:
            iri = resource.node["id"]
            if resource.graph is not SharedGraph.LINKS:
                self._graphs.setdefault(iri, resource.graph)
            stated = self._stated.setdefault(iri, {})
            for key, value in resource.node.items():
                if key not in stated or (self._is_list(key) and key != "sameAs"):
                    values = stated.setdefault(key, {})
                    for item in _as_list(value):
                        values.setdefault(_as_text(item), _StatedValue(item)).times += 1

    def resources(self) -> Iterator[SharedResource]:
        """Yield every resource once, by IRI, and its `sameAs` link, unless two official IRIs compete for it.

        Some questions may give only the name of a person whom others know by an official id: then both are
        yielded.
        """
        self._merge()
        self._fold_organs()
        for iri in sorted(self._stated):
            node = self._node(iri)
            links = node.pop("sameAs", ())
            if iri in self._graphs:
                yield SharedResource(self._graphs[iri], node)
            if len(links) == 1:
                yield SharedResource(SharedGraph.LINKS, {"id": iri, "sameAs": links})

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what questions disagree on; labels that differ by case alone are no disagreement."""
        self._merge()
        self._fold_organs()
        for iri in sorted(self._stated):
            for key, values in self._stated[iri].items():
                if len(values) > 1 and (key == "sameAs" or not self._is_list(key)):
                    yield from _disagreements(iri, key, values)

    def _merge(self) -> None:
        """Merge the resources counted so far."""
        for resource, [count] in self._counts.values():
            iri = resource.node["id"]
            if resource.graph is not SharedGraph.LINKS:
                self._graphs.setdefault(iri, resource.graph)
            stated = self._stated.setdefault(iri, {})
            for key, value in resource.node.items():
                values = stated.setdefault(key, {})
                for item in _as_list(value):
                    values.setdefault(_as_text(item), _StatedValue(item)).times += count
        self._counts.clear()

    def _node(self, iri: str) -> Node:
        """Return a merged resource with the values most often stated.

        Other labels become `altLabels`, other names of a person `otherNames`.
        """
        node: Node = {}
        for key, values in self._stated[iri].items():
            if key == "type":
                node[key] = [stated.value for stated in values.values()]
            elif self._is_list(key):
                node[key] = [values[text].value for text in sorted(values)]
            else:
                node[key] = values[_by_weight(values)[0]].value
        for key, others_key in _OTHER_NAMES.items():
            others = {*_by_weight(self._stated[iri].get(key, {}))[1:], *node.get(others_key, ())}
            if others := others - {node.get(key)}:
                node[others_key] = sorted(others)
            else:
                node.pop(others_key, None)
        return node

    def _fold_organs(self) -> None:
        """Move to each official organ what is stated of the named IRIs that are linked to it alone.

        Only memberships refer to groups, so that one description is enough; deputies named in questions keep
        their own.
        """
        for named, stated in self._stated.items():
            official = self._official(named)
            if official != named and "classification" in stated:
                self._graphs.pop(named, None)
                for key in [key for key in stated if key not in ("id", "sameAs")]:
                    _add_all(self._stated[official].setdefault(key, {}), stated.pop(key))
        for stated in self._stated.values():
            if organs := stated.get("organization"):
                stated["organization"] = {}
                for named, organ in organs.items():
                    official = self._official(named)
                    organ.value = {**organ.value, "id": official}
                    _add_all(stated["organization"], {official: organ})

    def _official(self, named: str) -> str:
        """Return the official IRI that a named one is linked to, or the same unless there is exactly one."""
        links = self._stated.get(named, {}).get("sameAs", {})
        return next(iter(links)) if len(links) == 1 else named

    def _is_list(self, key: str) -> bool:
        return key == "type" or (key in self._context.terms and self._context.terms[key].many)


@dataclass(slots=True)
class _StatedValue:
    """A value, and the number of questions that state it."""

    value: Any
    times: int = 0


def _add_all(known: dict[str, _StatedValue], values: dict[str, _StatedValue]) -> None:
    """Add values, each with the number of questions that state it."""
    for text, stated in values.items():
        known.setdefault(text, _StatedValue(stated.value)).times += stated.times


def _disagreements(iri: str, key: str, values: dict[str, _StatedValue]) -> Iterator[Conflict]:
    kept, *others = _by_weight(values)
    for other in others:
        if key != "prefLabel" or other.casefold() != kept.casefold():
            even = values[kept].times == values[other].times
            yield Conflict(iri=iri, key=key, kept=kept, other=other, even=even)


def _by_weight(values: dict[str, _StatedValue]) -> list[str]:
    """Sort values, the most stated first; of equals, the last by code point: the one with accents."""
    return sorted(values, key=lambda text: (values[text].times, text), reverse=True)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["id"])
    return value if isinstance(value, str) else json.dumps(value)
