"""The files of the register of actors, mandates and organs, in any of its layouts, until they are all read.

Only what is needed to name a deputy is read: addresses, birth data and collaborators stay where they are.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from msgspec import structs

from lod.departements import table
from lod.errors import BadValue, quote
from lod.model import Group, Identity, Ministry, Quality, Seat, Tenure
from lod.source import french
from lod.source.exports.flat_fields import is_nil, text_of

T = TypeVar("T")
K = TypeVar("K", str, tuple[str, str])

_QUALITIES = {
    "membre": Quality.MEMBER,
    "membre apparente": Quality.AFFILIATED,
    "president": Quality.CHAIR,
    "depute non inscrit": Quality.NON_ATTACHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A deputy's mandate for a seat in one legislature."""

    term: Tenure
    legislature: int
    seat: Seat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMembership:
    """A deputy's membership of a group, by the group's official id."""

    term: Tenure
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InOffice:
    """A ministry and the days of its government."""

    term: Tenure
    ministry: Ministry


_HELD = (Mandate, RegisterMembership, InOffice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person of the register."""

    id: str
    identity: Identity
    mandates: tuple[Mandate, ...]
    memberships: tuple[RegisterMembership, ...]

    @property
    def name(self) -> str:
        """The name, given name first."""
        return f"{self.identity.given_name} {self.identity.family_name}"

    @property
    def name_keys(self) -> tuple[str, str]:
        """The keys by which a printed name is this person's: the given name first, or the family name."""
        given, family = self.identity.given_name, self.identity.family_name
        return french.name_key(f"{given} {family}"), french.name_key(f"{family} {given}")


class RegisterEntries:
    """What the files say, in any order, each thing once."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.labelled: dict[tuple[int, str], set[str]] = defaultdict(set)
        self.constituencies: dict[tuple[int, Seat], set[str]] = defaultdict(set)
        self.ministries: dict[str, dict[str, InOffice]] = defaultdict(dict)
        self.last_day: date | None = None
        self._identities: dict[str, Identity] = {}
        self._mandates: dict[str, dict[str, Mandate]] = defaultdict(dict)
        self._memberships: dict[str, dict[tuple[str, str], RegisterMembership]] = defaultdict(dict)
        self._odd: list[BadValue] = []

    def add(self, root: Any) -> list[BadValue]:
        """Take in one file of the register, and give what in it is odd but does no harm.

        Raise BadValue, naming the key, if the file is not one of a register.
        """
        self._odd = []
        match root:
            case {"acteur": dict(actor)}:
                self._actor(actor)
            case {"mandat": dict(mandate)}:
                self._mandate(mandate)
            case {"organe": dict(organ)}:
                self._organ(organ)
            case _:
                raise BadValue("an acteur, a mandat or an organe", "neither")
        return self._odd

    def people(self) -> Iterator[Actor]:
        """Give the actors, each with the mandates and memberships found anywhere."""
        for actor, identity in sorted(self._identities.items()):
            yield Actor(
                id=actor,
                identity=identity,
                mandates=tuple(mandate for _, mandate in sorted(self._mandates[actor].items())),
                memberships=tuple(member for _, member in sorted(self._memberships[actor].items())),
            )

    def _actor(self, actor: dict[str, Any]) -> None:
        uid = french.official_id(_required(actor, "uid"), "PA")
        ident = _object(_object(actor, "etatCivil"), "ident")
        identity = Identity(
            id=uid,
            civility=text_of(ident.get("civ")),
            given_name=_required(ident, "prenom"),
            family_name=_required(ident, "nom"),
        )
        self._keep(self._identities, uid, identity)
        for mandate in _list(_object(actor, "mandats").get("mandat")):
            if not isinstance(mandate, dict):
                raise BadValue("an object at « mandat »", quote(str(mandate)), "mandat")
            self._mandate(mandate)

    def _mandate(self, mandate: dict[str, Any]) -> None:
        kind = text_of(mandate.get("typeOrgane"))
        if kind not in ("ASSEMBLEE", "GP"):
            return
        actor, legislature = _required(mandate, "acteurRef"), french.number(_required(mandate, "legislature"))
        if kind == "ASSEMBLEE":
            place = _object(_object(mandate, "election"), "lieu")
            held = Mandate(term=self._term(mandate, None), legislature=legislature, seat=_seat(place))
            self._keep(self._mandates[actor], held.term.id, held)
            return
        term = self._term(mandate, self._quality(mandate))
        for group in _list(_object(mandate, "organes").get("organeRef")):
            member = RegisterMembership(term=term, group=french.official_id(str(group), "PO"))
            self._keep(self._memberships[actor], (term.id, member.group), member)

    def _term(self, mandate: dict[str, Any], quality: Quality | None) -> Tenure:
        uid = french.official_id(_required(mandate, "uid"), "PM")
        return Tenure(id=uid, start=self._start(mandate), end=_day(mandate, "dateFin"), quality=quality)

    def _quality(self, mandate: dict[str, Any]) -> Quality | None:
        stated = text_of(_object(mandate, "infosQualite").get("codeQualite"))
        known = _QUALITIES.get(french.name_key(stated or ""))
        if stated and not known:
            self._odd.append(BadValue("a known quality such as « Membre »", quote(stated), "codeQualite"))
        return known

    def _organ(self, organ: dict[str, Any]) -> None:
        kind, legislature = text_of(organ.get("codeType")), text_of(organ.get("legislature"))
        if kind == "GP":
            self._group(organ, legislature)
        elif kind == "MINISTERE":
            self._ministry(organ)
        elif kind == "CIRCONSCRIPTION" and legislature:
            place = _object(_object(organ, "lieu"), "departement")
            seat = _seat({"numDepartement": place.get("code"), "numCirco": organ.get("numero")})
            if seat:
                uid = french.official_id(_required(organ, "uid"), "PO")
                self.constituencies[french.number(legislature), seat].add(uid)

    def _group(self, organ: dict[str, Any], legislature: str | None) -> None:
        uid, label = french.official_id(_required(organ, "uid"), "PO"), _required(organ, "libelle")
        abbreviation = text_of(organ.get("libelleAbrev"))
        self._keep(self.groups, uid, french.group(label, uid, abbreviation))
        if legislature:
            self.labelled[french.number(legislature), french.name_key(label)].add(uid)

    def _ministry(self, organ: dict[str, Any]) -> None:
        uid, label = french.official_id(_required(organ, "uid"), "PO"), _required(organ, "libelleAbrege")
        life = _object(organ, "viMoDe")
        term = Tenure(id=uid, start=self._start(life), end=_day(life, "dateFin"))
        ministry = Ministry(label=label, official_id=uid, full_name=text_of(organ.get("libelle")))
        self._keep(self.ministries[french.name_key(label)], uid, InOffice(term=term, ministry=ministry))

    def _keep(self, known: dict[K, T], key: K, entry: T) -> None:
        """Keep of two accounts of one thing the later one, whatever their order; tell if neither is that."""
        before = known.setdefault(key, entry)
        if before == entry:
            return
        later = _later(before, entry)
        known[key] = later or min(before, entry, key=str)
        if later is None:
            uid = key[0] if isinstance(key, tuple) else key
            expected = f"{uid} as in another file of the register"
            self._odd.append(BadValue(expected, "another account of it", "uid"))

    def _start(self, node: dict[str, Any]) -> date | None:
        """Read the first day of something: the last one of all says how far the register reaches."""
        day = _day(node, "dateDebut")
        self.last_day = max(filter(None, (self.last_day, day)), default=None)
        return day


def _later(one: T, other: T) -> T | None:
    """Give of two accounts the one that knows when something ended, if that is all in which they differ."""
    if not isinstance(one, _HELD) or not isinstance(other, _HELD):
        return None
    one_open, other_open = (replace(held, term=structs.replace(held.term, end=None)) for held in (one, other))
    if one_open != other_open or None not in (one.term.end, other.term.end):
        return None
    return one if other.term.end is None else other


def _seat(place: dict[str, Any]) -> Seat | None:
    code, number = text_of(place.get("numDepartement")) or "", text_of(place.get("numCirco"))
    if code not in table() or number in (None, "0"):
        return None
    return Seat(departement=code, number=french.number(number or ""))


def _day(mandate: dict[str, Any], key: str) -> date | None:
    stated = text_of(mandate.get(key))
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        raise BadValue("a day such as 2024-07-19", quote(str(stated)), key) from None


def _object(node: dict[str, Any], key: str) -> dict[str, Any]:
    """Give the object at a key, empty if there is none; raise BadValue if something else stands there."""
    found = node.get(key)
    if found is None or (isinstance(found, dict) and is_nil(found)):
        return {}
    if not isinstance(found, dict):
        raise BadValue(f"an object at « {key} »", quote(str(found)), key)
    return found


def _list(value: Any) -> list[Any]:
    """Give the values of a key that holds one, several or none."""
    if value is None or (isinstance(value, dict) and is_nil(value)):
        return []
    return value if isinstance(value, list) else [value]


def _required(node: dict[str, Any], key: str) -> str:
    value = text_of(node.get(key))
    if value is None:
        raise BadValue(f"a text at « {key} »", "nothing", key)
    return value
