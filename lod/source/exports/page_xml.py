"""The view of a question's page as XML, served for the 14th legislature."""

from collections.abc import Callable, Iterator
from datetime import date

from lod.errors import BadValue
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
    """Read a question; each value without a place in it yields a remark with its path."""
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
    title, keywords = official.read_title_and_keywords(
        fields, "INDEXATION_AN.TETE_ANALYSE", "INDEXATION_AN.ANALYSE.ANA"
    )
    question_text = text.take_optional_html("TEXTE_DEPOT")
    answers = _read_answers(fields, identity.kind)
    closure, remarks = official.read_closure(fields, _CLOSURE_PATHS, answers)
    question = Question(
        id=identity,
        title=title,
        author=_read_author(fields),
        rubric=fields.take_optional("INDEXATION_AN.@RUBRIQUE", french.squeeze),
        keywords=keywords,
        ministry_asked=_read_ministry(fields, "MINI.", "ID_MINI"),
        attributions=tuple(_read_attribution(entry) for entry in _in_stated_order(fields, "MINA.ORDRE")),
        published=_read_journal_page(deposit, ""),
        text=question_text,
        answers=answers,
        renewals=tuple(_read_renewal(entry) for entry in _in_stated_order(fields, "RENOUVELLEMENT.ORDRE")),
        flaggings=tuple(
            filter(None, [fields.take_optional("SIGNALEMENT.DATE_DEPOT_SIGNAL", french.parse_day)])
        ),
        closure=closure,
        errata=_read_errata(fields, "ERRATUM_QUESTION."),
        recalls=french.recalled_questions(question_text.plain if question_text else None, identity),
        sources=(source,),
    )
    yield question
    yield from remarks
    yield from official.collect_remarks(fields, question, IGNORED_FIELDS)


def _read_author(fields: FlatFields) -> Author:
    """Read the author, with one name as on pages; separate first and last names are the register's."""
    first, last = fields.take("AUTEUR.PRENOM", str), fields.take("AUTEUR.NOM", str)
    printed = fields.take_optional("AUTEUR.CIVILITE", str) or ""
    civility, name = french.parse_civility_and_name(f"{printed} {first} {last}")
    departement = fields.take("CIRCONSCRIPTION.CODE_DEPARTEMENT", french.parse_departement_code)
    fields.check_repeated("CIRCONSCRIPTION.DEPARTEMENT", french.parse_departement, [departement])
    return Author(
        name=name,
        civility=civility,
        official_id=fields.take_optional("AUTEUR.ID_ACTEUR", _official_id_parser("PA")),
        mandate_id=fields.take_optional("AUTEUR.@ID_MANDAT", _official_id_parser("PM")),
        seat=Seat(
            departement=departement,
            number=fields.take("CIRCONSCRIPTION.@NUMERO_CIRCONSCRIPTION", french.parse_number),
        ),
        group=None,
    )


def _read_ministry(fields: FlatFields, path: str, key: str) -> Ministry:
    return Ministry(
        label=fields.take(f"{path}ABREGE", french.squeeze),
        full_name=fields.take_optional(f"{path}DEVELOPPE", french.squeeze),
        official_id=fields.take_optional(f"{path}{key}", _official_id_parser("PO")),
    )


def _in_stated_order(fields: FlatFields, path: str) -> list[FlatFields]:
    """Return the entries in their order, which must be that of the ranks they state."""
    entries = fields.subtrees(path)
    for rank, entry in enumerate(entries, 1):
        entry.check_repeated("@NUMERO", french.parse_number, [rank])
    return entries


def _read_renewal(fields: FlatFields) -> date:
    """Read the day of a renewal, which is known to be published in the series of questions."""
    fields.check_repeated("TYPE_JO", official.parse_journal_code, [Journal.QUESTIONS])
    return fields.take("DATE_RENOUVELLEMENT", french.parse_day)


def _read_attribution(fields: FlatFields) -> Attribution:
    return Attribution(
        ministry=_read_ministry(fields, "", "ID_MINA"),
        on=fields.take("DATE_JO", french.parse_day),
        journal=fields.take("TYPE_JO", official.parse_journal_code),
        number=fields.take_if_valid("NUMERO_JO", _parse_issue_number),
    )


def _parse_issue_number(value: str) -> str:
    return str(french.parse_number(value))


def _read_journal_page(fields: FlatFields, path: str) -> JournalPage:
    return JournalPage(
        on=fields.take(f"{path}DATE_JO", french.parse_day),
        page=fields.take_if_valid(f"{path}PAGE_JO", french.parse_page),
        journal=fields.take(f"{path}TYPE_JO", official.parse_journal_code),
        number=fields.take_if_valid(f"{path}NUMERO_JO", _parse_issue_number),
    )


def _read_errata(fields: FlatFields, path: str) -> tuple[Erratum, ...]:
    """Read where an erratum was published: this form does not give its text."""
    return (Erratum(published=_read_journal_page(fields, path), text=None),) if fields.has(path[:-1]) else ()


def _read_answers(fields: FlatFields, kind: QuestionKind) -> tuple[Answer, ...]:
    """Read the answer; its series is stated by the closure, or else follows from the kind of question."""
    text = fields.take_optional_html("REPONSE.TEXTE_REPONSE", debate=kind is not QuestionKind.WRITTEN)
    if text is None and not fields.has("REPONSE.DATE_JO_REPONSE"):
        return ()
    on = fields.take("REPONSE.DATE_JO_REPONSE", french.parse_day)
    page = fields.take_if_valid("REPONSE.PAGE_JO_REPONSE", french.parse_page)
    journal = fields.take_if_valid(
        "CLOTURE.TYPE_JO", official.parse_journal_code
    ) or official.answering_journal(kind)
    fields.check_repeated("CLOTURE.PAGE_JO", french.parse_page, [page])
    number = fields.take_if_valid("CLOTURE.NUMERO_JO", _parse_issue_number)
    published = JournalPage(on=on, page=page, journal=journal, number=number)
    return (Answer(published=published, text=text, errata=_read_errata(fields, "ERRATUM_REPONSE.")),)


def _official_id_parser(prefix: str) -> Callable[[str], str]:
    """Return a parser of ids, which this form writes without their prefix."""
    return lambda value: french.parse_official_id(value if value.startswith("P") else f"{prefix}{value}")
