"""The HTML of a question's page up to the 13th legislature, « FICHE QUESTION »: a tag for every field."""

import re
from collections.abc import Collection, Iterator

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
from lod.model import Author, Closure, Ending, Question, QuestionId, QuestionKind, Source
from lod.source import french
from lod.source.diagnostics import Remark, hidden
from lod.source.exports import question as official
from lod.source.exports.flat_fields import FlatFields
from lod.source.html_text import PAGE_TAGS, plain
from lod.source.pages import life
from lod.source.pages.closure import END_OF_TERM
from lod.source.pages.fields import Fields, labelled
from lod.source.pages.life import Subject
from lod.source.pages.notice import analysed

LABELS = {
    "mini": "Ministère interrogé",
    "mina": "Ministère attributaire",
    "dpq": "Question publiée au JO le",
    "dpr": "Réponse publiée au JO le",
    "derq": "Erratum de la question publié au JO le",
    "derr": "Erratum de la réponse publié au JO le",
    "dsign": "Date de signalement",
    "dca": "Date de changement d'attribution",
    "dret": "Question retirée le",
    "cret": "Cause",
    "rub": "Rubrique",
}
"""The tags that hold what later pages print behind a label."""

PAGES = {"dpq": "pgq", "dpr": "pgrep", "derq": "pgerq", "derr": "pgerrep"}
"""The tags of a day, and the one with the page of the Journal officiel of that day."""

LEFT_OUT = {
    "groupe": "the group of the day of export, not of the question",
    "grp": "the group of the day of export, not of the question",
    "reg": "the region of the day of export, not of the question",
    "reponse": "whether there is an answer, which the answer says",
}
"""What is read and deliberately not published, with the reason."""

_SUBJECT, _ERRATA = ("tana", "ana"), ("derq", "pgerq", "derr", "pgerrep")
_EVENTS = ("dsign", "draps", "dca", "ret", "dret", "cret", "codret")
ALWAYS = frozenset(("civ", "pgq", *_SUBJECT, *_ERRATA, *_EVENTS))
"""The tags that every such page has, most of them empty: one that is gone may have told something."""

_TEXTS = ("quest", "rep")
_TAG = re.compile(r"<([a-z]{2,12})>")
_STRUCTURE = re.compile(r"</?(?:html|head|body|title|rubriquage|textes)\b[^<>]*>")
_NO_FIELD = PAGE_TAGS | {"rubriquage", "textes"}
_HEADINGS = (
    "",
    "FICHE QUESTION",
    "Question N°",
    "de",
    "Tête d'analyse",
    "Analyse",
    "Texte de la QUESTION",
    "Texte de la REPONSE",
    "DEBAT",
)
_PRINTED = {french.name_key(label + end) for label in (*LABELS.values(), *_HEADINGS) for end in ("", " page")}


def looks_like(text: str) -> bool:
    """Say whether a text is meant as such a page: it has tags for the legislature and the number."""
    return text.lstrip().startswith("<") and "<leg>" in text and "<num>" in text


def read(text: str, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; what no tag that is known holds is remarked upon."""
    values, beside = _tags(text)
    question, answer = (_text(values.get(tag, "")) for tag in _TEXTS)
    tags = FlatFields.of({tag: french.squeeze(plain(values[tag])) for tag in values if tag not in _TEXTS})
    identity = _identity(tags)
    if question is None and identity.kind is not QuestionKind.GOVERNMENT:
        raise BadValue("the text of the question", "nothing", "quest")
    closure, remarks = _ended(tags)
    fields = Fields(_labelled(tags))
    subject = Subject(*analysed(tags.take("tana", str), tags.take("ana", str)), life.rubric(fields))
    stated = life.StatedLife(identity, subject, _author(tags), question, answer, closure)
    yield from life.question(stated, fields, source)
    yield from remarks
    yield from _told(tags, values.keys(), beside)
    yield from hidden("\n".join(filter(None, (*stated.subject.keywords, question, answer))))


def _tags(text: str) -> tuple[dict[str, str], str]:
    """Give what stands in the tags of fields, and what stands beside them."""
    values: dict[str, str] = {}
    beside, start, end = [], 0, 0
    while tag := _TAG.search(text, start):
        start, name = tag.end(), tag[1]
        if name in _NO_FIELD:
            continue
        close = text.find(f"</{name}>", start)
        if close < 0 or name in values:
            raise BadValue("each tag once, and closed", "one twice" if name in values else "one open", name)
        beside.append(text[end : tag.start()])
        values[name] = text[start:close]
        start = end = close + len(f"</{name}>")
    return values, "".join([*beside, text[end:]])


def _text(value: str) -> str | None:
    return plain(value.strip().removeprefix("<html>").removesuffix("</html>")) or None


def _identity(tags: FlatFields) -> QuestionId:
    legislature, again = tags.need("leg", french.legislature), tags.take("nleg", french.number)
    if again not in (None, legislature):
        raise BadValue(f"the legislature {legislature} as above", f"{again}", "nleg")
    return QuestionId(
        legislature=legislature, kind=tags.need("nat", official.kind), number=tags.need("num", french.number)
    )


def _author(tags: FlatFields) -> Author:
    civility, name = french.civility_and_name(f"{tags.take('civ', str) or ''} {tags.need('aut', str)}")
    return Author(
        name=name,
        civility=civility,
        official_id=None,
        seat=None,
        departement=tags.need("dept", french.departement),
        group=None,
    )


def _ended(tags: FlatFields) -> tuple[Closure | None, list[Remark]]:
    """Read how the question ended, if a code says so."""
    code = tags.take("codret", str)
    if code in (None, official.ANSWERED):
        return None, []
    stated = {"codret": code, "dret": tags.take("dret", str), "cret": tags.take("cret", str)}
    closure, remarks = official.closure(FlatFields.of(stated), ("codret", "cret", "dret"), ())
    if closure and closure.ending is Ending.LAPSED:
        closure = replace(closure, label=END_OF_TERM)
    return closure, remarks


def _labelled(tags: FlatFields) -> Iterator[str]:
    """Give the fields as the lines of other pages: a tag may hold its label, too."""
    for tag, label in LABELS.items():
        value = tags.take(tag, str)
        if value:
            page = tags.take(PAGES[tag], str) if tag in PAGES else None
            line = value if labelled(value) else f"{label} : {value}"
            yield f"{line} page : {page}" if page else line


def _told(tags: FlatFields, names: Collection[str], beside: str) -> Iterator[Remark]:
    """Remark upon tags whose meaning is not known, tags that are missing, words beside all tags."""
    for tag, value in tags.left(LEFT_OUT):
        yield Remark(tag, "a known tag", quote(value), Cause.UNKNOWN)
    for tag in sorted(ALWAYS.difference(names)):
        yield Remark(tag, "the tag, even if empty", "nothing")
    for line in plain(_STRUCTURE.sub("", beside)).split("\n"):
        for cell in line.split("|"):
            if french.name_key(cell) not in _PRINTED:
                yield Remark("beside the tags", "nothing that is not a label", quote(cell), Cause.UNKNOWN)
