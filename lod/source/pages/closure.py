"""How a question ends without an answer, in the words of its page: retirée, clôturée, fin de mandat."""

from datetime import date
from typing import NamedTuple

from lod.errors import BadValue, quote
from lod.model import Closure, Ending
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.pages.fields import ENDS, Fields
from lod.source.pages.values import unlinked

LAST_DAYS = frozenset((date(2017, 6, 20), date(2022, 6, 21), date(2024, 6, 11)))
"""The days on which the questions of the 14th, 15th and 16th legislatures ended with it."""

_RETIRED, _CLOSED, _DATED = ENDS
END_OF_TERM = "Fin de mandat"
_ANSWERED = "Réponse publiée"


class End(NamedTuple):
    """One statement of an end: its day and its cause, as far as it gives them."""

    on: date | None
    cause: str | None


def ended(fields: Fields, *, answered: bool) -> tuple[Closure | None, list[Remark]]:
    """Read how a question ended; raise BadValue if two statements of it do not agree."""
    retired = fields.each(_RETIRED, _end)
    stated = [*retired, *fields.each(_CLOSED, _end), *fields.each(_DATED, _end_or_cause)]
    if not stated:
        return None, []
    stated += fields.each("Cause", lambda value: End(None, french.squeeze(value)))
    days = {end.on for end in stated if end.on}
    causes = {french.name_key(end.cause): end.cause for end in stated if end.cause}
    if len(days) != 1 or len(causes) > 1:
        found = " and ".join([*map(str, sorted(days)), *map(quote, causes.values())])
        raise BadValue("one day and at most one cause of the end", found, _CLOSED)
    cause = next(iter(causes.values()), None)
    if answered and french.name_key(cause or "") == french.name_key(_ANSWERED):
        return None, []
    return _closure(days.pop(), cause, retired=bool(retired))


def _closure(on: date, cause: str | None, *, retired: bool) -> tuple[Closure, list[Remark]]:
    """Tell a lapse from a withdrawal by its cause; on the last day of a term no cause says neither."""
    if cause:
        if french.name_key(cause) == french.name_key(END_OF_TERM):
            return Closure(ending=Ending.LAPSED, on=on, label=END_OF_TERM), []
        return Closure(ending=Ending.WITHDRAWN if retired else Ending.CLOSED, on=on, label=cause), []
    label = "Question retirée" if retired else "Question clôturée"
    if retired and on not in LAST_DAYS:
        return Closure(ending=Ending.WITHDRAWN, on=on, label=label), []
    remark = Remark(label, "the cause of the end", "nothing")
    return Closure(ending=Ending.CLOSED, on=on, label=label), [remark]


def _end(value: str) -> End:
    """Read « 21/06/2022 (fin de mandat) »."""
    day, _, cause = french.squeeze(unlinked(value)).partition("(")
    return End(french.day(day), french.squeeze(cause.removesuffix(")")) or None)


def _end_or_cause(value: str) -> End:
    """Read the same, or the cause alone."""
    return _end(value) if value[:1].isdigit() or value.startswith("[") else End(None, french.squeeze(value))
