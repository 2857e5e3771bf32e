"""Organs: the chamber, its political groups, the ministries."""

from functools import lru_cache

from lod.context import Node
from lod.describe.concept import fixed
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph, slug
from lod.model import Group, Ministry

CHAMBER = "Assemblée nationale"


@lru_cache(maxsize=CACHE_SIZE)
def chamber(iris: Iris) -> SharedResource:
    """Describe the Assemblée nationale."""
    node = {
        "type": ["FormalOrganization", "EliOrganization"],
        "id": iris.chamber(),
        "prefLabel": CHAMBER,
        "classification": fixed(iris, "organe", "assemblee"),
    }
    return SharedResource(SharedGraph.PEOPLE, node)


def group_ref(iris: Iris, legislature: int, group: Group) -> Node:
    """Refer to a group."""
    return {"id": iris.group(legislature, group), "label": group.label}


@lru_cache(maxsize=CACHE_SIZE)
def group_resources(iris: Iris, legislature: int, group: Group) -> list[SharedResource]:
    """Describe a political group; its official IRI, if known, replaces the one made from its name."""
    node: Node = {
        "type": ["Organization", "EliOrganization"],
        "id": iris.group(legislature, group),
        "prefLabel": group.label,
        "classification": fixed(iris, "organe", "groupe-politique" if group.attached else "non-inscrits"),
    }
    if group.abbreviation:
        node["notation"] = group.abbreviation
    if group.official_id:
        node["identifier"] = group.official_id
    return [
        SharedResource(SharedGraph.PEOPLE, node),
        *alias(iris.named_group(legislature, group), node["id"]),
    ]


def printed_labels(stated: Group | None, group: Group | None) -> list[str]:
    """Return the printed labels of a group that differ from the published ones."""
    if stated is None or group is None or stated.official_id not in (None, group.official_id):
        return []
    if stated.official_id is None and slug(stated.label) != slug(group.label):
        return []  # it may be another group
    printed, published = (stated.label, stated.abbreviation), (None, group.label, group.abbreviation)
    return [label for label in printed if label is not None and label not in published]


def ministry_ref(iris: Iris, ministry: Ministry) -> Node:
    """Refer to a ministry."""
    return {"id": iris.ministry(ministry), "label": ministry.label}


@lru_cache(maxsize=CACHE_SIZE)
def ministry_resource(iris: Iris, ministry: Ministry) -> SharedResource:
    """Describe a ministry under its name in the document."""
    node: Node = {
        "type": ["FormalOrganization", "EliOrganization", "GovernmentOrganization"],
        "id": iris.ministry(ministry),
        "prefLabel": ministry.label,
        "classification": fixed(iris, "organe", "ministere"),
    }
    if ministry.official_id:
        node["identifier"] = ministry.official_id
    if ministry.full_name and ministry.full_name != ministry.label:
        node["altLabels"] = [ministry.full_name]
    return SharedResource(SharedGraph.PEOPLE, node)


@lru_cache(maxsize=CACHE_SIZE)
def alias(named: str, official: str) -> list[SharedResource]:
    """Link an IRI made from a document to the official one, so that earlier links keep working."""
    return (
        [] if named == official else [SharedResource(SharedGraph.LINKS, {"id": named, "sameAs": [official]})]
    )
