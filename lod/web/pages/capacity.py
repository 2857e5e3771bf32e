"""Memberships: of a group, or, of the chamber, for a constituency."""

from dataclasses import dataclass
from typing import Any

from lod.web.index.index import Index
from lod.web.index.question_row import Facet
from lod.web.pages.links import Links, Named

Capacities = dict[Facet, dict[str, Any]]
_MOST = 1 << 13
"""How many holders are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """A mandate, or the membership of a group, with its first and last day as far as they are known."""

    anchor: str
    role: Named | None
    of: Named
    start: str | None
    end: str | None


class Holders:
    """Knows what the memberships of an index stand for; those of one holder are read together, and kept."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known = dict[str, dict[str, Capacities]]()

    def capacities(self, iris: list[str]) -> Capacities:
        """Give the constituency and the group of memberships, as their holder's document refers to them."""
        found: Capacities = {}
        for iri in iris:
            found |= self._of_holder(self._index.path(iri)).get(iri, {})
        return found

    def _of_holder(self, path: str) -> dict[str, Capacities]:
        if path not in self._known:
            if len(self._known) > _MOST:
                self._known.clear()
            held = self._index.document(path)
            listed = nodes(self._index.json(held)) if held else []
            self._known[path] = {node["id"]: self._of(node) for node in listed if "organization" in node}
        return self._known[path]

    def _of(self, membership: dict[str, Any]) -> Capacities:
        if membership["organization"]["id"] != f"{self._index.base}an/assemblee-nationale#id":
            return {Facet.GROUP: membership["organization"]}
        return {Facet.CONSTITUENCY: membership["spatial"]} if "spatial" in membership else {}


def memberships(document: dict[str, Any], links: Links) -> list[MembershipRow]:
    """Give the mandates and memberships of a document, the newest first."""
    found = [
        MembershipRow(
            anchor=node["id"].rpartition("#")[2],
            role=links.named(node["role"]) if "role" in node else None,
            of=links.named(node.get("spatial") or node["organization"]),
            start=node.get("memberDuring", {}).get("startDate"),
            end=node.get("memberDuring", {}).get("endDate"),
        )
        for node in nodes(document)
        if "MembershipRow" in node.get("type", ())
    ]
    return sorted(found, key=lambda held: held.start or "", reverse=True)


def nodes(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the resources of a document, one or several; the context is none of them."""
    found: list[dict[str, Any]] = document.get("@graph", [document])
    return found
