"""The register of the chamber: who a name, a seat or an id is."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from lod.errors import BadValue, Problem, Refused, Severity, shown
from lod.model import Author, Group, Question, Seat, Term
from lod.source import archive, french, json, problem
from lod.source.amo import Entries

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
            except _Unknown as missing:
                author = missing.author
                unknown.append(missing.told.at(place))
        return replace(question, author=author), unknown

    def _deputy(self, question: Question, author: Author) -> Author:
        """Find the one deputy of that id, or else of that name and seat in that legislature."""
        who = " ".join(filter(None, (author.official_id, author.name and shown(author.name))))
        wanted = f"{who} in the register"
        seated = [author.official_id] if author.official_id in self.actors else []
        if author.seat and not author.official_id:
            wanted = f"one deputy {who} for {author.seat.notation} in the register"
            seated = sorted(self._seated.get((question.id.legislature, author.seat), ()))
        key = french.name_key(author.name) if author.name else None
        found = [actor for actor in map(self.actors.__getitem__, seated) if key in (None, actor.name_key)]
        if len(found) == 1:
            who = found[0].name
            return replace(
                author, official_id=found[0].id, identity=found[0].identity, name=author.name or who
            )
        others = " and ".join(shown(self.actors[actor].name) for actor in seated) or "nobody"
        kept = None if seated else author.official_id
        raise _Unknown(replace(author, official_id=kept), BadValue(wanted, others))

    def _mandate(self, question: Question, author: Author) -> Author:
        """Find the mandate of that id, or else the one for that seat that was held on that day."""
        if author.identity is None:
            return author
        mine, on = self.actors[author.identity.id].mandates, question.published.on
        wanted = f"the mandate {author.mandate_id} in the register"
        held = found = [m for m in mine if m.term.id == author.mandate_id]
        if author.seat and not author.mandate_id:
            wanted = f"one mandate for {author.seat.notation} on {on} in the register"
            held = [m for m in mine if (m.legislature, m.seat) == (question.id.legislature, author.seat)]
            found = [m for m in held if _runs(m.term, on)]
        mandate = _one(found)
        if mandate is None:
            raise _Unknown(author, BadValue(wanted, _terms([m.term for m in held])))
        identity = replace(author.identity, mandate=mandate.term)
        return replace(author, identity=identity, seat=author.seat or mandate.seat)

    def _group(self, question: Question, author: Author) -> Author:
        """Find the group of that name, and the author's membership of it on the day of the question."""
        if author.group is None:
            return author
        named = self._named_groups(question.id.legislature, author.group)
        mine = self.actors[author.identity.id].memberships if author.identity else ()
        mine = tuple(m for m in mine if m.group in named)
        held = [m for m in mine if _runs(m.term, question.published.on)]
        if author.identity and len({m.group for m in held}) == 1:
            identity = replace(author.identity, affiliations=tuple(m.term for m in held))
            return replace(author, group=self.groups[held[0].group], identity=identity)
        if len(named) != 1:
            wanted = f"one group {shown(author.group.label)} of that legislature in the register"
            raise _Unknown(author, BadValue(wanted, " and ".join(named) or "none"))
        known = replace(author, group=self.groups[named[0]])
        if author.identity:
            wanted = (
                f"one membership of {shown(author.group.label)} on {question.published.on} in the register"
            )
            raise _Unknown(known, BadValue(wanted, _terms([m.term for m in mine])))
        return known

    def _named_groups(self, legislature: int, group: Group) -> list[str]:
        if group.official_id:
            return [group.official_id] if group.official_id in self.groups else []
        return sorted(self._labelled.get((legislature, french.name_key(group.label)), ()))

    def _constituency(self, question: Question, author: Author) -> Author:
        """Find the official id that the constituency has in that legislature."""
        if author.seat is None:
            return author
        found = sorted(self._constituencies.get((question.id.legislature, author.seat), ()))
        if len(found) != 1:
            wanted = f"one constituency {author.seat.notation} of that legislature in the register"
            raise _Unknown(author, BadValue(wanted, " and ".join(found) or "none"))
        return replace(author, constituency_id=found[0])


class _Unknown(Exception):
    """The register does not know; this much of the author is known all the same."""

    def __init__(self, author: Author, told: BadValue) -> None:
        super().__init__(told)
        self.author = author
        self.told = told


def load(*sources: Path) -> tuple[Register, list[Problem]]:
    """Read a register from zips and folders, taken together; raise Refused if there is no actor in them."""
    entries, problems = Entries(), []
    for source in sources:
        for document in archive.documents(source):
            if isinstance(document, Problem):
                problems.append(replace(document, severity=Severity.WARNING))
                continue
            try:
                odd = entries.add(json.parse(document.text()))
                problems += [problem(document, bad, Severity.WARNING) for bad in odd]
            except BadValue as bad:
                problems.append(problem(document, bad, Severity.WARNING))
    register = Register(entries)
    if not register.actors:
        named = ", ".join(map(str, sources))
        raise Refused(f"{named}: expected a register of actors and organs, found no actor in it", problems)
    return register, problems


def _one(found: list[T]) -> T | None:
    return found[0] if len(found) == 1 else None


def _runs(term: Term, on: date) -> bool:
    return (term.start is None or term.start <= on) and (term.end is None or on <= term.end)


def _terms(terms: list[Term]) -> str:
    return " and ".join(f"{term.id} from {term.start} to {term.end or 'now'}" for term in terms) or "none"
