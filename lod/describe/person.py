"""People: a deputy, the mandate and the memberships of a group in which the deputy asks."""

from functools import lru_cache

from lod.context import Node
from lod.describe import organ, place
from lod.describe.concept import QUALITIES, fixed
from lod.describe.shared import PEOPLE, REMEMBERED, SharedResource
from lod.iri import Iris, slug
from lod.model import Author, Question, QuestionId, Tenure


def deputy_ref(iris: Iris, question: QuestionId, author: Author) -> Node:
    """Refer to the deputy who asks, by the name as printed."""
    return _labelled(iris.deputy(question, author), author.name)


def capacities(iris: Iris, question: QuestionId, author: Author) -> list[Node]:
    """Refer to the mandate and the memberships in which the deputy asks, by constituency and group."""
    me = iris.deputy(question, author)
    where = _place(iris, author)
    mandate = _labelled(_mandate_iri(me, question.legislature, author), where["label"] if where else None)
    if author.group is None:
        return [mandate]
    label = author.group.label
    return [
        mandate,
        *({"id": iri, "label": label} for iri in _membership_iris(me, question.legislature, author)),
    ]


def deputy_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the deputy, the mandate with its place, the group with the memberships in it."""
    me = iris.deputy(question.id, question.author)
    return [*_deputy(iris, question.id.legislature, me, question.author), *_aliases(iris, question)]


@lru_cache(maxsize=REMEMBERED)
def _deputy(iris: Iris, legislature: int, me: str, author: Author) -> list[SharedResource]:
    """Describe a deputy of this IRI, without the other names."""
    mandate, memberships = _mandate_iri(me, legislature, author), _membership_iris(me, legislature, author)
    member = _labelled(me, author.name)
    described = [
        SharedResource(PEOPLE, _person(me, author, [mandate, *memberships])),
        SharedResource(PEOPLE, _mandate(iris, mandate, member, author)),
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
                    PEOPLE, node | {"organization": group} | _quality(iris, term) | _term(iri, term)
                )
            )
    return described


def _person(me: str, author: Author, memberships: list[str]) -> Node:
    who = author.identity
    node: Node = {"type": ["Person", "EliPerson"], "id": me}
    if name := f"{who.given_name} {who.family_name}" if who else author.name:
        node["name"] = name
    if who:
        node |= {"givenName": who.given_name, "familyName": who.family_name}
    if civility := who.civility if who else author.civility:
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
    if where := _place(iris, author):
        node["spatial"] = where
    if author.mandate_id:
        node["identifier"] = author.mandate_id
    return node | _term(me, author.identity.mandate if author.identity else None)


def _place(iris: Iris, author: Author) -> Node | None:
    """Refer to the constituency, or else to the département of which it is one, as far as that is stated."""
    if author.seat:
        return place.constituency_ref(iris, author.seat)
    return place.departement_ref(author.departement) if author.departement else None


def _place_resources(iris: Iris, author: Author) -> list[SharedResource]:
    if author.seat:
        return place.constituency_resources(iris, author.seat, author.constituency_id)
    return place.departement_resources(author.departement) if author.departement else []


def _aliases(iris: Iris, question: Question) -> list[SharedResource]:
    """Tie to the official name the one by seat and name, and the one that the document alone would give."""
    author, stated = question.author, question.stated
    if author.official_id is None:
        return []
    named = [author] if author.seat and author.name else []
    if stated and stated.name and not stated.official_id:
        named.append(stated)
    me = iris.deputy(question.id, author)
    return [tie for who in named for tie in organ.alias(iris.named_deputy(question.id, who), me)]


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
    """Name the mandate by its official id, or else by the legislature, and perhaps the département."""
    mandate = author.identity.mandate if author.identity else None
    known = mandate.id if mandate else author.mandate_id
    if known or author.seat or author.departement is None:
        return Iris.held(person, known or f"mandat-{legislature}")
    return Iris.held(person, f"mandat-{legislature}-{author.departement.lower()}")


def _membership_iris(person: str, legislature: int, author: Author) -> dict[str, Tenure | None]:
    """Name the memberships of the group by their official ids, if known, or else one by the group's name."""
    if author.group is None:
        return {}
    if author.identity and author.identity.affiliations:
        return {Iris.held(person, term.id): term for term in author.identity.affiliations}
    return {Iris.held(person, f"groupe-{legislature}-{slug(author.group.label)}"): None}
