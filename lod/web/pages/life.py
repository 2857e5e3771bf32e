"""The life of a question by day: what happened, and the answers that were foreseen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lod.web.pages.links import Links, Named

_DUE = "reponse-attendue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something in the life of a question. `manner` is its name among the moments: what it looks like.

    `anchor` is where it is on the page, or None if the work itself has that place, at `works`.
    """

    day: str
    manner: str
    label: Named
    note: str | None
    who: Named | None
    issue: Named | None
    anchor: str | None
    works: str | None


def life(node: dict[str, Any], links: Links, taken: set[str]) -> list[Moment]:
    """Tell the life of a question by day, what is due before what happened on that day."""
    found = [_moment(node, activity, links, taken) for activity in _activities(node)]
    return sorted(found, key=lambda moment: (moment.day, moment.manner != "due"))


def due(node: dict[str, Any]) -> str | None:
    """Give the day by which the rules of procedure wanted an answer, prolonged if they allowed it."""
    days = [
        activity["activityDate"]
        for activity in _activities(node)
        if activity["id"].endswith((f"#{_DUE}", f"#{_DUE}-prolongation"))
    ]
    return max(days, default=None)


def _activities(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for process in node["procedure"]:
        yield from process["activities"]


def _moment(node: dict[str, Any], activity: dict[str, Any], links: Links, taken: set[str]) -> Moment:
    name = activity["id"].rpartition("#")[2]
    is_due = "ForeseenActivity" in activity["type"]
    return Moment(
        day=activity["activityDate"],
        manner="due" if is_due else activity["activityType"]["id"].rpartition("/")[2],
        label=links.named(activity["activityType"]),
        note=activity.get("activityLabel") or (name.removeprefix(_DUE).strip("-") if is_due else None),
        who=None if name == "publication" else _who(node, activity, links),
        issue=links.named(activity["recordedIn"]) if "recordedIn" in activity else None,
        anchor=None if name in taken else name,
        works=name if name in taken else None,
    )


def _who(node: dict[str, Any], activity: dict[str, Any], links: Links) -> Named | None:
    """Name the ministry that takes part."""
    parts = {part["id"]: part for part in node["participations"]}
    for name in activity.get("hadParticipations", ()):
        if name in parts and "participantOrganization" in parts[name]:
            return links.named(parts[name]["participantOrganization"])
    return None
