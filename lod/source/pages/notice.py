"""A question's page as it was served before 2022: a notice of labelled lines, then the texts.

It prints « Label > value », older copies « Label : value ». The group that it prints beside the author is
the one of the day of export, not of the question: it is left out.
"""

import re
from collections.abc import Iterator

from lod.errors import BadValue, quote
from lod.model import Author, Question, QuestionId, QuestionKind, Source
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.exports import question
from lod.source.exports.flat_fields import FlatFields
from lod.source.pages import life
from lod.source.pages.fields import MAX_LENGTH, Fields, labelled
from lod.source.pages.life import Subject
from lod.source.pages.page_2025 import ANSWER, CHAMBER, KEYS, TEXT
from lod.source.pages.page_lines import PageLines, key, places, text_of
from lod.source.pages.values import bare, person

DEBATE = "Débat"

_NUMBER = re.compile(r"Question N ?[°º] ?:? ?(?P<number>[0-9]+) de (?P<rest>.+)", re.ASCII | re.IGNORECASE)
_STARTS = re.compile(r"Question N ?[°º] ?:? ?[0-9]")
_AUTHOR = re.compile(r"(?P<author>\[[^\[\]]*\]\([^()\s]*\)|[^()\[\]]+?) ?\((?P<place>.*)\) ?(?P<kind>[^()]+)")


def looks_like(lines: list[str]) -> bool:
    """Say whether lines are meant as such a page: one begins « Question N° 3200 », and no key data follow."""
    return not places(lines, KEYS) and any(_STARTS.match(bare(line[:100])) for line in lines)


def read(page: PageLines, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; raise BadValue at the first thing that is not as it must be."""
    above, asked, answered = _sections(page.lines)
    head, keys = _parted(above)
    identity, author = _head(head)
    fields = Fields(keys)
    text, answer = text_of(asked, page, TEXT), text_of(answered, page, ANSWER)
    if text is None and identity.kind is not QuestionKind.GOVERNMENT:
        raise BadValue("the text of the question", "nothing", TEXT)
    subject, remarks = _subject(fields)
    yield from life.question(life.StatedLife(identity, subject, author, text, answer), fields, source)
    yield from remarks


def _sections(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Cut a page at the headings of its texts: the question's, the answer's or the debate's, each once."""
    asked, answered = places(lines, TEXT), places(lines, ANSWER) or places(lines, DEBATE)
    if len(asked) > 1 or len(answered) > 1 or not (asked or answered) or asked > (answered or asked):
        expected = f"« {TEXT} » and « {ANSWER} », each at most once and in order"
        raise BadValue(expected, f"them {len(asked)} and {len(answered)} times")
    end = answered[0] if answered else len(lines)
    start = asked[0] if asked else end
    return lines[:start], lines[start + 1 : end], lines[end + 1 :]


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the heading from the labelled lines below it."""
    lines = lines[1:] if lines and key(lines[0]) == key(CHAMBER) else lines
    first = next((n for n, line in enumerate(lines) if labelled(line)), len(lines))
    return lines[:first], lines[first:]


def _head(lines: list[str]) -> tuple[QuestionId, Author]:
    """Read the legislature, then number, author and kind, on however many lines they stand."""
    rest = bare(" ".join(lines[1:]))
    numbered = _NUMBER.fullmatch(rest) if len(rest) <= MAX_LENGTH else None
    asked = _AUTHOR.fullmatch(numbered["rest"]) if numbered else None
    if not numbered or not asked:
        expected = "« Question N° 3200 de M. Philippe Exemple (Groupe - Morbihan) Question écrite »"
        raise BadValue(expected, quote(rest), "heading")
    try:
        identity = QuestionId(
            legislature=french.legislature(bare(lines[0])),
            kind=_kind(asked["kind"]),
            number=french.number(numbered["number"]),
        )
        return identity, _author(asked["author"], asked["place"])
    except BadValue as bad:
        raise bad.at("heading") from None


def _kind(value: str) -> QuestionKind:
    """Read « Question écrite », or the code QE."""
    return question.kind(value) if value.isupper() else french.kind(value)


def _author(printed: str, place: str) -> Author:
    civility, name, official_id = person(printed)
    return Author(
        name=name,
        civility=civility,
        official_id=official_id,
        seat=None,
        departement=french.departement(place.rpartition(" - ")[2].strip(" ")),
        group=None,
    )


def _subject(fields: Fields) -> tuple[Subject, list[Remark]]:
    """Read rubric and title, or head of analysis and keywords: one of these must be there, even if empty."""
    labels = ("Titre",) if fields.has("Titre") else ("Tête d'analyse", "Analyse")
    for label in labels:
        if not fields.has(label):
            raise BadValue(f"the field « {label} »", fields.nearest(label))
    remarks = [Remark(label, "a value", "nothing") for label in labels if fields.empty(label)]
    title = fields.maybe("Titre", french.squeeze)
    head, analysis = fields.maybe("Tête d'analyse", french.squeeze), fields.maybe("Analyse", french.squeeze)
    named, keywords = analysed(head, analysis)
    return Subject(title or named, keywords, life.rubric(fields)), remarks


def analysed(head: str | None, analysis: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Give title and keywords from the head of analysis and from « rapport. propositions. »."""
    words = (analysis or "").removesuffix(".").split(". ")
    return question.indexed(
        FlatFields.of({"head": head, "words": [word.strip() for word in words]}), "head", "words"
    )
