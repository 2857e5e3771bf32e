"""How a question ended without an answer, from the code and the words of any form."""

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from lod.errors import Cause, quote
from lod.finding import Finding
from lod.model import Closure, Ending, Question
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.legislatures import has_ended

ANSWERED_CODE = "REP_PUB"
"""The closure code of a question that is answered."""

CODES = {"FM": Ending.LAPSED, "FL": Ending.LAPSED, "AU": Ending.WITHDRAWN}
"""The codes of a closure that are understood; DE and ID were never seen with words that explain them."""

_ANSWERED_LABEL = "reponse publiee"
_PHRASES = (
    ("fin de mandat", Ending.LAPSED),
    ("fin du mandat", Ending.LAPSED),
    ("fin de legislature", Ending.LAPSED),
    ("fin de la legislature", Ending.LAPSED),
    ("caduque", Ending.LAPSED),
    ("caducite", Ending.LAPSED),
    ("initiative de l auteur", Ending.WITHDRAWN),
    ("retrait de l auteur", Ending.WITHDRAWN),
    ("demande de l auteur", Ending.WITHDRAWN),
    ("retiree par l auteur", Ending.WITHDRAWN),
    ("retiree par son auteur", Ending.WITHDRAWN),
    ("retrait par l auteur", Ending.WITHDRAWN),
    ("retrait par son auteur", Ending.WITHDRAWN),
    ("deces", Ending.CLOSED),
    ("demission", Ending.CLOSED),
    ("nomination", Ending.CLOSED),
    ("irrecevable", Ending.CLOSED),
    ("irrecevabilite", Ending.CLOSED),
    ("autre cause", Ending.CLOSED),
)
"""Words that say how a question ended, without case and accents."""


class ClosureReading(NamedTuple):
    """A closure, if the source states one, and what is to be remarked about it."""

    closure: Closure | None
    remarks: tuple[Remark, ...] = ()


def is_answered(code: str | None, label: str | None) -> bool:
    """Return whether a code or, without one, the words of a closure say that an answer is published."""
    return code == ANSWERED_CODE or (code is None and french.name_key(label or "") == _ANSWERED_LABEL)


def ending_of_label(label: str | None) -> Ending | None:
    """Return the ending that the words of a source state, or None if they are not understood."""
    key = f" {french.name_key(label or '')} "
    return next((ending for phrase, ending in _PHRASES if f" {phrase} " in key), None)


def read_closure(place: str, code: str | None, label: str | None, on: date | None) -> ClosureReading:
    """Return the closure that code, words and day state; what is not understood is an unknown ending.

    Where code and words differ, the words count, as on the pages.
    """
    by_code, by_label = CODES.get(code or ""), ending_of_label(label)
    ending = by_label or by_code or Ending.UNKNOWN
    remarks = []
    if by_code and by_label and by_code is not by_label:
        remarks.append(Remark(place, f"words that say the same as the code {code}", quote(f"{label}")))
    if ending is Ending.UNKNOWN:
        found = quote(" ".join(filter(None, (code, label)))) if code or label else "nothing"
        expected = "a cause of the end that is known"
        cause = Cause.UNKNOWN if code or label else Cause.FIELD
        remarks.append(Remark(place, expected, found, cause, Finding.END_UNKNOWN))
    if on is None:
        remarks.append(Remark(place, "the day of the end", "nothing", finding=Finding.DAY_MISSING))
    return ClosureReading(Closure(ending=ending, on=on, label=label or code), tuple(remarks))


def with_end_of_legislature(question: Question) -> tuple[Question, tuple[Remark, ...]]:
    """Return a question of an ended legislature that states no answer and no end as ended, how is unknown."""
    if question.answers or question.closure or not has_ended(question.id.legislature):
        return question, ()
    expected = f"an answer or an end, since the legislature {question.id.legislature} is over"
    remark = Remark("closure", expected, "neither", finding=Finding.END_UNKNOWN)
    return replace(question, closure=Closure(ending=Ending.UNKNOWN)), (remark,)
