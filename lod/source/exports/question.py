"""A question as the official exports of the Assemblée nest it: the same keys in JSON as in XML."""

from collections.abc import Iterator

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
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
from lod.source import french
from lod.source.diagnostics import Remark, hidden
from lod.source.exports import texts as prose
from lod.source.exports.flat_fields import FlatFields
from lod.source.legislatures import outside
from lod.source.recall import recalled

LEFT_OUT = {
    "@xmlns": "apparatus of XML",
    "@xmlns:xsi": "apparatus of XML",
    "@xsi:type": "apparatus of XML: the type is in `type`",
    "identifiant.regime": "all questions are of the Fifth Republic",
    "cloture.infoJO.typeJO": "a closure is published by its day; with an answer, it must be the answer's",
    "cloture.infoJO.pageJO": "the page of a whole section for written questions; at question time it is read",
    "signalement.infoJO.typeJO": "the flagging is published by its day",
    "signalement.infoJO.dateJO": "the flagging is published by the day it was made",
    "cloture.libelleCloture": "published with the closure; an answer needs none",
}
"""What is read and deliberately not published, with the reason."""

_JOURNALS = {"JO_QUESTION": Journal.QUESTIONS, "JO_DEBAT": Journal.DEBATES, "JO_LOI_DECRET": Journal.LAWS}
_ENDINGS = {"FM": Ending.LAPSED, "DE": Ending.CLOSED, "AU": Ending.CLOSED, "ID": Ending.CLOSED}
ANSWERED = "REP_PUB"
"""The code of closure of a question that is answered."""
_TEXT = "textesQuestion.texteQuestion"
_CLOSURE = ("cloture.codeCloture", "cloture.libelleCloture", "cloture.dateCloture")
_NO_HEAD = "aucune tête d'analyse"
"""What the exports of the 14th legislature write for a question without a head of analysis."""
TITLES_SINCE = 15
"""The legislature since which the one analysis is the title; before, analyses are keywords."""


def read(tree: FlatFields, source: Source) -> Iterator[Question | Remark]:
    """Read a question; raise BadValue if its identity, author, ministry or publication is not as it must be.

    Whatever else is in the tree and has no place in a question is remarked upon, with its path and value.
    """
    identity = _identity(tree)
    answers = tuple(_answer(text) for text in tree.each("textesReponse.texteReponse"))
    published, text = _published(tree, identity, answers)
    answers = tuple(_paged(answer, published) for answer in answers)
    asked = _ministry(tree, "minInt.")
    ended, remarks = closure(tree, _CLOSURE, answers)
    _agreed(tree, identity, ended, answers)
    title, keywords = _subject(tree, identity)
    question = Question(
        id=identity,
        title=title,
        keywords=keywords,
        author=_author(tree),
        rubric=tree.take("indexationAN.rubrique", french.squeeze),
        asked=asked,
        attributions=tuple(_attribution(given) for given in tree.each("minAttribs.minAttrib")),
        published=published,
        text=text,
        answers=answers,
        flaggings=tuple(filter(None, [tree.take("signalement.dateDepotSignal", french.day)])),
        closure=ended,
        errata=tuple(erratum for text in tree.each(_TEXT) for erratum in _errata(text)),
        recalls=recalled(text, identity),
        sources=(source,),
    )
    if not question.attributions:
        raise BadValue("a ministry in charge", "none", "minAttribs")
    yield question
    yield from remarks
    yield from told(tree, question, LEFT_OUT)


def _identity(tree: FlatFields) -> QuestionId:
    """Read the official number; the identifier, which must not be parsed, must say the same."""
    coded, uid = tree.need("type", kind), tree.need("uid", str)
    number = tree.need("identifiant.numero", french.number)
    identity = QuestionId(
        legislature=tree.need("identifiant.legislature", french.number), kind=coded, number=number
    )
    if identity.uid != uid:
        raise BadValue(f"« {identity.uid} » as from number, type and legislature", quote(uid), "uid")
    return identity


def kind(code: str) -> QuestionKind:
    """Read the code of a kind of questions."""
    try:
        return QuestionKind(code)
    except ValueError:
        raise BadValue(f"one of {', '.join(QuestionKind)}", quote(code)) from None


def _subject(tree: FlatFields, identity: QuestionId) -> tuple[str | None, tuple[str, ...]]:
    """Read title and keywords: the analysis of later legislatures is a title, earlier ones have keywords."""
    words_at = (
        "indexationAN.ANALYSE.ANA" if tree.has("indexationAN.ANALYSE") else "indexationAN.analyses.analyse"
    )
    if identity.legislature >= TITLES_SINCE:
        return tree.take(words_at, french.squeeze), ()
    return indexed(tree, "indexationAN.teteAnalyse", words_at)


def indexed(tree: FlatFields, head_at: str, words_at: str) -> tuple[str | None, tuple[str, ...]]:
    """Read the head of analysis, which serves as title, and the keywords, of which it is the first."""
    stated = tree.take(head_at, french.squeeze)
    head = None if stated == _NO_HEAD else stated
    return head, tuple(filter(None, (head, *tree.texts(words_at))))


def _author(tree: FlatFields) -> Author:
    group = tree.take("auteur.groupe.developpe", french.squeeze)
    abbreviation = tree.take("auteur.groupe.abrege", french.squeeze)
    organ = tree.take("auteur.groupe.organeRef", french.official_id)
    return Author(
        name=None,
        civility=None,
        official_id=tree.need("auteur.identite.acteurRef", french.official_id),
        mandate_id=tree.take("auteur.identite.mandatRef", french.official_id),
        seat=None,
        group=french.group(group, organ, abbreviation) if group else None,
    )


def _ministry(tree: FlatFields, path: str) -> Ministry:
    full = tree.take(f"{path}developpe", french.squeeze)
    return Ministry(
        label=tree.take(f"{path}abrege", french.squeeze) or full or tree.need(f"{path}abrege", str),
        official_id=tree.take(f"{path}organeRef", french.official_id),
        full_name=full,
    )


def _attribution(tree: FlatFields) -> Attribution:
    published = _journal_page(tree)
    return Attribution(ministry=_ministry(tree, "denomination."), on=published.on, journal=published.journal)


def _journal_page(tree: FlatFields) -> JournalPage:
    return JournalPage(
        on=tree.need("infoJO.dateJO", french.day),
        page=tree.attempt("infoJO.pageJO", french.page),
        journal=tree.need("infoJO.typeJO", journal),
    )


def journal(code: str) -> Journal:
    """Read the code of a series of the Journal officiel."""
    try:
        return _JOURNALS[code]
    except KeyError:
        raise BadValue(f"one of {', '.join(_JOURNALS)}", quote(code)) from None


def _answer(tree: FlatFields) -> Answer:
    return Answer(published=_journal_page(tree), text=prose.need(tree, "texte"), errata=_errata(tree))


def _errata(tree: FlatFields) -> tuple[Erratum, ...]:
    """Read the erratum of a text: the exports give its words alone."""
    text = prose.take(tree, "erratum")
    return (Erratum(published=None, text=text),) if text else ()


def _published(
    tree: FlatFields, identity: QuestionId, answers: tuple[Answer, ...]
) -> tuple[JournalPage, str | None]:
    """Read where the question was published: with its text, or, at question time, with the answer."""
    texts = tree.each(_TEXT)
    if len(texts) > 1:
        raise BadValue("one text of the question", f"{len(texts)}", "textesQuestion")
    if texts:
        return _journal_page(texts[0]), prose.need(texts[0], "texte")
    if identity.kind is QuestionKind.WRITTEN or not answers:
        raise BadValue("the text of the question", "nothing", "textesQuestion")
    page = answers[0].published.page or tree.attempt("cloture.infoJO.pageJO", french.page)
    return JournalPage(on=answers[0].published.on, page=page, journal=answers[0].published.journal), None


def _paged(answer: Answer, published: JournalPage) -> Answer:
    """Give an answer of the same sitting the page of the question, if it has none of its own."""
    same = (answer.published.on, answer.published.journal) == (published.on, published.journal)
    return replace(answer, published=published) if same and not answer.published.page else answer


def answered_in(kind: QuestionKind) -> Journal:
    """Give the series in which questions of a kind are answered."""
    return Journal.QUESTIONS if kind is QuestionKind.WRITTEN else Journal.DEBATES


def closure(
    tree: FlatFields, paths: tuple[str, str, str], answers: tuple[Answer, ...]
) -> tuple[Closure | None, list[Remark]]:
    """Read how the question ended, from code, label and day.

    An unknown code is remarked upon, and no end is published; so is an answer that is not there.
    Another day than the answer's is told.
    """
    code_at, label_at, day_at = paths
    code, on = tree.take(code_at, str), tree.take(day_at, french.day)
    if code is None and on is None:
        return None, []
    if code == ANSWERED:
        tree.compare(day_at, on if answers else None, [answer.published.on for answer in answers])
        return None, [] if answers else [Remark(code_at, "an answer", "none")]
    ending, label = _ENDINGS.get(code or ""), tree.take(label_at, french.squeeze)
    if ending is None or on is None:
        return None, [Remark(code_at, "a known code and a day", quote(f"{code} {on}"), Cause.UNKNOWN)]
    return Closure(ending=ending, on=on, label=label or f"{code}"), []


def _agreed(
    tree: FlatFields, identity: QuestionId, ended: Closure | None, answers: tuple[Answer, ...]
) -> None:
    """Hold what the closure says of the Journal against what is published of it."""
    given = [answer.published for answer in answers]
    if days := [ended.on] if ended else [published.on for published in given]:
        tree.agree("cloture.infoJO.dateJO", french.day, days)
    if given and not ended:
        tree.agree("cloture.infoJO.typeJO", journal, [published.journal for published in given])
    if given and identity.kind is QuestionKind.GOVERNMENT:
        tree.agree("cloture.infoJO.pageJO", french.page, [published.page for published in given])


def told(tree: FlatFields, question: Question, left_out: dict[str, str]) -> Iterator[Remark]:
    """Remark upon what was set aside, upon what nobody took or sees, upon days that cannot be."""
    odd = [Remark(bad.place or "", bad.expected, bad.found) for bad in tree.odd()]
    yield from odd
    if not any("page" in remark.place.casefold() for remark in odd):
        yield from _unpaged(question)
    for path, value in tree.left(left_out):
        yield Remark(path, "a known key", quote(value), Cause.UNKNOWN)
    for text in (question.title, question.text, *(answer.text for answer in question.answers)):
        yield from hidden(text or "")
    yield from outside(question)


def _unpaged(question: Question) -> Iterator[Remark]:
    """Remark upon what was published without its page; the exports give that of the debates later."""
    answers = (("answer", answer.published) for answer in question.answers)
    for place, given in (("publication", question.published), *answers):
        if given.page is None and given.journal is not Journal.DEBATES:
            yield Remark(place, "a page of the Journal officiel", "nothing")
