"""A question with its life, made of what a page of any generation labels."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from lod import rubrics
from lod.errors import BadValue, quote
from lod.model import (
    Answer,
    Attribution,
    Author,
    Closure,
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
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.exports.question import TITLES_SINCE, answered_in
from lod.source.legislatures import outside
from lod.source.pages.closure import ended
from lod.source.pages.fields import ANSWERED, Fields
from lod.source.pages.values import journal_page, linked, ministry, unlinked
from lod.source.recall import recalled

_ASKED = "Question publiée au JO le"


class Subject(NamedTuple):
    """What a question is about: title, keywords, rubric."""

    title: str | None
    keywords: tuple[str, ...]
    rubric: str


class StatedLife(NamedTuple):
    """What a page states in its heading and its texts, and an end that a code gives."""

    id: QuestionId
    subject: Subject
    author: Author
    text: str | None
    answer: str | None
    closure: Closure | None = None


def question(stated: StatedLife, fields: Fields, source: Source) -> Iterator[Question | Remark]:
    """Give the question; raise BadValue if a label has no place in it, or contradicts another."""
    published, answered = _publications(stated.id.kind, fields)
    asked, attributions = _ministries(fields, published)
    closure, remarks = ended(fields, answered=answered is not None)
    found = Question(
        id=stated.id,
        title=stated.subject.title,
        keywords=stated.subject.keywords,
        rubric=stated.subject.rubric,
        author=stated.author,
        asked=asked,
        attributions=attributions,
        published=published,
        text=stated.text,
        answers=_answers(stated, answered, fields),
        renewals=_days(fields, "Date de renouvellement"),
        flaggings=_days(fields, "Date de signalement"),
        closure=stated.closure or closure,
        errata=_errata(fields, "Erratum de la question publié au JO le", published.journal),
        recalls=recalled(stated.text, stated.id),
        sources=(source,),
    )
    fields.finish()
    yield found
    yield from remarks
    yield from _told(found)


def rubric(fields: Fields) -> str:
    """Read the rubric, in its official spelling."""
    return rubrics.official(fields.take("Rubrique", lambda value: french.squeeze(linked(value).text)))


def headed(legislature: int, heading: str, rubric: str) -> Subject:
    """Read what the heading says: a title; once, the head of analysis, or the rubric for want of one."""
    if legislature >= TITLES_SINCE:
        return Subject(heading, (), rubric)
    if french.name_key(heading) == french.name_key(rubric):
        return Subject(None, (), rubric)
    return Subject(heading, (heading,), rubric)


def agreed(heading: tuple[QuestionKind, int], stated: tuple[QuestionKind, int]) -> tuple[QuestionKind, int]:
    """Give the type and the number, which must be the same in the heading and among the key data."""
    if stated != heading:
        raise BadValue(
            f"« {heading[0]} {heading[1]} » as in the heading",
            f"« {stated[0]} {stated[1]} »",
            "Numéro de la question",
        )
    return heading


def _publications(kind: QuestionKind, fields: Fields) -> tuple[JournalPage, JournalPage | None]:
    """Read where the question was published, and its answer; at question time, both in the debates."""
    asked = _merged(_ASKED, fields.each(_ASKED, journal_page))
    stated = fields.each(ANSWERED, journal_page)
    if kind is not QuestionKind.WRITTEN:
        fields.empty("Date de la séance")
        stated += fields.each("Date de la séance", journal_page)
    answered = _merged(ANSWERED, stated)
    if kind is QuestionKind.GOVERNMENT:
        return _debated(asked or answered, answered or asked)
    if asked is None:
        raise BadValue(f"the field « {_ASKED} »", fields.nearest(_ASKED))
    return asked, answered and replace(answered, journal=answered_in(kind))


def _merged(label: str, stated: list[JournalPage]) -> JournalPage | None:
    """Give the one day and page that one or several statements give, some of them without the page."""
    days, pages = {given.on for given in stated}, {given.page for given in stated if given.page}
    if len(days) > 1 or len(pages) > 1:
        found = " and ".join(sorted({f"{given.on} {given.page or ''}".strip() for given in stated}))
        raise BadValue("one day and page of the Journal officiel", found, label)
    return JournalPage(on=days.pop(), page=pages.pop() if pages else None) if days else None


def _debated(asked: JournalPage | None, answered: JournalPage | None) -> tuple[JournalPage, JournalPage]:
    if asked is None or answered is None:
        raise BadValue("the day of the sitting", "nothing", _ASKED)
    if asked.on != answered.on:
        raise BadValue("the question and its answer on one day", f"{asked.on} and {answered.on}", ANSWERED)
    return (
        replace(asked, page=asked.page or answered.page, journal=Journal.DEBATES),
        replace(answered, page=answered.page or asked.page, journal=Journal.DEBATES),
    )


def _ministries(fields: Fields, published: JournalPage) -> tuple[Ministry, tuple[Attribution, ...]]:
    """Read who was asked and who is in charge, since when if that is stated: who was before is not."""
    asked = fields.take("Ministère interrogé", ministry)
    in_charge = fields.take("Ministère attributaire", ministry)
    changed = _days(fields, "Date de changement d'attribution")
    if len(changed) > 1:
        found = " and ".join(map(str, changed))
        raise BadValue("one day of the ministry in charge", found, "Date de changement d'attribution")
    unchanged = published.on if french.name_key(asked.label) == french.name_key(in_charge.label) else None
    on, journal = (changed[0], None) if changed else (unchanged, published.journal)
    return asked, (Attribution(ministry=in_charge, on=on, journal=journal),)


def _answers(stated: StatedLife, answered: JournalPage | None, fields: Fields) -> tuple[Answer, ...]:
    if bool(stated.answer) != bool(answered):
        missing, there = ("text", "day") if answered else ("day", "text")
        raise BadValue(f"an answer with its {missing}", f"only its {there}", ANSWERED)
    if not stated.answer or not answered:
        return ()
    errata = _errata(fields, "Erratum de la réponse publié au JO le", answered.journal)
    return (Answer(published=answered, text=stated.answer, errata=errata),)


def _errata(fields: Fields, label: str, journal: Journal) -> tuple[Erratum, ...]:
    stated = dict.fromkeys(fields.each(label, journal_page))
    return tuple(Erratum(published=replace(given, journal=journal), text=None) for given in stated)


def _days(fields: Fields, label: str) -> tuple[date, ...]:
    """Give the days that a label states, each once, in order."""
    return tuple(sorted(set(fields.each(label, lambda value: french.day(unlinked(value))))))


def _told(found: Question) -> Iterator[Remark]:
    """Remark upon a page of the Journal that is not stated, another name in the text, days that cannot be."""
    stated = [(_ASKED, found.published), *((ANSWERED, answer.published) for answer in found.answers)]
    for label, given in stated:
        if given.page is None and found.id.kind is not QuestionKind.GOVERNMENT:
            yield Remark(label, "a page of the Journal officiel", "nothing")
    name, opening = found.author.name or "", french.opening_name(found.text or "")
    if opening and sorted(words(opening)[: len(words(name))]) != sorted(words(name)):
        yield Remark("Texte de la question", f"the author {quote(name)}", quote(opening, 40))
    yield from outside(found)
