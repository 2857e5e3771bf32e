"""The blocks of a text: paragraphs, lists and tables, as lines of plain text and as canonical HTML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, TypeAlias

from lod.errors import BadValue
from lod.model import Text
from lod.source import marked_text
from lod.source.marked_text import Observation

_MAX_SLOTS = 1_000_000
"""How many places the cells of one table may cover: no official table comes near."""
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MAX_ROMAN = 4000
_TAGS_OF_A_PARAGRAPH = 2


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """Lines of marked text."""

    marked: str

    @property
    def lines(self) -> list[str]:
        """The lines that say something."""
        return [line for line in self.marked.split("\n") if marked_text.is_said(line)]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An item of a list and the number printed before it; None if it has none."""

    number: int | None
    blocks: list["Block"]


@dataclass(frozen=True, slots=True, eq=False)
class ItemList:
    """A list, with numbers in one of the styles of HTML (1, a, A, i, I) or without."""

    items: list[Item]
    style: str = "1"
    is_ordered: bool = False

    def label(self, item: Item) -> str:
        """Return what is printed before an item, such as « 3. »; nothing in a list without numbers."""
        return "" if item.number is None else f"{_in_style(item.number, self.style)}. "


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a table: its blocks, and how many rows and columns it spans."""

    blocks: list["Block"]
    is_head: bool = False
    rows: int = 1
    columns: int = 1

    @property
    def marked(self) -> str:
        """The text of the cell on one line."""
        return " ".join(line.marked.strip(" ") for line in block_lines(self.blocks))


Row: TypeAlias = list[Cell]


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """A table as HTML lays it out: in each row, the cells that begin there; the head is first."""

    rows: list[Row]
    head_rows: int = 0
    columns: int = 0
    starts: dict[int, int] = field(default_factory=dict)
    """The column in which a cell begins, by the id of the cell."""

    def slots(self, row: Row) -> list[Cell | None]:
        """Return a row with as many places as any other: None where a cell of another place covers it."""
        slots: list[Cell | None] = [None] * self.columns
        for cell in row:
            slots[self.starts[id(cell)]] = cell
        return slots


Block: TypeAlias = Paragraph | ItemList | TextTable


class BlockLine(NamedTuple):
    """A line of a block: its plain text, the same without what marks stand for, with marks, and its block."""

    plain: str
    bare: str
    marked: str
    block: Block


class ReadText(NamedTuple):
    """A text as read, None if it says nothing, and what is worth a remark about it."""

    text: Text | None
    observations: list[Observation]


def lay_out(sections: Sequence[tuple[bool, list[Row]]]) -> TextTable:
    """Return the table of sections of rows (is it a head?), laid out by the algorithm of HTML.

    A cell spans at most the rows of its section. A column in which no cell begins is none.
    """
    starts, slots = dict[int, int](), 0
    for _, rows in sections:
        covered = dict[int, int]()  # column -> the first row in which it is free again
        for at, row in enumerate(rows):
            column = 0
            for n, found in enumerate(row):
                while covered.get(column, 0) > at:
                    column += 1
                left = len(rows) - at
                cell = Cell(found.blocks, found.is_head, min(found.rows or left, left), found.columns)
                row[n] = cell
                starts[id(cell)] = column
                covered |= dict.fromkeys(range(column, column + cell.columns), at + cell.rows)
                column, slots = column + cell.columns, slots + cell.columns
                if slots > _MAX_SLOTS:
                    raise BadValue(f"a table of at most {_MAX_SLOTS} cells", "more")
    every = [row for _, rows in sections for row in rows]
    used = {column: n for n, column in enumerate(sorted(set(starts.values())))}
    _narrow(every, starts, sorted(used))
    heads = sum(len(rows) for is_head, rows in sections if is_head) or _rows_of_heads(every)
    if len(every) * len(used) > _MAX_SLOTS:
        raise BadValue(f"a table of at most {_MAX_SLOTS} cells", f"{len(every)} rows of {len(used)}")
    return TextTable(every, heads, len(used), {cell: used[column] for cell, column in starts.items()})


def _narrow(rows: list[Row], starts: dict[int, int], used: list[int]) -> None:
    """Let cells span only columns in which a cell begins."""
    for row in rows:
        for n, cell in enumerate(row):
            if cell.columns > 1:
                first = starts.pop(id(cell))
                columns = sum(first <= column < first + cell.columns for column in used)
                row[n] = Cell(cell.blocks, cell.is_head, cell.rows, columns)
                starts[id(row[n])] = first


def _rows_of_heads(rows: list[Row]) -> int:
    """Return how many of the first rows have heads alone, which no cell of theirs spans beyond."""
    heads = next((n for n, row in enumerate(rows) if not all(cell.is_head for cell in row)), len(rows))
    spans = [n + cell.rows for n, row in enumerate(rows[:heads]) for cell in row]
    return heads if heads < len(rows) and max(spans, default=0) <= heads else 0


def block_lines(blocks: Iterable[Block]) -> Iterator[BlockLine]:
    """Yield the lines of blocks, in order, without those that say nothing."""
    for block in blocks:
        if isinstance(block, Paragraph):
            for line in block.lines:
                plain = marked_text.plain_text(line).strip(" ")
                yield BlockLine(plain, marked_text.bare_text(line).strip(" "), line, block)
        elif isinstance(block, ItemList):
            yield from _list_lines(block)
        else:
            yield from _table_lines(block)


def _list_lines(block: ItemList) -> Iterator[BlockLine]:
    for item in block.items:
        label = block.label(item)
        for line in block_lines(item.blocks):
            yield line._replace(plain=f"{label}{line.plain}", block=block)
            label = "" if line.plain else label


def _table_lines(table: TextTable) -> Iterator[BlockLine]:
    """Yield a line for each row with as many cells; one that a cell of another place covers is empty."""
    for row in table.rows:
        marked = [cell.marked if cell else "" for cell in table.slots(row)]
        plain = [marked_text.plain_text(cell).strip(" ") for cell in marked]
        bare = [marked_text.bare_text(cell.marked) for cell in row]
        if any(bare):
            joined = " | ".join(plain).replace("  ", " ").strip(" ")
            yield BlockLine(joined, " | ".join(bare), " ".join(marked), table)


def read_lines(lines: Sequence[BlockLine], *, debate: bool = False) -> ReadText:
    """Return the text of lines; its HTML is None if it has nothing but paragraphs."""
    plain = "\n".join(line.plain for line in lines if line.plain)
    if not plain:
        return ReadText(None, [])
    marked = any(
        not isinstance(line.block, Paragraph) or marked_text.has_structure(line.marked) for line in lines
    )
    html = list(_lines_html(lines, debate=debate)) if marked else []
    has_structure = any(line.count("<") > _TAGS_OF_A_PARAGRAPH for line in html)
    observations = list(marked_text.observations("\n".join(line.marked for line in lines)))
    return ReadText(marked_text.make_text(plain, "\n".join(html) if has_structure else None), observations)


def _lines_html(lines: Sequence[BlockLine], *, debate: bool) -> Iterator[str]:
    """Yield the HTML of each paragraph and of each block that is whole."""
    for _, group in groupby(lines, lambda line: id(line.block)):
        of_block = list(group)
        block = of_block[0].block
        if isinstance(block, Paragraph):
            for line in of_block:
                yield from _paragraphs(line.marked, debate=debate)
        elif len(of_block) == len(list(block_lines([block]))):
            yield _block_html(block)
        else:
            for line in of_block:
                yield from _paragraphs(line.plain, debate=debate)


def _paragraphs(marked: str, *, debate: bool) -> Iterator[str]:
    for line in marked_text.html_lines(marked, debate=debate):
        if line.strip(" "):
            yield f"<p>{line.strip(' ')}</p>"


def _block_html(block: ItemList | TextTable) -> str:
    if isinstance(block, ItemList):
        return _list_html(block)
    head, body = block.rows[: block.head_rows], block.rows[block.head_rows :]
    sections = [(name, rows) for name, rows in (("thead", head), ("tbody", body)) if rows]
    inner = "".join(f"<{name}>{''.join(map(_row_html, rows))}</{name}>" for name, rows in sections)
    return f"<table>{inner}</table>"


def _row_html(row: Row) -> str:
    return f"<tr>{''.join(map(_cell_html, row))}</tr>"


def _cell_html(cell: Cell) -> str:
    name = "th" if cell.is_head else "td"
    rows = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    columns = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    return f"<{name}{rows}{columns}>{_flow_html(cell.blocks)}</{name}>"


def _list_html(block: ItemList) -> str:
    if not block.is_ordered:
        return f"<ul>{''.join(f'<li>{_flow_html(item.blocks)}</li>' for item in block.items)}</ul>"
    numbers = [item.number for item in block.items if item.number is not None]
    expected = numbers[0] if numbers else 1
    start = f' start="{expected}"' if expected != 1 else ""
    style = f' type="{block.style}"' if block.style != "1" else ""
    pieces = [f"<ol{start}{style}>"]
    for item in block.items:
        value = "" if item.number in (None, expected) else f' value="{item.number}"'
        expected = (expected if item.number is None else item.number) + 1
        pieces.append(f"<li{value}>{_flow_html(item.blocks)}</li>")
    return "".join([*pieces, "</ol>"])


def _flow_html(blocks: list[Block]) -> str:
    """Return blocks within a cell or an item: paragraphs are parted by line breaks."""
    pieces = list[str]()
    for is_paragraph, group in groupby(blocks, lambda block: isinstance(block, Paragraph)):
        if is_paragraph:
            lines = [line.strip(" ") for block in group for line in _lines_of(block)]
            pieces.append("<br>".join(filter(None, lines)))
        else:
            pieces += [_block_html(block) for block in group if not isinstance(block, Paragraph)]
    return "".join(pieces)


def _lines_of(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        for line in block.lines:
            yield from marked_text.html_lines(line)


def _in_style(number: int, style: str) -> str:
    """Return the number of an item in one of the styles of HTML, or in figures."""
    if style.lower() == "i" and 0 < number < _MAX_ROMAN:
        shown = _roman(number)
    elif style.lower() == "a" and number > 0:
        shown = _letters(number)
    else:
        return str(number)
    return shown.upper() if style.isupper() else shown


def _roman(number: int) -> str:
    pieces = list[str]()
    for value, sign in _ROMAN:
        pieces.append(sign * (number // value))
        number %= value
    return "".join(pieces)


def _letters(number: int) -> str:
    """Return the letters of a number: a, b … z, aa, ab and so on."""
    letters = ""
    while number:
        number, last = divmod(number - 1, 26)
        letters = chr(ord("a") + last) + letters
    return letters
