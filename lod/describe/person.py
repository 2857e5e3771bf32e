"""People: a deputy, the mandate and the memberships of a group in which the deputy asks."""

from lod.context import Node
from lod.describe import organ, place
from lod.describe.concept import QUALITIES, fixed
from lod.describe.shared import PEOPLE, Resource
from lod.iri import Iris, slug
from lod.model import Author, QuestionId, Term


def deputy_ref(iris: Iris, question: QuestionId, author: Author) -> Node:
    """Refer to the deputy who asks, by the name as printed."""
    return _labelled(iris.deputy(question, author), author.name)


def capacities(iris: Iris, question: QuestionId, author: Author) -> list[Node]:
    """Refer to the mandate and the memberships in which the deputy asks, by constituency and group."""
    me = iris.deputy(question, author)
    seat = place.label(author.seat) if author.seat else None
    mandate = _labelled(_mandate_iri(me, question, author), seat)
    if author.group is None:
        return [mandate]
    label = author.group.label
    return [mandate, *({"id": iri, "label": label} for iri in _membership_iris(me, question, author))]


def deputy_resources(iris: Iris, question: QuestionId, author: Author) -> list[Resource]:
    """Describe the deputy, the mandate with its seat, the group with the memberships in it."""
    me = iris.deputy(question, author)
    mandate, memberships = _mandate_iri(me, question, author), _membership_iris(me, question, author)
    described = [
        Resource(PEOPLE, _person(me, author, [mandate, *memberships])),
        Resource(PEOPLE, _mandate(iris, mandate, deputy_ref(iris, question, author), author)),
        organ.chamber(iris),
    ]
    if author.seat:
        described += place.constituency_resources(iris, author.seat, author.constituency_id)
        if author.name:
            described += organ.alias(iris.named_deputy(question, author), me)
    if author.group:
        group = organ.group_ref(iris, question.legislature, author.group)
        described += organ.group_resources(iris, question.legislature, author.group)
        for iri, term in memberships.items():
            node = {"type": ["Membership"], "id": iri, "member": deputy_ref(iris, question, author)}
            described.append(
                Resource(PEOPLE, node | {"organization": group} | _quality(iris, term) | _term(iri, term))
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
    if author.seat:
        node["spatial"] = place.constituency_ref(iris, author.seat)
    if author.mandate_id:
        node["identifier"] = author.mandate_id
    return node | _term(me, author.identity.mandate if author.identity else None)


def _labelled(iri: str, label: str | None) -> Node:
    return {"id": iri, "label": label} if label else {"id": iri}


def _quality(iris: Iris, term: Term | None) -> Node:
    return {"role": fixed(iris, "role", QUALITIES[term.quality])} if term and term.quality else {}


def _term(membership: str, term: Term | None) -> Node:
    if term is None:
        return {}
    node: Node = {"identifier": term.id}
    days = {"startDate": term.start, "endDate": term.end}
    known = {key: day.isoformat() for key, day in days.items() if day}
    if known:
        node["memberDuring"] = {"type": ["PeriodOfTime"], "id": Iris.period(membership), **known}
    return node


def _mandate_iri(person: str, question: QuestionId, author: Author) -> str:
    """Name the mandate by its official id, if known, or else by the legislature."""
    mandate = author.identity.mandate if author.identity else None
    known = mandate.id if mandate else author.mandate_id
    return Iris.held(person, known or f"mandat-{question.legislature}")


def _membership_iris(person: str, question: QuestionId, author: Author) -> dict[str, Term | None]:
    """Name the memberships of the group by their official ids, if known, or else one by the group's name."""
    if author.group is None:
        return {}
    if author.identity and author.identity.affiliations:
        return {Iris.held(person, term.id): term for term in author.identity.affiliations}
    return {Iris.held(person, f"groupe-{question.legislature}-{slug(author.group.label)}"): None}
