"""The properties of a question that corrections may change: their names, and their values in TOML."""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from lod.errors import BadValue, quote
from lod.model import Closure, Ending, Ministry, Question, Seat, Text
from lod.source.french import official_rubric

_SEAT = re.compile(r"([0-9][0-9AB][0-9]?)-([0-9]{2})")
_NUMBER = re.compile(r"\.([1-9][0-9]{0,2})(?=\.|$)")


class ValueKind(enum.Enum):
    """How a value is written in TOML: what is expected of it."""

    TEXT = "a text"
    RUBRIC = "a rubric"
    DAY = "a day such as 2026-01-06, without quotation marks"
    SEAT = "a seat such as « 44-09 »"
    MINISTRY = "the name of a ministry"
    ENDING = f"one of {', '.join(Ending)}"
    CLOSURE = "a table with ending, on and label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of one question, such as answers.1.text.

    `steps` lead to it in the record: fields, and positions from 0. `iri` is the RDF property that has the
    value, `label` its French name, `resets` are the fields of the author that a new value makes doubtful.
    """

    name: str
    steps: tuple[str | int, ...]
    kind: ValueKind
    iri: str
    label: str
    optional: bool
    resets: tuple[str, ...]

    def parse(self, value: Any) -> Any:
        """Return a value of a TOML file as records have it; raise BadValue if it is of another kind."""
        try:
            return _PARSERS[self.kind](value)
        except (ValueError, TypeError):
            raise BadValue(self.kind.value, quote(str(value))) from None


_DCTERMS: Final = "http://purl.org/dc/terms/"
_ELI_DL: Final = "http://data.europa.eu/eli/eli-draft-legislation-ontology#"
_TEXT: Final = "http://schema.org/text"
_PAGE: Final = "http://purl.org/ontology/bibo/pageStart"
_DAY: Final = f"{_ELI_DL}activity_date"
_AUTHOR: Final = "http://schema.org/author"
_K = ValueKind
_PROPERTIES: dict[str, tuple[ValueKind, str, str, bool]] = {
    "title": (_K.TEXT, f"{_DCTERMS}title", "titre", True),
    "rubric": (_K.RUBRIC, "http://data.europa.eu/eli/ontology#is_about", "rubrique", True),
    "text": (_K.TEXT, _TEXT, "texte", True),
    "author.name": (_K.TEXT, _AUTHOR, "nom de l’auteur", True),
    "author.id": (_K.TEXT, _AUTHOR, "identifiant de l’auteur", True),
    "author.seat": (_K.SEAT, _AUTHOR, "circonscription de l’auteur", True),
    "published.on": (_K.DAY, f"{_DCTERMS}issued", "date de publication", False),
    "published.page": (_K.TEXT, _PAGE, "page de publication", True),
    "ministry_asked": (_K.MINISTRY, f"{_ELI_DL}had_participant_organization", "ministère interrogé", True),
    "attributions.N.ministry": (
        _K.MINISTRY,
        f"{_ELI_DL}had_participant_organization",
        "ministère attributaire",
        False,
    ),
    "attributions.N.on": (_K.DAY, _DAY, "date d’attribution", True),
    "answers.N.text": (_K.TEXT, _TEXT, "texte de la réponse", True),
    "answers.N.published.on": (_K.DAY, f"{_DCTERMS}issued", "date de la réponse", False),
    "answers.N.published.page": (_K.TEXT, _PAGE, "page de la réponse", True),
    "errata.N.text": (_K.TEXT, _TEXT, "texte de l’erratum", True),
    "renewals.N": (_K.DAY, _DAY, "date de renouvellement", True),
    "flaggings.N": (_K.DAY, _DAY, "date de signalement", True),
    "closure": (_K.CLOSURE, f"{_ELI_DL}process_status", "fin de la procédure", True),
    "closure.ending": (_K.ENDING, f"{_ELI_DL}process_status", "nature de la fin", False),
    "closure.on": (_K.DAY, _DAY, "date de la fin", True),
    "closure.label": (_K.TEXT, f"{_ELI_DL}activity_label", "libellé de la fin", True),
}
"""Name, with N for a number from 1 -> kind of value, RDF property, French name, whether it may be absent."""
_FIELDS = {"author.id": "author.official_id"}
_RESETS = {"author.id": ("mandate_id",), "author.seat": ("mandate_id", "constituency_id")}


def find_property(name: str) -> Property:
    """Return the property with a name; raise BadValue if corrections cannot change one of that name."""
    general = _NUMBER.sub(".N", name)
    if general not in _PROPERTIES:
        raise BadValue(f"one of {', '.join(_PROPERTIES)} (N is a number from 1)", quote(name))
    kind, iri, label, optional = _PROPERTIES[general]
    return Property(
        name=name,
        steps=tuple(int(s) - 1 if s.isdigit() else s for s in _FIELDS.get(name, name).split(".")),
        kind=kind,
        iri=iri,
        label=label,
        optional=optional,
        resets=_RESETS.get(name, ()),
    )


def value_at(question: Question, prop: Property) -> Any:
    """Return the value of a property, or None; raise BadValue if the question lacks the part that has it.

    That of a text is its plain form. An end of which nothing is known is not what a source states.
    """
    value: Any = question
    for n, step in enumerate(prop.steps):
        is_last = n == len(prop.steps) - 1
        if isinstance(step, str) and value is not None:
            value = getattr(value, step)
        elif isinstance(step, int) and step < len(value):
            value = value[step]
        elif isinstance(step, int) and step == len(value) and is_last:
            return None
        else:
            raise BadValue(f"a question with {prop.name}", "one without")
    if value == Closure(ending=Ending.UNKNOWN):
        return None
    return value.plain if isinstance(value, Text) else value


def set_value(question: Question, prop: Property, value: Any) -> Question:
    """Return a question with another value of a property; None removes it.

    A text loses its HTML, which would still say what was corrected.
    """
    if prop.iri == _TEXT:
        value = Text(plain=value) if value else None
    changed: Question = _set(question, prop.steps, value)
    return replace(changed, author=replace(changed.author, **dict.fromkeys(prop.resets)))


def _set(whole: Any, steps: tuple[str | int, ...], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, str):
        return replace(whole, **{step: _set(getattr(whole, step), tuple(rest), value)})
    item = _set(whole[step] if step < len(whole) else None, tuple(rest), value)
    return (*whole[:step], *(() if item is None else (item,)), *whole[step + 1 :])


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError
    return value


def _seat(value: Any) -> Seat:
    found = _SEAT.fullmatch(value)
    if found is None:
        raise TypeError
    return Seat(departement=found[1], number=int(found[2]))


_PARSERS: dict[ValueKind, Callable[[Any], Any]] = {
    ValueKind.TEXT: _text,
    ValueKind.RUBRIC: lambda value: official_rubric(_text(value)),
    ValueKind.DAY: _day,
    ValueKind.SEAT: _seat,
    ValueKind.MINISTRY: lambda value: Ministry(label=_text(value)),
    ValueKind.ENDING: Ending,
    ValueKind.CLOSURE: lambda value: msgspec.convert(value, Closure),
}
