"""The HTML of a question's page up to the 13th legislature, « FICHE QUESTION »: one tag for each field."""

import re
from collections.abc import Collection, Iterator
from functools import cache

from msgspec.structs import replace

from lod.errors import BadValue, Cause, quote
from lod.finding import Finding
from lod.model import Author, Ending, Group, Question, QuestionId, QuestionKind, Source
from lod.source import endings, french
from lod.source.diagnostics import Remark, invisible_characters
from lod.source.exports import question as official
from lod.source.exports.flat_fields import FlatFields
from lod.source.html_text import PAGE_TAGS, read_fragment, to_plain_text
from lod.source.legislatures import has_group_of_its_time
from lod.source.pages import life
from lod.source.pages.fields import Fields, parse_labelled
from lod.source.pages.life import END_OF_TERM, Subject
from lod.source.pages.notice import split_analysis
from lod.source.text_blocks import ReadText

TAG_LABELS = {
    "mini": "Ministère interrogé",
    "mina": "Ministère attributaire",
    "dpq": "Question publiée au JO le",
    "dpr": "Réponse publiée au JO le",
    "derq": "Erratum de la question publié au JO le",
    "derr": "Erratum de la réponse publié au JO le",
    "dsign": "Date de signalement",
    "draps": "Date de renouvellement",
    "dca": "Date de changement d'attribution",
    "dret": "Question retirée le",
    "cret": "Cause",
    "rub": "Rubrique",
}
"""Tags whose values later pages print behind a label, with that label."""

PAGE_TAGS_OF_DAYS = {"dpq": "pgq", "dpr": "pgrep", "derq": "pgerq", "derr": "pgerrep"}
"""Tags of a day, each with the tag of the page of the Journal officiel of that day."""

IGNORED_TAGS = {
    "groupe": "the group; since the 12th legislature it is that of the day of export, not of the question",
    "grp": "the abbreviation of the group, likewise",
    "reg": "the region of the day of export, not of the question",
    "reponse": "whether there is an answer, which the answer says",
}
"""Tags that are deliberately not published, each with the reason."""

UNSEEN_TAGS = {
    "dc": "within what is filed under a rubric: what it holds is not known",
    "comprep": "after the answer: perhaps an addition to it, whose day has no tag",
}
"""Tags that every such page has and that were only ever seen empty: a value is reported, with the reason."""

_SUBJECT_TAGS, _ERRATUM_TAGS = ("tana", "ana"), ("derq", "pgerq", "derr", "pgerrep")
_EVENT_TAGS = ("dsign", "draps", "dca", "ret", "dret", "cret", "codret")
_GROUP_TAGS = ("groupe", "grp")
REQUIRED_TAGS = frozenset(("civ", "pgq", *_GROUP_TAGS, *_SUBJECT_TAGS, *_ERRATUM_TAGS, *_EVENT_TAGS))
"""Tags that every such page has, most of them empty: a missing one may have held something."""

_WITHDRAWN = "Question retirée"
_TEXT_TAGS = ("quest", "rep")
_TAG = re.compile(r"<([a-z]{2,12})\s*>", re.ASCII | re.IGNORECASE)
_STRUCTURAL_TAG = re.compile(
    r"<!doctype\b[^<>]*>|</?(?:html|head|body|title|meta|link|rubriquage|textes)\b[^<>]*>", re.IGNORECASE
)
_HEAD_CHARACTERS = 20_000
_ENCLOSING_TAGS = re.compile(r"\s*<html\s*>|</html\s*>\s*\Z", re.IGNORECASE)
_MARKUP_TAGS = PAGE_TAGS | {"rubriquage", "textes"}
_HEADINGS = (
    "",
    "FICHE QUESTION",
    "Question N°",
    "de",
    "le",
    "Tête d'analyse",
    "Analyse",
    "Texte de la QUESTION",
    "Texte de la REPONSE",
    "DEBAT",
)
_LABEL_KEYS = {
    french.name_key(label + end) for label in (*TAG_LABELS.values(), *_HEADINGS) for end in ("", " page")
}


def looks_like(text: str) -> bool:
    """Return whether a text is meant to be such a page: it has tags for the legislature and the number."""
    if not text.lstrip().startswith("<"):
        return False
    return {"leg", "num"} <= {tag.lower() for tag in _TAG.findall(text[:_HEAD_CHARACTERS])}


def read(text: str, source: Source) -> Iterator[Question | Remark]:
    """Read the one question of a page; text outside of known tags yields a remark."""
    values, outside_text = _split_tags(text)
    tags = FlatFields.flatten(
        {tag: french.squeeze(to_plain_text(values[tag])) for tag in values if tag not in _TEXT_TAGS}
    )
    identity = _read_identity(tags)
    question, of_question = _read_text(values.get("quest", ""))
    answer, of_answer = _read_text(values.get("rep", ""), debate=identity.kind is not QuestionKind.WRITTEN)
    reading = _read_closure(tags)
    fields = Fields(_labelled_lines(tags))
    subject = Subject(
        *split_analysis(tags.take_optional("tana", str), tags.take_optional("ana", str)),
        life.read_rubric(fields),
    )
    author, departement = _read_author(tags, identity.legislature)
    content = life.PageContent(identity, subject, author, question, answer, reading.closure, departement)
    yield from life.assemble_question(content, fields, source)
    yield from reading.remarks
    yield from _collect_remarks(tags, values.keys(), outside_text)
    texts = [text.plain for text in (question, answer) if text]
    yield from invisible_characters("\n".join((*content.subject.keywords, *texts)))
    for tag, observations in (("quest", of_question), ("rep", of_answer)):
        for seen in observations:
            yield Remark(tag, seen.expected, seen.found, finding=seen.finding)


def _split_tags(text: str) -> tuple[dict[str, str], str]:
    """Return the contents of the tags of fields, and the text outside of them."""
    values: dict[str, str] = {}
    outside, start, end = [], 0, 0
    while tag := _TAG.search(text, start):
        start, name = tag.end(), tag[1].lower()
        if name in _MARKUP_TAGS:
            continue
        close = _end_tag(name).search(text, start)
        if close is None or name in values:
            raise BadValue(
                "each tag once, and closed",
                "a tag twice" if name in values else "a tag that is not closed",
                name,
            )
        outside.append(text[end : tag.start()])
        values[name] = text[start : close.start()]
        start = end = close.end()
    return values, "".join([*outside, text[end:]])


@cache
def _end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\s*>", re.ASCII | re.IGNORECASE)


def _read_text(value: str, *, debate: bool = False) -> ReadText:
    start = tag.end() if (tag := _ENCLOSING_TAGS.match(value)) else 0
    return read_fragment(_ENCLOSING_TAGS.sub("", value[start:]).strip(), debate=debate)


def _read_identity(tags: FlatFields) -> QuestionId:
    legislature, again = (
        tags.take("leg", french.parse_legislature),
        tags.take_optional("nleg", french.parse_number),
    )
    if again not in (None, legislature):
        raise BadValue(f"the legislature {legislature} as above", f"{again}", "nleg")
    return QuestionId(
        legislature=legislature,
        kind=tags.take("nat", official.parse_kind_code),
        number=tags.take("num", french.parse_number),
    )


def _read_author(tags: FlatFields, legislature: int) -> tuple[Author, str | None]:
    """Read the author, and the département as printed; one that is not known costs only itself."""
    _, name = tags.take("aut", french.parse_civility_and_name)
    if not tags.has("dept"):
        expected = "a département such as « Loire-Atlantique »"
        tags.report("dept", expected, "nothing", Finding.DEPARTEMENT_UNKNOWN)
    departement, printed = tags.take_if_valid("dept", _parse_departement) or (None, None)
    author = Author(
        name=name,
        civility=tags.take_if_valid("civ", french.parse_civility),
        official_id=None,
        seat=None,
        departement=departement,
        group=_read_group(tags) if has_group_of_its_time(legislature) else None,
    )
    return author, printed


def _parse_departement(value: str) -> tuple[str, str]:
    return french.parse_departement(value), value


def _read_group(tags: FlatFields) -> Group | None:
    label, abbreviation = tags.take_optional("groupe", str), tags.take_optional("grp", str)
    return french.make_group(label, abbreviation=abbreviation) if label else None


def _read_closure(tags: FlatFields) -> endings.ClosureReading:
    """Read how the question ended, if a code or a cause says so; a bare day is read as on later pages."""
    code, cause = tags.peek("codret", str), tags.peek("cret", str)
    if endings.is_answered(code, cause):
        tags.take_optional("codret", str)
        return endings.ClosureReading(None)
    if code is None and cause is None:
        return endings.ClosureReading(None)
    end = official.read_end(tags, ("codret", "cret", "dret"))
    closure = end.reading.closure
    if closure and closure.ending is Ending.LAPSED:
        closure = replace(closure, label=END_OF_TERM)
    return end.reading._replace(closure=closure)


def _labelled_lines(tags: FlatFields) -> Iterator[str]:
    """Yield the fields as the lines of other pages; the value in a tag may include the label."""
    for tag, label in TAG_LABELS.items():
        value = tags.take_optional(tag, str)
        if value:
            page = tags.take_optional(PAGE_TAGS_OF_DAYS[tag], str) if tag in PAGE_TAGS_OF_DAYS else None
            line = value if parse_labelled(value) else f"{label} : {value}"
            yield f"{line} page : {page}" if page else line


def _collect_remarks(tags: FlatFields, present: Collection[str], outside_text: str) -> Iterator[Remark]:
    """Yield remarks on unknown tags, missing tags and words outside of all tags."""
    withdrawn = tags.take_optional("ret", str)
    if withdrawn and french.name_key(withdrawn) != french.name_key(_WITHDRAWN):
        yield Remark("ret", f"« {_WITHDRAWN} »", quote(withdrawn), Cause.UNKNOWN)
    for bad in tags.reported():
        yield Remark(bad.place or "", bad.expected, bad.found, finding=bad.finding)
    for tag, value in tags.unused(IGNORED_TAGS):
        expected = f"nothing ({UNSEEN_TAGS[tag]})" if tag in UNSEEN_TAGS else "a known tag"
        yield Remark(tag, expected, quote(value), Cause.UNKNOWN)
    for tag in sorted(REQUIRED_TAGS.difference(present)):
        yield Remark(tag, "the tag, even if empty", "nothing")
    for line in to_plain_text(_STRUCTURAL_TAG.sub("", outside_text)).split("\n"):
        for cell in line.split("|"):
            if french.name_key(cell) not in _LABEL_KEYS:
                yield Remark("outside the tags", "nothing that is not a label", quote(cell), Cause.UNKNOWN)
