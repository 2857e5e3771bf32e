"""What is listed and sought of a question, taken from its JSON-LD document."""

import enum
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lod.context import Node


class Facet(enum.StrEnum):
    """By what questions are listed: each a resource that a question has, or several."""

    AUTHOR = "author"
    GROUP = "group"
    CONSTITUENCY = "constituency"
    ASKED = "asked"
    MINISTRY = "ministry"
    RUBRIC = "rubric"
    SUBJECT = "subject"
    STATUS = "status"
    TYPE = "type"
    LEGISLATURE = "legislature"
    ISSUE = "issue"
    COMMON = "common"


class IndexedResource(NamedTuple):
    """Something a question has: its IRI and what it is called."""

    iri: str
    label: str | None


class QuestionRow(NamedTuple):
    """A question as it is listed: days are ISO dates, the ministry is the last one in charge.

    `capacities` are the memberships in which its author asks.
    """

    type: str
    legislature: int
    number: int
    title: str
    published: str
    answered: str | None
    days: int | None
    ministry: str | None
    links: list[tuple[Facet, IndexedResource]]
    capacities: list[str]
    texts: tuple[str, str, str]


_ROLES = {"ministere-interroge": Facet.ASKED, "ministere-attributaire": Facet.MINISTRY}


def asked(node: Node) -> QuestionRow:
    """Take from a question's document what is listed of it."""
    answers = sorted(node.get("answers", ()), key=lambda answer: str(answer["issued"]))
    first = answers[0] if answers else {}
    links = list(dict.fromkeys(_links(node)))
    _, legislature, kind, number = node["id"].rsplit("/", 3)
    return QuestionRow(
        type=kind,
        legislature=int(legislature),
        number=int(number),
        title=node["title"],
        published=node["issued"],
        answered=first.get("issued"),
        days=first.get("responseDays"),
        ministry=next((r.label for facet, r in reversed(links) if facet is Facet.MINISTRY), None),
        links=links,
        capacities=[held["id"] for held in _held(node)],
        texts=(node["title"], node.get("text", ""), "\n".join(answer.get("text", "") for answer in answers)),
    )


def _links(node: Node) -> Iterator[tuple[Facet, IndexedResource]]:
    yield from _classed(node)
    yield from _taking_part(node)
    for issue in _issues(node):
        yield Facet.ISSUE, resource(issue)
    for answer in node.get("answers", ()):
        if "memberOf" in answer:
            yield Facet.COMMON, resource(answer["memberOf"])


def _classed(node: Node) -> Iterator[tuple[Facet, IndexedResource]]:
    yield Facet.TYPE, resource(node["workType"])
    yield Facet.LEGISLATURE, resource(node["parliamentaryTerm"])
    for process in node["procedure"]:
        yield Facet.STATUS, resource(process["processStatus"])
    for rubric in node.get("isAbout", ()):
        yield Facet.RUBRIC, resource(rubric)
    for subject in node.get("subjects", ()):
        yield Facet.SUBJECT, resource(subject)


def _taking_part(node: Node) -> Iterator[tuple[Facet, IndexedResource]]:
    if "author" in node:
        yield Facet.AUTHOR, resource(node["author"])
    for part in node["participations"]:
        facet = _ROLES.get(part["participationRole"]["id"].rpartition("/")[2])
        if facet and "participantOrganization" in part:
            yield facet, resource(part["participantOrganization"])


def _issues(node: Node) -> Iterator[Any]:
    """Give the issues in which the question, or anything of its life, was published."""
    for work in (node, *node.get("answers", ())):
        if "publishedIn" in work:
            yield work["publishedIn"]
    for process in node["procedure"]:
        for activity in process["activities"]:
            if "recordedIn" in activity:
                yield activity["recordedIn"]


def _held(node: Node) -> Iterable[dict[str, Any]]:
    return [held for part in node["participations"] for held in part.get("inCapacityOf", ())]


def resource(value: str | dict[str, Any]) -> IndexedResource:
    """Take what a document refers to, with the label that it gives."""
    return (
        IndexedResource(value, None)
        if isinstance(value, str)
        else IndexedResource(value["id"], value.get("label"))
    )
