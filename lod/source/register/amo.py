"""The entries of the register of actors, mandates and organs, collected from files in any of its layouts.

Only what is needed to identify a deputy is read: never addresses, birth data or staff.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from msgspec import structs

from lod.departements import departements_by_code
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
class MinistryTenure:
    """A ministry and the days of its government."""

    term: Tenure
    ministry: Ministry


_DATED_ENTRIES = (Mandate, RegisterMembership, MinistryTenure)


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
        """The keys under which a printed name is this person's: given name first, or family name first."""
        first, last = self.identity.given_name, self.identity.family_name
        return french.name_key(f"{first} {last}"), french.name_key(f"{last} {first}")


class RegisterEntries:
    """The entries of all files, in any order, each once."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.groups_by_label: dict[tuple[int, str], set[str]] = defaultdict(set)
        self.constituencies: dict[tuple[int, Seat], set[str]] = defaultdict(set)
        self.ministries: dict[str, dict[str, MinistryTenure]] = defaultdict(dict)
        self.last_day: date | None = None
        self._identities: dict[str, Identity] = {}
        self._mandates: dict[str, dict[str, Mandate]] = defaultdict(dict)
        self._memberships: dict[str, dict[tuple[str, str], RegisterMembership]] = defaultdict(dict)
        self._oddities: list[BadValue] = []

    def add(self, root: Any) -> list[BadValue]:
        """Add one file of the register, and return what is unexpected in it but does no harm.

        Raise BadValue, naming the key, if the file does not belong to a register.
        """
        self._oddities = []
        match root:
            case {"acteur": dict(actor)}:
                self._add_actor(actor)
            case {"mandat": dict(mandate)}:
                self._add_mandate(mandate)
            case {"organe": dict(organ)}:
                self._add_organ(organ)
            case {"deport": _}:
                pass  # a deputy abstains because of an interest: that identifies nobody
            case _:
                raise BadValue("an acteur, a mandat or an organe", "none of these")
        return self._oddities

    def actors(self) -> Iterator[Actor]:
        """Yield the actors, each with the mandates and memberships of all files."""
        for actor, identity in sorted(self._identities.items()):
            yield Actor(
                id=actor,
                identity=identity,
                mandates=tuple(mandate for _, mandate in sorted(self._mandates[actor].items())),
                memberships=tuple(member for _, member in sorted(self._memberships[actor].items())),
            )

    def _add_actor(self, actor: dict[str, Any]) -> None:
        uid = french.parse_official_id(_read_text(actor, "uid"), "PA")
        ident = _read_object(_read_object(actor, "etatCivil"), "ident")
        identity = Identity(
            id=uid,
            civility=text_of(ident.get("civ")),
            given_name=_read_text(ident, "prenom"),
            family_name=_read_text(ident, "nom"),
        )
        self._record(self._identities, uid, identity)
        for rank, mandate in enumerate(_read_list(_read_object(actor, "mandats").get("mandat")), 1):
            try:
                self._add_mandate(mandate)
            except BadValue as bad:
                self._oddities.append(bad.within(f"mandat {rank}"))

    def _add_mandate(self, mandate: Any) -> None:
        if not isinstance(mandate, dict):
            raise BadValue("an object", quote(str(mandate)))
        kind = text_of(mandate.get("typeOrgane"))
        if kind not in ("ASSEMBLEE", "GP"):
            return
        actor, legislature = (
            _read_text(mandate, "acteurRef"),
            french.parse_number(_read_text(mandate, "legislature")),
        )
        if kind == "ASSEMBLEE":
            place = _read_object(_read_object(mandate, "election"), "lieu")
            seat_mandate = Mandate(
                term=self._read_term(mandate, None), legislature=legislature, seat=_read_seat(place)
            )
            self._record(self._mandates[actor], seat_mandate.term.id, seat_mandate)
            return
        term = self._read_term(mandate, self._read_quality(mandate))
        for group in _read_list(_read_object(mandate, "organes").get("organeRef")):
            member = RegisterMembership(term=term, group=french.parse_official_id(str(group), "PO"))
            self._record(self._memberships[actor], (term.id, member.group), member)

    def _read_term(self, mandate: dict[str, Any], quality: Quality | None) -> Tenure:
        uid = french.parse_official_id(_read_text(mandate, "uid"), "PM")
        return Tenure(
            id=uid, start=self._read_start(mandate), end=_read_day(mandate, "dateFin"), quality=quality
        )

    def _read_quality(self, mandate: dict[str, Any]) -> Quality | None:
        printed = text_of(_read_object(mandate, "infosQualite").get("codeQualite"))
        quality = _QUALITIES.get(french.name_key(printed or ""))
        if printed and not quality:
            self._oddities.append(
                BadValue("a known quality such as « Membre »", quote(printed), "codeQualite")
            )
        return quality

    def _add_organ(self, organ: dict[str, Any]) -> None:
        kind, legislature = text_of(organ.get("codeType")), text_of(organ.get("legislature"))
        if kind == "GP":
            self._add_group(organ, legislature)
        elif kind == "MINISTERE":
            self._add_ministry(organ)
        elif kind == "CIRCONSCRIPTION" and legislature:
            place = _read_object(_read_object(organ, "lieu"), "departement")
            seat = _read_seat({"numDepartement": place.get("code"), "numCirco": organ.get("numero")})
            if seat:
                uid = french.parse_official_id(_read_text(organ, "uid"), "PO")
                self.constituencies[french.parse_number(legislature), seat].add(uid)

    def _add_group(self, organ: dict[str, Any], legislature: str | None) -> None:
        uid, label = french.parse_official_id(_read_text(organ, "uid"), "PO"), _read_text(organ, "libelle")
        abbreviation = text_of(organ.get("libelleAbrev"))
        self._record(self.groups, uid, french.make_group(label, uid, abbreviation))
        if legislature:
            self.groups_by_label[french.parse_number(legislature), french.name_key(label)].add(uid)

    def _add_ministry(self, organ: dict[str, Any]) -> None:
        uid, label = (
            french.parse_official_id(_read_text(organ, "uid"), "PO"),
            _read_text(organ, "libelleAbrege"),
        )
        life = _read_object(organ, "viMoDe")
        term = Tenure(id=uid, start=self._read_start(life), end=_read_day(life, "dateFin"))
        ministry = Ministry(label=label, official_id=uid, full_name=text_of(organ.get("libelle")))
        self._record(
            self.ministries[french.name_key(label)], uid, MinistryTenure(term=term, ministry=ministry)
        )

    def _record(self, known: dict[K, T], key: K, entry: T) -> None:
        """Keep the more complete of two entries for one key, in any order; report them if neither is."""
        before = known.setdefault(key, entry)
        if before == entry:
            return
        later = _more_complete(before, entry)
        known[key] = later or min(before, entry, key=str)
        if later is None:
            uid = key[0] if isinstance(key, tuple) else key
            expected = f"{uid} as in another file of the register"
            self._oddities.append(BadValue(expected, "a different entry", "uid"))

    def _read_start(self, node: dict[str, Any]) -> date | None:
        """Read the first day of an entry; the latest of all is how far the register reaches."""
        day = _read_day(node, "dateDebut")
        self.last_day = max(filter(None, (self.last_day, day)), default=None)
        return day


def _more_complete(first: T, second: T) -> T | None:
    """Return the entry that has an end, if the two differ in nothing else."""
    if not isinstance(first, _DATED_ENTRIES) or not isinstance(second, _DATED_ENTRIES):
        return None
    first_open, second_open = (
        replace(entry, term=structs.replace(entry.term, end=None)) for entry in (first, second)
    )
    if first_open != second_open or None not in (first.term.end, second.term.end):
        return None
    return first if second.term.end is None else second


def _read_seat(place: dict[str, Any]) -> Seat | None:
    code, number = text_of(place.get("numDepartement")) or "", text_of(place.get("numCirco"))
    if code not in departements_by_code() or number in (None, "0"):
        return None
    return Seat(departement=code, number=french.parse_number(number or ""))


def _read_day(mandate: dict[str, Any], key: str) -> date | None:
    printed = text_of(mandate.get(key))
    try:
        return french.parse_day(printed) if printed else None
    except BadValue as bad:
        raise bad.at(key) from None


def _read_object(node: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object at a key, empty if there is none; raise BadValue for any other value."""
    value = node.get(key)
    if value is None or (isinstance(value, dict) and is_nil(value)):
        return {}
    if not isinstance(value, dict):
        raise BadValue(f"an object at « {key} »", quote(str(value)), key)
    return value


def _read_list(value: Any) -> list[Any]:
    """Return the values of a key that holds one, several or none."""
    if value is None or (isinstance(value, dict) and is_nil(value)):
        return []
    return value if isinstance(value, list) else [value]


def _read_text(node: dict[str, Any], key: str) -> str:
    value = text_of(node.get(key))
    if value is None:
        raise BadValue(f"a text at « {key} »", "nothing", key)
    return value
