"""A question as nested in the official exports: the same keys in JSON as in XML."""

import re
from collections.abc import Iterator
from datetime import date

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
from lod.source import french
from lod.source.diagnostics import Remark, doubtful_characters, invisible_characters
from lod.source.exports.flat_fields import FlatFields
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

_JOURNAL_CODES = {
    "JO_QUESTION": Journal.QUESTIONS,
    "JO_DEBAT": Journal.DEBATES,
    "JO_LOI_DECRET": Journal.LAWS,
}
_YEAR_AND_NUMBER = re.compile(r"([0-9]{4})((?!0000)[0-9]{4})", re.ASCII)
_ENDING_CODES = {"FM": Ending.LAPSED, "DE": Ending.CLOSED, "AU": Ending.CLOSED, "ID": Ending.CLOSED}
ANSWERED_CODE = "REP_PUB"
"""The closure code of a question that is answered."""
_TEXT_PATH = "textesQuestion.texteQuestion"
_CLOSURE_PATHS = ("cloture.codeCloture", "cloture.libelleCloture", "cloture.dateCloture")
_NO_HEAD = "aucune tête d'analyse"
"""What the exports of the 14th legislature write for a question without a head of analysis."""
TITLES_SINCE = 15
"""The first legislature in which the one analysis is the title; before, analyses are keywords."""


def read(fields: FlatFields, source: Source) -> Iterator[Question | Remark]:
    """Read a question; raise BadValue if its identity or publication is invalid.

    Every other value that is missing or has no place in a question yields a remark with its path.
    """
    identity = _read_identity(fields)
    is_debate = identity.kind is not QuestionKind.WRITTEN
    texts = fields.subtrees("textesReponse.texteReponse")
    answers = tuple(_read_answer(text, debate=is_debate) for text in texts)
    attributions = _read_attributions(fields)
    published, text = _read_publication(fields, identity, answers, attributions)
    answers = tuple(_with_page(answer, published) for answer in answers)
    ministry = _read_asked(fields)
    closure, remarks = read_closure(fields, _CLOSURE_PATHS, answers)
    _check_closure(fields, identity, closure, answers)
    title, keywords = _read_subject(fields, identity)
    question = Question(
        id=identity,
        title=title,
        keywords=keywords,
        author=_read_author(fields),
        rubric=fields.take_optional("indexationAN.rubrique", french.squeeze),
        ministry_asked=ministry,
        attributions=attributions,
        published=published,
        text=text,
        answers=answers,
        renewals=_read_renewals(fields),
        flaggings=tuple(
            filter(None, [fields.take_optional("signalement.dateDepotSignal", french.parse_day)])
        ),
        closure=closure,
        errata=tuple(erratum for text in fields.subtrees(_TEXT_PATH) for erratum in _read_errata(text)),
        recalls=french.recalled_questions(text.plain if text else None, identity),
        sources=(replace(source, export=True),),
    )
    yield question
    yield from remarks
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
        return fields.take_optional(words_at, french.squeeze), ()
    return read_title_and_keywords(fields, "indexationAN.teteAnalyse", words_at)


def read_title_and_keywords(
    fields: FlatFields, head_at: str, words_at: str
) -> tuple[str | None, tuple[str, ...]]:
    """Read the head of analysis, which serves as title, and the keywords, of which it is the first."""
    printed = fields.take_optional(head_at, french.squeeze)
    head = None if printed == _NO_HEAD else printed
    return head, tuple(filter(None, (head, *fields.take_all(words_at))))


def _read_author(fields: FlatFields) -> Author:
    group = fields.take_optional("auteur.groupe.developpe", french.squeeze)
    abbreviation = fields.take_optional("auteur.groupe.abrege", french.squeeze)
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


def _read_attributions(fields: FlatFields) -> tuple[Attribution, ...]:
    """Read the ministries in charge; a bad entry costs only itself, and none at all is reported."""
    attributions = list[Attribution]()
    entries = fields.subtrees("minAttribs.minAttrib")
    for entry in entries:
        try:
            attributions.append(_read_attribution(entry))
        except BadValue as bad:
            fields.report_bad(bad)
    if not entries:
        fields.report("minAttribs", "a ministry in charge", "nothing", Finding.MINISTRY_MISSING)
    return tuple(attributions)


def _read_ministry(fields: FlatFields, path: str) -> Ministry:
    full = fields.take_optional(f"{path}developpe", french.squeeze)
    return Ministry(
        label=fields.take_optional(f"{path}abrege", french.squeeze)
        or full
        or fields.take(f"{path}abrege", str),
        official_id=fields.take_optional(f"{path}organeRef", french.parse_official_id),
        full_name=full,
    )


def _read_attribution(fields: FlatFields) -> Attribution:
    published = _read_journal_page(fields)
    return Attribution(
        ministry=_read_ministry(fields, "denomination."),
        on=published.on,
        journal=published.journal,
        number=published.number,
    )


def _read_journal_page(fields: FlatFields) -> JournalPage:
    on = fields.take("infoJO.dateJO", french.parse_day)
    return JournalPage(
        on=on,
        page=fields.take_if_valid("infoJO.pageJO", french.parse_page),
        journal=fields.take("infoJO.typeJO", parse_journal_code),
        number=fields.take_if_valid("infoJO.numJO", lambda value: parse_issue_number(value, on.year)),
    )


def parse_issue_number(value: str, year: int) -> str:
    """Parse « 20250012 », the year and the number in it of an issue of the Journal officiel."""
    stated = _YEAR_AND_NUMBER.fullmatch(value)
    if not stated or int(stated[1]) != year:
        raise BadValue(f"the year and the number of an issue, such as « {year}0012 »", quote(value))
    return str(int(stated[2]))


def _read_renewals(fields: FlatFields) -> tuple[date, ...]:
    """Read the days of the renewals, under the keys that flaggings have: none has been seen yet."""
    days = set[date]()
    for entry in fields.subtrees("renouvellements.renouvellement"):
        made = entry.take_if_valid("dateRenouvellement", french.parse_day)
        published = entry.take_if_valid("infoJO.dateJO", french.parse_day)
        days.update(filter(None, [made or published]))
    return tuple(sorted(days))


def parse_journal_code(code: str) -> Journal:
    """Parse the code of a series of the Journal officiel."""
    try:
        return _JOURNAL_CODES[code]
    except KeyError:
        raise BadValue(f"one of {', '.join(_JOURNAL_CODES)}", quote(code)) from None


def _read_answer(fields: FlatFields, *, debate: bool) -> Answer:
    return Answer(
        published=_read_journal_page(fields),
        text=fields.take_optional_html("texte", debate=debate),
        errata=_read_errata(fields),
    )


def _read_errata(fields: FlatFields) -> tuple[Erratum, ...]:
    """Read the erratum of a text: the exports give its text alone."""
    text = fields.take_optional_html("erratum")
    return (Erratum(published=None, text=text),) if text else ()


def _read_publication(
    fields: FlatFields,
    identity: QuestionId,
    answers: tuple[Answer, ...],
    attributions: tuple[Attribution, ...],
) -> tuple[JournalPage, Text | None]:
    """Read where the question was published: with its text, or, at question time, with the answer.

    Without its text, a written question was published when the first ministry was put in charge there.
    """
    texts = fields.subtrees(_TEXT_PATH)
    if len(texts) > 1:
        raise BadValue("one text of the question", f"{len(texts)}", "textesQuestion")
    if texts:
        return _read_journal_page(texts[0]), texts[0].take_optional_html("texte")
    first = attributions[0] if attributions else None
    if identity.kind is QuestionKind.WRITTEN and first and first.on and first.journal is Journal.QUESTIONS:
        return JournalPage(on=first.on, page=None, journal=first.journal, number=first.number), None
    if identity.kind is QuestionKind.WRITTEN or not answers:
        raise BadValue("the text of the question", "nothing", "textesQuestion")
    page = answers[0].published.page or fields.take_if_valid("cloture.infoJO.pageJO", french.parse_page)
    return JournalPage(on=answers[0].published.on, page=page, journal=answers[0].published.journal), None


def _with_page(answer: Answer, published: JournalPage) -> Answer:
    """Return an answer of the same sitting with the page of the question, if it has none of its own."""
    same = (answer.published.on, answer.published.journal) == (published.on, published.journal)
    return replace(answer, published=published) if same and not answer.published.page else answer


def answering_journal(kind: QuestionKind) -> Journal:
    """Return the series in which questions of a kind are answered."""
    return Journal.QUESTIONS if kind is QuestionKind.WRITTEN else Journal.DEBATES


def read_closure(
    fields: FlatFields, paths: tuple[str, str, str], answers: tuple[Answer, ...]
) -> tuple[Closure | None, list[Remark]]:
    """Read how the question ended, from code, label and day.

    For an unknown code, or for that of an answer that is missing, no closure is published and a remark is
    made. A day that differs from the answer's is reported.
    """
    code_at, label_at, day_at = paths
    code, on = fields.take_optional(code_at, str), fields.take_optional(day_at, french.parse_day)
    if code is None and on is None:
        return None, []
    if code == ANSWERED_CODE:
        fields.report_if_different(
            day_at, on if answers else None, [answer.published.on for answer in answers]
        )
        return None, [] if answers else [_end_unknown(code_at, "an answer", "none")]
    ending, label = _ENDING_CODES.get(code or ""), fields.take_optional(label_at, french.squeeze)
    if ending is None or on is None:
        return None, [_end_unknown(code_at, "a known code and a day", quote(f"{code} {on}"), Cause.UNKNOWN)]
    return Closure(ending=ending, on=on, label=label or f"{code}"), []


def _end_unknown(place: str, expected: str, found: str, cause: Cause = Cause.FIELD) -> Remark:
    return Remark(place, expected, found, cause, Finding.END_UNKNOWN)


def _check_closure(
    fields: FlatFields, identity: QuestionId, closure: Closure | None, answers: tuple[Answer, ...]
) -> None:
    """Report what the closure states of the Journal officiel if it differs from what is published."""
    publications = [answer.published for answer in answers]
    if days := [closure.on] if closure else [published.on for published in publications]:
        fields.check_repeated("cloture.infoJO.dateJO", french.parse_day, days)
    if publications and not closure:
        fields.check_repeated(
            "cloture.infoJO.typeJO", parse_journal_code, [published.journal for published in publications]
        )
    if publications and not closure and any(published.number for published in publications):
        fields.check_repeated(
            "cloture.infoJO.numJO",
            lambda value: parse_issue_number(value, publications[-1].on.year),
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
    yield from missing_texts(question, debate_has_question=True)
    for path, value in fields.unused(left_out):
        yield Remark(path, "a known key", quote(value), Cause.UNKNOWN)
    for text in (question.text, *(answer.text for answer in question.answers)):
        yield from invisible_characters(text.plain if text else "")
    yield from doubtful_characters(question.title or "", "title")
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
