"""A question's page as served before 2022: a notice of labelled lines, then the texts.

It prints « Label > value », older copies « Label : value ». Since the 12th legislature the group printed
beside the author is the one on the day of export, not of the question: it is not published.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from lod.errors import BadValue, quote
from lod.finding import Finding
from lod.model import Author, Question, QuestionId, QuestionKind, Source
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.exports import question
from lod.source.exports.flat_fields import FlatFields
from lod.source.legislatures import has_group_of_its_time
from lod.source.pages import life
from lod.source.pages.fields import MAX_LENGTH, Fields, parse_labelled
from lod.source.pages.life import Subject
from lod.source.pages.page_2025 import ANSWER_HEADING, CHAMBER, KEY_DATA_HEADING, QUESTION_HEADING
from lod.source.pages.page_lines import PageLines, heading_key, heading_positions, join_text
from lod.source.pages.values import parse_person, strip_markdown

DEBATE_HEADING = "Débat"

_NUMBER = re.compile(r"Question N ?[°º] ?:? ?(?P<number>[0-9 ]+) de (?P<rest>.+)", re.ASCII | re.IGNORECASE)
_NUMBER_START = re.compile(r"Question N ?[°º] ?:? ?[0-9]")
_AUTHOR_AND_KIND = re.compile(
    r"(?P<author>\[[^\[\]]*\]\([^()\s]*\)|[^()\[\]]+?) ?"
    r"\((?P<place>[^()]*(?:\([^()]*\)[^()]*)*)\) ?(?P<kind>[^()]+)"
)


def looks_like(lines: list[str]) -> bool:
    """Return whether lines are such a page: one begins « Question N° 3200 », and there is no key data."""
    return not heading_positions(lines, KEY_DATA_HEADING) and any(
        _NUMBER_START.match(strip_markdown(line[:100])) for line in lines
    )


def read(page: PageLines, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; raise BadValue at the first thing that is invalid."""
    upper, question_lines, answer_lines = _split_sections(page.lines)
    heading, labelled_lines = _split_heading(upper)
    identity, author, departement = _read_heading(heading)
    fields = Fields(labelled_lines)
    text, answer = (
        join_text(question_lines, page, QUESTION_HEADING),
        join_text(answer_lines, page, ANSWER_HEADING, debate=identity.kind is not QuestionKind.WRITTEN),
    )
    subject, remarks = _read_subject(fields)
    yield from life.assemble_question(
        life.PageContent(identity, subject, author, text, answer, departement=departement), fields, source
    )
    if author.departement is None:
        expected = "a département such as « Loire-Atlantique »"
        yield Remark("heading", expected, quote(departement), finding=Finding.DEPARTEMENT_UNKNOWN)
    yield from remarks


def _split_sections(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Split a page at the headings of the question and of the answer or debate, each present at most once."""
    questions, answers = (
        heading_positions(lines, QUESTION_HEADING),
        heading_positions(lines, ANSWER_HEADING) or heading_positions(lines, DEBATE_HEADING),
    )
    if (
        len(questions) > 1
        or len(answers) > 1
        or not (questions or answers)
        or questions > (answers or questions)
    ):
        expected = f"« {QUESTION_HEADING} » and « {ANSWER_HEADING} », each at most once and in order"
        raise BadValue(expected, f"{len(questions)} and {len(answers)} of them")
    end = answers[0] if answers else len(lines)
    start = questions[0] if questions else end
    return lines[:start], lines[start + 1 : end], lines[end + 1 :]


def _split_heading(lines: list[str]) -> tuple[list[str], list[str]]:
    """Split the heading from the labelled lines below it."""
    lines = lines[1:] if lines and heading_key(lines[0]) == heading_key(CHAMBER) else lines
    first = next((n for n, line in enumerate(lines) if parse_labelled(line)), len(lines))
    return lines[:first], lines[first:]


def _read_heading(lines: list[str]) -> tuple[QuestionId, Author, str]:
    """Read the legislature, then number, author with département, and kind, on any number of lines."""
    rest = strip_markdown(" ".join(lines[1:]))
    number_and_rest = _NUMBER.fullmatch(rest) if len(rest) <= MAX_LENGTH else None
    author_and_kind = _AUTHOR_AND_KIND.fullmatch(number_and_rest["rest"]) if number_and_rest else None
    if not number_and_rest or not author_and_kind:
        expected = "« Question N° 3200 de M. Philippe Exemple (Groupe - Morbihan) Question écrite »"
        raise BadValue(expected, quote(rest), "heading")
    try:
        identity = QuestionId(
            legislature=french.parse_legislature(strip_markdown(lines[0])),
            kind=_parse_kind(author_and_kind["kind"]),
            number=french.parse_number(number_and_rest["number"]),
        )
        group, _, departement = author_and_kind["place"].rpartition(" - ")
        departement = departement.strip(" ")
        author = _read_author(author_and_kind["author"], departement)
    except BadValue as bad:
        raise bad.at("heading") from None
    if group.strip() and has_group_of_its_time(identity.legislature):
        author = replace(author, group=french.make_group(french.squeeze(group)))
    return identity, author, departement


def _parse_kind(value: str) -> QuestionKind:
    """Parse « Question écrite », or the code QE."""
    return question.parse_kind_code(value) if value.isupper() else french.parse_kind(value)


def _read_author(printed: str, departement: str) -> Author:
    civility, name, official_id = parse_person(printed)
    code: str | None
    try:
        code = french.parse_departement(departement)
    except BadValue:
        code = None
    return Author(
        name=name,
        civility=civility,
        official_id=official_id,
        seat=None,
        departement=code,
        group=None,
    )


def _read_subject(fields: Fields) -> tuple[Subject, list[Remark]]:
    """Read rubric and title, or head of analysis and keywords; a missing label is remarked."""
    labels = ("Titre",) if fields.has("Titre") else ("Tête d'analyse", "Analyse")
    remarks = [
        Remark(label, f"the field « {label} »", fields.nearest_label(label))
        for label in labels
        if not fields.has(label)
    ]
    remarks += [Remark(label, "a value", "nothing") for label in labels if fields.discard_empty(label)]
    title = fields.take_optional("Titre", french.squeeze)
    head, analysis = (
        fields.take_optional("Tête d'analyse", french.squeeze),
        fields.take_optional("Analyse", french.squeeze),
    )
    head_title, keywords = split_analysis(head, analysis)
    return Subject(title or head_title, keywords, life.read_rubric(fields)), remarks


def split_analysis(head: str | None, analysis: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return title and keywords from the head of analysis and from « rapport. propositions. ».

    In the 7th and 8th legislatures, semicolons stand between them.
    """
    separator = ";" if ";" in (analysis or "") else ". "
    words = (analysis or "").removesuffix(".").split(separator)
    return question.read_title_and_keywords(
        FlatFields.flatten({"head": head, "words": [word.strip() for word in words]}), "head", "words"
    )
