"""The view of a question's page as XML, served for the 14th legislature."""

from collections.abc import Callable, Iterator
from datetime import date

from msgspec.structs import replace

from lod.errors import BadValue
from lod.finding import Finding
from lod.model import (
    Answer,
    Attribution,
    Author,
    Erratum,
    Journal,
    JournalPage,
    Ministry,
    Question,
    QuestionId,
    QuestionKind,
    Seat,
    Source,
)
from lod.source import french
from lod.source.diagnostics import Remark
from lod.source.exports import question as official
from lod.source.exports.flat_fields import FlatFields
from lod.source.exports.journal import (
    answering_journal,
    asking_journal,
    parse_journal_code,
    publication_of_attribution,
)

IGNORED_FIELDS = {
    "CODE_REGION": "the region of the day of export, not of the question",
    "REGION": "the region of the day of export, not of the question",
    "GROUPE.@SIGLE": "the group of the day of export, not of the question",
    "GROUPE.LIBELLE": "the group of the day of export, not of the question",
    "GROUPE.ID_GROUPE": "the group of the day of export, not of the question",
    "SIGNALEMENT.DATE_JO": "the flagging is published by the day it was made",
    "SIGNALEMENT.TYPE_JO": "the flagging is published by the day it was made",
    "SIGNALEMENT.NUMERO_JO": "the flagging is published by the day it was made",
    "RENOUVELLEMENT.ORDRE.NUMERO_JO": "a renewal is published by its day",
    "CLOTURE.NUMERO_JO": "a closure is published by its day; with an answer, it is the answer's",
    "CLOTURE.PAGE_JO": "a closure is published by its day; with an answer, it must be the answer's",
    "CLOTURE.TYPE_JO": "a closure is published by its day; with an answer, it is the answer's",
    "CLOTURE.LIBELLE": "published with the closure; an answer needs none",
}
"""Fields that are deliberately not published, each with the reason."""

_CLOSURE_PATHS = ("CLOTURE.ABREGE", "CLOTURE.LIBELLE", "CLOTURE.DATE_JO")


def read(fields: FlatFields, source: Source) -> Iterator[Question | Remark]:
    """Read a question; raise BadValue if its identity, author or day of publication is not stated.

    Every other value that is bad, missing or without a place in a question yields a remark with its path.
    """
    deposits = fields.subtrees("DEPOT")
    if not 1 <= len(deposits) <= 2:
        raise BadValue(
            "the number of the question, then its text, each in a DEPOT", f"{len(deposits)}", "DEPOT"
        )
    deposit, text = deposits[0], deposits[-1]
    identity = QuestionId(
        legislature=fields.take("LEGISLATURE", french.parse_number),
        kind=fields.take("@TYPE", official.parse_kind_code),
        number=deposit.take("@NUMERO", french.parse_number),
    )
    try:
        yield from _read_identified(fields, (deposit, text), identity, source)
    except BadValue as bad:
        raise bad.about(identity.uid) from None


def _read_identified(
    fields: FlatFields, deposits: tuple[FlatFields, FlatFields], identity: QuestionId, source: Source
) -> Iterator[Question | Remark]:
    deposit, text = deposits
    title, keywords = official.read_title_and_keywords(
        fields, "INDEXATION_AN.TETE_ANALYSE", "INDEXATION_AN.ANALYSE.ANA"
    )
    question_text = text.take_html("TEXTE_DEPOT")
    end = official.read_end(fields, _CLOSURE_PATHS)
    attributions = official.in_order_of_days(fields, "MINA.ORDRE", _read_attributions(fields))
    answers = _read_answers(fields, identity.kind, end)
    question = Question(
        id=identity,
        title=title,
        author=_read_author(fields),
        rubric=fields.take_if_valid("INDEXATION_AN.@RUBRIQUE", french.squeeze),
        keywords=keywords,
        ministry_asked=_read_ministry(fields, "MINI.", "ID_MINI"),
        attributions=attributions,
        published=_read_publication(deposit, identity, attributions),
        text=question_text,
        answers=answers,
        renewals=_read_renewals(fields),
        flaggings=official.read_days(fields, "SIGNALEMENT", "DATE_DEPOT_SIGNAL"),
        closure=None if answers and end.is_answered else end.reading.closure,
        errata=_read_errata(fields, "ERRATUM_QUESTION."),
        recalls=french.recalled_questions(question_text.plain if question_text else None, identity),
        sources=(source,),
    )
    yield question
    yield from end.reading.remarks if question.closure else ()
    yield from official.collect_remarks(fields, question, IGNORED_FIELDS)


def _read_author(fields: FlatFields) -> Author:
    """Read the author, with one name as on pages; separate first and last names are the register's."""
    first, last = fields.take("AUTEUR.PRENOM", str), fields.take("AUTEUR.NOM", str)
    printed = fields.take_optional("AUTEUR.CIVILITE", str) or ""
    civility, name = french.parse_civility_and_name(f"{printed} {first} {last}")
    departement = fields.take_stated("CIRCONSCRIPTION.CODE_DEPARTEMENT", french.parse_departement_code)
    fields.check_repeated("CIRCONSCRIPTION.DEPARTEMENT", french.parse_departement, [departement])
    number = fields.take_stated("CIRCONSCRIPTION.@NUMERO_CIRCONSCRIPTION", french.parse_number)
    return Author(
        name=name,
        civility=civility,
        official_id=fields.take_if_valid("AUTEUR.ID_ACTEUR", _official_id_parser("PA")),
        mandate_id=fields.take_if_valid("AUTEUR.@ID_MANDAT", _official_id_parser("PM")),
        seat=Seat(departement=departement, number=number) if departement and number else None,
        departement=departement if number is None else None,
        group=None,
    )


def _read_ministry(fields: FlatFields, path: str, key: str) -> Ministry | None:
    full = fields.take_if_valid(f"{path}DEVELOPPE", french.squeeze)
    label = fields.take_if_valid(f"{path}ABREGE", french.squeeze) or full
    organ = fields.take_if_valid(f"{path}{key}", _official_id_parser("PO"))
    if label is None:
        fields.report(f"{path}ABREGE", "the name of a ministry", "nothing", Finding.MINISTRY_MISSING)
        return None
    return Ministry(label=label, full_name=full, official_id=organ)


def _in_stated_order(fields: FlatFields, path: str) -> list[FlatFields]:
    """Return the entries in their order, which must be that of the ranks they state."""
    entries = fields.subtrees(path)
    for rank, entry in enumerate(entries, 1):
        entry.check_repeated("@NUMERO", french.parse_number, [rank])
    return entries


def _read_renewals(fields: FlatFields) -> tuple[date, ...]:
    """Read the days of the renewals, which are known to be published in the series of questions."""
    days = []
    for entry in _in_stated_order(fields, "RENOUVELLEMENT.ORDRE"):
        entry.check_repeated("TYPE_JO", parse_journal_code, [Journal.QUESTIONS])
        days.append(entry.take_stated("DATE_RENOUVELLEMENT", french.parse_day, Finding.DAY_MISSING))
    return tuple(sorted({day for day in days if day}))


def _read_attributions(fields: FlatFields) -> Iterator[Attribution]:
    """Yield the attributions in the order of the source; one without the name of a ministry is reported."""
    entries = _in_stated_order(fields, "MINA.ORDRE")
    if not entries:
        fields.report("MINA", "a ministry in charge", "nothing", Finding.MINISTRY_MISSING)
    for entry in entries:
        on = entry.take_stated("DATE_JO", french.parse_day, Finding.DAY_MISSING)
        journal = entry.take_stated("TYPE_JO", parse_journal_code, Finding.SERIES_UNKNOWN)
        number = entry.take_if_valid("NUMERO_JO", _parse_issue_number)
        if ministry := _read_ministry(entry, "", "ID_MINA"):
            yield Attribution(ministry=ministry, on=on, journal=journal, number=number)


def _read_publication(
    deposit: FlatFields, identity: QuestionId, attributions: tuple[Attribution, ...]
) -> JournalPage:
    """Read where the question was published; without its own day, that of the first attribution counts."""
    published = _read_journal_page(deposit, "")
    if published is None:
        return publication_of_attribution(deposit, "DATE_JO", identity, attributions)
    if published.journal is None:
        return replace(published, journal=asking_journal(identity, published.on))
    return published


def _read_journal_page(fields: FlatFields, path: str) -> JournalPage | None:
    """Read a publication; without its day, which is reported, there is none."""
    on = fields.take_stated(f"{path}DATE_JO", french.parse_day, Finding.DAY_MISSING)
    page = fields.take_if_valid(f"{path}PAGE_JO", french.parse_page)
    journal = fields.take_stated(f"{path}TYPE_JO", parse_journal_code, Finding.SERIES_UNKNOWN)
    number = fields.take_if_valid(f"{path}NUMERO_JO", _parse_issue_number)
    return JournalPage(on=on, page=page, journal=journal, number=number) if on else None


def _parse_issue_number(value: str) -> str:
    return str(french.parse_number(value))


def _read_errata(fields: FlatFields, path: str) -> tuple[Erratum, ...]:
    """Read where an erratum was published: this form does not give its text."""
    if not fields.has(path[:-1]):
        return ()
    return (Erratum(published=_read_journal_page(fields, path), text=None),)


def _read_answers(fields: FlatFields, kind: QuestionKind, end: official.End) -> tuple[Answer, ...]:
    """Read the answer; its series is stated by the closure, or else follows from the kind of question.

    A closure that says « answered » states the day of an answer that does not.
    """
    if not fields.has("REPONSE") and not end.is_answered:
        return ()
    text = fields.take_html("REPONSE.TEXTE_REPONSE", debate=kind is not QuestionKind.WRITTEN)
    on = fields.take_if_valid("REPONSE.DATE_JO_REPONSE", french.parse_day) or end.on
    page = fields.take_if_valid("REPONSE.PAGE_JO_REPONSE", french.parse_page)
    journal = fields.take_if_valid("CLOTURE.TYPE_JO", parse_journal_code)
    fields.check_repeated("CLOTURE.PAGE_JO", french.parse_page, [page])
    number = fields.take_if_valid("CLOTURE.NUMERO_JO", _parse_issue_number)
    if on is None:
        fields.report("REPONSE.DATE_JO_REPONSE", "the day of the answer", "nothing", Finding.DAY_MISSING)
        return ()
    if end.is_answered:
        fields.report_if_different("CLOTURE.DATE_JO", end.on, [on])
    journal = journal or answering_journal(kind)
    published = JournalPage(on=on, page=page, journal=journal, number=number)
    return (Answer(published=published, text=text, errata=_read_errata(fields, "ERRATUM_REPONSE.")),)


def _official_id_parser(prefix: str) -> Callable[[str], str]:
    """Return a parser of ids, which this form writes without their prefix."""
    return lambda value: french.parse_official_id(value if value.startswith("P") else f"{prefix}{value}")
