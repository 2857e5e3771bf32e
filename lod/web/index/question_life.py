"""What the index stores about the deadline of a question: the last day for an answer, and who owes it."""

from typing import Any, NamedTuple

from lod.context import Node
from lod.iri import last_segment
from lod.web.index.question_row import IndexedResource, indexed_resource

_WAITING, _IN_CHARGE = "en-attente-de-reponse", "attributaire-actuel"


class QuestionLife(NamedTuple):
    """The last day for an answer as an ISO date, whether a question waits for one, the ministry in charge."""

    due: str | None
    is_waiting: bool
    ministry: IndexedResource | None


def question_life(node: Node) -> QuestionLife:
    """Extract from a question's document what its deadline depends on."""
    status = indexed_resource(node["procedure"][0]["processStatus"]).iri
    return QuestionLife(
        due=due_day(node), is_waiting=last_segment(status) == _WAITING, ministry=_ministry_in_charge(node)
    )


def due_day(node: dict[str, Any]) -> str | None:
    """Return the last day that the rules of procedure set for an answer: prolonged, or once flagged."""
    activities = (each for process in node["procedure"] for each in process["activities"])
    foreseen = (each["activityDate"] for each in activities if "ForeseenActivity" in each["type"])
    return max(foreseen, default=None)


def _ministry_in_charge(node: Node) -> IndexedResource | None:
    for participation in node["participations"]:
        roles = (indexed_resource(role).iri for role in participation["participationRoles"])
        if "participantOrganization" in participation and _IN_CHARGE in map(last_segment, roles):
            return indexed_resource(participation["participantOrganization"])
    return None
