"""Places: constituencies, and the départements they are part of."""

from functools import lru_cache

from lod.context import Node
from lod.departements import Departement, departements_by_code, former_names
from lod.describe.concept import top_concept
from lod.describe.shared import PLACES, REMEMBERED, SharedResource
from lod.iri import Iris
from lod.model import Seat


def constituency_ref(iris: Iris, seat: Seat) -> Node:
    """Refer to a constituency."""
    return {"id": iris.constituency(seat), "label": label(seat)}


@lru_cache(maxsize=REMEMBERED)
def constituency_resources(iris: Iris, seat: Seat, official_id: str | None) -> list[SharedResource]:
    """Describe a constituency and its département; the official id is the one of a single legislature."""
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
        *top_concept(iris.scheme("circonscription"), node, PLACES),
        *departement_resources(seat.departement),
    ]


def departement_ref(code: str) -> Node | None:
    """Refer to a département; None if it is a territory that INSEE does not name."""
    departement = departements_by_code()[code]
    return {"id": departement.iri, "label": departement.name} if departement.iri else None


def departement_resources(code: str) -> list[SharedResource]:
    """Describe a département, unless it is a territory that INSEE does not name."""
    departement = departements_by_code()[code]
    return [_departement(departement.iri, departement)] if departement.iri else []


def label(seat: Seat) -> str:
    """Write a constituency as the chamber does: Loire-Atlantique (9e circonscription)."""
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
    return SharedResource(PLACES, node)
