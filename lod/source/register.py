"""The register of the chamber: actors, mandates and organs, and who a name, a seat or an id is.

Only what is needed to name a deputy is read: addresses, birth data and collaborators stay where they are.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from lod.departements import table
from lod.errors import BadValue, Problem, Refused, Severity, shown
from lod.model import Author, Group, Identity, Quality, Question, Seat, Term
from lod.source import archive, french, json, problem

T = TypeVar("T")

_QUALITIES = {
    "membre": Quality.MEMBER,
    "membre apparente": Quality.AFFILIATED,
    "president": Quality.CHAIR,
    "depute non inscrit": Quality.NON_ATTACHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A deputy's mandate for a seat in one legislature."""

    term: Term
    legislature: int
    seat: Seat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A deputy's membership of a group, by the group's official id."""

    term: Term
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person of the register."""

    id: str
    identity: Identity
    mandates: tuple[Mandate, ...]
    memberships: tuple[Membership, ...]

    @property
    def name(self) -> str:
        """The name, given name first."""
        return f"{self.identity.given_name} {self.identity.family_name}"

    @property
    def name_key(self) -> str:
        """The key by which a printed name is this person's."""
        return french.name_key(self.name)


class Register:
    """Who is who: actors by id and by seat, groups by id and by name, constituencies by seat."""

    def __init__(self, entries: "Entries") -> None:
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


class Entries:
    """The files of a register, in any order, until they are all read."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.labelled: dict[tuple[int, str], list[str]] = defaultdict(list)
        self.constituencies: dict[tuple[int, Seat], list[str]] = defaultdict(list)
        self._identities: dict[str, Identity] = {}
        self._mandates: dict[str, list[Mandate]] = defaultdict(list)
        self._memberships: dict[str, list[Membership]] = defaultdict(list)

    def add(self, root: Any) -> None:
        """Take in one file of the register; raise BadValue, naming the path, if it is not one."""
        match root:
            case {"acteur": dict(actor)}:
                self._actor(actor)
            case {"mandat": dict(mandate)}:
                self._mandate(mandate)
            case {"organe": dict(organ)}:
                self._organ(organ)
            case _:
                raise BadValue("an acteur, a mandat or an organe", "neither")

    def people(self) -> Iterator[Actor]:
        """Give the actors, each with the mandates and memberships found anywhere."""
        for actor, identity in sorted(self._identities.items()):
            yield Actor(
                id=actor,
                identity=identity,
                mandates=tuple(self._mandates[actor]),
                memberships=tuple(self._memberships[actor]),
            )

    def _actor(self, actor: dict[str, Any]) -> None:
        uid = _checked(_required(actor, "uid"), "PA")
        ident = actor.get("etatCivil", {}).get("ident", {})
        self._identities[uid] = Identity(
            id=uid,
            civility=json.text_of(ident.get("civ")),
            given_name=_required(ident, "prenom"),
            family_name=_required(ident, "nom"),
        )
        for mandate in json.list_of((actor.get("mandats") or {}).get("mandat")):
            self._mandate(mandate)

    def _mandate(self, mandate: dict[str, Any]) -> None:
        kind = json.text_of(mandate.get("typeOrgane"))
        if kind not in ("ASSEMBLEE", "GP"):
            return
        actor, legislature = _required(mandate, "acteurRef"), french.number(_required(mandate, "legislature"))
        if kind == "ASSEMBLEE":
            place = (mandate.get("election") or {}).get("lieu") or {}
            self._mandates[actor].append(
                Mandate(term=_term(mandate), legislature=legislature, seat=_seat(place))
            )
            return
        for group in json.list_of((mandate.get("organes") or {}).get("organeRef")):
            self._memberships[actor].append(Membership(term=_term(mandate), group=str(group)))

    def _organ(self, organ: dict[str, Any]) -> None:
        kind = json.text_of(organ.get("codeType"))
        if kind == "GP":
            uid, label = _checked(_required(organ, "uid"), "PO"), _required(organ, "libelle")
            abbreviation = json.text_of(organ.get("libelleAbrev"))
            self.groups[uid] = Group(label=label, official_id=uid, abbreviation=abbreviation)
            if legislature := json.text_of(organ.get("legislature")):
                self.labelled[french.number(legislature), french.name_key(label)].append(uid)
        elif kind == "CIRCONSCRIPTION" and (legislature := json.text_of(organ.get("legislature"))):
            place = (organ.get("lieu") or {}).get("departement") or {}
            seat = _seat({"numDepartement": place.get("code"), "numCirco": organ.get("numero")})
            if seat:
                self.constituencies[french.number(legislature), seat].append(
                    _checked(_required(organ, "uid"), "PO")
                )


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


def _term(mandate: dict[str, Any]) -> Term:
    quality = json.text_of((mandate.get("infosQualite") or {}).get("codeQualite"))
    return Term(
        id=_checked(_required(mandate, "uid"), "PM"),
        start=_day(mandate, "dateDebut"),
        end=_day(mandate, "dateFin"),
        quality=_QUALITIES.get(french.name_key(quality)) if quality else None,
    )


def _seat(place: dict[str, Any]) -> Seat | None:
    code, number = json.text_of(place.get("numDepartement")) or "", json.text_of(place.get("numCirco"))
    if code not in table() or number in (None, "0"):
        return None
    return Seat(departement=code, number=french.number(number or ""))


def _day(mandate: dict[str, Any], key: str) -> date | None:
    stated = json.text_of(mandate.get(key))
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        raise BadValue("a day such as 2024-07-19", shown(str(stated)), key) from None


def _required(node: dict[str, Any], key: str) -> str:
    value = json.text_of(node.get(key))
    if value is None:
        raise BadValue(f"a text at « {key} »", "nothing", key)
    return value


def _checked(uid: str, prefix: str) -> str:
    if not re.fullmatch(rf"{prefix}[0-9]{{1,9}}", uid, re.ASCII):
        raise BadValue(f"an official id such as {prefix}841339", shown(uid))
    return uid
