"""The tree of an HTML parser as the blocks of a text: what each element says, in marks."""

import re
from collections.abc import Callable, Iterator
from typing import ClassVar

from selectolax.lexbor import LexborNode

from lod.errors import BadValue
from lod.source import marked_text
from lod.source.text_blocks import Block, Cell, Item, ItemList, Paragraph, Row, TextTable, lay_out

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BLOCKS = _HEADINGS.union(
    ("address", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "pre"),
    ("table", "tbody", "tfoot", "thead", "tr", "ul"),
)
PAGE_BLOCKS = frozenset(
    ("article", "aside", "body", "fieldset", "figure", "footer", "form", "header", "main", "nav", "section")
)
CELLS = frozenset(("td", "th"))
_ENDS_LINE = BLOCKS | PAGE_BLOCKS | CELLS
MARKS = {
    **dict.fromkeys(("strong", "b"), marked_text.STRONG),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), marked_text.EMPHASIS),
}
"""Elements that only set words apart, with their marks."""
_WHOLE_MARKS = {
    "sup": marked_text.SUPERSCRIPT,
    "sub": marked_text.SUBSCRIPT,
    **dict.fromkeys(("s", "strike", "del"), marked_text.STRUCK),
}
"""Elements whose words have another meaning without them, with their marks."""
STYLE = re.compile(r"line-through|vertical-align\s*:\s*su(?:per|b)\b", re.IGNORECASE)
"""Styles by which « span » and « font » do what other elements are for."""
_STYLED = {"line-through": "s", "super": "sup", "sub": "sub"}
_CLOSING = dict((marked_text.STRONG, marked_text.EMPHASIS))
_SPACES = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,9})", re.ASCII)
_MAX_COLUMNS, _MAX_ROWS = 1000, 65534
_LIST_STYLES = frozenset("1aAiI")


def read_blocks(node: LexborNode) -> list[Block]:
    """Return the blocks inside a node; raise BadValue for control characters and for monstrous tables."""
    reader = _BlockReader([])
    reader.read(node)
    reader.end_paragraph()
    return reader.blocks


class _BlockReader:
    """Collects blocks and the paragraph that has not ended yet; what is open in it is open in the next.

    A block inside an inline element ends the paragraph in which that element began: that of `outer`.
    """

    def __init__(
        self, is_open: list[str], *, preformatted: bool = False, outer: "_BlockReader | None" = None
    ) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self._open = is_open
        self._preformatted = preformatted
        self._outer = outer

    def read(self, node: LexborNode) -> None:
        """Add what is inside a node."""
        child = node.child
        while child is not None:
            self.add(child, child.tag or "")
            child = child.next

    def end_paragraph(self) -> None:
        """End the paragraph, if there is one."""
        if pieces := self.take_pieces():
            ends = [_CLOSING[mark] for mark in reversed(self._open)]
            marked = _single_spaces("".join([*pieces, *ends]))
            self.pieces = [*self._open]
            paragraph = Paragraph(marked)
            if paragraph.lines:
                self.blocks.append(paragraph)

    def take_pieces(self) -> list[str]:
        """Return the pieces of the paragraph, from where it began, and forget them."""
        before = self._outer.take_pieces() if self._outer else []
        pieces, self.pieces = [*before, *self.pieces], []
        return pieces

    def add(self, node: LexborNode, tag: str) -> None:
        """Add a node and what is inside."""
        if tag == "-text":
            self._add_text(node.text_content or "")
        elif adder := self._adders.get(tag):
            adder(self, node)
        elif tag in MARKS:
            self._add_emphasis(node, MARKS[tag])
        elif tag in _WHOLE_MARKS:
            self._add_whole(node, _WHOLE_MARKS[tag])
        elif tag in _ENDS_LINE:
            self._add_block(node, tag)
        elif not tag.startswith("-"):
            self.read(node)

    def _add_text(self, text: str) -> None:
        if bad := marked_text.MARKS.search(text):
            raise BadValue("text without control characters", f"U+{ord(bad[0]):04X}")
        self.pieces.append(text if self._preformatted else _SPACES.sub(" ", text))

    def _add_break(self, _: LexborNode) -> None:
        self.pieces.append("\n")

    def _add_block(self, node: LexborNode, tag: str) -> None:
        self.end_paragraph()
        before, self._preformatted = self._preformatted, self._preformatted or tag == "pre"
        if tag in _HEADINGS:
            self._add_emphasis(node, marked_text.STRONG)
        else:
            self.read(node)
        self.end_paragraph()
        self._preformatted = before

    def _add_emphasis(self, node: LexborNode, marks: tuple[str, str]) -> None:
        start, end = marks
        self.pieces.append(start)
        self._open.append(start)
        self.read(node)
        self._open.pop()
        self.pieces.append(end)

    def _add_whole(self, node: LexborNode, marks: tuple[str, str]) -> None:
        """Add an element that means something as a whole; one with blocks or lines in it is read without."""
        if marks == marked_text.STRUCK:
            self.pieces += [marks[0], _in_one_line(self._read_inside(node, None)), marks[1]]
            return
        inner = self._read_inside(node, self)
        words = "".join(inner.pieces)
        if inner.blocks or "\n" in words:
            self._add_inside(inner)
        elif words:
            self.pieces += [marks[0], words, marks[1]]

    def _add_link(self, node: LexborNode) -> None:
        address = "".join((node.attributes.get("href") or "").split())
        inner = self._read_inside(node, self)
        words = "".join(inner.pieces)
        if not _is_address(address):
            self._add_inside(inner)
        elif inner.blocks or "\n" in words or marked_text.LINK[0] in words:
            self._add_inside(inner)
            self.pieces += [" ", marked_text.LINK[0], address, marked_text.LINK[1], marked_text.LINK[2]]
        else:
            self.pieces += [marked_text.LINK[0], address, marked_text.LINK[1], words, marked_text.LINK[2]]

    def _add_picture(self, node: LexborNode) -> None:
        words = _SPACES.sub(" ", marked_text.MARKS.sub("", node.attributes.get("alt") or ""))
        self.pieces += [marked_text.PICTURE[0], words.strip(" "), marked_text.PICTURE[1]]

    def _add_quotation(self, node: LexborNode) -> None:
        self.pieces.append("«\u00a0")
        self.read(node)
        self.pieces.append("\u00a0»")

    def _add_styled(self, node: LexborNode) -> None:
        style = STYLE.search(node.attributes.get("style") or "")
        if style:
            self._add_whole(node, _WHOLE_MARKS[_STYLED[style[0].lower().rpartition(":")[2].strip()]])
        else:
            self.read(node)

    def _add_list(self, node: LexborNode) -> None:
        self.end_paragraph()
        found = _read_list(node)
        if found.items:
            self.blocks.append(found)

    def _add_table(self, node: LexborNode) -> None:
        self.end_paragraph()
        captions, table = _read_table(node)
        self.blocks += captions
        cells = [cell for row in table.rows for cell in row]
        if len(cells) > 1:
            self.blocks.append(table)
        else:
            self.blocks += [block for cell in cells for block in cell.blocks]

    _adders: ClassVar[dict[str, Callable[["_BlockReader", LexborNode], None]]] = {
        "br": _add_break,
        "a": _add_link,
        "img": _add_picture,
        "q": _add_quotation,
        "span": _add_styled,
        "font": _add_styled,
        "ol": _add_list,
        "ul": _add_list,
        "table": _add_table,
    }

    def _read_inside(self, node: LexborNode, outer: "_BlockReader | None") -> "_BlockReader":
        inner = _BlockReader(list(self._open), preformatted=self._preformatted, outer=outer)
        inner.read(node)
        return inner

    def _add_inside(self, inner: "_BlockReader") -> None:
        self.blocks += inner.blocks
        self.pieces += inner.pieces


def _read_list(node: LexborNode) -> ItemList:
    """Read a list; what is not in an item, such as a list directly in a list, belongs to the item before."""
    is_ordered = node.tag == "ol"
    children = list(_children(node))
    backwards = is_ordered and "reversed" in node.attributes
    items = list[Item]()
    number = _number(node, "start", len([c for c in children if c.tag == "li"]) if backwards else 1)
    loose = list[Block]()
    for child in children:
        if child.tag == "li":
            number = _number(child, "value", number)
            items.append(Item(number if is_ordered else None, read_blocks(child)))
            number += -1 if backwards else 1
        else:
            blocks = _read_alone(child)
            (items[-1].blocks if items else loose).extend(blocks)
    if loose:
        items.insert(0, Item(None, loose))
    style = node.attributes.get("type") or "1"
    said = [item for item in items if item.blocks]
    return ItemList(said, style if style in _LIST_STYLES else "1", is_ordered)


def _read_alone(node: LexborNode) -> list[Block]:
    """Return the blocks of a node itself."""
    reader = _BlockReader([])
    reader.add(node, node.tag or "")
    reader.end_paragraph()
    return reader.blocks


def _read_table(node: LexborNode) -> tuple[list[Block], TextTable]:
    """Read a table and its captions; the foot is last, wherever it stands."""
    captions, heads, bodies, feet = list[Block](), list[list[Row]](), list[list[Row]](), list[list[Row]]()
    for child in _children(node):
        if child.tag == "caption":
            captions += read_blocks(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows = [
                [_read_cell(cell) for cell in _children(row) if cell.tag in CELLS]
                for row in _children(child)
                if row.tag == "tr"
            ]
            {"thead": heads, "tbody": bodies, "tfoot": feet}[child.tag].append([row for row in rows if row])
    return captions, lay_out(
        [*((True, rows) for rows in heads), *((False, rows) for rows in (*bodies, *feet))]
    )


def _read_cell(node: LexborNode) -> Cell:
    rows = min(_number(node, "rowspan", 1), _MAX_ROWS)
    columns = min(_number(node, "colspan", 1), _MAX_COLUMNS)
    return Cell(read_blocks(node), node.tag == "th", rows if rows >= 0 else 1, columns if columns > 0 else 1)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _number(node: LexborNode, attribute: str, default: int) -> int:
    """Return the number with which an attribute begins, as browsers read it, or a default."""
    match = _NUMBER.match(node.attributes.get(attribute) or "")
    return int(match[1]) if match else default


def _is_address(address: str) -> bool:
    """Return whether an address leads out of the text, and is not a program."""
    return bool(address) and not address.startswith("#") and not address.lower().startswith("javascript:")


def _in_one_line(reader: _BlockReader) -> str:
    """Return what was read without marks and breaks."""
    reader.end_paragraph()
    lines = [line for block in reader.blocks if isinstance(block, Paragraph) for line in block.lines]
    return " ".join(map(marked_text.bare_text, lines))


def _single_spaces(text: str) -> str:
    return re.sub(" {2,}", " ", text) if "  " in text else text
