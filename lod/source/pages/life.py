"""A question and its life, assembled from the labelled values of a page of any generation."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from lod.errors import BadValue, quote
from lod.model import (
    Answer,
    Attribution,
    Author,
    Closure,
    Ending,
    Erratum,
    Journal,
    JournalPage,
    Ministry,
    Question,
    QuestionId,
    QuestionKind,
    Source,
)
from lod.slugs import words
from lod.source import endings, french
from lod.source.diagnostics import Remark
from lod.source.exports.question import TITLES_SINCE, answering_journal, missing_texts
from lod.source.legislatures import LAST_DAYS, days_outside_legislature
from lod.source.pages.fields import ANSWER_LABEL, CLOSURE_LABELS, Fields
from lod.source.pages.values import parse_dated_page, parse_link, parse_ministry, strip_links

_QUESTION_LABEL = "Question publiée au JO le"

_WITHDRAWN_LABEL, _CLOSED_LABEL, _CLOSING_DAY_LABEL = CLOSURE_LABELS
END_OF_TERM = "Fin de mandat"
_WITHDRAWN = "Question retirée"


class Subject(NamedTuple):
    """The title, the keywords and the rubric of a question."""

    title: str | None
    keywords: tuple[str, ...]
    rubric: str | None


class PageContent(NamedTuple):
    """The heading and the texts of a page, and the closure that a code states."""

    id: QuestionId
    subject: Subject
    author: Author
    text: str | None
    answer: str | None
    closure: Closure | None = None


class ClosureStatement(NamedTuple):
    """One statement of a closure: its day and its cause, as far as they are stated."""

    on: date | None
    cause: str | None


def assemble_question(content: PageContent, fields: Fields, source: Source) -> Iterator[Question | Remark]:
    """Yield the question and remarks; raise BadValue if the day of its publication is not stated."""
    try:
        published, answer_publication = _read_publications(content.id.kind, fields)
    except BadValue as bad:
        raise bad.about(content.id.uid) from None
    ministry, attributions = _read_ministries(fields, published)
    reading = _read_closure(fields, answered=answer_publication is not None)
    answers = _read_answers(content, answer_publication, fields)
    question = Question(
        id=content.id,
        title=content.subject.title,
        keywords=content.subject.keywords,
        rubric=content.subject.rubric,
        author=content.author,
        asked=ministry,
        attributions=attributions,
        published=published,
        text=content.text,
        answers=answers,
        renewals=_read_days(fields, "Date de renouvellement"),
        flaggings=_read_days(fields, "Date de signalement"),
        closure=content.closure or reading.closure,
        errata=_read_errata(fields, "Erratum de la question publié au JO le", published.journal),
        recalls=french.recalled_questions(content.text, content.id),
        sources=(source,),
    )
    yield question
    yield from () if content.closure else reading.remarks
    yield from fields.remarks()
    yield from missing_texts(question)
    yield from _collect_remarks(question)


def read_rubric(fields: Fields) -> str | None:
    """Read the rubric, in its official spelling."""
    printed = fields.take_stated("Rubrique", lambda value: french.squeeze(parse_link(value).text))
    return french.official_rubric(printed) if printed else None


def subject_from_heading(legislature: int, heading: str, rubric: str | None) -> Subject:
    """Return the subject for a heading: a title, or before the 15th legislature a head of analysis."""
    if legislature >= TITLES_SINCE:
        return Subject(heading, (), rubric)
    if rubric and french.name_key(heading) == french.name_key(rubric):
        return Subject(None, (), rubric)
    return Subject(heading, (heading,), rubric)


def check_heading(heading: tuple[QuestionKind, int], key_data: tuple[QuestionKind, int]) -> None:
    """Raise BadValue unless the key data state the kind and the number of the heading."""
    if key_data != heading:
        raise BadValue(
            f"« {heading[0]} {heading[1]} » as in the heading",
            f"« {key_data[0]} {key_data[1]} »",
            "Numéro de la question",
        )


def _read_publications(kind: QuestionKind, fields: Fields) -> tuple[JournalPage, JournalPage | None]:
    """Read where the question and its answer were published; at question time, both in the debates."""
    question = _read_publication(fields, _QUESTION_LABEL, [_QUESTION_LABEL])
    labels = [ANSWER_LABEL]
    if kind is not QuestionKind.WRITTEN:
        fields.discard_empty("Date de la séance")
        labels.append("Date de la séance")
    answer = _read_publication(fields, ANSWER_LABEL, labels)
    if kind is QuestionKind.GOVERNMENT:
        return _sitting_publications(question or answer, answer or question, fields)
    if question is None:
        raise fields.first_fault() or BadValue(
            f"the field « {_QUESTION_LABEL} »", fields.nearest_label(_QUESTION_LABEL)
        )
    return question, answer and replace(answer, journal=answering_journal(kind))


def _read_publication(fields: Fields, label: str, labels: Sequence[str]) -> JournalPage | None:
    """Return the day and page that one or several statements give, some of them without the page.

    Where they differ, which is remarked, the first counts.
    """
    statements = [each for label in labels for each in fields.take_valid(label, parse_dated_page)]
    if bad := next((each.bad_page for each in statements if each.bad_page), None):
        fields.remark(label, bad.expected, bad.found)
    days = list(dict.fromkeys(each.on for each in statements))
    pages = list(dict.fromkeys(each.page for each in statements if each.page))
    if len(days) > 1 or len(pages) > 1:
        found = " and ".join(sorted({f"{each.on} {each.page or ''}".strip() for each in statements}))
        fields.remark(label, "one day and page of the Journal officiel", found)
    return JournalPage(on=days[0], page=pages[0] if pages else None) if days else None


def _sitting_publications(
    question: JournalPage | None, answer: JournalPage | None, fields: Fields
) -> tuple[JournalPage, JournalPage]:
    if question is None or answer is None:
        raise BadValue("the day of the sitting", "nothing", _QUESTION_LABEL)
    if question.on != answer.on:
        fields.remark(
            ANSWER_LABEL, "the question and its answer on one day", f"{question.on} and {answer.on}"
        )
    return (
        replace(question, page=question.page or answer.page, journal=Journal.DEBATES),
        replace(answer, page=answer.page or question.page, journal=Journal.DEBATES),
    )


def _read_ministries(
    fields: Fields, published: JournalPage
) -> tuple[Ministry | None, tuple[Attribution, ...]]:
    """Read which ministry was asked, and which is in charge since when; pages do not state earlier ones.

    Of several days on which that changed, the last is that of the ministry in charge.
    """
    ministry = fields.take_stated("Ministère interrogé", parse_ministry)
    in_charge = fields.take_stated("Ministère attributaire", parse_ministry)
    changed = _read_days(fields, "Date de changement d'attribution")
    if len(changed) > 1:
        found = " and ".join(map(str, changed))
        fields.remark("Date de changement d'attribution", "one day of the ministry in charge", found)
    if in_charge is None:
        return ministry, ()
    is_asked = ministry and french.name_key(ministry.label) == french.name_key(in_charge.label)
    on, journal = (changed[-1], None) if changed else (published.on if is_asked else None, published.journal)
    return ministry, (Attribution(ministry=in_charge, on=on, journal=journal),)


def _read_answers(
    content: PageContent, publication: JournalPage | None, fields: Fields
) -> tuple[Answer, ...]:
    """Return the answer, if its day is stated; a text without a day is remarked."""
    if publication is None:
        if content.answer:
            fields.remark(ANSWER_LABEL, "the day of the answer", "only its text")
        return ()
    errata = _read_errata(fields, "Erratum de la réponse publié au JO le", publication.journal)
    return (Answer(published=publication, text=content.answer, errata=errata),)


def _read_errata(fields: Fields, label: str, journal: Journal) -> tuple[Erratum, ...]:
    stated = fields.take_valid(label, parse_dated_page)
    for bad in filter(None, (each.bad_page for each in stated)):
        fields.remark(label, bad.expected, bad.found)
    publications = dict.fromkeys(each.publication for each in stated)
    return tuple(
        Erratum(published=replace(publication, journal=journal), text=None) for publication in publications
    )


def _read_days(fields: Fields, label: str) -> tuple[date, ...]:
    """Return the days that a label states, each once, in order."""
    return tuple(sorted(set(fields.take_valid(label, lambda value: french.parse_day(strip_links(value))))))


def _read_closure(fields: Fields, *, answered: bool) -> endings.ClosureReading:
    """Read how a question ended; of statements that do not agree, which is remarked, the first counts."""
    withdrawals = fields.take_valid(_WITHDRAWN_LABEL, _parse_day_and_cause)
    statements = [
        *withdrawals,
        *fields.take_valid(_CLOSED_LABEL, _parse_day_and_cause),
        *fields.take_valid(_CLOSING_DAY_LABEL, _parse_day_or_cause),
    ]
    if not statements:
        return endings.ClosureReading(None)
    statements += fields.take_valid("Cause", lambda value: ClosureStatement(None, french.squeeze(value)))
    days = sorted({statement.on for statement in statements if statement.on})
    causes = {french.name_key(each.cause): each.cause for each in statements if each.cause}
    if len(days) > 1 or len(causes) > 1:
        found = " and ".join([*map(str, days), *map(quote, causes.values())])
        fields.remark(_CLOSED_LABEL, "one day and at most one cause of the end", found)
    cause, on = next(iter(causes.values()), None), next(iter(days), None)
    if endings.is_answered(None, cause):
        if answered:
            return endings.ClosureReading(None)
        remark = Remark(ANSWER_LABEL, "the day of the answer", "nothing")
        return endings.ClosureReading(Closure(ending=Ending.UNKNOWN, on=on, label=cause), (remark,))
    return make_closure(on, cause, withdrawn=bool(withdrawals))


def make_closure(on: date | None, cause: str | None, *, withdrawn: bool) -> endings.ClosureReading:
    """Return a closure by its cause; without one, a withdrawal, unless it was on the last day of a term."""
    if cause:
        reading = endings.read_closure(_CLOSED_LABEL, None, cause, on)
        if reading.closure and french.name_key(cause) == french.name_key(END_OF_TERM):
            return reading._replace(closure=replace(reading.closure, label=END_OF_TERM))
        return reading
    label = _WITHDRAWN if withdrawn else "Question clôturée"
    if withdrawn and on and on not in LAST_DAYS:
        return endings.ClosureReading(Closure(ending=Ending.WITHDRAWN, on=on, label=label))
    remark = Remark(label, "the cause of the end", "nothing")
    return endings.ClosureReading(Closure(ending=Ending.UNKNOWN, on=on, label=label), (remark,))


def _parse_day_and_cause(value: str) -> ClosureStatement:
    """Parse « 21/06/2022 (fin de mandat) », the cause alone in its parentheses, or the day alone."""
    day, _, cause = french.squeeze(strip_links(value)).partition("(")
    on = french.parse_day(day) if day.strip(" ") or not cause else None
    return ClosureStatement(on, french.squeeze(cause.removesuffix(")")) or None)


def _parse_day_or_cause(value: str) -> ClosureStatement:
    """Parse the same, or the cause alone."""
    return (
        _parse_day_and_cause(value)
        if value[:1].isdigit() or value.startswith(("[", "("))
        else ClosureStatement(None, french.squeeze(value))
    )


def _collect_remarks(question: Question) -> Iterator[Remark]:
    """Yield remarks on missing pages, another author's name in the text, days outside the legislature."""
    publications = [
        (_QUESTION_LABEL, question.published),
        *((ANSWER_LABEL, answer.published) for answer in question.answers),
    ]
    for label, publication in publications:
        if publication.page is None and question.id.kind is not QuestionKind.GOVERNMENT:
            yield Remark(label, "a page of the Journal officiel", "nothing")
    name, opening = question.author.name or "", french.name_at_start(question.text or "")
    if opening and sorted(words(opening)[: len(words(name))]) != sorted(words(name)):
        yield Remark("Texte de la question", f"the author {quote(name)}", quote(opening, 40))
    yield from days_outside_legislature(question)
