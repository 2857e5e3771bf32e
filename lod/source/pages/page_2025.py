"""A question's page as served since 2025."""

import re
from collections.abc import Iterator

from lod.errors import BadValue, quote
from lod.model import Author, Question, QuestionId, QuestionKind, Source
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.pages import life
from lod.source.pages.fields import Fields
from lod.source.pages.page_lines import PageLines, heading_key, heading_positions, join_text
from lod.source.pages.values import BLANKS, parse_link, parse_person

CHAMBER = "Assemblée nationale"
QUESTION_HEADING = "Texte de la question"
ANSWER_HEADING = "Texte de la réponse"
KEY_DATA_HEADING = "Données clés"

_KIND_AND_NUMBER = re.compile(r"(?P<kind>question .+?) n ?[°º] ?(?P<number>.+)", re.IGNORECASE)
_DATES_HEADING = re.compile(r"dates?(?:\(s\))? clée?(?:\(e\))?s?(?:\(s\))?")


def looks_like(lines: list[str]) -> bool:
    """Return whether lines are such a page: one of its headings is among them."""
    return any(heading_positions(lines, heading) for heading in (QUESTION_HEADING, KEY_DATA_HEADING, CHAMBER))


def read(page: PageLines, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; raise BadValue at the first thing that is invalid."""
    heading, question_lines, answer_lines, key_data = _split_sections(page.lines)
    legislature, title, kind, number = _read_heading(heading, page)
    fields = Fields(_key_data_lines(key_data))
    kind_and_number = (
        fields.take("Type de question", french.parse_kind),
        fields.take("Numéro de la question", french.parse_number),
    )
    life.check_heading((kind, number), kind_and_number)
    author = _read_author(fields)
    question, answer = (
        join_text(question_lines, page, QUESTION_HEADING),
        join_text(answer_lines, page, ANSWER_HEADING, debate=kind is not QuestionKind.WRITTEN),
    )
    identity = QuestionId(legislature=legislature, kind=kind, number=number)
    subject = life.subject_from_heading(legislature, title, life.read_rubric(fields))
    yield from life.assemble_question(
        life.PageContent(identity, subject, author, question, answer), fields, source
    )


def _split_sections(lines: list[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Split a page at its headings: question and key data once, in order; an answer's between them."""
    text, keys, answers = (
        _single_position(lines, QUESTION_HEADING),
        _single_position(lines, KEY_DATA_HEADING),
        heading_positions(lines, ANSWER_HEADING),
    )
    if text > keys:
        raise BadValue(f"« {QUESTION_HEADING} » before « {KEY_DATA_HEADING} »", "the reverse")
    if len(answers) > 1 or not all(text < answer < keys for answer in answers):
        raise BadValue(
            f"« {ANSWER_HEADING} » at most once, before « {KEY_DATA_HEADING} »", f"{len(answers)} of them"
        )
    answer = answers[0] if answers else keys
    return lines[:text], lines[text + 1 : answer], lines[answer + 1 : keys], lines[keys + 1 :]


def _single_position(lines: list[str], heading: str) -> int:
    positions = heading_positions(lines, heading)
    if len(positions) != 1:
        raise BadValue(f"the heading « {heading} » once", f"{len(positions)} of them")
    return positions[0]


def _read_heading(lines: list[str], page: PageLines) -> tuple[int, str, QuestionKind, int]:
    """Read the four lines above the text: chamber, legislature, title, kind with number."""
    if len(lines) != 4:
        raise BadValue(
            "four lines above the text: chamber, legislature, title, number", f"{len(lines)}", "heading"
        )
    if heading_key(lines[0]) != heading_key(CHAMBER):
        raise BadValue(f"« {CHAMBER.upper()} »", quote(lines[0]), "heading")
    heading = _KIND_AND_NUMBER.fullmatch(french.squeeze(lines[3])[:200])
    if not heading:
        raise BadValue("a heading such as « Question écrite n° 16300 »", quote(lines[3]), "heading")
    try:
        kind, number = french.parse_kind(heading["kind"]), french.parse_number(heading["number"])
        return french.parse_legislature(lines[1]), page.strip_marks(lines[2].strip(BLANKS)), kind, number
    except BadValue as bad:
        raise bad.at("heading") from None


def _key_data_lines(lines: list[str]) -> list[str]:
    """Return the lines of the key data without the heading of the dates, in any of its spellings."""
    dates = [line for line in lines if _DATES_HEADING.fullmatch(french.label_key(line))]
    if len(dates) != 1:
        raise BadValue("the heading « Date(s) clé(s) » once", f"{len(dates)} of them", KEY_DATA_HEADING)
    return [line for line in lines if line is not dates[0]]


def _read_author(fields: Fields) -> Author:
    civility, name, official_id = fields.take("Auteur", parse_person)
    seat, group = fields.take_stated(
        "Circonscription", lambda value: french.parse_seat_and_group(parse_link(value).text)
    ) or (None, None)
    return Author(
        name=name,
        civility=civility,
        official_id=official_id,
        seat=seat,
        group=french.make_group(group) if group else None,
    )
