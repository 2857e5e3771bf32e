"""Places: constituencies, and the départements that they are part of."""

from functools import lru_cache

from lod.context import Node
from lod.departements import Departement, departements_by_code, former_names
from lod.describe.concept import top_concept
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph
from lod.model import Seat


def constituency_ref(iris: Iris, seat: Seat) -> Node:
    """Refer to a constituency."""
    return {"id": iris.constituency(seat), "label": label(seat)}


@lru_cache(maxsize=CACHE_SIZE)
def constituency_resources(iris: Iris, seat: Seat, official_id: str | None) -> list[SharedResource]:
    """Describe a constituency and its département; the official id is that of one legislature only."""
    node: Node = {
        "type": ["Concept", "Location"],
        "id": iris.constituency(seat),
        "prefLabel": label(seat),
        "notation": seat.notation,
    }
    if official_id:
        node["officialIdentifiers"] = [official_id]
    if within := departement_ref(seat.departement):
        node["isPartOf"] = within
    return [
        *top_concept(iris.scheme("circonscription"), node, SharedGraph.PLACES),
        *departement_resources(seat.departement),
    ]


def departement_ref(code: str) -> Node | None:
    """Refer to a département; None for a territory that has no IRI at INSEE."""
    departement = departements_by_code()[code]
    return {"id": departement.iri, "label": departement.name} if departement.iri else None


def departement_resources(code: str) -> list[SharedResource]:
    """Describe a département; nothing for a territory that has no IRI at INSEE."""
    departement = departements_by_code()[code]
    return [_departement(departement.iri, departement)] if departement.iri else []


def label(seat: Seat) -> str:
    """Return the name of a constituency as the chamber writes it: Loire-Atlantique (9e circonscription)."""
    ordinal = "1re" if seat.number == 1 else f"{seat.number}e"
    return f"{departements_by_code()[seat.departement].name} ({ordinal} circonscription)"


def _departement(iri: str, departement: Departement) -> SharedResource:
    node: Node = {
        "type": ["Departement"],
        "id": iri,
        "prefLabel": departement.name,
        "inseeCode": departement.code,
    }
    if former := former_names(departement.code):
        node["altLabels"] = former
    if departement.same:
        node["exactMatch"] = list(departement.same)
    return SharedResource(SharedGraph.PLACES, node)
