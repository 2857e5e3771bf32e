"""The HTML fragments of official texts as plain text, without loss.

Paragraphs and line breaks become lines, the cells of a table are separated by « | », entities become
characters; what only looks like a tag stays in the text.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lod.errors import BadValue
from lod.source.document import is_plain, normalize

MAX_DEPTH = 256
"""How deep markup may be nested: no official text comes near."""

_BLOCKS = frozenset(
    [
        "address",
        "blockquote",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "big",
        "cite",
        "em",
        "font",
        "i",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "br",
        "img",
    ]
)
_CELLS = frozenset(("td", "th"))
_VOID_ELEMENTS = frozenset(("base", "br", "hr", "img", "input", "link", "meta", "source"))
FRAGMENT_TAGS = _BLOCKS | _INLINE | _CELLS
"""The tags of a text."""
_PAGE_BLOCKS = frozenset(
    ("article", "aside", "body", "fieldset", "figure", "footer", "form", "header", "main", "nav", "section")
)
PAGE_TAGS = (
    FRAGMENT_TAGS
    | _PAGE_BLOCKS
    | _VOID_ELEMENTS
    | frozenset(("button", "head", "html", "iframe", "label", "noscript", "option", "picture", "script"))
    | frozenset(("select", "style", "svg", "template", "textarea", "time", "title", "video"))
)
"""The tags of a whole page; in a text, most of these are not tags."""
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>")
_SIMPLE_TAG = re.compile(
    rf"(</?(?:{'|'.join(sorted(_INLINE - {'img'}))}|p)(?:[\s/][^<>]*)?>)", re.ASCII | re.IGNORECASE
)
_EMPHASIS = "\x02"
"""Stands for the start or end of emphasis while references are read: no reference spans one."""
_REFERENCE = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))")
_WELL_FORMED_TAG = re.compile(
    r"</?[A-Za-z0-9]+(?:\s+[\w:@.-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`]+))?)*\s*/?>"
)
_ALT_ATTRIBUTE = re.compile(r"\salt\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_BREAK = "\n"
_CELL = "\x1f"
_SPACES = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_UNUSUAL_REFERENCE = re.compile(
    r"&(?:Tab;|NewLine;|#(?!(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6]|1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3});))"
)
"""Character references that parsers treat in special ways, or that stand for white space."""


def to_plain_text(fragment: str) -> str:
    """Return a fragment as lines of plain text.

    Raise BadValue if its markup is nested too deeply or if it holds characters that cannot be published,
    however they are written.
    """
    if (text := convert_simple(fragment)) is None:
        return normalize("\n".join(split_lines(parse_fragment(fragment))))
    return normalize("\n".join(split_lines(text)), within=fragment)


def node_lines(node: LexborNode) -> list[str]:
    """Return the lines of the text inside a node."""
    return split_lines("".join(_text_pieces(node)))


def split_lines(text: str) -> list[str]:
    """Return the lines of a text that are not blank, with single spaces."""
    if _CELL in text or "  " in text:
        return [line for line in map(_join_cells, text.split(_BREAK)) if line]
    return [line for piece in text.split(_BREAK) if (line := piece.strip(" "))]


def parse_fragment(fragment: str) -> str:
    """Return the text of a fragment, using an HTML parser."""
    body = LexborHTMLParser(f"<body>{escape_unknown_tags(fragment)}").body
    return "".join(_text_pieces(body)) if body else ""


def convert_simple(fragment: str) -> str | None:
    """Return the text of a fragment as a parser would; None if it has more than lines, paragraphs, emphasis.

    Such markup means the same however it is nested, and nearly all fragments have no other.
    """
    if _EMPHASIS in fragment:
        return None
    text = _replace_matches(_SIMPLE_TAG, _single_spaces(fragment), _simple_tag_text)
    if text is None or "<" in text:
        return None
    text = _replace_matches(_REFERENCE, text, _plain_character)
    return text.replace(_EMPHASIS, "") if text else text


def _replace_matches(
    pattern: re.Pattern[str], text: str, replacement: Callable[[str], str | None]
) -> str | None:
    """Replace the few matches of a pattern; return None if the replacement of one is None."""
    pieces = pattern.split(text)
    pieces[1::2] = map(replacement, pieces[1::2])
    return None if None in pieces else "".join(pieces)


@lru_cache(maxsize=1024)
def _simple_tag_text(tag: str) -> str:
    """Return what stands for a simple tag: the end of a line, or the start or end of emphasis."""
    return _BREAK if _TAG.split(tag)[2].lower() in ("br", "p") else _EMPHASIS


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
    if tag[2].lower() == "img":
        return html.escape(_alternative_text(tag))
    if tags is not FRAGMENT_TAGS and _WELL_FORMED_TAG.fullmatch(tag[0]):
        return tag[0]
    return f"<{tag[1]}{tag[2]}>"


def _alternative_text(tag: re.Match[str]) -> str:
    """Return the text that stands for a picture."""
    words = _ALT_ATTRIBUTE.search(tag[0])
    return html.unescape(words[1] or words[2] or "") if words else ""


def _text_pieces(node: LexborNode) -> Iterator[str]:
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            yield _single_spaces(child.text_content or "")
        elif tag == "br":
            yield " " if _in_cell(child) else _BREAK
        elif tag in _CELLS:
            yield from ("".join(_text_pieces(child)).replace(_BREAK, " "), _CELL)
        elif tag in _BLOCKS | _PAGE_BLOCKS:
            yield from (_BREAK, *_text_pieces(child), _BREAK)
        elif not tag.startswith("-"):
            yield from _text_pieces(child)
        child = child.next


def _single_spaces(text: str) -> str:
    """Return a text with single spaces; a quick check spares most texts the replacement."""
    return _SPACES.sub(" ", text) if "  " in text or "\n" in text or "\t" in text or "\r" in text else text


def _in_cell(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in _CELLS:
        parent = parent.parent
    return parent is not None


def _join_cells(line: str) -> str:
    cells = [_single_spaces(cell).strip(" ") for cell in line.split(_CELL)]
    return " | ".join(cells[:-1] if len(cells) > 1 and not cells[-1] else cells)
