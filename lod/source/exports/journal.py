"""Publications in the Journal officiel as exports state them: day, series, number of the issue, page."""

import re
from datetime import date

from lod.errors import BadValue, quote
from lod.finding import Finding
from lod.model import Attribution, Journal, JournalPage, QuestionId, QuestionKind
from lod.source import french
from lod.source.exports.flat_fields import FlatFields
from lod.source.legislatures import weekdays

_JOURNAL_CODES = {
    "JO_QUESTION": Journal.QUESTIONS,
    "JO_DEBAT": Journal.DEBATES,
    "JO_LOI_DECRET": Journal.LAWS,
}
_YEAR_AND_NUMBER = re.compile(r"([0-9]{4})((?!0000)[0-9]{4})", re.ASCII)
ORAL_QUESTIONS_SINCE = 14
"""The first legislature whose oral questions without debate are known to be in the weekly « Questions »."""


def read_publication(fields: FlatFields) -> JournalPage | None:
    """Read where a text was published; without its day, which is reported, there is no publication."""
    on = fields.take_stated("infoJO.dateJO", french.parse_day, Finding.DAY_MISSING)
    page = fields.take_if_valid("infoJO.pageJO", french.parse_page)
    journal = fields.take_stated("infoJO.typeJO", parse_journal_code, Finding.SERIES_UNKNOWN)
    number = read_issue_number(fields, "infoJO.numJO", on)
    return JournalPage(on=on, page=page, journal=journal, number=number) if on else None


def read_issue_number(fields: FlatFields, path: str, on: date | None) -> str | None:
    """Read the number of the issue of a day; a bad one is reported."""
    return fields.take_if_valid(path, lambda value: parse_issue_number(value, on))


def parse_issue_number(value: str, on: date | None) -> str:
    """Parse « 20250012 », the year and the number in it of the issue of a day."""
    stated = _YEAR_AND_NUMBER.fullmatch(value)
    if not stated or (on and int(stated[1]) != on.year):
        expected = f"the year and the number of an issue, such as « {on.year if on else 2025}0012 »"
        raise BadValue(expected, quote(value))
    return str(int(stated[2]))


def parse_journal_code(code: str) -> Journal:
    """Parse the code of a series of the Journal officiel."""
    try:
        return _JOURNAL_CODES[code]
    except KeyError:
        raise BadValue(f"one of {', '.join(_JOURNAL_CODES)}", quote(code)) from None


def publication_of_attribution(
    fields: FlatFields, path: str, identity: QuestionId, attributions: tuple[Attribution, ...]
) -> JournalPage:
    """Return where the first ministry was put in charge in the series of such questions, and report that.

    Raise BadValue if there is none: then the day of publication is not known.
    """
    series = Journal.DEBATES if identity.kind is QuestionKind.GOVERNMENT else Journal.QUESTIONS
    for each in attributions:
        if each.on and each.journal is series:
            found = f"only that of the attribution, {each.on}"
            fields.report(path, "the day of publication", found, Finding.DAY_MISSING)
            return JournalPage(on=each.on, page=None, journal=series, number=each.number)
    raise BadValue("the day on which the question was published", "nothing", path)


def asking_journal(question: QuestionId, on: date) -> Journal | None:
    """Return the series in which a question was published, None if nothing implies it.

    Oral questions without debate are in the weekly « Questions » since the 14th legislature; older ones were
    printed elsewhere, which their pages do not name.
    """
    if question.kind is QuestionKind.WRITTEN:
        return Journal.QUESTIONS
    if question.kind is QuestionKind.GOVERNMENT:
        return Journal.DEBATES
    weekly = question.legislature >= ORAL_QUESTIONS_SINCE and on.weekday() in weekdays(question.legislature)
    return Journal.QUESTIONS if weekly else None


def answering_journal(kind: QuestionKind) -> Journal:
    """Return the series in which questions of a kind are answered."""
    return Journal.QUESTIONS if kind is QuestionKind.WRITTEN else Journal.DEBATES
