"""Resolve the names, seats and ids of questions to entries of the register."""

import dataclasses
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from lod.errors import BadValue, Problem, Refused, Severity, quote
from lod.finding import Finding
from lod.model import Author, Group, Ministry, Question, Seat, Tenure
from lod.source import archive, french
from lod.source.diagnostics import to_problem
from lod.source.document import MAX_BYTES, LargeDocument
from lod.source.exports import json
from lod.source.register.amo import Actor, Mandate, RegisterEntries, RegisterMembership

T = TypeVar("T")

REGISTER = "register"
"""The place of problems that are the register's: it does not cover what a question names."""


class Register:
    """Actors by id and by seat, groups by id and by name, constituencies by seat, ministries by name."""

    def __init__(self, entries: RegisterEntries) -> None:
        self.actors = {actor.id: actor for actor in entries.actors()}
        self.groups = entries.groups
        self._seats: dict[int, dict[str, set[Seat | None]]] = defaultdict(lambda: defaultdict(set))
        for actor in self.actors.values():
            for mandate in actor.mandates:
                self._seats[mandate.legislature][actor.id].add(mandate.seat)
        self._other_terms = {
            term.id: what
            for actor in self.actors.values()
            for what, terms in (
                ("a mandate of another deputy", actor.mandates),
                ("a membership", actor.memberships),
            )
            for term in (entry.term for entry in terms)
        }
        self._candidates = cache(self._find_candidates)
        self._groups_by_label = entries.groups_by_label
        self._constituencies = entries.constituencies
        self._legislatures_of_groups = {legislature for legislature, _ in entries.groups_by_label}
        self._legislatures_of_constituencies = {legislature for legislature, _ in entries.constituencies}
        self._ministries = entries.ministries
        self._last_day = entries.last_day

    def resolve(self, question: Question) -> tuple[Question, list[BadValue]]:
        """Return the question with what the register knows of it, and what is to be reported.

        It identifies the author, the mandate, the group, the constituency and the ministries. An official id
        that the register assigns to somebody else is dropped: the printed name remains. What a register does
        not cover is reported at the place REGISTER, in the same words for all questions.
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
        legislature = question.id.legislature
        if legislature not in self._seats:
            unresolved = [bad for bad in unresolved if bad.place == "author"]
            unresolved.append(_gap(f"deputies of the legislature {legislature} in the register", "none"))
        stated = () if author == question.author else (question.author,)
        return self._resolve_ministries(replace(question, author=author, stated=stated)), unresolved

    def _resolve_deputy(self, question: Question, author: Author) -> Author:
        """Find the deputy of a stated id that is confirmed, or else the one of that name and place."""
        if author.official_id is None and author.name is None:
            return author  # the reader has reported that
        if author.official_id:
            actor = self.actors.get(author.official_id)
            if actor and self._is_confirmed(question, author, actor):
                return _identified(author, actor)
            raise self._no_single_deputy(author, [actor] if actor else [])
        candidates = self._at(question, author)
        matches = [actor for actor in candidates if _has_name(actor, author)]
        matches = matches or self._holders(question, author, candidates)
        if len(matches) == 1:
            return _identified(author, matches[0])
        is_placed = author.seat or author.departement
        raise self._no_single_deputy(author, candidates if is_placed else matches)

    def _is_confirmed(self, question: Question, author: Author, actor: Actor) -> bool:
        """Return whether a stated id is the author's.

        The name, the family name, the seat, or at least the legislature must agree, and the name as printed
        must not be that of somebody else there.
        """
        if author.name is None or _has_name(actor, author):
            return True
        at_that_place = self._at(question, author)
        if any(_has_name(other, author) for other in at_that_place if other.id != actor.id):
            return False
        return actor in at_that_place or _has_family_name(actor, author)

    def _holders(self, question: Question, author: Author, candidates: list[Actor]) -> list[Actor]:
        """Return who held the stated seat on the day of the question and has the printed family name."""
        day = question.published.on
        return [
            actor
            for actor in candidates
            if author.seat and _has_family_name(actor, author)
            if any(m.seat == author.seat and _includes(m.term, day) for m in actor.mandates)
        ]

    def _no_single_deputy(self, author: Author, listed: list[Actor]) -> "_Unresolved":
        """Return the error for an author of whom the register has nobody, somebody else, or several."""
        place = author.seat.notation if author.seat else author.departement
        stated = " ".join(filter(None, (author.official_id, author.name and quote(author.name))))
        at = f" for {place}" if place and not author.official_id else ""
        found = " and ".join(f"{actor.id} {quote(actor.name)}" for actor in listed)
        if not found:
            return _Unresolved(author, _gap("the author in the register", f"nobody such as {stated}{at}"))
        one = stated if author.official_id else f"one deputy {stated}{at}"
        expected = f"{one} in the register"
        return _Unresolved(replace(author, official_id=None), BadValue(expected, found))

    def _at(self, question: Question, author: Author) -> list[Actor]:
        """Return the deputies of the question's legislature and the author's place, as far as stated."""
        return self._candidates(question.id.legislature, author.seat, author.departement)

    def _find_candidates(self, legislature: int, at: Seat | None, within: str | None) -> list[Actor]:
        """Return the deputies of that legislature, for that seat or in that département if one is stated."""
        return [
            self.actors[actor]
            for actor, seats in sorted(self._seats.get(legislature, {}).items())
            if at in (None, *seats) and within in (None, *(seat.departement for seat in seats if seat))
        ]

    def _resolve_mandate(self, question: Question, author: Author) -> Author:
        """Find the mandate with that id, or else the one for that seat on the day of the question.

        A mandate that had ended by that day, or of another seat, is kept if the document states it,
        and reported.
        """
        if author.identity is None:
            return author
        mandates, day = self.actors[author.identity.id].mandates, question.published.on
        at_seat = f"for {author.seat.notation} " if author.seat else ""
        expected = f"one mandate {at_seat}on {day} in the register"
        stated = _only([m for m in mandates if m.term.id == author.mandate_id])
        if stated:
            return _checked(
                _with_mandate(author, stated),
                stated.legislature == question.id.legislature and _includes(stated.term, day),
                BadValue(expected, _describe_terms([stated.term])),
            )
        possible = [m for m in mandates if m.legislature == question.id.legislature]
        possible = [m for m in possible if author.seat in (None, m.seat)]
        mandate = _only([m for m in possible if _includes(m.term, day)])
        if author.mandate_id:
            return self._resolve_other_mandate(author, mandate)
        if not possible:
            raise _Unresolved(author, _gap("the author's mandate in the register", f"none {at_seat}on {day}"))
        if mandate is None:
            raise _Unresolved(author, BadValue(expected, _describe_terms([m.term for m in possible])))
        return _with_mandate(author, mandate)

    def _resolve_other_mandate(self, author: Author, mandate: Mandate | None) -> Author:
        """Replace a stated mandate that is none or another's by that of the day; keep one that is unknown."""
        stated = str(author.mandate_id)
        if (what := self._other_terms.get(stated)) is None:
            raise _Unresolved(author, _gap("the author's mandate in the register", f"none such as {stated}"))
        author = replace(author, mandate_id=None)
        author = _with_mandate(author, mandate) if mandate else author
        raise _Unresolved(author, BadValue("a mandate of the author", f"{stated}, {what}"))

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
            raise _Unresolved(author, self._no_single_group(question, author.group, group_ids))
        with_group = replace(author, group=self.groups[group_ids[0]])
        if author.identity:
            membership = f"membership of {quote(author.group.label)} on {question.published.on}"
            if not memberships:
                raise _Unresolved(
                    with_group, _gap("the author's membership in the register", f"no {membership}")
                )
            expected = f"one {membership} in the register"
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

    def _no_single_group(self, question: Question, group: Group, found: list[str]) -> BadValue:
        legislature = question.id.legislature
        if not found and legislature not in self._legislatures_of_groups:
            return _gap(f"the groups of the legislature {legislature} in the register", "none")
        if not found and group.official_id:
            stated = f"{group.official_id} {quote(group.label)}"
            return _gap("the author's group in the register", f"none such as {stated}")
        expected = f"one group {quote(group.label)} of that legislature in the register"
        return _not_one(expected, found)

    def _find_groups(self, legislature: int, group: Group) -> list[str]:
        if group.official_id:
            return [group.official_id] if group.official_id in self.groups else []
        return sorted(self._groups_by_label.get((legislature, french.name_key(group.label)), ()))

    def _resolve_constituency(self, question: Question, author: Author) -> Author:
        """Find the official id of the constituency in that legislature."""
        if author.seat is None:
            return author
        ids = sorted(self._constituencies.get((question.id.legislature, author.seat), ()))
        if question.id.legislature not in self._legislatures_of_constituencies:
            covered = f"the constituencies of the legislature {question.id.legislature} in the register"
            raise _Unresolved(author, _gap(covered, "none"))
        if len(ids) != 1:
            expected = f"one constituency {author.seat.notation} of that legislature in the register"
            raise _Unresolved(author, _not_one(expected, ids))
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


def _identified(author: Author, actor: Actor) -> Author:
    """Return the author with id and name of the register; raise _Unresolved to report another name."""
    civility = actor.identity.civility
    known = replace(
        author,
        official_id=actor.id,
        identity=actor.identity,
        name=actor.name,
        civility=civility or author.civility,
    )
    has_name = author.name is None or _has_name(actor, author)
    is_titled = {author.civility, civility} & {None, "Mlle"} or author.civility == civility
    printed = " ".join(filter(None, (author.civility, author.name)))
    official = " ".join(filter(None, (civility, actor.name)))
    bad = BadValue(f"{actor.id} {quote(official)} as in the register", quote(printed))
    return _checked(known, has_name and bool(is_titled), bad)


def _has_name(actor: Actor, author: Author) -> bool:
    return author.name is not None and french.name_key(author.name) in actor.name_keys


def _has_family_name(actor: Actor, author: Author) -> bool:
    """Return whether a printed name begins or ends with the family name of the register, word by word."""
    printed = f" {french.name_key(author.name or '')} "
    family = f" {french.name_key(actor.identity.family_name)} "
    return printed.startswith(family) or printed.endswith(family)


def _with_mandate(author: Author, mandate: Mandate) -> Author:
    return replace(
        author,
        mandate_id=mandate.term.id,
        seat=author.seat or mandate.seat,
        departement=None if mandate.seat else author.departement,
        identity=author.identity and replace(author.identity, mandate=mandate.term),
    )


def _checked(author: Author, is_as_expected: bool, bad: BadValue) -> Author:
    """Return the author as found; raise _Unresolved to report what is not as expected."""
    if not is_as_expected:
        raise _Unresolved(author, bad)
    return author


def _gap(expected: str, found: str) -> BadValue:
    """Return what to report of something that a register does not cover, once for all questions."""
    return BadValue(
        f"{expected} (AMO30 has everybody since the 11th legislature: give it with --register)",
        found,
        REGISTER,
        Finding.REGISTER_INCOMPLETE,
    )


def _not_one(expected: str, found: list[str]) -> BadValue:
    """Return the error for something of which the register has several entries, or none."""
    return BadValue(
        expected, " and ".join(found) or "none", finding=None if found else Finding.REGISTER_INCOMPLETE
    )


def _only(items: list[T]) -> T | None:
    return items[0] if len(items) == 1 else None


def _includes(term: Tenure, on: date) -> bool:
    return (term.start is None or term.start <= on) and (term.end is None or on <= term.end)


def _describe_terms(terms: list[Tenure]) -> str:
    return " and ".join(f"{term.id} from {term.start} to {term.end or 'now'}" for term in terms) or "none"
