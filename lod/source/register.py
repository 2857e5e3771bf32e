"""The register of the chamber: who a name, a seat or an id is."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from lod.errors import BadValue, Problem, Refused, Severity, shown
from lod.model import Author, Group, Question, Seat, Term
from lod.source import archive, french, json, problem
from lod.source.amo import Actor, Entries

T = TypeVar("T")


class Register:
    """Who is who: actors by id and by seat, groups by id and by name, constituencies by seat."""

    def __init__(self, entries: Entries) -> None:
        self.actors = {actor.id: actor for actor in entries.people()}
        self.groups = entries.groups
        self._seated: dict[tuple[int, Seat], set[str]] = defaultdict(set)
        for actor in self.actors.values():
            for mandate in actor.mandates:
                if mandate.seat:
                    self._seated[mandate.legislature, mandate.seat].add(actor.id)
        self._labelled = entries.labelled
        self._constituencies = entries.constituencies

    def resolve(self, question: Question) -> tuple[Question, list[BadValue]]:
        """Say who the author, the group and the constituency are, and which of them nobody knows.

        An official id that the register gives to somebody else is dropped: the named form remains.
        """
        unknown: list[BadValue] = []
        author = question.author
        for place, step in (
            ("author", self._deputy),
            ("group", self._group),
            ("constituency", self._constituency),
        ):
            try:
                author = step(question, author)
            except BadValue as bad:
                unknown.append(bad.at(place))
                if place == "author" and author.official_id in self.actors:
                    author = replace(author, official_id=None)
        return replace(question, author=author), unknown

    def _deputy(self, question: Question, author: Author) -> Author:
        """Find the one deputy of that id, or else of that name and seat in that legislature."""
        key = french.name_key(author.name)
        if author.official_id:
            wanted = f"{author.official_id} {shown(author.name)} in the register"
            seated = [author.official_id] if author.official_id in self.actors else []
        else:
            wanted = f"one deputy {shown(author.name)} for {author.seat.notation} in the register"
            seated = sorted(self._seated.get((question.id.legislature, author.seat), ()))
        found = [actor for actor in map(self.actors.__getitem__, seated) if actor.name_key == key]
        if len(found) != 1:
            others = [self.actors[actor].name for actor in seated]
            raise BadValue(wanted, " and ".join(map(shown, others)) or "nobody")
        return _identified(author, found[0], question)

    def _group(self, question: Question, author: Author) -> Author:
        """Find the group of that name: the author's own on the day of the question, or else the only one."""
        if author.group is None:
            return author
        named = self._named_groups(question.id.legislature, author.group)
        mine = self.actors[author.identity.id].memberships if author.identity else ()
        held = _one([m for m in mine if m.group in named and _runs(m.term, question.published.on)])
        if held and author.identity:
            identity = replace(author.identity, affiliation=held.term)
            return replace(author, group=self.groups[held.group], identity=identity)
        if len(named) != 1:
            wanted = f"one group {shown(author.group.label)} of that legislature in the register"
            raise BadValue(wanted, " and ".join(named) or "none")
        return replace(author, group=self.groups[named[0]])

    def _named_groups(self, legislature: int, group: Group) -> list[str]:
        if group.official_id:
            return [group.official_id] if group.official_id in self.groups else []
        return self._labelled.get((legislature, french.name_key(group.label)), [])

    def _constituency(self, question: Question, author: Author) -> Author:
        """Find the official id that the constituency has in that legislature."""
        found = self._constituencies.get((question.id.legislature, author.seat), [])
        if len(found) != 1:
            wanted = f"one constituency {author.seat.notation} of that legislature in the register"
            raise BadValue(wanted, " and ".join(found) or "none")
        return replace(author, constituency_id=found[0])


def load(source: Path) -> tuple[Register, list[Problem]]:
    """Read a register from a zip or a folder; raise Refused if there is no actor in it."""
    entries, problems = Entries(), []
    for document in archive.documents(source):
        if isinstance(document, Problem):
            problems.append(replace(document, severity=Severity.WARNING))
            continue
        try:
            entries.add(json.parse(document.text()))
        except BadValue as bad:
            problems.append(problem(document, bad, Severity.WARNING))
    register = Register(entries)
    if not register.actors:
        raise Refused(f"{source}: expected a register of actors and organs, found no actor in it")
    return register, problems


def _identified(author: Author, actor: Actor, question: Question) -> Author:
    """Add who the author is, with the mandate for that seat, if the register still has it."""
    held = [m for m in actor.mandates if (m.legislature, m.seat) == (question.id.legislature, author.seat)]
    mandate = _one([m for m in held if _runs(m.term, question.published.on)] or held)
    identity = replace(actor.identity, mandate=mandate.term if mandate else None)
    return replace(author, official_id=actor.id, identity=identity)


def _one(found: list[T]) -> T | None:
    return found[0] if len(found) == 1 else None


def _runs(term: Term, on: date) -> bool:
    return (term.start is None or term.start <= on) and (term.end is None or on <= term.end)
