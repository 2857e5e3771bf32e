"""A question as nested in the official exports: the same keys in JSON as in XML."""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
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
from lod.source import endings, french
from lod.source.diagnostics import Remark, invisible_characters
from lod.source.exports.flat_fields import FlatFields
from lod.source.exports.journal import (
    answering_journal,
    asking_journal,
    parse_issue_number,
    parse_journal_code,
    publication_of_attribution,
    read_issue_number,
    read_publication,
)
from lod.source.legislatures import days_outside_legislature

IGNORED_FIELDS = {
    "@xmlns": "apparatus of XML",
    "@xmlns:xsi": "apparatus of XML",
    "@xsi:type": "apparatus of XML: the type is in `type`",
    "identifiant.regime": "all questions are of the Fifth Republic",
    "cloture.infoJO.typeJO": "a closure is published by its day; with an answer, it must be the answer's",
    "cloture.infoJO.pageJO": "the page of a whole section for written questions; at question time it is read",
    "signalement.infoJO.typeJO": "the flagging is published by its day",
    "signalement.infoJO.dateJO": "the flagging is published by the day it was made",
    "cloture.infoJO.numJO": "a closure is published by its day; with an answer, it must be the answer's",
    "cloture.libelleCloture": "published with the closure; an answer needs none",
    "signalement.infoJO.pageJO": "the flagging is published by the day it was made",
    "signalement.infoJO.numJO": "the flagging is published by the day it was made",
    "renouvellements.renouvellement.infoJO.typeJO": "a renewal is published by its day",
    "renouvellements.renouvellement.infoJO.pageJO": "a renewal is published by its day",
    "renouvellements.renouvellement.infoJO.numJO": "a renewal is published by its day",
    "urlLegifrance": "another site's address for a publication, which its day, series and page identify",
    "referenceNOR": "Légifrance's identifier of a publication, which its day, series and page identify",
}
"""Fields that are deliberately not published, each with the reason."""

_TEXT_PATH = "textesQuestion.texteQuestion"
_ANSWER_PATH = "textesReponse.texteReponse"
_CLOSURE_PATHS = ("cloture.codeCloture", "cloture.libelleCloture", "cloture.dateCloture")
_NO_HEAD = "aucune tête d'analyse"
"""What the exports of the 14th legislature write for a question without a head of analysis."""
TITLES_SINCE = 15
"""The first legislature in which the one analysis is the title; before, analyses are keywords."""


def read(fields: FlatFields, source: Source) -> Iterator[Question | Remark]:
    """Read a question; raise BadValue if its identity or day of publication is not stated.

    Every other value that is bad, missing or without a place in a question yields a remark with its path.
    """
    identity = _read_identity(fields)
    try:
        yield from _read_identified(fields, identity, source)
    except BadValue as bad:
        raise bad.about(identity.uid) from None


def _read_identified(fields: FlatFields, identity: QuestionId, source: Source) -> Iterator[Question | Remark]:
    end = read_end(fields, _CLOSURE_PATHS)
    attributions = in_order_of_days(fields, "minAttribs.minAttrib", _read_attributions(fields))
    answers = _read_answers(fields, identity, end)
    published, text, later = _read_publication(fields, identity, answers, attributions)
    answers = tuple(_with_page(answer, published) for answer in answers)
    _check_closure(fields, identity, end, answers)
    title, keywords = _read_subject(fields, identity)
    question = Question(
        id=identity,
        title=title,
        keywords=keywords,
        author=_read_author(fields),
        rubric=fields.take_if_valid("indexationAN.rubrique", french.squeeze),
        ministry_asked=_read_asked(fields),
        attributions=attributions,
        published=published,
        text=text,
        answers=answers,
        renewals=_read_renewals(fields),
        flaggings=read_days(fields, "signalement", "dateDepotSignal"),
        closure=None if answers and end.is_answered else end.reading.closure,
        errata=(*(e for entry in fields.subtrees(_TEXT_PATH) for e in _read_errata(entry)), *later),
        recalls=french.recalled_questions(text.plain if text else None, identity),
        sources=(replace(source, export=True),),
    )
    yield question
    yield from end.reading.remarks if question.closure else ()
    yield from collect_remarks(fields, question, IGNORED_FIELDS)


def _read_identity(fields: FlatFields) -> QuestionId:
    """Read the official number; the identifier, which must not be parsed, must agree with it."""
    coded, uid = fields.take("type", parse_kind_code), fields.take("uid", str)
    number = fields.take("identifiant.numero", french.parse_number)
    identity = QuestionId(
        legislature=fields.take("identifiant.legislature", french.parse_number), kind=coded, number=number
    )
    if identity.uid != uid:
        raise BadValue(f"« {identity.uid} » as from number, type and legislature", quote(uid), "uid")
    return identity


def parse_kind_code(code: str) -> QuestionKind:
    """Parse the code of a kind of question."""
    try:
        return QuestionKind(code)
    except ValueError:
        raise BadValue(f"one of {', '.join(QuestionKind)}", quote(code)) from None


def _read_subject(fields: FlatFields, identity: QuestionId) -> tuple[str | None, tuple[str, ...]]:
    """Read title and keywords: the analysis of later legislatures is a title, earlier ones have keywords."""
    words_at = (
        "indexationAN.ANALYSE.ANA" if fields.has("indexationAN.ANALYSE") else "indexationAN.analyses.analyse"
    )
    if identity.legislature >= TITLES_SINCE:
        titles = [french.squeeze(title) for title in fields.take_all(words_at)]
        return (titles[0] if titles else None), tuple(titles[1:])
    return read_title_and_keywords(fields, "indexationAN.teteAnalyse", words_at)


def read_title_and_keywords(
    fields: FlatFields, head_at: str, words_at: str
) -> tuple[str | None, tuple[str, ...]]:
    """Read the head of analysis, which serves as title, and the keywords, of which it is the first."""
    printed = fields.take_if_valid(head_at, french.squeeze)
    head = None if printed == _NO_HEAD else printed
    return head, tuple(filter(None, (head, *fields.take_all(words_at))))


def _read_author(fields: FlatFields) -> Author:
    group = fields.take_if_valid("auteur.groupe.developpe", french.squeeze)
    abbreviation = fields.take_if_valid("auteur.groupe.abrege", french.squeeze)
    organ = fields.take_if_valid("auteur.groupe.organeRef", french.parse_official_id)
    if not fields.has("auteur.identite.acteurRef"):
        fields.report("auteur.identite.acteurRef", "the author", "nothing", Finding.AUTHOR_MISSING)
    return Author(
        name=None,
        civility=None,
        official_id=fields.take_if_valid("auteur.identite.acteurRef", french.parse_official_id),
        mandate_id=fields.take_if_valid("auteur.identite.mandatRef", french.parse_official_id),
        seat=None,
        group=french.make_group(group, organ, abbreviation) if group else None,
    )


def _read_asked(fields: FlatFields) -> Ministry | None:
    """Read the ministry asked; if it is missing, that is reported."""
    if fields.has("minInt"):
        return _read_ministry(fields, "minInt.")
    fields.report("minInt", "the ministry asked", "nothing", Finding.MINISTRY_MISSING)
    return None


def _read_ministry(fields: FlatFields, path: str) -> Ministry | None:
    full = fields.take_if_valid(f"{path}developpe", french.squeeze)
    label = fields.take_if_valid(f"{path}abrege", french.squeeze) or full
    organ = fields.take_if_valid(f"{path}organeRef", french.parse_official_id)
    if label is None:
        fields.report(f"{path}abrege", "the name of a ministry", "nothing", Finding.MINISTRY_MISSING)
        return None
    return Ministry(label=label, official_id=organ, full_name=full)


def _read_attributions(fields: FlatFields) -> Iterator[Attribution]:
    """Yield the attributions in the order of the source; one without the name of a ministry is reported."""
    entries = fields.subtrees("minAttribs.minAttrib")
    if not entries:
        fields.report("minAttribs", "a ministry in charge", "nothing", Finding.MINISTRY_MISSING)
    for entry in entries:
        on = entry.take_stated("infoJO.dateJO", french.parse_day, Finding.DAY_MISSING)
        journal = entry.take_stated("infoJO.typeJO", parse_journal_code, Finding.SERIES_UNKNOWN)
        entry.take_if_valid("infoJO.pageJO", french.parse_page)
        number = read_issue_number(entry, "infoJO.numJO", on)
        if ministry := _read_ministry(entry, "denomination."):
            yield Attribution(ministry=ministry, on=on, journal=journal, number=number)


def in_order_of_days(
    fields: FlatFields, path: str, attributions: Iterable[Attribution]
) -> tuple[Attribution, ...]:
    """Return attributions by day, those of one day as listed; report it if they were listed otherwise.

    One without a day stays behind the one that it was listed after.
    """
    listed, last, dated = list(attributions), date.min, []
    for attribution in listed:
        last = attribution.on or last
        dated.append((last, attribution))
    ordered = [attribution for _, attribution in sorted(dated, key=itemgetter(0))]
    if ordered != listed:
        fields.report(path, "attributions in the order of their days", "another order")
    return tuple(ordered)


def read_days(fields: FlatFields, path: str, key: str) -> tuple[date, ...]:
    """Read the days of entries such as flaggings, each once, in order; one without a day is reported."""
    days = (entry.take_stated(key, french.parse_day, Finding.DAY_MISSING) for entry in fields.subtrees(path))
    return tuple(sorted({day for day in days if day}))


def _read_renewals(fields: FlatFields) -> tuple[date, ...]:
    """Read the days of the renewals, under the keys that flaggings have: none has been seen yet."""
    days = set[date]()
    for entry in fields.subtrees("renouvellements.renouvellement"):
        made = entry.take_if_valid("dateRenouvellement", french.parse_day)
        published = entry.take_if_valid("infoJO.dateJO", french.parse_day)
        days.update(filter(None, [made or published]))
    return tuple(sorted(days))


def _read_answers(fields: FlatFields, identity: QuestionId, end: "End") -> tuple[Answer, ...]:
    """Read the answers, by day.

    Where an answer has no valid day of its own, or is missing, the closure of an answered question states the
    day, if not the text.
    """
    answers = []
    for entry in fields.subtrees(_ANSWER_PATH):
        published = read_publication(entry) or _answer_of_closure(fields, identity, end)
        text = entry.take_html("texte", debate=identity.kind is not QuestionKind.WRITTEN)
        errata = _read_errata(entry)
        if published:
            published = replace(published, journal=published.journal or answering_journal(identity.kind))
            answers.append(Answer(published=published, text=text, errata=errata))
    if not answers and (published := _answer_of_closure(fields, identity, end)):
        answers.append(Answer(published=published, text=None))
    return tuple(sorted(answers, key=lambda answer: answer.published.on))


def _answer_of_closure(fields: FlatFields, identity: QuestionId, end: "End") -> JournalPage | None:
    """Return where a closure states that an answer was published: day, issue, and at question time page."""
    on = end.on or fields.peek("cloture.infoJO.dateJO", french.parse_day)
    if not end.is_answered or on is None:
        return None
    journal = fields.peek("cloture.infoJO.typeJO", parse_journal_code) or answering_journal(identity.kind)
    is_page = identity.kind is QuestionKind.GOVERNMENT
    page = fields.peek("cloture.infoJO.pageJO", french.parse_page) if is_page else None
    number = fields.peek("cloture.infoJO.numJO", lambda value: parse_issue_number(value, on))
    return JournalPage(on=on, page=page, journal=journal, number=number)


def _read_errata(fields: FlatFields) -> tuple[Erratum, ...]:
    """Read the erratum of a text: the exports give its text alone."""
    text = fields.take_html("erratum")
    return (Erratum(published=None, text=text),) if text else ()


def _read_publication(
    fields: FlatFields,
    identity: QuestionId,
    answers: tuple[Answer, ...],
    attributions: tuple[Attribution, ...],
) -> tuple[JournalPage, Text | None, tuple[Erratum, ...]]:
    """Read where the question was published, its text, and later texts, which are errata.

    At question time, it was published with the answer. Where its own day is not stated, it is that of the
    first attribution in the series of such questions.
    """
    texts = [(read_publication(entry), entry.take_html("texte")) for entry in fields.subtrees(_TEXT_PATH)]
    texts.sort(key=lambda read: read[0].on if read[0] else date.max)
    (published, text), *later = texts or [(None, None)]
    if published is None and not texts and identity.kind is not QuestionKind.WRITTEN and answers:
        first = answers[0].published
        page = first.page or fields.peek("cloture.infoJO.pageJO", french.parse_page)
        published = replace(first, page=page)
    if published is None:
        published = publication_of_attribution(fields, "textesQuestion", identity, attributions)
    if published.journal is None:
        published = replace(published, journal=asking_journal(identity, published.on))
    versions = (Erratum(published=on, text=words) for on, words in later if on or words)
    return published, text, tuple(versions)


def _with_page(answer: Answer, published: JournalPage) -> Answer:
    """Return an answer of the same sitting with the page of the question, if it has none of its own."""
    own = answer.published
    if own.page or (own.on, own.journal) != (published.on, published.journal):
        return answer
    return replace(answer, published=replace(own, page=published.page, number=own.number or published.number))


class End(NamedTuple):
    """What a form states of the end: whether there is an answer, the day, the closure if there is none."""

    is_answered: bool
    on: date | None
    reading: endings.ClosureReading


def read_end(fields: FlatFields, paths: tuple[str, str, str]) -> End:
    """Read how a question ended, from code, label and day; a bad day is reported."""
    code_at, label_at, day_at = paths
    code, on = fields.take_if_valid(code_at, french.squeeze), fields.take_if_valid(day_at, french.parse_day)
    label = fields.take_if_valid(label_at, french.squeeze)
    if code is None and on is None and label is None:
        return End(is_answered=False, on=None, reading=endings.ClosureReading(None))
    if endings.is_answered(code, label):
        remark = Remark(code_at, "an answer, or its day", "neither", finding=Finding.END_UNKNOWN)
        closure = Closure(ending=Ending.UNKNOWN, on=on, label=label or code)
        return End(is_answered=True, on=on, reading=endings.ClosureReading(closure, (remark,)))
    return End(is_answered=False, on=on, reading=endings.read_closure(code_at, code, label, on))


def _check_closure(fields: FlatFields, identity: QuestionId, end: End, answers: tuple[Answer, ...]) -> None:
    """Report what the closure states of the Journal officiel if it differs from what is published."""
    publications = [answer.published for answer in answers]
    days = [published.on for published in publications] if end.is_answered or publications else [end.on]
    if end.is_answered and publications:
        fields.report_if_different("cloture.dateCloture", end.on, days)
    if any(days):
        fields.check_repeated("cloture.infoJO.dateJO", french.parse_day, days)
    if publications and end.is_answered:
        fields.check_repeated(
            "cloture.infoJO.typeJO", parse_journal_code, [published.journal for published in publications]
        )
    if publications and end.is_answered and any(published.number for published in publications):
        fields.check_repeated(
            "cloture.infoJO.numJO",
            lambda value: parse_issue_number(value, publications[-1].on),
            [published.number for published in publications],
        )
    if publications and identity.kind is QuestionKind.GOVERNMENT:
        fields.check_repeated(
            "cloture.infoJO.pageJO", french.parse_page, [published.page for published in publications]
        )


def collect_remarks(fields: FlatFields, question: Question, left_out: dict[str, str]) -> Iterator[Remark]:
    """Yield remarks on reported and unused values, invisible characters and days outside the legislature."""
    reported = [
        Remark(bad.place or "", bad.expected, bad.found, finding=bad.finding) for bad in fields.reported()
    ]
    yield from reported
    if not any("page" in remark.place.casefold() for remark in reported):
        yield from _missing_pages(question)
    for path, value in fields.unused(left_out):
        yield Remark(path, "a known key", quote(value), Cause.UNKNOWN)
    yield from missing_texts(question, debate_has_question=True)
    for text in (question.text, *(answer.text for answer in question.answers)):
        yield from invisible_characters(text.plain if text else "")
    yield from invisible_characters(question.title or "")
    yield from days_outside_legislature(question)


def missing_texts(question: Question, *, debate_has_question: bool) -> Iterator[Remark]:
    """Yield a remark for the question and for each answer of which the source has no text.

    At question time, the debate has that of the question; in exports, also that of oral questions.
    """
    debates = [QuestionKind.GOVERNMENT]
    if debate_has_question and any(answer.text for answer in question.answers):
        debates.append(QuestionKind.ORAL)
    if question.text is None and question.id.kind not in debates:
        yield Remark("question", "the text of the question", "nothing", finding=Finding.TEXT_MISSING)
    for answer in question.answers:
        if answer.text is None:
            yield Remark("answer", "the text of the answer", "nothing", finding=Finding.TEXT_MISSING)


def _missing_pages(question: Question) -> Iterator[Remark]:
    """Yield a remark for each publication without its page; the exports add the pages of debates later."""
    answers = (("answer", answer.published) for answer in question.answers)
    for place, publication in (("publication", question.published), *answers):
        if publication.page is None and publication.journal is not Journal.DEBATES:
            expected = "a page of the Journal officiel"
            yield Remark(place, expected, "nothing", finding=Finding.PAGE_MISSING)
