"""People: a deputy, the mandate and the membership of a group in which the deputy asks."""

from lod.context import Node
from lod.describe import organ, place
from lod.describe.concept import QUALITIES, fixed
from lod.describe.shared import PEOPLE, Resource
from lod.iri import Iris, slug
from lod.model import Author, QuestionId, Term


def deputy_ref(iris: Iris, question: QuestionId, author: Author) -> Node:
    """Refer to the deputy who asks, by the name as printed."""
    return {"id": iris.deputy(question, author), "label": author.name}


def capacities(iris: Iris, question: QuestionId, author: Author) -> list[Node]:
    """Refer to the mandate and the membership in which the deputy asks, by constituency and group."""
    mandate, membership = _memberships(iris.deputy(question, author), question, author, official=True)
    held = [{"id": mandate, "label": place.label(author.seat)}]
    if membership and author.group:
        held.append({"id": membership, "label": author.group.label})
    return held


def deputy_resources(iris: Iris, question: QuestionId, author: Author) -> list[Resource]:
    """Describe the deputy, the mandate with its seat, the group with the membership in it."""
    me = iris.deputy(question, author)
    mandate, membership = _memberships(me, question, author, official=True)
    described = [
        Resource(PEOPLE, _person(me, author, [iri for iri in (mandate, membership) if iri])),
        Resource(PEOPLE, _mandate(iris, mandate, deputy_ref(iris, question, author), author)),
        organ.chamber(iris),
        *place.constituency_resources(iris, author.seat, author.constituency_id),
        *_aliases(iris, question, author),
    ]
    if membership and author.group:
        group = organ.group_ref(iris, question.legislature, author.group)
        described.append(Resource(PEOPLE, _membership(iris, membership, me, group, author)))
        described += organ.group_resources(iris, question.legislature, author.group)
    return described


def _person(me: str, author: Author, memberships: list[str]) -> Node:
    who = author.identity
    node: Node = {"type": ["Person", "EliPerson"], "id": me}
    node["name"] = f"{who.given_name} {who.family_name}" if who else author.name
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
        "spatial": place.constituency_ref(iris, author.seat),
    }
    return node | _term(me, author.identity.mandate if author.identity else None)


def _membership(iris: Iris, me: str, member: str, group: Node, author: Author) -> Node:
    node: Node = {"type": ["Membership"], "id": me, "member": {"id": member, "label": author.name}}
    node["organization"] = group
    term = author.identity.affiliation if author.identity else None
    if term and term.quality:
        node["role"] = fixed(iris, "role", QUALITIES[term.quality])
    return node | _term(me, term)


def _term(membership: str, term: Term | None) -> Node:
    if term is None:
        return {}
    node: Node = {"identifier": term.id}
    days = {"startDate": term.start, "endDate": term.end}
    known = {key: day.isoformat() for key, day in days.items() if day}
    if known:
        node["memberDuring"] = {"type": ["PeriodOfTime"], "id": Iris.period(membership), **known}
    return node


def _memberships(
    person: str, question: QuestionId, author: Author, *, official: bool
) -> tuple[str, str | None]:
    """Name the mandate and the membership, by official ids where these are asked for and known."""
    who = author.identity if official else None
    mandate = who.mandate.id if who and who.mandate else f"mandat-{question.legislature}"
    if author.group is None:
        return Iris.held(person, mandate), None
    named = f"groupe-{question.legislature}-{slug(author.group.label)}"
    group = who.affiliation.id if who and who.affiliation else named
    return Iris.held(person, mandate), Iris.held(person, group)


def _aliases(iris: Iris, question: QuestionId, author: Author) -> list[Resource]:
    """Tie the named forms of the person and of both memberships to the official ones."""
    me, named = iris.deputy(question, author), iris.named_deputy(question, author)
    if me == named:
        return []
    official = (me, *_memberships(me, question, author, official=True))
    documented = (named, *_memberships(named, question, author, official=False))
    pairs = zip(documented, official, strict=True)
    return [link for name, iri in pairs if name and iri for link in organ.alias(name, iri)]
