"""Other questions, cited by number: « question écrite n° 1234 »."""

import re
from datetime import date

from lod.links.citations.days import NUMBER_SIGN
from lod.links.citations.found import Found
from lod.model import QuestionId, QuestionKind

_KINDS = {
    "écrite": QuestionKind.WRITTEN,
    "orale": QuestionKind.ORAL,
    "orale sans débat": QuestionKind.ORAL,
    "au gouvernement": QuestionKind.GOVERNMENT,
}
_WORD = re.compile("uestion")
"""The word, but for its first letter: a pattern without variants is found ten times as fast."""
_QUESTION = re.compile(
    rf"s? (?P<kind>écrite|orale sans débat|orale|au gouvernement) (?:{NUMBER_SIGN})"
    r"(?P<number>[1-9]\d{0,2}(?:[ .]\d{3})+|[1-9]\d{0,5})(?![\d/-])",
    re.IGNORECASE,
)
_LEGISLATURE = re.compile(
    r"[^.;]{0,60}?\b(?:(?P<roman>[XVI]{1,6})|(?P<digits>1?\d)) ?(?:ème|e|è) législature"
)
_ELSEWHERE = re.compile(r"\b(?:sénat\w*|parlement européen|eurodéputée?s?)\b", re.IGNORECASE)
"""What shows that a question may be one of another chamber."""
_BEFORE, _AFTER = 120, 160
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_TENS, _UNITS = ("", "X", "XX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = {_TENS[number // 10] + _UNITS[number % 10]: number for number in range(1, 30)}


def find_questions(text: str, citing: QuestionId, published_on: date, found: Found) -> None:
    """Add the questions of the same legislature, or of one that the text names, which a text cites.

    Without a legislature, only an earlier number of the same kind is certain enough, and no year of before.
    """
    for word in _WORD.finditer(text):
        match = _QUESTION.match(text, word.end())
        if not match:
            continue
        start, end = word.start() - 1, match.end()
        if (
            start < 0
            or text[start] not in "qQ"
            or _ELSEWHERE.search(text[max(0, start - _BEFORE) : end + _AFTER])
        ):
            continue
        kind, number = _KINDS[match["kind"].lower()], int(re.sub(r"\D", "", match["number"]))
        stated = _LEGISLATURE.match(text, end)
        legislature = _stated_legislature(stated) if stated else citing.legislature
        cited = QuestionId(legislature=legislature, kind=kind, number=number) if legislature else None
        if not cited or cited == citing:
            continue
        if stated or (_is_earlier(cited, citing) and _is_recent(text[end : end + _AFTER], published_on)):
            found.cite(start, end, cited)


def _stated_legislature(match: re.Match[str]) -> int | None:
    return _ROMAN.get(match["roman"]) if match["roman"] else int(match["digits"])


def _is_earlier(cited: QuestionId, citing: QuestionId) -> bool:
    return cited.kind == citing.kind and cited.number < citing.number


def _is_recent(after: str, published_on: date) -> bool:
    """Return whether the next year in the sentence, if any, is at most one before that of the question."""
    year = _YEAR.search(after.partition(". ")[0])
    return not year or int(year[0]) >= published_on.year - 1
