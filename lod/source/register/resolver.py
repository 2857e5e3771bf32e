"""Resolve the names, seats and ids of questions to entries of the register."""

import dataclasses
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from lod.errors import BadValue, Problem, Refused, Severity, quote
from lod.model import Author, Group, Ministry, Question, Seat, Tenure
from lod.source import archive, french
from lod.source.diagnostics import to_problem
from lod.source.document import MAX_BYTES, LargeDocument
from lod.source.exports import json
from lod.source.register.amo import Actor, RegisterEntries, RegisterMembership

T = TypeVar("T")


class Register:
    """Actors by id and by seat, groups by id and by name, constituencies by seat, ministries by name."""

    def __init__(self, entries: RegisterEntries) -> None:
        self.actors = {actor.id: actor for actor in entries.actors()}
        self.groups = entries.groups
        self._seats: dict[int, dict[str, set[Seat | None]]] = defaultdict(lambda: defaultdict(set))
        for actor in self.actors.values():
            for mandate in actor.mandates:
                self._seats[mandate.legislature][actor.id].add(mandate.seat)
        self._candidates = cache(self._find_candidates)
        self._groups_by_label = entries.groups_by_label
        self._constituencies = entries.constituencies
        self._ministries = entries.ministries
        self._last_day = entries.last_day

    def resolve(self, question: Question) -> tuple[Question, list[BadValue]]:
        """Return the question with what the register knows of it, and what could not be found there.

        It identifies the author, the mandate, the group, the constituency and the ministries. An official id
        that the register assigns to somebody else is dropped: the printed name remains.
        """
        author, unresolved = question.author, list[BadValue]()
        steps = {
            "author": self._resolve_deputy,
            "mandate": self._resolve_mandate,
            "group": self._resolve_group,
            "constituency": self._resolve_constituency,
        }
        for place, step in steps.items():
            try:
                author = step(question, author)
            except _Unresolved as error:
                author = error.author
                unresolved.append(error.problem.at(place))
        resolved = replace(question, author=author, stated=question.author)
        return self._resolve_ministries(resolved), unresolved

    def _resolve_deputy(self, question: Question, author: Author) -> Author:
        """Find the one deputy with that id, or else with that name and place in that legislature."""
        if author.official_id is None and author.name is None:
            return author  # the reader has reported that
        candidates = [author.official_id] if author.official_id in self.actors else []
        if not author.official_id:
            candidates = self._candidates(question.id.legislature, author.seat, author.departement)
        key = french.name_key(author.name) if author.name else None
        actors = map(self.actors.__getitem__, candidates)
        matches = [actor for actor in actors if key is None or key in actor.name_keys]
        if len(matches) == 1:
            return _with_identity(author, matches[0])
        raise self._no_single_deputy(author, candidates, matches)

    def _no_single_deputy(self, author: Author, candidates: list[str], matches: list[Actor]) -> "_Unresolved":
        """Return the error for an author who matches none of the candidates, or several."""
        place = author.seat.notation if author.seat else author.departement
        who = " ".join(filter(None, (author.official_id, author.name and quote(author.name))))
        at = f" for {place}" if place and not author.official_id else ""
        expected = f"{who} in the register" if author.official_id else f"one deputy {who}{at} in the register"
        listed = [self.actors[actor] for actor in candidates] if place or author.official_id else matches
        found = " and ".join(f"{actor.id} {quote(actor.name)}" for actor in listed) or "nobody"
        official_id = None if candidates else author.official_id
        return _Unresolved(replace(author, official_id=official_id), BadValue(expected, found))

    def _find_candidates(self, legislature: int, at: Seat | None, within: str | None) -> list[str]:
        """Return the deputies of that legislature, for that seat or in that département if one is stated."""
        return sorted(
            actor
            for actor, seats in self._seats[legislature].items()
            if at in (None, *seats) and within in (None, *(seat.departement for seat in seats if seat))
        )

    def _resolve_mandate(self, question: Question, author: Author) -> Author:
        """Find the mandate with that id, or else the one for that seat on the day of the question."""
        if author.identity is None:
            return author
        mandates, day = self.actors[author.identity.id].mandates, question.published.on
        possible = current = [m for m in mandates if m.term.id == author.mandate_id]
        if not author.mandate_id:
            possible = [m for m in mandates if m.legislature == question.id.legislature]
            possible = [m for m in possible if author.seat in (None, m.seat)]
            current = [m for m in possible if _includes(m.term, day)]
        mandate = _only(current)
        if mandate is None:
            place = f"for {author.seat.notation} " if author.seat else ""
            expected = (
                f"the mandate {author.mandate_id}" if author.mandate_id else f"one mandate {place}on {day}"
            )
            raise _Unresolved(
                author, BadValue(f"{expected} in the register", _describe_terms([m.term for m in possible]))
            )
        return replace(
            author,
            mandate_id=mandate.term.id,
            seat=author.seat or mandate.seat,
            departement=None if mandate.seat else author.departement,
            identity=replace(author.identity, mandate=mandate.term),
        )

    def _resolve_group(self, question: Question, author: Author) -> Author:
        """Find the group of that name, and the author's membership of it on the day of the question."""
        if author.group is None:
            return self._with_group(question, author)
        group_ids = self._find_groups(question.id.legislature, author.group)
        memberships = self.actors[author.identity.id].memberships if author.identity else ()
        memberships = tuple(m for m in memberships if m.group in group_ids)
        current = [m for m in memberships if _includes(m.term, question.published.on)]
        if affiliated := self._with_affiliations(author, current):
            return affiliated
        if len(group_ids) != 1:
            expected = f"one group {quote(author.group.label)} of that legislature in the register"
            raise _Unresolved(author, BadValue(expected, " and ".join(group_ids) or "none"))
        with_group = replace(author, group=self.groups[group_ids[0]])
        if author.identity:
            expected = (
                f"one membership of {quote(author.group.label)} on {question.published.on} in the register"
            )
            raise _Unresolved(with_group, BadValue(expected, _describe_terms([m.term for m in memberships])))
        return with_group

    def _with_group(self, question: Question, author: Author) -> Author:
        """Find the group for a document that states none, if the author was in exactly one on that day."""
        memberships = self.actors[author.identity.id].memberships if author.identity else ()
        current = [
            m for m in memberships if _includes(m.term, question.published.on) and m.group in self.groups
        ]
        return self._with_affiliations(author, current) or author

    def _with_affiliations(self, author: Author, memberships: list[RegisterMembership]) -> Author | None:
        """Return the author with the group of the memberships on a day; None if it is not exactly one."""
        if author.identity is None or len({m.group for m in memberships}) != 1:
            return None
        identity = replace(author.identity, affiliations=tuple(m.term for m in memberships))
        return replace(author, group=self.groups[memberships[0].group], identity=identity)

    def _resolve_ministries(self, question: Question) -> Question:
        """Find the ministries of those names on those days, as far as the register reaches."""
        ministry, day = question.ministry_asked, question.published.on
        attributions = tuple(
            replace(attribution, ministry=self._resolve_ministry(attribution.ministry, attribution.on))
            for attribution in question.attributions
        )
        asked = self._resolve_ministry(ministry, day) if ministry else None
        return replace(question, ministry_asked=asked, attributions=attributions)

    def _resolve_ministry(self, ministry: Ministry, day: date | None) -> Ministry:
        """Find the one ministry of that name on that day, if the register reaches that far."""
        if ministry.official_id or day is None or self._last_day is None or day > self._last_day:
            return ministry
        entries = self._ministries.get(french.name_key(ministry.label), {}).values()
        return _only([entry.ministry for entry in entries if _includes(entry.term, day)]) or ministry

    def _find_groups(self, legislature: int, group: Group) -> list[str]:
        if group.official_id:
            return [group.official_id] if group.official_id in self.groups else []
        return sorted(self._groups_by_label.get((legislature, french.name_key(group.label)), ()))

    def _resolve_constituency(self, question: Question, author: Author) -> Author:
        """Find the official id of the constituency in that legislature."""
        if author.seat is None:
            return author
        ids = sorted(self._constituencies.get((question.id.legislature, author.seat), ()))
        if len(ids) != 1:
            expected = f"one constituency {author.seat.notation} of that legislature in the register"
            raise _Unresolved(author, BadValue(expected, " and ".join(ids) or "none"))
        return replace(author, constituency_id=ids[0])


class _Unresolved(Exception):
    """The register does not resolve a value; `author` holds what is known all the same."""

    def __init__(self, author: Author, problem: BadValue) -> None:
        super().__init__(problem)
        self.author = author
        self.problem = problem


def load_register(*sources: Path) -> tuple[Register, list[Problem]]:
    """Read a register from zips and folders taken together; raise Refused if it has no actor."""
    entries, problems = RegisterEntries(), []
    for source in sorted(sources, key=str):
        for document in archive.read_documents(source):
            if isinstance(document, Problem):
                problems.append(dataclasses.replace(document, severity=Severity.WARNING))
                continue
            try:
                if isinstance(document, LargeDocument):
                    raise BadValue(f"a file of at most {MAX_BYTES} bytes", f"{document.size}")
                remarks = entries.add(json.parse(document.text()))
                problems += [to_problem(document, bad, Severity.WARNING) for bad in remarks]
            except BadValue as bad:
                problems.append(to_problem(document, bad, Severity.WARNING))
    register = Register(entries)
    if not register.actors:
        names = ", ".join(map(str, sources))
        raise Refused(f"{names}: expected a register of actors and organs, found no actor in it", problems)
    return register, problems


def _with_identity(author: Author, actor: Actor) -> Author:
    """Return the author with the id and the name of the register."""
    civility = author.civility or actor.identity.civility
    return replace(author, official_id=actor.id, identity=actor.identity, name=actor.name, civility=civility)


def _only(items: list[T]) -> T | None:
    return items[0] if len(items) == 1 else None


def _includes(term: Tenure, on: date) -> bool:
    return (term.start is None or term.start <= on) and (term.end is None or on <= term.end)


def _describe_terms(terms: list[Tenure]) -> str:
    return " and ".join(f"{term.id} from {term.start} to {term.end or 'now'}" for term in terms) or "none"
