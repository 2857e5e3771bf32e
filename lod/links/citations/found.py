"""The records of citations: what is cited, where it stands in the text, and what is doubtful."""

import enum
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from lod.model import QuestionId


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Act:
    """A law, a decree or an ordinance of France: its type (« loi »), its official number, its signature."""

    type: str
    number: str
    signed: date


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Code:
    """A code, by its identifier at Légifrance and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EuropeanAct:
    """A directive or regulation of the European Union: its type as ELI names it (`dir`), year and number."""

    type: str
    year: int
    number: int


Target: TypeAlias = Act | Code | EuropeanAct | QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A citation: from `start` to `end` in code points of the text, what it says there, what it cites."""

    start: int
    end: int
    target: Target
    quotation: str = ""


class DoubtKind(enum.StrEnum):
    """Why a citation with a number and a date is not linked."""

    YEAR_CONTRADICTS = "year contradicts"
    NUMBER_ABBREVIATED = "number abbreviated"
    WITHOUT_ELI = "without eli"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A citation that is not linked, with its place in the text, and why."""

    start: int
    end: int
    kind: DoubtKind
    quotation: str = ""


@dataclass(slots=True)
class Found:
    """The citations of a text, and the doubtful ones."""

    citations: list[Citation] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def cite(self, start: int, end: int, target: Target) -> None:
        """Add a citation."""
        self.citations.append(Citation(start=start, end=end, target=target))

    def doubt(self, start: int, end: int, kind: DoubtKind) -> None:
        """Add a doubtful citation."""
        self.doubts.append(Doubt(start=start, end=end, kind=kind))

    def quoting(self, text: str) -> "Found":
        """Return the same in the order of the text, each with its quotation."""
        if not self.citations and not self.doubts:
            return self
        citations = [replace(each, quotation=text[each.start : each.end]) for each in self.citations]
        doubts = [replace(each, quotation=text[each.start : each.end]) for each in self.doubts]
        return Found(sorted(citations, key=_place), sorted(doubts, key=_place))


def _place(found: Citation | Doubt) -> tuple[int, int]:
    return found.start, found.end
