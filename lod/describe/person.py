"""People: a deputy, and the mandate and group memberships in whose capacity the deputy asks."""

from collections.abc import Iterator
from functools import lru_cache

from lod.context import Node
from lod.describe import organ
from lod.describe import place as places
from lod.describe.concept import QUALITIES, fixed
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph, slug
from lod.model import Author, Quality, Question, QuestionId, Tenure


def deputy_ref(iris: Iris, question: QuestionId, author: Author) -> Node:
    """Refer to the author of a question, under the name as printed."""
    return _labelled(iris.deputy(question, author), author.name)


def capacities(iris: Iris, question: QuestionId, author: Author) -> list[Node]:
    """Refer to the mandate and one membership of the author, labelled by constituency and group.

    Of several memberships of the group on that day, it is the one with the highest quality: a chair's.
    """
    me = iris.deputy(question, author)
    place = _place(iris, author)
    mandate = _labelled(_mandate_iri(me, question.legislature, author), place["label"] if place else None)
    memberships = _membership_iris(me, question.legislature, author)
    if author.group is None:
        return [mandate]
    return [
        mandate,
        {"id": max(memberships, key=lambda iri: _rank(memberships[iri])), "label": author.group.label},
    ]


def deputy_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the author, the mandate with its place, and the group with the memberships in it."""
    me = iris.deputy(question.id, question.author)
    return [
        *_deputy(iris, question.id.legislature, me, question.author),
        *_printed_labels(iris, me, question),
        *_aliases(iris, question),
    ]


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


def _printed_labels(iris: Iris, me: str, question: Question) -> Iterator[SharedResource]:
    """Describe the printed names of deputy and group that differ from the published ones."""
    author = question.author
    names = {name for stated in question.stated if (name := _printed_name(stated, author))}
    if names:
        yield SharedResource(SharedGraph.PEOPLE, {"id": me, "otherNames": sorted(names)})
    labels = {
        label for stated in question.stated for label in organ.printed_labels(stated.group, author.group)
    }
    if author.group and labels:
        group = iris.group(question.id.legislature, author.group)
        yield SharedResource(SharedGraph.PEOPLE, {"id": group, "altLabels": sorted(labels)})


def _printed_name(stated: Author, author: Author) -> str | None:
    """Return the printed name of a deputy if it differs, with the civility if that differs."""
    if stated.name is None:
        return None
    if author.civility and stated.civility not in (None, author.civility):
        return f"{stated.civility} {stated.name}"
    return stated.name if stated.name != author.name else None


def _aliases(iris: Iris, question: Question) -> list[SharedResource]:
    """Link to the official IRI those that the documents alone would give, by place and name."""
    author = question.author
    if author.official_id is None:
        return []
    named = [author] if author.seat and author.name else []
    named += [
        stated
        for stated in question.stated
        if stated.name and (stated.seat or stated.departement or not stated.official_id)
    ]
    me = iris.deputy(question.id, author)
    names = dict.fromkeys(iris.named_deputy(question.id, each) for each in named)
    return [link for name in names for link in organ.alias(name, me)]


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


def _rank(term: Tenure | None) -> tuple[int, str, str]:
    """Return the rank of a membership: a chair's is the highest; of equals, the one that began last."""
    quality = term.quality if term else None
    ranks = (Quality.NON_ATTACHED, Quality.AFFILIATED, Quality.MEMBER, Quality.CHAIR)
    rank = ranks.index(quality) if quality else -1
    return rank, str(term.start if term else ""), term.id if term else ""


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
