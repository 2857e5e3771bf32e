"""What the index stores about a question, extracted from its JSON-LD document."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from lod.context import Node
from lod.web.index.question_filter import Facet


class IndexedResource(NamedTuple):
    """A resource to which a question refers: its IRI and, if the document gives it, its label."""

    iri: str
    label: str | None


class QuestionRow(NamedTuple):
    """A question as the index stores it.

    Days are ISO dates; `answered` and `response_days` are those of the first answer; `ministry` is the label
    of the last one in charge; `memberships` are the IRIs of those in which the author asks; `texts` are the
    title, the question and its answers.
    """

    type: str
    legislature: int
    number: int
    title: str
    published: str
    answered: str | None
    response_days: int | None
    ministry: str | None
    facets: list[tuple[Facet, IndexedResource]]
    memberships: list[str]
    texts: tuple[str, str, str]


def question_row(node: Node) -> QuestionRow:
    """Extract from a question's document what the index stores."""
    answers = sorted(node.get("answers", ()), key=lambda answer: str(answer["issued"]))
    first = answers[0] if answers else {}
    facets = list(dict.fromkeys(_facets(node)))
    _, legislature, kind, number = node["id"].rsplit("/", 3)
    return QuestionRow(
        type=kind,
        legislature=int(legislature),
        number=int(number),
        title=node["title"],
        published=node["issued"],
        answered=first.get("issued"),
        response_days=first.get("responseDays"),
        ministry=next((r.label for facet, r in reversed(facets) if facet is Facet.MINISTRY), None),
        facets=facets,
        memberships=[
            membership["id"]
            for participation in node["participations"]
            for membership in participation.get("inCapacityOf", ())
        ],
        texts=(node["title"], node.get("text", ""), "\n".join(answer.get("text", "") for answer in answers)),
    )


def indexed_resource(value: str | dict[str, Any]) -> IndexedResource:
    """Return the resource to which a value of a document refers."""
    if isinstance(value, str):
        return IndexedResource(value, None)
    return IndexedResource(value["id"], value.get("label"))


def _facets(node: Node) -> Iterator[tuple[Facet, IndexedResource]]:
    yield from _classification(node)
    yield from _participants(node)
    for issue in _issues(node):
        yield Facet.ISSUE, indexed_resource(issue)
    if "relatedIn" in node:
        yield Facet.RELATED, indexed_resource(node["relatedIn"])
    for answer in node.get("answers", ()):
        if "memberOf" in answer:
            yield Facet.COMMON_ANSWER, indexed_resource(answer["memberOf"])


def _classification(node: Node) -> Iterator[tuple[Facet, IndexedResource]]:
    yield Facet.TYPE, indexed_resource(node["workType"])
    yield Facet.LEGISLATURE, indexed_resource(node["parliamentaryTerm"])
    for process in node["procedure"]:
        yield Facet.STATUS, indexed_resource(process["processStatus"])
    for rubric in node.get("isAbout", ()):
        yield Facet.RUBRIC, indexed_resource(rubric)
    for subject in node.get("subjects", ()):
        yield Facet.SUBJECT, indexed_resource(subject)


_MINISTRY_ROLES = {"ministere-interroge": Facet.MINISTRY_ASKED, "ministere-attributaire": Facet.MINISTRY}


def _participants(node: Node) -> Iterator[tuple[Facet, IndexedResource]]:
    if "author" in node:
        yield Facet.AUTHOR, indexed_resource(node["author"])
    for participation in node["participations"]:
        for role in participation["participationRoles"]:
            facet = _MINISTRY_ROLES.get(indexed_resource(role).iri.rpartition("/")[2])
            if facet and "participantOrganization" in participation:
                yield facet, indexed_resource(participation["participantOrganization"])


def _issues(node: Node) -> Iterator[Any]:
    """Yield the issues that published the question, its answers or another event of its life."""
    for work in (node, *node.get("answers", ())):
        if "publishedIn" in work:
            yield work["publishedIn"]
    for process in node["procedure"]:
        for activity in process["activities"]:
            if "recordedIn" in activity:
                yield activity["recordedIn"]
