"""Texts of pages that were converted to Markdown: what its marks stand for, read as the HTML they came from.

Only marks that a conversion leaves are read; what also occurs in plain French, such as a hyphen or a number
at the start of a line, stays as it is.
"""

import html
import re
from collections.abc import Sequence

from lod.source import html_text
from lod.source.text_blocks import ReadText

_ADDRESS = r"(?:[^\s()<>]|\([^\s()<>]*\))*"
_MARKS = re.compile(r"[*^|<\\]|~~|\]\(|^#{1,6} |&[A-Za-z#]", re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_PICTURE = re.compile(rf"!\[([^\[\]\n]*)\]\({_ADDRESS}\)")
_LINK = re.compile(rf"\[([^\[\]\n]*)\]\(({_ADDRESS})\)")
_BARE_LINK = re.compile(r"&lt;((?:https?://|mailto:)[^\s<>]*?|[^\s<>@:/]+@[^\s<>@:/]+)&gt;")
_STRONG = re.compile(r"(?<![\w*])\*\*(?=[^\W\d_]|«)([^*\n]*[\w»\"'.!?…:,])( ?)\*\*(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\(?[^\W\d_]|«)([^*\n]*[\w»\"'.!?…)])\*(?![\w*])")
_SUPERSCRIPT = re.compile(
    r"(?<=[\w)%€])\^([-+\u2212]?[0-9]{1,4}(?![0-9])|[A-Za-zÀ-ÿ]{1,9}\b|\([^()\s]{1,20}\))"
)
_STRUCK = re.compile(r"~~([^~\n]+)~~")
_HEADING = re.compile(r"#{1,6} +(.*?)(?: +#+)?")
_ITEM = re.compile(r"[*+] +(.*)")
_RULE = re.compile(r"(?:\* ?){3,}")
_TABLE_RULE = re.compile(r"\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?")
_CELL_BORDER = re.compile(r"(?<!\\)\|")

_PROTECTED = re.compile("\x1a([0-9]+)\x1b")
_SPECIAL = frozenset("*[]()^|<>!~#&`_\\")


def read_text(lines: Sequence[str], *, debate: bool = False) -> ReadText:
    """Return the text of the lines of a page."""
    text = "\n".join(lines)
    if not _MARKS.search(text):
        return html_text.read_fragment("<br>".join(lines), debate=debate)
    return html_text.read_fragment(to_html(lines), debate=debate)


def plain_line(line: str) -> str:
    """Return a line of a page, such as its title, without marks."""
    text = read_text([line]).text
    return text.plain if text else ""


def to_html(lines: Sequence[str]) -> str:
    """Return what the marks of lines stand for, as a fragment of HTML."""
    pieces, at = list[str](), 0
    while at < len(lines):
        line = lines[at]
        if _is_table(lines, at):
            end = _end_of_table(lines, at)
            pieces.append(_table(lines[at], lines[at + 2 : end]))
            at = end
            continue
        item, heading = _ITEM.fullmatch(line), _HEADING.fullmatch(line)
        if item and not _RULE.fullmatch(line):
            pieces.append(f"<ul><li>{_inline(item[1])}</li></ul>")
        elif heading:
            pieces.append(f"<h3>{_inline(heading[1])}</h3>")
        elif not _RULE.fullmatch(line) or "*" not in line:
            pieces.append(f"<p>{_inline(line)}</p>")
        at += 1
    return "".join(pieces).replace("</ul><ul>", "")


def _is_table(lines: Sequence[str], at: int) -> bool:
    """Return whether a head and the rule below it, with as many cells, begin here."""
    if at + 1 >= len(lines) or "|" not in lines[at] or not _TABLE_RULE.fullmatch(lines[at + 1]):
        return False
    return len(_cells(lines[at])) == len(_cells(lines[at + 1]))


def _end_of_table(lines: Sequence[str], at: int) -> int:
    """Return the position behind the last row of a table: rows begin and end like its head."""
    borders = lines[at].startswith("|")
    end = at + 2
    while end < len(lines) and (lines[end].startswith("|") if borders else "|" in lines[end]):
        end += 1
    return end


def _table(head: str, rows: Sequence[str]) -> str:
    """Return a table; a head without words was none."""
    heads = _cells(head)
    top = (
        f"<thead><tr>{''.join(f'<th>{_inline(cell)}</th>' for cell in heads)}</tr></thead>"
        if any(heads)
        else ""
    )
    body = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in _cells(row))}</tr>" for row in rows)
    return f"<table>{top}<tbody>{body}</tbody></table>"


def _cells(line: str) -> list[str]:
    inner = line.strip(" ").removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip(" ") for cell in _CELL_BORDER.split(inner)]


def _inline(line: str) -> str:
    """Return a line with its marks as HTML; what is escaped is no mark."""
    text = html.escape(_ESCAPE.sub(_reference, line.removesuffix("\\")), quote=False)
    text = _PROTECTED.sub(r"&#\1;", text)
    text = _PICTURE.sub(lambda picture: f'<img alt="{_quoted(picture[1])}">', text)
    text = _LINK.sub(lambda link: f'<a href="{_quoted(link[2])}">{link[1]}</a>', text)
    text = _BARE_LINK.sub(
        lambda link: f'<a href="{_quoted(link[1])}">{link[1].removeprefix("mailto:")}</a>', text
    )
    text = _STRUCK.sub(r"<s>\1</s>", text)
    text = _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>\2", text))
    return _SUPERSCRIPT.sub(lambda raised: f"<sup>{raised[1]}</sup>", text)


def _reference(escape: re.Match[str]) -> str:
    """Return an escaped character; a special one is protected until all marks have been read."""
    character = escape[1]
    return f"\x1a{ord(character)}\x1b" if character in _SPECIAL else character


def _quoted(value: str) -> str:
    return re.sub("</?[a-z]+>", "", value).replace('"', "&quot;")
