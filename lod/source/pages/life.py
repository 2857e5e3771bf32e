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
from lod.source import endings, french
from lod.source.diagnostics import Remark
from lod.source.exports.journal import answering_journal, asking_journal
from lod.source.exports.question import TITLES_SINCE, missing_texts
from lod.source.legislatures import LAST_DAYS, days_outside_legislature
from lod.source.pages.fields import ANSWER_LABEL, CLOSURE_LABELS, Fields
from lod.source.pages.values import parse_dated_page, parse_link, parse_ministry, strip_links

_QUESTION_LABEL = "Question publiée au JO le"
_SITTING_LABEL = "Date de la séance"
_WITHDRAWN_LABEL, _CLOSED_LABEL, _CLOSING_DAY_LABEL = CLOSURE_LABELS
END_OF_TERM = "Fin de mandat"
_WITHDRAWN = "Question retirée"


class Subject(NamedTuple):
    """The title, the keywords and the rubric of a question."""

    title: str | None
    keywords: tuple[str, ...]
    rubric: str | None


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
    """Yield the question and remarks; raise BadValue if the day of its publication is not stated."""
    try:
        published, answer_publication = _read_publications(content, fields)
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
        ministry_asked=ministry,
        attributions=attributions,
        published=published,
        text=content.text,
        answers=answers,
        renewals=_read_days(fields, "Date de renouvellement"),
        flaggings=_read_days(fields, "Date de signalement"),
        closure=content.closure or reading.closure,
        errata=_read_errata(fields, "Erratum de la question publié au JO le", published.journal),
        recalls=french.recalled_questions(content.text.plain if content.text else None, content.id),
        sources=(source,),
    )
    yield question
    yield from () if content.closure else reading.remarks
    yield from fields.remarks()
    yield from _collect_remarks(question)
    if content.departement and content.author.departement:
        yield from _check_departement(content.departement, published.on)


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


def _read_publications(content: PageContent, fields: Fields) -> tuple[JournalPage, JournalPage | None]:
    """Read where the question and its answer were published; at question time, both in the debates."""
    kind, sittings = content.id.kind, list[JournalPage]()
    question = _merge_publications(fields, _QUESTION_LABEL, _take_publications(fields, _QUESTION_LABEL))
    answers = _take_publications(fields, ANSWER_LABEL)
    if kind is not QuestionKind.WRITTEN:
        fields.discard_empty(_SITTING_LABEL)
        sittings = _take_publications(fields, _SITTING_LABEL)
    if kind is QuestionKind.GOVERNMENT:
        answer = _merge_publications(fields, ANSWER_LABEL, [*answers, *sittings])
        return _sitting_publications(question or answer, answer or question, fields)
    answer = _merge_publications(fields, ANSWER_LABEL, answers)
    if sittings:
        question, answer = _with_sittings(content, question, answer, sittings, fields)
    if question is None:
        raise fields.first_fault() or BadValue(
            f"the field « {_QUESTION_LABEL} »", fields.nearest_label(_QUESTION_LABEL)
        )
    return (
        replace(question, journal=asking_journal(content.id, question.on)),
        answer and replace(answer, journal=answering_journal(kind)),
    )


def _take_publications(fields: Fields, label: str) -> list[JournalPage]:
    """Return the days and pages that a label states; a bad page is remarked and left out."""
    stated = fields.take_valid(label, parse_dated_page)
    for bad in filter(None, (each.bad_page for each in stated)):
        fields.remark(label, bad.expected, bad.found, bad.finding)
    return [each.publication for each in stated]


def _merge_publications(fields: Fields, label: str, statements: list[JournalPage]) -> JournalPage | None:
    """Return the day and page that one or several statements give, some of them without the page.

    Where they differ, which is remarked, the first counts.
    """
    days = list(dict.fromkeys(each.on for each in statements))
    pages = list(dict.fromkeys(each.page for each in statements if each.page))
    if len(days) > 1 or len(pages) > 1:
        found = " and ".join(sorted({f"{each.on} {each.page or ''}".strip() for each in statements}))
        fields.remark(label, "one day and page of the Journal officiel", found)
    return JournalPage(on=days[0], page=pages[0] if pages else None) if days else None


def _with_sittings(
    content: PageContent,
    question: JournalPage | None,
    answer: JournalPage | None,
    sittings: list[JournalPage],
    fields: Fields,
) -> tuple[JournalPage, JournalPage | None]:
    """Return the publications of an oral question without debate beside the days said of its sitting.

    Pages repeat there the day of the question or have that of the answer; a day that is neither is remarked.
    """
    question = question or min(sittings, key=_day)
    later = [sitting for sitting in sittings if sitting.on > question.on]
    if answer is None and content.answer:
        answer = min(later or sittings, key=_day)
        if not later:
            only = f"only {answer.on} of the sitting"
            fields.remark(ANSWER_LABEL, "the day of the answer", only, Finding.DAY_MISSING)
    days = {publication.on for publication in (question, answer) if publication}
    expected = "the day of the question or of the answer, " + " or ".join(map(str, sorted(days)))
    for on in sorted({sitting.on for sitting in sittings} - days):
        fields.remark(_SITTING_LABEL, expected, f"{on}", Finding.DAY_IMPLAUSIBLE)
    return question, answer


def _day(publication: JournalPage) -> date:
    return publication.on


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
    ministry = fields.take_stated("Ministère interrogé", parse_ministry, Finding.MINISTRY_MISSING)
    in_charge = fields.take_stated("Ministère attributaire", parse_ministry, Finding.MINISTRY_MISSING)
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
            found = "only its text, which is left out"
            fields.remark(ANSWER_LABEL, "the day of the answer", found, Finding.DAY_MISSING)
        return ()
    errata = _read_errata(fields, "Erratum de la réponse publié au JO le", publication.journal)
    return (Answer(published=publication, text=content.answer, errata=errata),)


def _read_errata(fields: Fields, label: str, journal: Journal | None) -> tuple[Erratum, ...]:
    publications = dict.fromkeys(_take_publications(fields, label))
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
        remark = Remark(ANSWER_LABEL, "the day of the answer", "nothing", finding=Finding.DAY_MISSING)
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
    remark = Remark(label, "the cause of the end", "nothing", finding=Finding.END_UNKNOWN)
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
