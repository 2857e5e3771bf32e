"""The document of a question as it was on a day, from the dated events of its life.

What the documents do not date, such as an end of an unknown day, holds on any day. Texts are those of today.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lod.iri import Iris, last_segment
from lod.web.index.question_row import indexed_resource

Node = dict[str, Any]

_AWAITING, _ANSWERED = "en-attente-de-reponse", "repondue"
_ENDS = {"retrait": "retiree", "caducite": "caduque", "cloture": "close"}
"""The states to which the events that end a question lead."""


def on_day(node: Node, day: str, iris: Iris) -> Node | None:
    """Return the document of a question as of a day (2026-05-01); None if the question is of a later day."""
    if node["issued"] > day:
        return None
    [process] = node["procedure"]
    past = {
        activity["id"]: activity
        for activity in process["activities"]
        if not _is_foreseen(activity) and activity["activityDate"] <= day
    }
    foreseen = [each for each in process["activities"] if _is_foreseen(each) and each["motivatedBy"] in past]
    later = {
        participation
        for activity in process["activities"]
        if not _is_foreseen(activity) and activity["id"] not in past
        for participation in activity.get("hadParticipations", ())
    }
    procedure = process | {
        "activities": [*past.values(), *foreseen],
        "processStatus": {"id": iris.concept("etat", _state(process, past))},
    }
    return _with_errata_until(node, day) | {
        "procedure": [procedure],
        "participations": [each for each in node["participations"] if each["id"] not in later],
        "answers": [
            _with_errata_until(answer, day) for answer in node.get("answers", ()) if answer["issued"] <= day
        ],
    }


def _state(process: Node, past: Mapping[str, Node]) -> str:
    """Return the state after the past events; an answer counts more than an end.

    An end without a day holds on any day.
    """
    happened, events = _kinds(past.values()), _kinds(process["activities"])
    now = last_segment(indexed_resource(process["processStatus"]).iri)
    if "reponse" in happened:
        return _ANSWERED
    if not _ENDS.keys().isdisjoint(events - happened):
        return _AWAITING
    if now != _ANSWERED:
        return now
    return next((_ENDS[kind] for kind in _ENDS if kind in happened), _AWAITING)


def _kinds(activities: Iterable[Node]) -> set[str]:
    """Return the kinds of the activities that took place, by the last segments of their types."""
    return {last_segment(each["activityType"]["id"]) for each in activities if not _is_foreseen(each)}


def _is_foreseen(activity: Node) -> bool:
    return "ForeseenActivity" in activity["type"]


def _with_errata_until(work: Node, day: str) -> Node:
    """Return a question or an answer without the errata published after a day."""
    errata = [erratum for erratum in work.get("correctedBy", ()) if erratum.get("issued", day) <= day]
    return work | {"correctedBy": errata}
