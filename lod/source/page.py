"""The text of a question's page at the Assemblée, as it is served since 2025."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lod.errors import BadValue, shown
from lod.model import Attribution, Author, JournalPage, Kind, Ministry, Question, QuestionId, Source
from lod.source import french
from lod.source.document import invisible
from lod.source.fields import Fields
from lod.source.found import Remark

CHAMBER = "Assemblée nationale"
TEXT = "Texte de la question"
KEYS = "Données clés"

_OTHER_HEADINGS = {french.label(heading) for heading in (CHAMBER, "Texte de la réponse")}
_BLANKS = " \t\u00a0\u202f"
_HEADING = re.compile(r"(?P<kind>question .+?) n[°º] ?(?P<number>.+)", re.IGNORECASE)
_DATES = re.compile(r"dates?(?:\(s\))? clée?(?:\(e\))?s?(?:\(s\))?")
_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)\)")
_PAGE = re.compile(r" ?,? ?\bpage\b ?:? ?", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\W\d_]|«)([^*\n]*[\w»\"'.!?…])\*(?![\w*])")
_SUPERSCRIPT = re.compile(r"(?<=[0-9IVXLC])\^(?=(?:er|ère|re|e|ème|nde|nd)s?\b)")
_OPENING = re.compile(r"(?P<civility>M\.|Mme|Mlle) (?P<name>[^\W\d_a-zà-ÿ].*)")


class Linked(NamedTuple):
    """A value, bare or as a Markdown link, and the address the link leads to."""

    text: str
    target: str


def looks_like(text: str) -> bool:
    """Say whether a text is meant as such a page: it has one of its headings on a line of its own."""
    headings = {french.label(heading) for heading in (TEXT, KEYS, CHAMBER)}
    return any(french.label(line) in headings for line in text.split("\n"))


def read(text: str, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; raise BadValue at the first thing that is not as it must be."""
    head, paragraphs, keys = _sections([line for line in text.split("\n") if line.strip(_BLANKS)])
    legislature, title, kind, number = _head(head)
    fields = Fields(_labelled(keys))
    if kind is not Kind.WRITTEN:
        raise BadValue(
            "a written question: pages of this form are known of no other", f"« {kind} »", "heading"
        )
    stated = (
        fields.take("Type de question", french.kind),
        fields.take("Numéro de la question", french.number),
    )
    if stated != (kind, number):
        raise BadValue(
            f"« {kind} {number} » as in the heading", f"« {stated[0]} {stated[1]} »", "Numéro de la question"
        )
    author = _author(fields)
    asked = fields.take("Ministère interrogé", _ministry)
    in_charge = fields.take("Ministère attributaire", _ministry)
    rubric = fields.take("Rubrique", lambda value: french.squeeze(_linked(value).text))
    published = fields.take("Question publiée au JO le", _journal_page)
    fields.finish()
    question = Question(
        id=QuestionId(legislature=legislature, kind=kind, number=number),
        title=title,
        author=author,
        rubric=rubric,
        asked=asked,
        attributions=(Attribution(ministry=in_charge, on=published.on),),
        published=published,
        text=_text(paragraphs),
        sources=(source,),
    )
    yield question
    yield from _remarks(question, text)


def _sections(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Cut a page at its two section headings, each of which must stand there once, in order."""
    places = []
    for heading in (TEXT, KEYS):
        found = [n for n, line in enumerate(lines) if french.label(line) == french.label(heading)]
        if len(found) != 1:
            raise BadValue(f"the heading « {heading} » once", f"it {len(found)} times")
        places += found
    if places[0] > places[1]:
        raise BadValue(f"« {TEXT} » before « {KEYS} »", "the reverse")
    return lines[: places[0]], lines[places[0] + 1 : places[1]], lines[places[1] + 1 :]


def _head(lines: list[str]) -> tuple[int, str, Kind, int]:
    """Read the four lines above the text: chamber, legislature, title, kind with number."""
    if len(lines) != 4:
        raise BadValue(
            "four lines above the text: chamber, legislature, title, number", f"{len(lines)}", "heading"
        )
    if french.label(lines[0]) != french.label(CHAMBER):
        raise BadValue(f"« {CHAMBER.upper()} »", shown(lines[0]), "heading")
    heading = _HEADING.fullmatch(french.squeeze(lines[3]))
    if not heading:
        raise BadValue("a heading such as « Question écrite n° 16300 »", shown(lines[3]), "heading")
    try:
        kind, number = french.kind(heading["kind"]), french.number(heading["number"])
        return french.legislature(lines[1]), _plain(lines[2].strip(_BLANKS)), kind, number
    except BadValue as bad:
        raise bad.at("heading") from None


def _labelled(lines: list[str]) -> list[str]:
    """Give the lines of the key data, without the heading of the dates, however that is spelt."""
    dates = [line for line in lines if _DATES.fullmatch(french.label(line))]
    if len(dates) != 1:
        raise BadValue("the heading « Date(s) clé(s) » once", f"it {len(dates)} times", KEYS)
    return [line for line in lines if line is not dates[0]]


def _author(fields: Fields) -> Author:
    (civility, printed), official_id = fields.take("Auteur", _named)
    seat, group = fields.take("Circonscription", lambda value: french.seat_and_group(_linked(value).text))
    return Author(
        name=printed,
        civility=civility,
        official_id=official_id,
        seat=seat,
        group=french.group(group) if group else None,
    )


def _named(value: str) -> tuple[tuple[str | None, str], str | None]:
    linked = _linked(value)
    return french.civility_and_name(linked.text), _official_id(linked, "PA")


def _ministry(value: str) -> Ministry:
    linked = _linked(value)
    return Ministry(label=french.squeeze(linked.text), official_id=_official_id(linked, "PO"))


def _journal_page(value: str) -> JournalPage:
    day, *pages = _PAGE.split(french.squeeze(_LINK.sub(lambda link: link["text"], value)), maxsplit=1)
    return JournalPage(on=french.day(day), page=french.page(pages[0]) if pages else None)


def _linked(value: str) -> Linked:
    link = _LINK.fullmatch(value.strip(_BLANKS))
    linked = Linked(link["text"], link["target"]) if link else Linked(value, "")
    if not linked.text.strip(_BLANKS) or (not link and "](" in value):
        raise BadValue("a value, bare or as a link « [value](address) »", shown(value))
    return linked


def _official_id(linked: Linked, prefix: str) -> str | None:
    """Give the official id in a link's address, such as PA841339; there must not be two."""
    ids = set(re.findall(rf"(?<![A-Za-z0-9]){prefix}[0-9]{{1,9}}(?![A-Za-z0-9])", linked.target, re.ASCII))
    if len(ids) > 1:
        raise BadValue("one official id", " and ".join(sorted(ids)))
    return ids.pop() if ids else None


def _text(paragraphs: list[str]) -> str:
    """Join the paragraphs, each a line, as they stand."""
    for line in paragraphs:
        if french.label(line) in _OTHER_HEADINGS:
            raise BadValue("a text without other headings", shown(line), TEXT)
    text = "\n".join(line.strip(" \t") for line in paragraphs)
    if not text:
        raise BadValue("the text of the question", "nothing", TEXT)
    if "\u00a0" in text and " " not in text:
        raise BadValue("a text with ordinary spaces", "only no-break spaces (U+00A0)", TEXT)
    return _plain(text)


def _plain(text: str) -> str:
    """Take off the marks of emphasis and superscript that the page's conversion left."""
    return _SUPERSCRIPT.sub("", _EMPHASIS.sub(r"\1", text))


def _remarks(question: Question, text: str) -> Iterator[Remark]:
    if hidden := invisible(text):
        yield Remark("text", "characters that can be seen", hidden)
    name, opening = question.author.name or "", _OPENING.match(question.text or "")
    if opening and not french.name_key(opening["name"]).startswith(french.name_key(name)):
        yield Remark(TEXT, f"the author {shown(name)}", shown(opening[0], 40))
