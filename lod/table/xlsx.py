"""The same rows as a workbook, for spreadsheets: dates are dates, and no text can be taken for a formula."""

import importlib.util
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any, Final

from lod.extras import missing
from lod.table.columns import COLUMNS, Cell, CellType, Value
from lod.table.rows import read

SHEET: Final = "Questions"
ROWS = 1_048_576
"""The most rows of a sheet (ECMA-376); the header is one of them. Further rows go to further sheets."""
CELL: Final = 32_767
"""The most UTF-16 code units of a cell of a spreadsheet."""
CUT: Final = " […] Texte coupé : une cellule ne peut en contenir davantage. Texte entier : "
"""What ends a cell whose text is longer than a cell may be; the IRI of the question follows."""
_WIDTHS: Final = {CellType.DAY: 12, CellType.NUMBER: 11, CellType.IRI: 40, CellType.TEXT: 28}


def require() -> None:
    """Raise Misused if the library that writes workbooks is not installed."""
    if importlib.util.find_spec("xlsxwriter") is None:
        raise missing("XlsxWriter", "workbooks", "xlsx")


def write(lines: IO[str], path: Path) -> int:
    """Write rows as a workbook, reproducibly for one version of the library; return their number."""
    import xlsxwriter

    written, newest = 0, date.min
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = None
        for values in read(lines):
            line = 1 + written % (ROWS - 1)
            if sheet is None or line == 1:
                sheet = _sheet(workbook, bold, 1 + written // (ROWS - 1))
            for column, value in enumerate(values):
                _write_cell(sheet, line, column, _cell(value, str(values[0])), day)
            newest = max([newest, *_days(values)])
            written += 1
        if sheet is None:
            _sheet(workbook, bold, 1)
        created = datetime.combine(max(newest, date(1980, 1, 1)), time(), UTC)
        workbook.set_properties({"title": SHEET, "created": created.replace(tzinfo=None)})
    return written


def _sheet(workbook: Any, bold: Any, number: int) -> Any:
    """Return a new sheet, with the titles of the columns in a row that stays in sight."""
    sheet = workbook.add_worksheet(SHEET if number == 1 else f"{SHEET} {number}")
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, _WIDTHS[column.type])
        sheet.write_string(0, index, column.french, bold)
    return sheet


def _cell(value: Value, iri: str) -> Cell:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    return _fitting(value, iri) if isinstance(value, str) else value


def _fitting(text: str, iri: str) -> str:
    """Return a text that fits a cell, which says so if it is not the whole text."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL:
        return text
    room = 2 * (CELL - len(CUT) - len(iri))
    return units[:room].decode("utf-16-le", errors="ignore") + CUT + iri


def _write_cell(sheet: Any, line: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, datetime.combine(cell, time()), day)
    elif cell is not None:
        sheet.write_number(line, column, cell)


def _days(values: list[Value]) -> Iterator[date]:
    for value in values:
        cells = value if isinstance(value, list) else [value]
        yield from (cell for cell in cells if isinstance(cell, date))
