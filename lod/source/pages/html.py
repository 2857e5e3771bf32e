"""The HTML of a question's page as the lines that the page's text has."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lod.source import html_text

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
_ROOMS = ("main", "div.contenu-principal", "body")
"""Where the document is on a page: the first of these that there is."""
_OFFICIAL = re.compile(r"(?<![A-Za-z0-9])P[AO][0-9]{1,9}(?![A-Za-z0-9])", re.ASCII)
_OFFICIAL_LINK = re.compile(r"\[([^\[\]\n]*)\]\(P[AO][0-9]{1,9}\)", re.ASCII)


def lines(page: str) -> list[str]:
    """Give a line for each block of the document; a link with an official id is « [text](id) »."""
    tree = LexborHTMLParser(html_text.escaped(page, html_text.PAGE_TAGS))
    root = next(filter(None, map(tree.css_first, _ROOMS)), None)
    if root is None:
        return []
    for node in list(_chrome(root)):
        node.decompose()
    for link in root.css("a"):
        _name(link)
    return html_text.lines(root)


def unmarked(text: str) -> str:
    """Give a text as it stands, but for the marks of links that `lines` has made."""
    return _OFFICIAL_LINK.sub(r"\1", text)


def _chrome(node: LexborNode) -> Iterator[LexborNode]:
    """Give what surrounds the document, but not what is within that."""
    child = node.child
    while child is not None:
        classes = (child.attributes.get("class") or "").split() if child.is_element_node else ()
        if child.tag in _CHROME or not _CHROME_CLASSES.isdisjoint(classes):
            yield child
        else:
            yield from _chrome(child)
        child = child.next


def _name(link: LexborNode) -> None:
    """Write the official id of a link beside its text."""
    where = (link.attributes.get("data-document-id"), link.attributes.get("href"))
    ids = dict.fromkeys(found for target in where for found in _OFFICIAL.findall(target or ""))
    if ids and link.text().strip():
        link.insert_before("[")
        link.insert_after(f"]({'/'.join(ids)})")
