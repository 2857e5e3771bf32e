"""The HTML fragments of official texts, without loss: as plain text, and as HTML of a few tags.

Paragraphs and line breaks become lines, the cells of a table are separated by « | », entities become
characters; what only looks like a tag stays in the text. Simple fragments need no parser.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from lod.errors import BadValue
from lod.model import Text
from lod.source import encodings, html_tree, marked_text
from lod.source.document import is_plain, normalize
from lod.source.text_blocks import Block, ReadText, block_lines, read_lines

MAX_DEPTH = 256
"""How deep markup may be nested: no official text comes near."""

_BOLD_TAG, _ITALIC_TAG, _EM_TAG = (re.compile(rf"</?{name}[\s/>]") for name in ("b", "i", "em"))
_EMPHASIS_MARKS = html_tree.MARKS
_MEANING_NOTHING = frozenset(
    (
        *("a", "abbr", "acronym", "bdi", "bdo", "big", "code", "font", "ins", "kbd", "mark", "samp"),
        *("small", "span", "tt", "u", "wbr"),
    )
)
"""Inline tags without which the text says the same, unless an attribute says more."""
_INLINE = (
    frozenset(_EMPHASIS_MARKS)
    | _MEANING_NOTHING
    | frozenset(("br", "del", "img", "q", "s", "strike", "sub", "sup"))
)
_VOID_ELEMENTS = frozenset(("base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
FRAGMENT_TAGS = html_tree.BLOCKS | html_tree.CELLS | _INLINE | frozenset(("col", "colgroup"))
"""The tags of a text."""
PAGE_TAGS = (
    FRAGMENT_TAGS
    | html_tree.PAGE_BLOCKS
    | _VOID_ELEMENTS
    | frozenset(("button", "head", "html", "iframe", "label", "noscript", "option", "picture", "script"))
    | frozenset(("select", "style", "svg", "template", "textarea", "time", "title", "video"))
)
"""The tags of a whole page; in a text, most of these are not tags."""
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>")
_SIMPLE_TAG = re.compile(
    rf"(</?(?:{'|'.join(sorted(_MEANING_NOTHING | _EMPHASIS_MARKS.keys()))}|br|p)(?:[\s/][^<>]*)?>)",
    re.ASCII | re.IGNORECASE,
)
_TOLD_ATTRIBUTES = {
    "a": ("href",),
    "img": ("alt",),
    "li": ("value",),
    "ol": ("start", "type", "reversed"),
    "td": ("rowspan", "colspan"),
    "th": ("rowspan", "colspan"),
}
"""Attributes that say something of the text."""
_REFERENCE = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))")
_WELL_FORMED_TAG = re.compile(
    r"</?[A-Za-z0-9]+(?:\s+[\w:@.-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`]+))?)*\s*/?>"
)
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_BREAK = "\n"
_SPACES = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_BLANKS = re.compile(" {2,}")
_ONLY_TAGS = re.compile(r"(?:<[^<>]*>| )*")
_UNUSUAL_REFERENCE = re.compile(
    r"&(?:Tab;|NewLine;|#(?!(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6]|1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3});))"
)
"""Character references that parsers treat in special ways, or that stand for white space."""


def to_plain_text(fragment: str) -> str:
    """Return a fragment as lines of plain text, without what its marks stand for: the value of a label.

    Raise BadValue if its markup is nested too deeply or if it holds characters that cannot be published,
    however they are written.
    """
    marked = mark_simple(fragment)
    if marked is None:
        return normalize("\n".join(line.bare for line in block_lines(parse_fragment(fragment)) if line.bare))
    return normalize("\n".join(split_lines(marked_text.without_emphasis(marked))), within=fragment)


def read_fragment(fragment: str, *, debate: bool = False) -> ReadText:
    """Return a fragment as a text: plain, and as HTML if it has more than paragraphs.

    In a debate, speakers and stage directions are told. Raise BadValue like `to_plain_text`.
    """
    if not encodings.may_be_spoilt(fragment):
        return _read(fragment, debate=debate)
    fragment, repairs = encodings.repair(fragment)
    read = _read(fragment, debate=debate)
    doubts = encodings.doubts(read.text.plain if read.text else "")
    return read._replace(observations=[*repairs, *read.observations, *doubts])


def _read(fragment: str, *, debate: bool) -> ReadText:
    text = _read_simple(fragment, debate=debate)
    if text is None:
        return read_lines(list(block_lines(parse_fragment(fragment))), debate=debate)
    return ReadText(text if text.plain else None, [])


def _read_simple(fragment: str, *, debate: bool) -> Text | None:
    """Return a text that has only lines and flat emphasis; None if it has more."""
    marked = mark_simple(fragment)
    if marked is None:
        return None
    plain = marked_text.without_emphasis(marked)
    if len(plain) == len(marked):
        return Text(plain=normalize("\n".join(split_lines(plain)), within=fragment))
    html_lines = marked_text.flat_html(marked.replace(marked_text.NOTHING, ""), debate=debate)
    if html_lines is None:
        return None
    text = Text(plain=normalize("\n".join(split_lines(plain)), within=fragment))
    if "<" not in html_lines:
        return text
    paragraphs = [f"<p>{line}</p>" for line in split_lines(html_lines) if not _ONLY_TAGS.fullmatch(line)]
    return replace(text, html=normalize("\n".join(paragraphs), within=fragment))


def split_lines(text: str) -> list[str]:
    """Return the lines of a text that are not blank, with single spaces."""
    text = _single_spaces_in_lines(text)
    return [line for piece in text.split(_BREAK) if (line := piece.strip(" "))]


def _single_spaces_in_lines(text: str) -> str:
    return _BLANKS.sub(" ", text) if "  " in text else text


def parse_fragment(fragment: str) -> list[Block]:
    """Return the blocks of a fragment, using an HTML parser."""
    body = LexborHTMLParser(f"<body>{escape_unknown_tags(fragment)}").body
    return html_tree.read_blocks(body) if body else []


def mark_simple(fragment: str) -> str | None:
    """Return a marked text as a parser would; None if it has more than lines, paragraphs, flat emphasis.

    Such markup means the same to any parser, and nearly all fragments have no other.
    """
    if not is_plain(fragment) and marked_text.MARKS.search(fragment):
        return None
    text = _replace_matches(_SIMPLE_TAG, _single_spaces(fragment), _simple_tag_mark)
    if text is None or "<" in text or _is_emphasized_twice(fragment.lower()):
        return None
    return _replace_matches(_REFERENCE, text, _plain_character)


def _replace_matches(
    pattern: re.Pattern[str], text: str, replacement: Callable[[str], str | None]
) -> str | None:
    """Replace the few matches of a pattern; return None if the replacement of one is None."""
    pieces = pattern.split(text)
    pieces[1::2] = map(replacement, pieces[1::2])
    return None if None in pieces else "".join(pieces)


def _is_emphasized_twice(fragment: str) -> bool:
    """Return whether a fragment has two elements for one emphasis: the end of one does not end the other."""
    return ("strong" in fragment and bool(_BOLD_TAG.search(fragment))) or (
        bool(_EM_TAG.search(fragment)) and bool(_ITALIC_TAG.search(fragment))
    )


@lru_cache(maxsize=1024)
def _simple_tag_mark(tag: str) -> str | None:
    """Return what stands for a simple tag: the end of a line, a mark of emphasis; None if it says more."""
    _, end, name, *_ = _TAG.split(tag)
    name = name.lower()
    if name in ("br", "p"):
        return _BREAK
    if name in _EMPHASIS_MARKS:
        return _EMPHASIS_MARKS[name][bool(end)]
    return None if _attributes(name, tag) else marked_text.NOTHING


@lru_cache(maxsize=1024)
def _plain_character(reference: str) -> str | None:
    """Return the character that a reference stands for, or None if it is not plain."""
    character = html.unescape(reference)
    return character if is_plain(character) and not _UNUSUAL_REFERENCE.match(reference) else None


def escape_unknown_tags(fragment: str, tags: frozenset[str] = FRAGMENT_TAGS) -> str:
    """Keep known tags and whole comments; escape every other « < », which is text."""
    pieces, end, open_elements = list[str](), 0, Counter[str]()
    for start, tag in _find_tags(fragment, tags):
        pieces += (fragment[end:start].replace("<", "&lt;"), _safe_tag(tag, tags))
        end = tag.end()
        _update_open_elements(tag, open_elements)
        if open_elements.total() > MAX_DEPTH:
            raise BadValue(f"markup nested at most {MAX_DEPTH} deep", "more")
    return "".join([*pieces, fragment[end:].replace("<", "&lt;")])


def _find_tags(fragment: str, tags: frozenset[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield known tags and whole comments with their positions."""
    start, last = fragment.find("<"), max(fragment.rfind("-->"), fragment.rfind("--!>"))
    while start >= 0:
        tag = (start < last and _COMMENT.match(fragment, start)) or _match_known_tag(fragment, start, tags)
        if tag:
            yield start, tag
        start = fragment.find("<", tag.end() if tag else start + 1)


def _match_known_tag(fragment: str, start: int, tags: frozenset[str]) -> re.Match[str] | None:
    tag = _TAG.match(fragment, start)
    return tag if tag and tag[2].lower() in tags else None


def _update_open_elements(tag: re.Match[str], open_elements: Counter[str]) -> None:
    """Count the elements that are open; an end tag without a start tag closes none."""
    name = "" if tag[0].startswith("<!--") else tag[2].lower()
    if name and name not in _VOID_ELEMENTS | {"p", "li"}:
        open_elements[name] = max(0, open_elements[name] - 1) if tag[1] else open_elements[name] + 1


def _safe_tag(tag: re.Match[str], tags: frozenset[str]) -> str:
    """Return a tag that any parser ends at the same place: only well-formed tags of pages keep attributes."""
    if tag[0].startswith("<!--"):
        return "" if tags is FRAGMENT_TAGS else tag[0]
    if tags is not FRAGMENT_TAGS and _WELL_FORMED_TAG.fullmatch(tag[0]):
        return tag[0]
    name = tag[2].lower()
    attributes = "" if tag[1] else _attributes(name, tag[0])
    return f"<{tag[1]}{name}{attributes}>"


def _attributes(name: str, tag: str) -> str:
    """Return the attributes of a tag that say something of the text, however badly they are quoted."""
    kept = _TOLD_ATTRIBUTES.get(name, ())
    found = [(key, value) for key in kept if (value := _attribute(key, tag)) is not None]
    if name in ("font", "span") and (style := html_tree.STYLE.search(tag)):
        found.append(("style", style[0]))
    return "".join(f' {key}="{html.escape(value)}"' for key, value in found)


def _attribute(key: str, tag: str) -> str | None:
    """Return the value of an attribute of a tag; None if the tag does not have it."""
    match = re.search(
        rf"""[\s"']{key}(?:\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|["']?([^\s"'<>]*))|(?=[\s/>]))""",
        tag,
        re.IGNORECASE,
    )
    return html.unescape(match[1] or match[2] or match[3] or "") if match else None


def _single_spaces(text: str) -> str:
    """Return a text with single spaces; a quick check spares most texts the replacement."""
    return _SPACES.sub(" ", text) if "  " in text or "\n" in text or "\t" in text or "\r" in text else text
