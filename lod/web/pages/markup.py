"""The HTML of a text as a page may show it: known tags, properly nested; anything else is escaped."""

import html
import re
from collections.abc import Callable

from markupsafe import Markup

_TAG = re.compile(r"(<[^<>]*>)")
_ALLOWED = re.compile(
    r"</?(?P<plain>p|table|thead|tbody|tr|ul|strong|em|sup|sub)>|</(?P<end>th|td|ol|li|a|span)>|(?P<void><br>)"
    r"|<(?P<cell>th|td)(?: rowspan=\"[0-9]{1,5}\")?(?: colspan=\"[0-9]{1,4}\")?>"
    r"|<(?P<list>ol)(?: start=\"-?[0-9]{1,9}\")?(?: type=\"[1aAiI]\")?>"
    r"|<(?P<item>li)(?: value=\"-?[0-9]{1,9}\")?>"
    r"|<(?P<link>a) href=\"(?:https?://|mailto:)[^\"<>\s]*\">"
    r"|<(?P<span>span) class=\"(?:speaker|stage-direction)\">"
)


def render(fragment: str, typeset: Callable[[str], str], table_label: str) -> Markup:
    """Return a fragment for a page, its words typeset, its tables scrollable and their heads with a scope."""
    pieces, is_open = list[str](), list[str]()
    for piece in _TAG.split(fragment):
        tag = _ALLOWED.fullmatch(piece)
        if not tag:
            pieces.append(html.escape(typeset(html.unescape(piece))))
        elif tag["void"]:
            pieces.append(piece)
        elif not piece.startswith("</"):
            pieces.append(_start(piece, is_open, table_label))
            is_open.append(_name(piece))
        elif _name(piece) in is_open:
            while is_open[-1] != _name(piece):
                pieces.append(_end(is_open.pop()))
            pieces.append(_end(is_open.pop()))
    return Markup("".join([*pieces, *map(_end, reversed(is_open))]))  # noqa: S704 - known tags and escaped text


def _name(tag: str) -> str:
    return re.split("[ >]", tag.strip("</"))[0]


def _start(tag: str, is_open: list[str], table_label: str) -> str:
    if tag == "<table>":
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{html.escape(table_label)}"><table>'
        )
    if tag.startswith("<th") and tag != "<thead>":
        return f'<th scope="{"col" if "thead" in is_open else "row"}"{tag[3:]}'
    return tag


def _end(name: str) -> str:
    return "</table></div>" if name == "table" else f"</{name}>"
