"""The HTML fragments of official texts, as plain text in which nothing is lost.

Paragraphs and line breaks become lines, a table's cells are separated by « | », entities become characters;
what merely looks like a tag stays in the text.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lod.errors import BadValue

MAX_DEPTH = 256
"""How deep mark-up may be nested: no official text comes near."""

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
_VOID = frozenset(("br", "hr", "img"))
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = "\n"
_CELL = "\x1f"
_SPACES = re.compile(r"[ \t\r\n]+")


def plain(fragment: str) -> str:
    """Turn a fragment into lines of text; raise BadValue if its mark-up is nested too deeply."""
    body = LexborHTMLParser(f"<body>{_escaped(fragment)}").body
    if body is None:
        return ""
    text = "".join(_pieces(body))
    lines = (_line(line) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _escaped(fragment: str) -> str:
    """Keep known tags and whole comments; whatever else begins with « < » is text."""
    kept, end, depth, last = [], 0, 0, fragment.rfind("-->")
    for found in re.finditer("<", fragment):
        start = found.start()
        if start < end:
            continue
        kept.append(fragment[end:start])
        tag = (start < last and _COMMENT.match(fragment, start)) or _known(fragment, start)
        end = tag.end() if tag else start + 1
        kept.append(tag[0] if tag else "&lt;")
        depth += _descent(tag)
        if depth > MAX_DEPTH:
            raise BadValue(f"mark-up nested at most {MAX_DEPTH} deep", "more")
    return "".join([*kept, fragment[end:]])


def _known(fragment: str, start: int) -> re.Match[str] | None:
    tag = _TAG.match(fragment, start)
    return tag if tag and tag[2].lower() in _BLOCKS | _INLINE | _CELLS else None


def _descent(tag: re.Match[str] | None) -> int:
    if tag is None or tag[0].startswith("<!--") or tag[2].lower() in _VOID | {"p", "li"}:
        return 0
    return -1 if tag[1] else 1


def _pieces(node: LexborNode) -> Iterator[str]:
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            yield _SPACES.sub(" ", child.text_content or "")
        elif tag == "br":
            yield " " if _in_cell(child) else _BREAK
        elif tag in _CELLS:
            yield from ("".join(_pieces(child)).replace(_BREAK, " "), _CELL)
        elif tag in _BLOCKS:
            yield from (_BREAK, *_pieces(child), _BREAK)
        elif not tag.startswith("-"):
            yield from _pieces(child)
        child = child.next


def _in_cell(node: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.tag not in _CELLS:
        above = above.parent
    return above is not None


def _line(line: str) -> str:
    cells = [_SPACES.sub(" ", cell).strip(" ") for cell in line.split(_CELL)]
    return " | ".join(cells[:-1] if len(cells) > 1 and not cells[-1] else cells)
