"""A question and its life, assembled from the labelled values of a page of any generation."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from lod.errors import BadValue, quote
from lod.finding import Finding
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
    Text,
)
from lod.slugs import words
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.exports.question import TITLES_SINCE, answering_journal, missing_texts
from lod.source.legislatures import days_outside_legislature, weekdays
from lod.source.pages.fields import ANSWER_LABEL, CLOSURE_LABELS, Fields
from lod.source.pages.values import parse_journal_page, parse_link, parse_ministry, strip_links

_QUESTION_LABEL = "Question publiée au JO le"
_SITTING_LABEL = "Date de la séance"

ORAL_QUESTIONS_SINCE = 14
"""The first legislature whose oral questions without debate are known to be in the weekly « Questions »."""

LAST_DAYS_OF_TERM = frozenset((date(2017, 6, 20), date(2022, 6, 21), date(2024, 6, 11)))
"""The last days of the 14th, 15th and 16th legislatures, on which open questions lapsed."""

_WITHDRAWN_LABEL, _CLOSED_LABEL, _CLOSING_DAY_LABEL = CLOSURE_LABELS
END_OF_TERM = "Fin de mandat"
_ANSWER_PUBLISHED = "Réponse publiée"


class Subject(NamedTuple):
    """The title, the keywords and the rubric of a question."""

    title: str | None
    keywords: tuple[str, ...]
    rubric: str


class PageContent(NamedTuple):
    """The heading and the texts of a page, the closure that a code states, the département as printed."""

    id: QuestionId
    subject: Subject
    author: Author
    text: Text | None
    answer: Text | None
    closure: Closure | None = None
    departement: str | None = None


class ClosureStatement(NamedTuple):
    """One statement of a closure: its day and its cause, as far as they are stated."""

    on: date | None
    cause: str | None


def assemble_question(content: PageContent, fields: Fields, source: Source) -> Iterator[Question | Remark]:
    """Yield the question and remarks; raise BadValue if a label has no place in it or contradicts another."""
    published, answer_publication, remarks = _read_publications(content, fields)
    ministry, attributions = _read_ministries(fields, published)
    closure, closure_remarks = _read_closure(fields, answered=answer_publication is not None)
    answers, answer_remarks = _read_answers(content, answer_publication, fields)
    question = Question(
        id=content.id,
        title=content.subject.title,
        keywords=content.subject.keywords,
        rubric=content.subject.rubric,
        author=content.author,
        ministry_asked=ministry,
        attributions=attributions,
        published=published,
        text=content.text,
        answers=answers,
        renewals=_read_days(fields, "Date de renouvellement"),
        flaggings=_read_days(fields, "Date de signalement"),
        closure=content.closure or closure,
        errata=_read_errata(fields, "Erratum de la question publié au JO le", published.journal),
        recalls=french.recalled_questions(content.text.plain if content.text else None, content.id),
        sources=(source,),
    )
    fields.reject_unused()
    yield question
    yield from (*remarks, *closure_remarks, *answer_remarks)
    yield from _collect_remarks(question)
    if content.departement and content.author.departement:
        yield from _check_departement(content.departement, published.on)


def read_rubric(fields: Fields) -> str:
    """Read the rubric, in its official spelling."""
    return french.official_rubric(
        fields.take("Rubrique", lambda value: french.squeeze(parse_link(value).text))
    )


def subject_from_heading(legislature: int, heading: str, rubric: str) -> Subject:
    """Return the subject for a heading: a title, or before the 15th legislature a head of analysis."""
    if legislature >= TITLES_SINCE:
        return Subject(heading, (), rubric)
    if french.name_key(heading) == french.name_key(rubric):
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


def _read_publications(
    content: PageContent, fields: Fields
) -> tuple[JournalPage, JournalPage | None, list[Remark]]:
    """Read where the question and its answer were published; at question time, both in the debates."""
    kind, remarks = content.id.kind, list[Remark]()
    question = _merge_publications(_QUESTION_LABEL, fields.take_all(_QUESTION_LABEL, parse_journal_page))
    answer = _merge_publications(ANSWER_LABEL, fields.take_all(ANSWER_LABEL, parse_journal_page))
    sittings = list[JournalPage]()
    if kind is not QuestionKind.WRITTEN:
        fields.discard_empty(_SITTING_LABEL)
        sittings = fields.take_all(_SITTING_LABEL, parse_journal_page)
    if kind is QuestionKind.GOVERNMENT:
        answer = _merge_publications(ANSWER_LABEL, [*filter(None, [answer]), *sittings])
        return *_sitting_publications(question or answer, answer or question), remarks
    if sittings:
        question, answer, remarks = _with_sittings(content, question, answer, sittings)
    if question is None:
        raise BadValue(f"the field « {_QUESTION_LABEL} »", fields.nearest_label(_QUESTION_LABEL))
    return (
        replace(question, journal=_asking_journal(content.id, question.on)),
        answer and replace(answer, journal=answering_journal(kind)),
        remarks,
    )


def _with_sittings(
    content: PageContent,
    question: JournalPage | None,
    answer: JournalPage | None,
    sittings: list[JournalPage],
) -> tuple[JournalPage | None, JournalPage | None, list[Remark]]:
    """Return the publications of an oral question without debate beside the days said of its sitting.

    Pages repeat there the day of the question or have that of the answer; a day that is neither is reported.
    """
    remarks = list[Remark]()
    question = question or min(sittings, key=_day)
    later = [sitting for sitting in sittings if sitting.on > question.on]
    if answer is None and content.answer:
        answer = min(later or sittings, key=_day)
        if not later:
            only = f"only {answer.on} of the sitting"
            remarks.append(Remark(ANSWER_LABEL, "the day of the answer", only, finding=Finding.DAY_MISSING))
    days = {publication.on for publication in (question, answer) if publication}
    expected = "the day of the question or of the answer, " + " or ".join(map(str, sorted(days)))
    odd = {sitting.on for sitting in sittings} - days
    remarks += [
        Remark(_SITTING_LABEL, expected, f"{on}", finding=Finding.DAY_IMPLAUSIBLE) for on in sorted(odd)
    ]
    return question, answer, remarks


def _day(publication: JournalPage) -> date:
    return publication.on


def _asking_journal(question: QuestionId, on: date) -> Journal | None:
    """Return the series in which a question was published, None if no page says so and nothing implies it.

    Oral questions without debate are in the weekly « Questions » since the 14th legislature; older ones were
    printed elsewhere, which their pages do not name.
    """
    if question.kind is QuestionKind.WRITTEN:
        return Journal.QUESTIONS
    weekly = question.legislature >= ORAL_QUESTIONS_SINCE and on.weekday() in weekdays(question.legislature)
    return Journal.QUESTIONS if weekly else None


def _merge_publications(label: str, statements: list[JournalPage]) -> JournalPage | None:
    """Return the one day and page that one or several statements give, some of them without the page."""
    days, pages = (
        {statement.on for statement in statements},
        {statement.page for statement in statements if statement.page},
    )
    if len(days) > 1 or len(pages) > 1:
        found = " and ".join(
            sorted({f"{statement.on} {statement.page or ''}".strip() for statement in statements})
        )
        raise BadValue("one day and page of the Journal officiel", found, label)
    return JournalPage(on=days.pop(), page=pages.pop() if pages else None) if days else None


def _sitting_publications(
    question: JournalPage | None, answer: JournalPage | None
) -> tuple[JournalPage, JournalPage]:
    if question is None or answer is None:
        raise BadValue("the day of the sitting", "nothing", _QUESTION_LABEL)
    if question.on != answer.on:
        raise BadValue(
            "the question and its answer on one day", f"{question.on} and {answer.on}", ANSWER_LABEL
        )
    return (
        replace(question, page=question.page or answer.page, journal=Journal.DEBATES),
        replace(answer, page=answer.page or question.page, journal=Journal.DEBATES),
    )


def _read_ministries(fields: Fields, published: JournalPage) -> tuple[Ministry, tuple[Attribution, ...]]:
    """Read which ministry was asked, and which is in charge since when; pages do not state earlier ones."""
    ministry = fields.take("Ministère interrogé", parse_ministry)
    in_charge = fields.take("Ministère attributaire", parse_ministry)
    changed = _read_days(fields, "Date de changement d'attribution")
    if len(changed) > 1:
        found = " and ".join(map(str, changed))
        raise BadValue("one day of the ministry in charge", found, "Date de changement d'attribution")
    unchanged = published.on if french.name_key(ministry.label) == french.name_key(in_charge.label) else None
    on, journal = (changed[0], None) if changed else (unchanged, published.journal)
    return ministry, (Attribution(ministry=in_charge, on=on, journal=journal),)


def _read_answers(
    content: PageContent, publication: JournalPage | None, fields: Fields
) -> tuple[tuple[Answer, ...], list[Remark]]:
    """Read the answer, perhaps without its text; a text without a day is not known to be an answer."""
    if publication is None:
        expected, found = "an answer with its day", "only its text, which is left out"
        missing = Remark(ANSWER_LABEL, expected, found, finding=Finding.DAY_MISSING)
        return (), [missing] if content.answer else []
    errata = _read_errata(fields, "Erratum de la réponse publié au JO le", publication.journal)
    return (Answer(published=publication, text=content.answer, errata=errata),), []


def _read_errata(fields: Fields, label: str, journal: Journal | None) -> tuple[Erratum, ...]:
    publications = dict.fromkeys(fields.take_all(label, parse_journal_page))
    return tuple(
        Erratum(published=replace(publication, journal=journal), text=None) for publication in publications
    )


def _read_days(fields: Fields, label: str) -> tuple[date, ...]:
    """Return the days that a label states, each once, in order."""
    return tuple(sorted(set(fields.take_all(label, lambda value: french.parse_day(strip_links(value))))))


def _read_closure(fields: Fields, *, answered: bool) -> tuple[Closure | None, list[Remark]]:
    """Read how a question ended; raise BadValue if two statements do not agree."""
    withdrawals = fields.take_all(_WITHDRAWN_LABEL, _parse_day_and_cause)
    statements = [
        *withdrawals,
        *fields.take_all(_CLOSED_LABEL, _parse_day_and_cause),
        *fields.take_all(_CLOSING_DAY_LABEL, _parse_day_or_cause),
    ]
    if not statements:
        return None, []
    statements += fields.take_all("Cause", lambda value: ClosureStatement(None, french.squeeze(value)))
    days = {statement.on for statement in statements if statement.on}
    causes = {
        french.name_key(statement.cause): statement.cause for statement in statements if statement.cause
    }
    if len(days) != 1 or len(causes) > 1:
        found = " and ".join([*map(str, sorted(days)), *map(quote, causes.values())])
        raise BadValue("one day and at most one cause of the end", found, _CLOSED_LABEL)
    cause = next(iter(causes.values()), None)
    if answered and french.name_key(cause or "") == french.name_key(_ANSWER_PUBLISHED):
        return None, []
    return _make_closure(days.pop(), cause, withdrawn=bool(withdrawals))


def _make_closure(on: date, cause: str | None, *, withdrawn: bool) -> tuple[Closure, list[Remark]]:
    """Tell a lapse from a withdrawal by its cause; without one, the last day of a term leaves it open."""
    if cause:
        if french.name_key(cause) == french.name_key(END_OF_TERM):
            return Closure(ending=Ending.LAPSED, on=on, label=END_OF_TERM), []
        return Closure(ending=Ending.WITHDRAWN if withdrawn else Ending.CLOSED, on=on, label=cause), []
    label = "Question retirée" if withdrawn else "Question clôturée"
    if withdrawn and on not in LAST_DAYS_OF_TERM:
        return Closure(ending=Ending.WITHDRAWN, on=on, label=label), []
    remark = Remark(label, "the cause of the end", "nothing", finding=Finding.END_UNKNOWN)
    return Closure(ending=Ending.CLOSED, on=on, label=label), [remark]


def _parse_day_and_cause(value: str) -> ClosureStatement:
    """Parse « 21/06/2022 (fin de mandat) »."""
    day, _, cause = french.squeeze(strip_links(value)).partition("(")
    return ClosureStatement(french.parse_day(day), french.squeeze(cause.removesuffix(")")) or None)


def _parse_day_or_cause(value: str) -> ClosureStatement:
    """Parse the same, or the cause alone."""
    return (
        _parse_day_and_cause(value)
        if value[:1].isdigit() or value.startswith("[")
        else ClosureStatement(None, french.squeeze(value))
    )


def _check_departement(name: str, on: date) -> Iterator[Remark]:
    if not french.is_departement_name(name, on):
        expected = f"the name of a département on {on}"
        yield Remark("author", expected, quote(name), finding=Finding.DEPARTEMENT_UNKNOWN)


def _collect_remarks(question: Question) -> Iterator[Remark]:
    """Yield remarks on missing pages, series and texts, another name in the text, odd days."""
    publications = [
        (_QUESTION_LABEL, question.published),
        *((ANSWER_LABEL, answer.published) for answer in question.answers),
    ]
    for label, publication in publications:
        if publication.page is None and question.id.kind is not QuestionKind.GOVERNMENT:
            expected = "a page of the Journal officiel"
            yield Remark(label, expected, "nothing", finding=Finding.PAGE_MISSING)
    if question.published.journal is None:
        expected = "the series of the Journal officiel"
        yield Remark(_QUESTION_LABEL, expected, "nothing", finding=Finding.SERIES_UNKNOWN)
    yield from missing_texts(question, debate_has_question=False)
    name = question.author.name or ""
    opening = french.name_at_start(question.text.plain if question.text else "")
    if opening and sorted(words(opening)[: len(words(name))]) != sorted(words(name)):
        author, found = f"the author {quote(name)}", quote(opening, 40)
        yield Remark("Texte de la question", author, found, finding=Finding.AUTHOR_UNCERTAIN)
    yield from days_outside_legislature(question)
