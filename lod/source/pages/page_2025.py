"""A question's page at the Assemblée, as it is served since 2025."""

import re
from collections.abc import Iterator

from lod.errors import BadValue, quote
from lod.model import Author, Question, QuestionId, QuestionKind, Source
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.pages import life
from lod.source.pages.fields import Fields
from lod.source.pages.page_lines import PageLines, key, places, text_of
from lod.source.pages.values import BLANKS, linked, person

CHAMBER = "Assemblée nationale"
TEXT = "Texte de la question"
ANSWER = "Texte de la réponse"
KEYS = "Données clés"

_HEADING = re.compile(r"(?P<kind>question .+?) n ?[°º] ?(?P<number>.+)", re.IGNORECASE)
_DATES = re.compile(r"dates?(?:\(s\))? clée?(?:\(e\))?s?(?:\(s\))?")


def looks_like(lines: list[str]) -> bool:
    """Say whether lines are meant as such a page: one of its headings is among them."""
    return any(places(lines, heading) for heading in (TEXT, KEYS, CHAMBER))


def read(page: PageLines, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; raise BadValue at the first thing that is not as it must be."""
    above, asked, answered, keys = _sections(page.lines)
    legislature, title, kind, number = _head(above, page)
    fields = Fields(_labelled(keys))
    stated = (
        fields.take("Type de question", french.kind),
        fields.take("Numéro de la question", french.number),
    )
    life.agreed((kind, number), stated)
    author = _author(fields)
    text, answer = text_of(asked, page, TEXT), text_of(answered, page, ANSWER)
    if text is None and kind is not QuestionKind.GOVERNMENT:
        raise BadValue("the text of the question", "nothing", TEXT)
    identity = QuestionId(legislature=legislature, kind=kind, number=number)
    subject = life.headed(legislature, title, life.rubric(fields))
    yield from life.question(life.StatedLife(identity, subject, author, text, answer), fields, source)


def _sections(lines: list[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Cut a page at its headings: those of question and key data once, in order; an answer's between them."""
    text, keys, answers = _once(lines, TEXT), _once(lines, KEYS), places(lines, ANSWER)
    if text > keys:
        raise BadValue(f"« {TEXT} » before « {KEYS} »", "the reverse")
    if len(answers) > 1 or not all(text < answer < keys for answer in answers):
        raise BadValue(f"« {ANSWER} » at most once, before « {KEYS} »", f"it {len(answers)} times")
    answer = answers[0] if answers else keys
    return lines[:text], lines[text + 1 : answer], lines[answer + 1 : keys], lines[keys + 1 :]


def _once(lines: list[str], heading: str) -> int:
    found = places(lines, heading)
    if len(found) != 1:
        raise BadValue(f"the heading « {heading} » once", f"it {len(found)} times")
    return found[0]


def _head(lines: list[str], page: PageLines) -> tuple[int, str, QuestionKind, int]:
    """Read the four lines above the text: chamber, legislature, title, kind with number."""
    if len(lines) != 4:
        raise BadValue(
            "four lines above the text: chamber, legislature, title, number", f"{len(lines)}", "heading"
        )
    if key(lines[0]) != key(CHAMBER):
        raise BadValue(f"« {CHAMBER.upper()} »", quote(lines[0]), "heading")
    heading = _HEADING.fullmatch(french.squeeze(lines[3])[:200])
    if not heading:
        raise BadValue("a heading such as « Question écrite n° 16300 »", quote(lines[3]), "heading")
    try:
        kind, number = french.kind(heading["kind"]), french.number(heading["number"])
        return french.legislature(lines[1]), page.unmarked(lines[2].strip(BLANKS)), kind, number
    except BadValue as bad:
        raise bad.at("heading") from None


def _labelled(lines: list[str]) -> list[str]:
    """Give the lines of the key data, without the heading of the dates, however that is spelt."""
    dates = [line for line in lines if _DATES.fullmatch(french.label(line))]
    if len(dates) != 1:
        raise BadValue("the heading « Date(s) clé(s) » once", f"it {len(dates)} times", KEYS)
    return [line for line in lines if line is not dates[0]]


def _author(fields: Fields) -> Author:
    civility, name, official_id = fields.take("Auteur", person)
    seat, group = fields.take("Circonscription", lambda value: french.seat_and_group(linked(value).text))
    return Author(
        name=name,
        civility=civility,
        official_id=official_id,
        seat=seat,
        group=french.group(group) if group else None,
    )
