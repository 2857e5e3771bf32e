"""Memberships: of a group, or, of the chamber, for a constituency."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lod.site.asked import Facet
from lod.site.index import Index
from lod.site.pages.links import Links, Named

Capacities = dict[Facet, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A mandate, or the membership of a group, with its first and last day as far as they are known."""

    anchor: str
    role: Named | None
    of: Named
    start: str | None
    end: str | None


def capacities(index: Index, iris: list[str]) -> Capacities:
    """Give the constituency and the group of memberships, as the document of their holder refers to them."""
    found: Capacities = {}
    for iri in iris:
        path = iri.removeprefix(index.base).partition("#")[0]
        found |= _of_holder(index, path).get(iri, {})
    return found


@lru_cache(1 << 12)
def _of_holder(index: Index, path: str) -> dict[str, Capacities]:
    held = index.document(path)
    if held is None:
        return {}
    return {node["id"]: _of(index, node) for node in nodes(index.json(held)) if "organization" in node}


def _of(index: Index, membership: dict[str, Any]) -> Capacities:
    if membership["organization"]["id"] != f"{index.base}an/assemblee-nationale#id":
        return {Facet.GROUP: membership["organization"]}
    return {Facet.CONSTITUENCY: membership["spatial"]} if "spatial" in membership else {}


def memberships(document: dict[str, Any], links: Links) -> list[Membership]:
    """Give the mandates and memberships of a document, the newest first."""
    found = [
        Membership(
            anchor=node["id"].rpartition("#")[2],
            role=links.named(node["role"]) if "role" in node else None,
            of=links.named(node.get("spatial") or node["organization"]),
            start=node.get("memberDuring", {}).get("startDate"),
            end=node.get("memberDuring", {}).get("endDate"),
        )
        for node in nodes(document)
        if "Membership" in node.get("type", ())
    ]
    return sorted(found, key=lambda held: held.start or "", reverse=True)


def nodes(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the resources of a document, one or several; the context is none of them."""
    found: list[dict[str, Any]] = document.get("@graph", [document])
    return found
