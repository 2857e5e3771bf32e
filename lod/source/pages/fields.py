"""Labelled values, each notion under any of its labels; what nobody took is told."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from lod.errors import BadValue, quote
from lod.source import french
from lod.source.diagnostics import UnknownField
from lod.source.pages.values import bare, unlinked

T = TypeVar("T")

MAX_LENGTH = 2000
"""The length that no labelled value comes near."""

ANSWERED = "Réponse publiée au JO le"
"""The label of the day and the page of an answer, which begins that answer on some pages."""

_SITTING = "La question a été posée au Gouvernement en séance, parue dans le journal officiel le"
SYNONYMS: dict[str, tuple[str, ...]] = {
    "Question de": (),
    "Auteur": (),
    "Circonscription": (),
    "Type de question": (),
    "Numéro de la question": (),
    "Rubrique": (),
    "Tête d'analyse": (),
    "Analyse": (),
    "Titre": (),
    "Ministère interrogé": (),
    "Ministère attributaire": ("Ministère répondant",),
    "Question publiée au JO le": (
        "Question publiée le",
        "Publication de la question au Journal Officiel du",
        "Publication de la question au Journal Officiel",
    ),
    ANSWERED: (
        "Réponse publiée le",
        "Réponse en séance, et publiée le",
        "Publication de la réponse au Journal Officiel du",
        "Publication de la réponse au Journal Officiel",
    ),
    "Date de la séance": (
        _SITTING,
        f"Date de la séance : {_SITTING}",
    ),
    "Date de changement d'attribution": (),
    "Date de signalement": (),
    "Date de renouvellement": (),
    "Question retirée le": (),
    "Question clôturée le": (),
    "Date de clôture": ("Date de cloture",),
    "Cause": (),
    "Erratum de la question publié au JO le": (),
    "Erratum de la réponse publié au JO le": (),
}
"""The labels of each notion on pages of all generations; the first one names it in messages."""

ENDS = ("Question retirée le", "Question clôturée le", "Date de clôture")
"""The labels whose value may be followed by a line that says why, without a label of its own."""

_NOTIONS = {french.label(label): name for name, others in SYNONYMS.items() for label in (name, *others)}
_UNSEPARATED = re.compile(r" (?:le|du|Journal Officiel)$")
"""How a label ends that may stand before its value without « : » or « > »."""


def _pattern(label: str) -> str:
    """Give what recognises a label at the start of a line, with any apostrophe and any space at « : »."""
    spelt = re.escape(label).replace("'", "['’]").replace(r"\ :\ ", " ?: ")
    return f"{spelt}(?= ?[:>]| |$)" if _UNSEPARATED.search(label) else f"{spelt}(?= ?[:>]|$)"


_LABELS = [label for name, others in SYNONYMS.items() for label in (name, *others)]
_LABELLED = re.compile(
    f"(?P<label>{'|'.join(map(_pattern, sorted(_LABELS, key=len, reverse=True)))})(?: ?[:>])?(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)

_WITHIN = re.compile(
    f" (?:{'|'.join(re.escape(label) for label in _LABELS if ' ' in label)}) ?[:>]", re.IGNORECASE
)
"""A label within a value: two lines have become one."""


@dataclass(slots=True)
class Field:
    """A label as printed, the notion it stands for if that is known, and the value."""

    label: str
    notion: str | None
    value: str


def labelled(line: str) -> Field | None:
    """Read a line that begins with a known label."""
    plain = bare(line)
    found = _LABELLED.match(unlinked(plain) if plain.startswith("[") else plain)
    if not found:
        return None
    notion = _NOTIONS.get(french.label(re.sub(" ?: ?", " : ", found["label"])))
    return Field(found["label"], notion, found["value"].strip(" ")) if notion else None


class Fields:
    """What a document labels, and what of it nobody has used yet."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Split lines of the form « Label : value »; a value may stand alone on exactly the next line."""
        self._left: list[Field] = []
        self._wanted: list[str] = []
        for line in lines:
            self._left += filter(None, [labelled(line) or self._continued(line)])

    def _continued(self, line: str) -> Field | None:
        """Give a line without a label to the label before it, which has none yet; or take it for unknown."""
        last, value = self._left[-1] if self._left else None, bare(line)
        if last and last.notion and not last.value:
            last.value = value
            return None
        if last and last.notion in ENDS and ":" not in value:
            return Field("Cause", "Cause", value)
        label, _, rest = value.partition(":")
        return Field(label.strip(" "), None, rest.strip(" "))

    def each(self, notion: str, read: Callable[[str], T]) -> list[T]:
        """Read the values of a notion that may be stated several times, or never."""
        self._wanted.append(notion)
        found = [field for field in self._left if field.notion == notion]
        self._left = [field for field in self._left if field.notion != notion]
        return [_read(field, read) for field in found]

    def take(self, notion: str, read: Callable[[str], T]) -> T:
        """Read the value of a notion that must be there, once."""
        values = self.each(notion, read)
        if not values:
            raise BadValue(f"the field « {notion} »", self.nearest(notion))
        if len(values) > 1:
            raise BadValue("each field once", f"« {notion} » twice", notion)
        return values[0]

    def maybe(self, notion: str, read: Callable[[str], T]) -> T | None:
        """Read the value of a notion that may be absent, but must not be stated twice."""
        return self.take(notion, read) if self.has(notion) else None

    def has(self, notion: str) -> bool:
        """Say whether a label of this notion is left, with a value or without."""
        return any(field.notion == notion for field in self._left)

    def empty(self, notion: str) -> bool:
        """Take a label that stands there without a value, and say whether there was one."""
        before = len(self._left)
        self._left = [field for field in self._left if field.notion != notion or field.value]
        return len(self._left) < before

    def finish(self) -> None:
        """Raise BadValue if a field was not taken: it is unknown, or misspelt."""
        for field in self._left:
            near = difflib.get_close_matches(field.label, self._wanted, n=1)
            expected = f"a known field (nearest: « {near[0]} »)" if near else "a known field"
            raise UnknownField(expected, quote(" : ".join(filter(None, (field.label, field.value)))))

    def nearest(self, label: str) -> str:
        """Quote the label left that is most like one that was expected."""
        spelt = [field.label for field in self._left]
        near = difflib.get_close_matches(label, spelt, n=1)
        return quote(near[0]) if near else "nothing"


def _read(field: Field, read: Callable[[str], T]) -> T:
    if inner := _WITHIN.search(field.value[:MAX_LENGTH]):
        raise BadValue("one field on a line", f"{quote(inner[0].strip())} in the value", field.label)
    if not field.value or len(field.value) > MAX_LENGTH:
        found = f"{len(field.value) or 'nothing'}"
        raise BadValue(f"a value of at most {MAX_LENGTH} characters", found, field.label)
    try:
        return read(field.value)
    except BadValue as bad:
        raise bad.at(field.label) from None
