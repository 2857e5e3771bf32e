"""The labelled values of a page, under any label of their notion; unused ones are reported."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from lod.errors import BadValue, Cause, quote
from lod.finding import Finding
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.pages.values import strip_links, strip_markdown

T = TypeVar("T")

MAX_LENGTH = 2000
"""No labelled value comes near this length."""

ANSWER_LABEL = "Réponse publiée au JO le"
"""The label of the day and the page of an answer, which begins that answer on some pages."""

_SITTING_SENTENCE = "La question a été posée au Gouvernement en séance, parue dans le journal officiel le"
LABELS_BY_NOTION: dict[str, tuple[str, ...]] = {
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
    ANSWER_LABEL: (
        "Réponse publiée le",
        "Réponse en séance, et publiée le",
        "Publication de la réponse au Journal Officiel du",
        "Publication de la réponse au Journal Officiel",
    ),
    "Date de la séance": (
        _SITTING_SENTENCE,
        f"Date de la séance : {_SITTING_SENTENCE}",
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
"""The labels of each notion on pages of all generations; the key is the label used in messages."""

CLOSURE_LABELS = ("Question retirée le", "Question clôturée le", "Date de clôture")
"""The labels whose value may be followed by a line with the cause, which has no label of its own."""

_NOTION_BY_LABEL = {
    french.label_key(label): name for name, others in LABELS_BY_NOTION.items() for label in (name, *others)
}
_LABEL_WITHOUT_SEPARATOR = re.compile(r" (?:le|du|Journal Officiel)$")
"""The end of labels that may stand before their value without « : » or « > »."""


def _label_pattern(label: str) -> str:
    """Return the pattern of a label at the start of a line, with any apostrophe and any spacing of « : »."""
    pattern = re.escape(label).replace("'", "['’]").replace(r"\ :\ ", " ?: ")
    return f"{pattern}(?= ?[:>]| |$)" if _LABEL_WITHOUT_SEPARATOR.search(label) else f"{pattern}(?= ?[:>]|$)"


_LABELS = [label for name, others in LABELS_BY_NOTION.items() for label in (name, *others)]
_ANY_LABEL = "|".join(map(_label_pattern, sorted(_LABELS, key=len, reverse=True)))
_LABELLED_LINE = re.compile(
    f"(?P<label>{_ANY_LABEL})(?: ?[:>])?(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)

_LABEL_IN_VALUE = re.compile(
    f" (?:{'|'.join(re.escape(label) for label in _LABELS if ' ' in label)}) ?[:>]", re.IGNORECASE
)
"""A label within a value: two lines have been joined."""


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A label as printed, the notion it stands for (None if unknown), and the value."""

    label: str
    notion: str | None
    value: str


def parse_labelled(line: str) -> LabelledValue | None:
    """Parse a line that begins with a known label; return None for any other line."""
    plain = strip_markdown(line)
    match = _LABELLED_LINE.match(strip_links(plain) if plain.startswith("[") else plain)
    if not match:
        return None
    notion = _NOTION_BY_LABEL.get(french.label_key(re.sub(" ?: ?", " : ", match["label"])))
    return LabelledValue(match["label"], notion, match["value"].strip(" ")) if notion else None


class Fields:
    """The labelled values of a document that have not been used yet."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Split lines of the form « Label : value »; a value may stand alone on exactly the next line."""
        self._unused: list[LabelledValue] = []
        self._requested: list[str] = []
        self._remarks: list[Remark] = []
        for line in lines:
            self._unused += filter(None, [parse_labelled(line) or self._parse_unlabelled(line)])

    def _parse_unlabelled(self, line: str) -> LabelledValue | None:
        """Add a line without a known label to the empty label before it, or return it as an unknown field."""
        last, value = self._unused[-1] if self._unused else None, strip_markdown(line)
        if last and last.notion and not last.value:
            self._unused[-1] = replace(last, value=value)
            return None
        if last and last.notion in CLOSURE_LABELS and ":" not in value:
            return LabelledValue("Cause", "Cause", value)
        label, _, rest = value.partition(":")
        return LabelledValue(label.strip(" "), None, rest.strip(" "))

    def take_all(self, notion: str, parse: Callable[[str], T]) -> list[T]:
        """Parse the values of a notion that may be stated several times or never, and mark them used."""
        self._requested.append(notion)
        fields = [field for field in self._unused if field.notion == notion]
        self._unused = [field for field in self._unused if field.notion != notion]
        return [_parse_value(field, parse) for field in fields]

    def take(self, notion: str, parse: Callable[[str], T]) -> T:
        """Parse the value of a notion and mark it used; raise BadValue unless it is stated exactly once."""
        values = self.take_all(notion, parse)
        if not values:
            raise BadValue(f"the field « {notion} »", self.nearest_label(notion))
        if len(values) > 1:
            raise BadValue("each field once", f"« {notion} » twice", notion)
        return values[0]

    def take_optional(self, notion: str, parse: Callable[[str], T]) -> T | None:
        """Parse the value of a notion like `take`, or return None if it is absent."""
        return self.take(notion, parse) if self.has(notion) else None

    def has(self, notion: str) -> bool:
        """Return whether a label of this notion is unused, with a value or without."""
        return any(field.notion == notion for field in self._unused)

    def discard_empty(self, notion: str) -> bool:
        """Discard a label without a value, and return whether there was one."""
        before = len(self._unused)
        self._unused = [field for field in self._unused if field.notion != notion or field.value]
        return len(self._unused) < before

    def take_valid(self, notion: str, parse: Callable[[str], T]) -> list[T]:
        """Parse the values of a notion like `take_all`; a bad one is remarked and left out."""
        self._requested.append(notion)
        fields = [field for field in self._unused if field.notion == notion]
        self._unused = [field for field in self._unused if field.notion != notion]
        values = []
        for field in fields:
            try:
                values.append(_parse_value(field, parse))
            except BadValue as bad:
                self.remark(bad.place or field.label, bad.expected, bad.found, bad.finding)
        return values

    def take_stated(self, notion: str, parse: Callable[[str], T], finding: Finding | None = None) -> T | None:
        """Parse the value of a notion that should be stated exactly once; remark it if it is not.

        `finding` is the kind of finding if it is missing.
        """
        is_there = self.has(notion)
        values = self.take_valid(notion, parse)
        if not is_there:
            self.remark(notion, f"the field « {notion} »", self.nearest_label(notion), finding)
        if len(values) > 1:
            self.remark(notion, "each field once", f"« {notion} » twice")
        return values[0] if values else None

    def remark(self, place: str, expected: str, found: str, finding: Finding | None = None) -> None:
        """Record what is unexpected about a field; `remarks` yields it."""
        self._remarks.append(Remark(place, expected, found, finding=finding))

    def first_fault(self) -> BadValue | None:
        """Return the first fault that was recorded, if any, as an error."""
        first = next(iter(self._remarks), None)
        return BadValue(first.expected, first.found, first.place) if first else None

    def remarks(self) -> Iterator[Remark]:
        """Yield what was recorded, and each field that was not used: its label is unknown or misspelt."""
        yield from self._remarks
        for field in self._unused:
            near = difflib.get_close_matches(field.label, self._requested, n=1)
            expected = f"a known field (nearest: « {near[0]} »)" if near else "a known field"
            found = quote(" : ".join(filter(None, (field.label, field.value))))
            yield Remark(field.label, expected, found, Cause.UNKNOWN)

    def nearest_label(self, label: str) -> str:
        """Quote the unused label that is most similar to the expected one."""
        labels = [field.label for field in self._unused]
        near = difflib.get_close_matches(label, labels, n=1)
        return quote(near[0]) if near else "nothing"


def _parse_value(field: LabelledValue, parse: Callable[[str], T]) -> T:
    if inner := _LABEL_IN_VALUE.search(field.value[:MAX_LENGTH]):
        raise BadValue("one field on a line", f"{quote(inner[0].strip())} in the value", field.label)
    if not field.value or len(field.value) > MAX_LENGTH:
        found = f"{len(field.value) or 'nothing'}"
        raise BadValue(f"a value of at most {MAX_LENGTH} characters", found, field.label)
    try:
        return parse(field.value)
    except BadValue as bad:
        raise bad.at(field.label) from None
