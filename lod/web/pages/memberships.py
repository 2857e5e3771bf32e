"""The group or constituency for which the author of a question asks it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from lod.web.index.question_filter import Facet
from lod.web.index.reader import Index, nodes

_CACHED_HOLDERS = 1 << 13
Capacities = dict[Facet, dict[str, Any]]
"""The group or constituency for which a membership stands."""


class _Membership(NamedTuple):
    """A membership: what it stands for, and its period if it has one."""

    capacities: Capacities
    period: dict[str, Any] | None

    @property
    def is_of_group(self) -> bool:
        return Facet.GROUP in self.capacities

    @property
    def start(self) -> str:
        """The first day; empty if it is not known."""
        return str((self.period or {}).get("startDate", ""))

    def covers(self, day: str) -> bool:
        """Return whether a day is in the period; one without a beginning covers none."""
        end = str((self.period or {}).get("endDate", day))
        return "" < self.start <= day <= end


class MembershipResolver:
    """Finds the group or constituency of memberships, reading the document of each holder once.

    With a day, the group is that of which the holder was a member on the day, not the one stated.
    """

    def __init__(self, index: Index, day: str | None = None) -> None:
        self._index = index
        self._day = day
        self._holders = dict[str, dict[str, _Membership]]()

    def capacities(self, iris: list[str]) -> Capacities:
        """Return the constituency and the group for which memberships stand."""
        capacities: Capacities = {}
        for iri in iris:
            memberships = self._of_holder(self._index.iris.path(iri))
            if membership := memberships.get(iri):
                capacities |= self._on_day(membership, memberships.values()).capacities
        return capacities

    def _on_day(self, stated: _Membership, all_of_holder: Iterable[_Membership]) -> _Membership:
        """Return the membership in a group on the day that began last; without days, the one stated."""
        if self._day is None or stated.period is None or not stated.is_of_group:
            return stated
        then = [each for each in all_of_holder if each.is_of_group and each.covers(self._day)]
        return max(
            then, key=lambda each: str((each.period or {})["startDate"]), default=_Membership({}, None)
        )

    def _of_holder(self, path: str) -> dict[str, _Membership]:
        if path not in self._holders:
            if len(self._holders) > _CACHED_HOLDERS:
                self._holders.clear()
            document = self._index.document(path)
            listed = nodes(self._index.json(document)) if document else []
            self._holders[path] = {
                node["id"]: _Membership(self._capacity(node), node.get("memberDuring"))
                for node in listed
                if "organization" in node
            }
        return self._holders[path]

    def _capacity(self, membership: dict[str, Any]) -> Capacities:
        if membership["organization"]["id"] != self._index.iris.chamber():
            return {Facet.GROUP: membership["organization"]}
        return {Facet.CONSTITUENCY: membership["spatial"]} if "spatial" in membership else {}
