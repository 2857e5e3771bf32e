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
        author, unknown = question.author, list[BadValue]()
        steps = {
            "author": self._deputy,
            "mandate": self._mandate,
            "group": self._group,
            "constituency": self._constituency,
        }
        for place, step in steps.items():
            try:
                author = step(question, author)
            except _Unresolved as missing:
                author = missing.author
                unknown.append(missing.problem.at(place))
        known = replace(question, author=author, stated=question.author)
        return self._with_ministries(known), unknown

    def _deputy(self, question: Question, author: Author) -> Author:
        """Find the one deputy with that id, or else with that name and place in that legislature."""
        near = [author.official_id] if author.official_id in self.actors else []
        if not author.official_id:
            near = self._candidates(question.id.legislature, author.seat, author.departement)
        key = french.name_key(author.name) if author.name else None
        people = map(self.actors.__getitem__, near)
        found = [actor for actor in people if key is None or key in actor.name_keys]
        if len(found) == 1:
            return _with_identity(author, found[0])
        raise self._no_single_deputy(author, near, found)

    def _no_single_deputy(self, author: Author, near: list[str], found: list[Actor]) -> "_Unresolved":
        """Return the error for an author who matches none of the candidates, or several."""
        place = author.seat.notation if author.seat else author.departement
        who = " ".join(filter(None, (author.official_id, author.name and quote(author.name))))
        at = f" for {place}" if place and not author.official_id else ""
        expected = f"{who} in the register" if author.official_id else f"one deputy {who}{at} in the register"
        named = [self.actors[actor] for actor in near] if place or author.official_id else found
        others = " and ".join(f"{actor.id} {quote(actor.name)}" for actor in named) or "nobody"
        kept = None if near else author.official_id
        return _Unresolved(replace(author, official_id=kept), BadValue(expected, others))

    def _find_candidates(self, legislature: int, at: Seat | None, within: str | None) -> list[str]:
        """Return the deputies of that legislature, for that seat or in that département if one is stated."""
        return sorted(
            actor
            for actor, seats in self._seats[legislature].items()
            if at in (None, *seats) and within in (None, *(seat.departement for seat in seats if seat))
        )

    def _mandate(self, question: Question, author: Author) -> Author:
        """Find the mandate with that id, or else the one for that seat on the day of the question."""
        if author.identity is None:
            return author
        mine, on = self.actors[author.identity.id].mandates, question.published.on
        held = found = [m for m in mine if m.term.id == author.mandate_id]
        if not author.mandate_id:
            held = [m for m in mine if m.legislature == question.id.legislature]
            held = [m for m in held if author.seat in (None, m.seat)]
            found = [m for m in held if _includes(m.term, on)]
        mandate = _only(found)
        if mandate is None:
            place = f"for {author.seat.notation} " if author.seat else ""
            expected = (
                f"the mandate {author.mandate_id}" if author.mandate_id else f"one mandate {place}on {on}"
            )
            raise _Unresolved(
                author, BadValue(f"{expected} in the register", _describe_terms([m.term for m in held]))
            )
        return replace(
            author,
            mandate_id=mandate.term.id,
            seat=author.seat or mandate.seat,
            departement=None if mandate.seat else author.departement,
            identity=replace(author.identity, mandate=mandate.term),
        )

    def _group(self, question: Question, author: Author) -> Author:
        """Find the group of that name, and the author's membership of it on the day of the question."""
        if author.group is None:
            return self._with_group(question, author)
        named = self._find_groups(question.id.legislature, author.group)
        mine = self.actors[author.identity.id].memberships if author.identity else ()
        mine = tuple(m for m in mine if m.group in named)
        held = [m for m in mine if _includes(m.term, question.published.on)]
        if affiliated := self._with_affiliations(author, held):
            return affiliated
        if len(named) != 1:
            expected = f"one group {quote(author.group.label)} of that legislature in the register"
            raise _Unresolved(author, BadValue(expected, " and ".join(named) or "none"))
        known = replace(author, group=self.groups[named[0]])
        if author.identity:
            expected = (
                f"one membership of {quote(author.group.label)} on {question.published.on} in the register"
            )
            raise _Unresolved(known, BadValue(expected, _describe_terms([m.term for m in mine])))
        return known

    def _with_group(self, question: Question, author: Author) -> Author:
        """Find the group for a document that states none, if the author was in exactly one on that day."""
        mine = self.actors[author.identity.id].memberships if author.identity else ()
        held = [m for m in mine if _includes(m.term, question.published.on) and m.group in self.groups]
        return self._with_affiliations(author, held) or author

    def _with_affiliations(self, author: Author, held: list[RegisterMembership]) -> Author | None:
        """Return the author with the group of the memberships on a day; None if it is not exactly one."""
        if author.identity is None or len({m.group for m in held}) != 1:
            return None
        identity = replace(author.identity, affiliations=tuple(m.term for m in held))
        return replace(author, group=self.groups[held[0].group], identity=identity)

    def _with_ministries(self, question: Question) -> Question:
        """Find the ministries of those names on those days, as far as the register reaches."""
        asked, on = question.asked, question.published.on
        attributions = tuple(
            replace(given, ministry=self._ministry(given.ministry, given.on))
            for given in question.attributions
        )
        return replace(question, asked=self._ministry(asked, on), attributions=attributions)

    def _ministry(self, ministry: Ministry, on: date | None) -> Ministry:
        """Find the one ministry of that name on that day, if the register reaches that far."""
        if ministry.official_id or on is None or self._last_day is None or on > self._last_day:
            return ministry
        named = self._ministries.get(french.name_key(ministry.label), {}).values()
        return _only([known.ministry for known in named if _includes(known.term, on)]) or ministry

    def _find_groups(self, legislature: int, group: Group) -> list[str]:
        if group.official_id:
            return [group.official_id] if group.official_id in self.groups else []
        return sorted(self._groups_by_label.get((legislature, french.name_key(group.label)), ()))

    def _constituency(self, question: Question, author: Author) -> Author:
        """Find the official id of the constituency in that legislature."""
        if author.seat is None:
            return author
        found = sorted(self._constituencies.get((question.id.legislature, author.seat), ()))
        if len(found) != 1:
            expected = f"one constituency {author.seat.notation} of that legislature in the register"
            raise _Unresolved(author, BadValue(expected, " and ".join(found) or "none"))
        return replace(author, constituency_id=found[0])


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
                odd = entries.add(json.parse(document.text()))
                problems += [to_problem(document, bad, Severity.WARNING) for bad in odd]
            except BadValue as bad:
                problems.append(to_problem(document, bad, Severity.WARNING))
    register = Register(entries)
    if not register.actors:
        named = ", ".join(map(str, sources))
        raise Refused(f"{named}: expected a register of actors and organs, found no actor in it", problems)
    return register, problems


def _with_identity(author: Author, actor: Actor) -> Author:
    """Return the author with the id and the name of the register."""
    civility = author.civility or actor.identity.civility
    return replace(author, official_id=actor.id, identity=actor.identity, name=actor.name, civility=civility)


def _only(found: list[T]) -> T | None:
    return found[0] if len(found) == 1 else None


def _includes(term: Tenure, on: date) -> bool:
    return (term.start is None or term.start <= on) and (term.end is None or on <= term.end)


def _describe_terms(terms: list[Tenure]) -> str:
    return " and ".join(f"{term.id} from {term.start} to {term.end or 'now'}" for term in terms) or "none"
