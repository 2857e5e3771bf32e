"""A question's page as served from 2022 to 2024, for every legislature since the 11th.

The group and the region printed beside the author are those on the day of export, not of the question: they
are not published.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lod.errors import BadValue, quote
from lod.finding import Finding
from lod.model import Author, Question, QuestionId, QuestionKind, Seat, Source, Text
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.pages import life
from lod.source.pages.fields import ANSWER_LABEL, CLOSURE_LABELS, Fields, parse_labelled
from lod.source.pages.page_2025 import ANSWER_HEADING, CHAMBER, KEY_DATA_HEADING, QUESTION_HEADING
from lod.source.pages.page_lines import PageLines, heading_key, heading_positions, join_text
from lod.source.pages.values import LinkedValue, Person, linked_official_id, parse_link, strip_markdown

AUTHOR_LABEL = "Question de"

_KIND_AND_NUMBER = re.compile(r"(?P<kind>question .+?) n ?[°º] ?(?P<number>.+)", re.IGNORECASE)
_SITTING_MARK = ", posée en séance, et publiée le "
_DATE_HEADINGS = frozenset(("date", "dates"))


class TextSections(NamedTuple):
    """The lines of the question and of the answer, and the labelled lines between and below them."""

    question: list[str]
    answer: list[str]
    labelled: list[str]


def looks_like(lines: list[str]) -> bool:
    """Return whether lines are such a page: one names the author, and there is no heading of a text."""
    return bool(_author_positions(lines)) and not heading_positions(lines, QUESTION_HEADING)


def read(page: PageLines, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; raise BadValue at the first thing that is invalid."""
    heading, body, key_data = _split_sections(page.lines)
    legislature, kind, number, title, labelled_lines = _read_heading(heading)
    author_line, sitting, seat, body = _read_author_lines(body)
    texts = _split_texts(body)
    fields = Fields([*labelled_lines, *sitting, *texts.labelled, *_without_headings(key_data)])
    printed_number = fields.take_optional("Numéro de la question", french.parse_number)
    life.check_heading(
        (kind, number), (fields.take("Type de question", french.parse_kind), printed_number or number)
    )
    author, remarks = _make_author(author_line, fields.take("Auteur", str), seat)
    subject = life.subject_from_heading(legislature, page.strip_marks(title), life.read_rubric(fields))
    identity = QuestionId(legislature=legislature, kind=kind, number=number)
    question, answer = _read_texts(kind, texts, page)
    yield from life.assemble_question(
        life.PageContent(identity, subject, author, question, answer), fields, source
    )
    yield from remarks


def _author_positions(lines: list[str]) -> list[int]:
    return [
        n for n, line in enumerate(lines) if (field := parse_labelled(line)) and field.notion == AUTHOR_LABEL
    ]


def _split_sections(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Split a page before the line that names the author, and at the key data."""
    authors, key_data = _author_positions(lines), heading_positions(lines, KEY_DATA_HEADING)
    if len(authors) != 1 or len(key_data) != 1 or authors[0] > key_data[0]:
        expected = f"« {AUTHOR_LABEL} : … » once, then « {KEY_DATA_HEADING} » once"
        raise BadValue(expected, f"{len(authors)} and {len(key_data)} of them")
    return lines[: authors[0]], lines[authors[0] : key_data[0]], lines[key_data[0] + 1 :]


def _read_heading(lines: list[str]) -> tuple[int, QuestionKind, int, str, list[str]]:
    """Read kind, number and title, on one line or two, and the legislature; labelled lines follow."""
    lines = lines[1:] if lines and heading_key(lines[0]) == heading_key(CHAMBER) else lines
    ranks = [n for n, line in enumerate(lines[:3]) if french.is_legislature(strip_markdown(line))]
    numbered, title = _split_title(lines[: ranks[0]]) if ranks else (None, "")
    if not numbered or not title:
        expected = "a heading such as « Question écrite n° 200 : Titre », then the legislature"
        raise BadValue(expected, quote(" ".join(lines[:3])), "heading")
    try:
        kind, number = french.parse_kind(numbered["kind"]), french.parse_number(numbered["number"])
        return (
            french.parse_legislature(strip_markdown(lines[ranks[0]])),
            kind,
            number,
            title,
            lines[ranks[0] + 1 :],
        )
    except BadValue as bad:
        raise bad.at("heading") from None


def _split_title(lines: list[str]) -> tuple[re.Match[str] | None, str]:
    """Split kind and number from the title, which may stand on a line of its own."""
    heading, _, title = strip_markdown(lines[0]).partition(":") if lines else ("", "", "")
    rest = [title, *lines[1:]] if title.strip() else lines[1:]
    return _KIND_AND_NUMBER.fullmatch(heading.strip()[:200]), french.squeeze(rest[0]) if len(
        rest
    ) == 1 else ""


def _read_author_lines(lines: list[str]) -> tuple[str, list[str], Seat | None, list[str]]:
    """Return author, labelled day of the sitting, seat (both if stated) and the remaining lines."""
    field, rest = parse_labelled(lines[0]), lines[1:]
    value = field.value if field else ""
    if not value and rest:
        value, rest = strip_markdown(rest[0]), rest[1:]
    author, _, day = value.partition(_SITTING_MARK)
    sitting = [f"Date de la séance : {day}"] if day else []
    if not rest or not french.is_seat(rest[0]):
        return author, sitting, None, rest
    if len(rest) > 1 and french.is_seat(rest[1]):
        raise BadValue("one seat of the author", "two", AUTHOR_LABEL)
    return author, sitting, french.parse_seat_and_group(rest[0])[0], rest[1:]


def _split_texts(lines: list[str]) -> TextSections:
    """Split question, answer and closure; the last two begin with a labelled line."""
    texts = TextSections([], [], [])
    section = texts.question
    for line in lines:
        field = parse_labelled(line)
        notion = field.notion if field else None
        if notion == ANSWER_LABEL:
            section = _begun(texts.answer)
        elif notion in CLOSURE_LABELS:
            section = texts.labelled
        starts_section = notion == ANSWER_LABEL or notion in CLOSURE_LABELS
        (texts.labelled if starts_section else section).append(line)
    if section is not texts.labelled and _is_cause(lines[-1:]):
        raise BadValue("the day of the end before its cause", quote(lines[-1]), "Cause")
    return texts


def _is_cause(lines: list[str]) -> bool:
    return any((field := parse_labelled(line)) and field.notion == "Cause" for line in lines)


def _begun(answer: list[str]) -> list[str]:
    if answer:
        raise BadValue("one answer", "« Réponse publiée le … » within its text", ANSWER_LABEL)
    return answer


def _without_headings(lines: list[str]) -> list[str]:
    return [line for line in lines if heading_key(line) not in _DATE_HEADINGS]


def _read_texts(kind: QuestionKind, texts: TextSections, page: PageLines) -> tuple[Text | None, Text | None]:
    """Return the texts of question and answer; at question time, the debate is the answer."""
    question = join_text(texts.question, page, QUESTION_HEADING)
    answer = join_text(texts.answer, page, ANSWER_HEADING, debate=kind is not QuestionKind.WRITTEN)
    if kind is QuestionKind.GOVERNMENT and answer is None:
        return None, question
    return question, answer


def _make_author(author_line: str, key_data_line: str, seat: Seat | None) -> tuple[Author, list[Remark]]:
    """Return the author from the two lines with the name and from the seat, which may be in either."""
    author_person, author_seat, author_has_place = _parse_person_and_place(author_line, AUTHOR_LABEL)
    person, person_seat, person_has_place = _parse_person_and_place(key_data_line, "Auteur")
    seats = {value for value in (seat, author_seat, person_seat) if value}
    ids = {value for value in (author_person.official_id, person.official_id) if value}
    if author_person[:2] != person[:2] or len(ids) > 1 or len(seats) > 1:
        raise BadValue(
            f"the author {quote(author_line)}, as in « {AUTHOR_LABEL} »", quote(key_data_line), "Auteur"
        )
    author = Author(
        name=person.name,
        civility=person.civility,
        official_id=ids.pop() if ids else None,
        seat=seats.pop() if seats else None,
        group=None,
    )
    missing_seat = Remark(
        AUTHOR_LABEL, "a seat, or a region and a group", "nothing", finding=Finding.AUTHOR_UNCERTAIN
    )
    return author, [] if author.seat or author_has_place or person_has_place else [missing_seat]


def _parse_person_and_place(value: str, label: str) -> tuple[Person, Seat | None, bool]:
    """Parse « M. Pierre Exemple », the seat in parentheses, and whether there is at least a region."""
    try:
        linked = parse_link(value)
        name, opening, place = french.squeeze(linked.text).partition(" (")
        if opening and not place.endswith(")"):
            raise BadValue("a name such as « M. Jean-Michel Brard (Bretagne - Groupe) »", quote(value))
        person = Person(
            *french.parse_civility_and_name(name), linked_official_id(LinkedValue(name, linked.target), "PA")
        )
        place = place.removesuffix(")")
        return person, french.parse_seat_and_group(place)[0] if french.is_seat(place) else None, bool(place)
    except BadValue as bad:
        raise bad.at(label) from None
