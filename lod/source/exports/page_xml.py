"""The third XML form of a question: the view of its page as XML, served for the 14th legislature."""

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
from lod.source.exports import texts
from lod.source.exports.flat_fields import FlatFields
from lod.source.recall import recalled

LEFT_OUT = {
    "CODE_REGION": "the region of the day of export, not of the question",
    "REGION": "the region of the day of export, not of the question",
    "GROUPE.@SIGLE": "the group of the day of export, not of the question",
    "GROUPE.LIBELLE": "the group of the day of export, not of the question",
    "GROUPE.ID_GROUPE": "the group of the day of export, not of the question",
    "NUMERO_JO": "an issue is named by its day",
    "CLOTURE.PAGE_JO": "a closure is published by its day; with an answer, it must be the answer's",
    "CLOTURE.TYPE_JO": "a closure is published by its day; with an answer, it is the answer's",
    "CLOTURE.LIBELLE": "published with the closure; an answer needs none",
}
"""What is read and deliberately not published, with the reason."""

_CLOSURE = ("CLOTURE.ABREGE", "CLOTURE.LIBELLE", "CLOTURE.DATE_JO")


def read(tree: FlatFields, source: Source) -> Iterator[Question | Remark]:
    """Read a question; whatever has no place in it is remarked upon, with its path and value."""
    deposits = tree.each("DEPOT")
    if len(deposits) != 2:
        raise BadValue(
            "the number of the question, then its text, each in a DEPOT", f"{len(deposits)}", "DEPOT"
        )
    deposit, text = deposits
    identity = QuestionId(
        legislature=tree.need("LEGISLATURE", french.number),
        kind=tree.need("@TYPE", official.kind),
        number=deposit.need("@NUMERO", french.number),
    )
    title, keywords = official.indexed(tree, "INDEXATION_AN.TETE_ANALYSE", "INDEXATION_AN.ANALYSE.ANA")
    asked = texts.need(text, "TEXTE_DEPOT")
    answers = _answers(tree, identity.kind)
    closure, remarks = official.closure(tree, _CLOSURE, answers)
    question = Question(
        id=identity,
        title=title,
        author=_author(tree),
        rubric=tree.take("INDEXATION_AN.@RUBRIQUE", french.squeeze),
        keywords=keywords,
        asked=_ministry(tree, "MINI.", "ID_MINI"),
        attributions=tuple(_attribution(given) for given in _ranked(tree, "MINA.ORDRE")),
        published=_journal_page(deposit, ""),
        text=asked,
        answers=answers,
        renewals=tuple(_renewal(given) for given in _ranked(tree, "RENOUVELLEMENT.ORDRE")),
        flaggings=tuple(filter(None, [tree.take("SIGNALEMENT.DATE_DEPOT_SIGNAL", french.day)])),
        closure=closure,
        errata=_errata(tree, "ERRATUM_QUESTION."),
        recalls=recalled(asked, identity),
        sources=(source,),
    )
    yield question
    yield from remarks
    yield from official.told(tree, question, LEFT_OUT)


def _author(tree: FlatFields) -> Author:
    """Read who asks. Given and family name are one name as on pages; each by itself is the register's."""
    given, family = tree.need("AUTEUR.PRENOM", str), tree.need("AUTEUR.NOM", str)
    civility = tree.take("AUTEUR.CIVILITE", str) or ""
    stated, name = french.civility_and_name(f"{civility} {given} {family}")
    departement = tree.need("CIRCONSCRIPTION.CODE_DEPARTEMENT", french.departement_code)
    tree.agree("CIRCONSCRIPTION.DEPARTEMENT", french.departement, [departement])
    return Author(
        name=name,
        civility=stated,
        official_id=tree.take("AUTEUR.ID_ACTEUR", _numbered("PA")),
        mandate_id=tree.take("AUTEUR.@ID_MANDAT", _numbered("PM")),
        seat=Seat(
            departement=departement,
            number=tree.need("CIRCONSCRIPTION.@NUMERO_CIRCONSCRIPTION", french.number),
        ),
        group=None,
    )


def _ministry(tree: FlatFields, path: str, key: str) -> Ministry:
    return Ministry(
        label=tree.need(f"{path}ABREGE", french.squeeze),
        full_name=tree.take(f"{path}DEVELOPPE", french.squeeze),
        official_id=tree.take(f"{path}{key}", _numbered("PO")),
    )


def _ranked(tree: FlatFields, path: str) -> list[FlatFields]:
    """Give entries in their order, which must be that of the ranks they state."""
    entries = tree.each(path)
    for rank, entry in enumerate(entries, 1):
        entry.agree("@NUMERO", french.number, [rank])
    return entries


def _renewal(tree: FlatFields) -> date:
    """Read the day of a renewal, of which it is known that the weekly questions publish it."""
    tree.agree("TYPE_JO", official.journal, [Journal.QUESTIONS])
    return tree.need("DATE_RENOUVELLEMENT", french.day)


def _attribution(tree: FlatFields) -> Attribution:
    return Attribution(
        ministry=_ministry(tree, "", "ID_MINA"),
        on=tree.need("DATE_JO", french.day),
        journal=tree.need("TYPE_JO", official.journal),
    )


def _journal_page(tree: FlatFields, path: str) -> JournalPage:
    return JournalPage(
        on=tree.need(f"{path}DATE_JO", french.day),
        page=tree.attempt(f"{path}PAGE_JO", french.page),
        journal=tree.need(f"{path}TYPE_JO", official.journal),
    )


def _errata(tree: FlatFields, path: str) -> tuple[Erratum, ...]:
    """Read where an erratum was published: this form does not give its words."""
    return (Erratum(published=_journal_page(tree, path), text=None),) if tree.has(path[:-1]) else ()


def _answers(tree: FlatFields, kind: QuestionKind) -> tuple[Answer, ...]:
    """Read the answer: in which series it was published, the closure says, or else the kind of question."""
    text = texts.take(tree, "REPONSE.TEXTE_REPONSE")
    if text is None:
        return ()
    on = tree.need("REPONSE.DATE_JO_REPONSE", french.day)
    page = tree.attempt("REPONSE.PAGE_JO_REPONSE", french.page)
    journal = tree.attempt("CLOTURE.TYPE_JO", official.journal) or official.answered_in(kind)
    tree.agree("CLOTURE.PAGE_JO", french.page, [page])
    published = JournalPage(on=on, page=page, journal=journal)
    return (Answer(published=published, text=text, errata=_errata(tree, "ERRATUM_REPONSE.")),)


def _numbered(prefix: str) -> Callable[[str], str]:
    """Give a reader of ids that this form writes without their prefix."""
    return lambda value: french.official_id(value if value.startswith("P") else f"{prefix}{value}")
