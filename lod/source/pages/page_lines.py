"""The lines of a page, from HTML or from text, without what is not part of the document."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lod.errors import BadValue, quote
from lod.model import Text
from lod.source import french, html_text, html_tree, text_blocks
from lod.source.diagnostics import Remark
from lod.source.document import normalize
from lod.source.pages import markdown
from lod.source.pages.values import BLANKS
from lod.source.text_blocks import BlockLine

IGNORED_LINES = {
    "partager": "a button",
    "imprimer": "a button",
    "format pdf": "a button",
    "-->": "the end of a comment that was none",
    "suppress htmlunknownanchortarget": "a note of the programmers to their editor",
    "aller au contenu": "a link within the page",
    "aller en bas de la page": "a link within the page",
    "fiche question": "the name of the form",
}
"""Lines of pages that are not part of the document, and what they are."""

_MAX_HEADING_LENGTH = 100
"""No heading comes near this length."""
_HEADINGS = frozenset(
    ("assemblee nationale", "texte de la question", "texte de la reponse", "debat", "donnees cles")
)

_CHROME = frozenset(
    (
        "aside",
        "button",
        "footer",
        "form",
        "head",
        "iframe",
        "nav",
        "noscript",
        "script",
        "style",
        "svg",
        "template",
    )
)
_CHROME_CLASSES = frozenset(
    ("bloc-actions", "breadcrumb", "menu-evitement", "print_and_pdf", "site-header", "page-breadcrumb")
)
_CONTENT_SELECTORS = ("main", "div.contenu-principal", "body")
"""Where a page has the document: the first of these that exists."""
_PROLOGUE = re.compile(r"\s*(?:<\?xml\b[^<>]*>\s*)?(?:<!doctype\b[^<>]*>)?", re.IGNORECASE)
"""The declarations with which a page begins: all else that looks like an unknown tag is text."""
_OFFICIAL_ID = re.compile(r"(?<![A-Za-z0-9])P[AO][0-9]{1,9}(?![A-Za-z0-9])", re.ASCII)
_OFFICIAL_ID_LINK = re.compile(r"\[([^\[\]\n]*)\]\(P[AO][0-9]{1,9}\)", re.ASCII)


class Line(str):
    """A line of an HTML page, which knows what it says with its markup."""

    __slots__ = ("of_text",)
    of_text: BlockLine


class PageLines(NamedTuple):
    """The lines of a page that are not blank, a function that strips their markup, and the full text.

    `remarks` are those on its texts.
    """

    lines: list[str]
    strip_marks: Callable[[str], str]
    full_text: str
    remarks: list[Remark]


def split_page(text: str) -> PageLines:
    """Return the lines of a page."""
    if text.lstrip().startswith("<"):
        lines: list[str] = [*html_lines(text)]
        return PageLines(_document_lines(lines), strip_official_ids, "\n".join(lines), [])
    return PageLines(_document_lines(text.split("\n")), markdown.plain_line, text, [])


def heading_key(line: str) -> str:
    """Return the key of a heading, which ignores case, accents and a colon."""
    plain = french.squeeze(line)
    return french.name_key(plain) if len(plain) < _MAX_HEADING_LENGTH else ""


def heading_positions(lines: list[str], heading: str) -> list[int]:
    """Return the positions of the lines that are this heading."""
    return [n for n, line in enumerate(lines) if heading_key(line) == french.name_key(heading)]


def join_text(lines: list[str], page: PageLines, label: str, *, debate: bool = False) -> Text | None:
    """Return the text of lines, one paragraph each, without surrounding blanks; None if it says nothing.

    What is worth a remark about it is added to the remarks of the page.
    """
    for line in lines:
        if heading_key(line) in _HEADINGS:
            raise BadValue("a text without other headings", quote(line), label)
    text = "\n".join(lines)
    if "\u00a0" in text and " " not in text:
        raise BadValue("a text with ordinary spaces", "only no-break spaces (U+00A0)", label)
    html = [line.of_text for line in lines if isinstance(line, Line)]
    if html:
        plain = _strip_ends([strip_official_ids(line.plain) for line in html])
        marked = _strip_ends([strip_official_ids(line.marked) for line in html])
        stripped = [line._replace(plain=p, marked=m) for line, p, m in zip(html, plain, marked, strict=True)]
        read = text_blocks.read_lines(stripped, debate=debate)
    else:
        read = markdown.read_text(_strip_ends([line.strip(" \t") for line in lines]), debate=debate)
    page.remarks.extend(
        Remark(label, seen.expected, seen.found, finding=seen.finding) for seen in read.observations
    )
    return read.text


def _strip_ends(lines: list[str]) -> list[str]:
    """Return lines without the blanks before the first word and behind the last."""
    if lines:
        lines[0] = lines[0].lstrip(BLANKS)
        lines[-1] = lines[-1].rstrip(BLANKS)
    return lines


def _document_lines(lines: list[str]) -> list[str]:
    return [
        line
        for line in lines
        if line.strip(BLANKS) and not _is_ignored(french.label_key(line[:_MAX_HEADING_LENGTH]))
    ]


def _is_ignored(label: str) -> bool:
    return label in IGNORED_LINES or label.startswith("suppress htmlunknownanchortarget")


def html_lines(page: str) -> list[Line]:
    """Return the lines of the document; a link with an official id is « [text](id) »."""
    markup = _PROLOGUE.sub("", page, count=1)
    tree = LexborHTMLParser(html_text.escape_unknown_tags(markup, html_text.PAGE_TAGS))
    root = next(filter(None, map(tree.css_first, _CONTENT_SELECTORS)), None)
    if root is None:
        return []
    for node in list(_find_chrome(root)):
        node.decompose()
    for link in root.css("a"):
        _mark_official_id(link)
    return [_make_line(line) for line in text_blocks.block_lines(html_tree.read_blocks(root))]


def _make_line(of_text: BlockLine) -> Line:
    line = Line(normalize(of_text.bare))
    line.of_text = of_text
    return line


def strip_official_ids(text: str) -> str:
    """Return a text without the links that `html_lines` has written."""
    return _OFFICIAL_ID_LINK.sub(r"\1", text)


def _find_chrome(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the outermost elements that are not part of the document."""
    child = node.child
    while child is not None:
        classes = (child.attributes.get("class") or "").split() if child.is_element_node else ()
        if child.tag in _CHROME or not _CHROME_CLASSES.isdisjoint(classes):
            yield child
        else:
            yield from _find_chrome(child)
        child = child.next


def _mark_official_id(link: LexborNode) -> None:
    """Write the official id of a link beside its text."""
    targets = (link.attributes.get("data-document-id"), link.attributes.get("href"))
    ids = dict.fromkeys(
        official_id for target in targets for official_id in _OFFICIAL_ID.findall(target or "")
    )
    if ids and link.text().strip():
        if "href" in link.attributes:
            del link.attrs["href"]  # a tie to the register, which is told otherwise
        link.insert_before("[")
        link.insert_after(f"]({'/'.join(ids)})")
