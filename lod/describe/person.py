"""People: a deputy, and the mandate and group memberships in whose capacity the deputy asks."""

from functools import lru_cache

from lod.context import Node
from lod.describe import organ
from lod.describe import place as places
from lod.describe.concept import QUALITIES, fixed
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph, slug
from lod.model import Author, Question, QuestionId, Tenure


def deputy_ref(iris: Iris, question: QuestionId, author: Author) -> Node:
    """Refer to the author of a question, under the name as printed."""
    return _labelled(iris.deputy(question, author), author.name)


def capacities(iris: Iris, question: QuestionId, author: Author) -> list[Node]:
    """Refer to the mandate and the memberships of the author, labelled by constituency and group."""
    me = iris.deputy(question, author)
    place = _place(iris, author)
    mandate = _labelled(_mandate_iri(me, question.legislature, author), place["label"] if place else None)
    if author.group is None:
        return [mandate]
    label = author.group.label
    return [
        mandate,
        *({"id": iri, "label": label} for iri in _membership_iris(me, question.legislature, author)),
    ]


def deputy_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the author, the mandate with its place, and the group with the memberships in it."""
    me = iris.deputy(question.id, question.author)
    return [*_deputy(iris, question.id.legislature, me, question.author), *_aliases(iris, question)]


@lru_cache(maxsize=CACHE_SIZE)
def _deputy(iris: Iris, legislature: int, me: str, author: Author) -> list[SharedResource]:
    """Describe a deputy with this IRI, without the other IRIs."""
    mandate, memberships = _mandate_iri(me, legislature, author), _membership_iris(me, legislature, author)
    member = _labelled(me, author.name)
    described = [
        SharedResource(SharedGraph.PEOPLE, _person(me, author, [mandate, *memberships])),
        SharedResource(SharedGraph.PEOPLE, _mandate(iris, mandate, member, author)),
        organ.chamber(iris),
        *_place_resources(iris, author),
    ]
    if author.group:
        group = organ.group_ref(iris, legislature, author.group)
        described += organ.group_resources(iris, legislature, author.group)
        for iri, term in memberships.items():
            node = {"type": ["Membership"], "id": iri, "member": member}
            described.append(
                SharedResource(
                    SharedGraph.PEOPLE,
                    node | {"organization": group} | _quality(iris, term) | _term(iri, term),
                )
            )
    return described


def _person(me: str, author: Author, memberships: list[str]) -> Node:
    identity = author.identity
    node: Node = {"type": ["Person", "EliPerson"], "id": me}
    if name := f"{identity.given_name} {identity.family_name}" if identity else author.name:
        node["name"] = name
    if identity:
        node |= {"givenName": identity.given_name, "familyName": identity.family_name}
    if civility := identity.civility if identity else author.civility:
        node["honorific"] = civility
    if author.official_id:
        node["identifier"] = author.official_id
    node["hasMembership"] = memberships
    return node


def _mandate(iris: Iris, me: str, member: Node, author: Author) -> Node:
    node: Node = {
        "type": ["Membership"],
        "id": me,
        "member": member,
        "organization": {"id": iris.chamber(), "label": organ.CHAMBER},
        "role": fixed(iris, "role", "depute"),
    }
    if place := _place(iris, author):
        node["spatial"] = place
    if author.mandate_id:
        node["identifier"] = author.mandate_id
    return node | _term(me, author.identity.mandate if author.identity else None)


def _place(iris: Iris, author: Author) -> Node | None:
    """Refer to the constituency or, if only that is stated, to the département."""
    if author.seat:
        return places.constituency_ref(iris, author.seat)
    return places.departement_ref(author.departement) if author.departement else None


def _place_resources(iris: Iris, author: Author) -> list[SharedResource]:
    if author.seat:
        return places.constituency_resources(iris, author.seat, author.constituency_id)
    return places.departement_resources(author.departement) if author.departement else []


def _aliases(iris: Iris, question: Question) -> list[SharedResource]:
    """Link to the official IRI the one by seat and name, and the one that the document alone would give."""
    author, stated = question.author, question.stated
    if author.official_id is None:
        return []
    named = [author] if author.seat and author.name else []
    if stated and stated.name and not stated.official_id:
        named.append(stated)
    me = iris.deputy(question.id, author)
    return [link for each in named for link in organ.alias(iris.named_deputy(question.id, each), me)]


def _labelled(iri: str, label: str | None) -> Node:
    return {"id": iri, "label": label} if label else {"id": iri}


def _quality(iris: Iris, term: Tenure | None) -> Node:
    return {"role": fixed(iris, "role", QUALITIES[term.quality])} if term and term.quality else {}


def _term(membership: str, term: Tenure | None) -> Node:
    if term is None:
        return {}
    node: Node = {"identifier": term.id}
    days = {"startDate": term.start, "endDate": term.end}
    known = {key: day.isoformat() for key, day in days.items() if day}
    if known:
        node["memberDuring"] = {"type": ["PeriodOfTime"], "id": Iris.period(membership), **known}
    return node


def _mandate_iri(person: str, legislature: int, author: Author) -> str:
    """Return the IRI of the mandate, by its official id or else by legislature and perhaps département."""
    mandate = author.identity.mandate if author.identity else None
    known = mandate.id if mandate else author.mandate_id
    if known or author.seat or author.departement is None:
        return Iris.capacity(person, known or f"mandat-{legislature}")
    return Iris.capacity(person, f"mandat-{legislature}-{author.departement.lower()}")


def _membership_iris(person: str, legislature: int, author: Author) -> dict[str, Tenure | None]:
    """Return the IRIs of the memberships in the group, by official id or else one by the group's name."""
    if author.group is None:
        return {}
    if author.identity and author.identity.affiliations:
        return {Iris.capacity(person, term.id): term for term in author.identity.affiliations}
    return {Iris.capacity(person, f"groupe-{legislature}-{slug(author.group.label)}"): None}
