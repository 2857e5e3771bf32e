"""Charts of query results: bars, or a line over time, as SVG; the same rows give the same file."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from lod.errors import Misused, NotReadOrWritten, quote
from lod.extras import missing
from lod.numbers import group_thousands
from lod.query.results import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lod.query.results import Cell

MAX_BARS = 40
MAX_TICKS = 15
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_NUMERIC_DATATYPE = re.compile(
    r"http://www\.w3\.org/2001/XMLSchema#(integer|decimal|double|float|nonNegativeInteger)"
)
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]{1,2})?")
_BLUE, _GREY = "#1f4e79", "#d9d9d9"
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "lod", "font.family": "DejaVu Sans", "font.size": 10}


class Series(NamedTuple):
    """The labels of a chart, a number for each, and the headings of both."""

    labels: list[str]
    numbers: list[float]
    headings: tuple[str, str]

    @property
    def is_time(self) -> bool:
        """Whether the labels are years, months or days."""
        return all(_DATE.fullmatch(label) for label in self.labels)


def check_can_draw(path: Path) -> None:
    """Raise Misused if a path does not end in .svg or matplotlib is not installed."""
    if path.suffix.lower() != ".svg":
        raise Misused(f"{path}: a chart is an SVG file; its name must end in .svg, not {quote(path.name)}")
    if find_spec("matplotlib") is None:
        raise missing("matplotlib", "a chart", "chart")


def draw(
    names: Sequence[str],
    rows: "Sequence[Sequence[Cell]]",
    path: Path,
    title: str,
    headings: Mapping[str, str],
) -> None:
    """Draw the first label and the first number of each row into an SVG file.

    `headings` are those of columns, by name. Raise Misused if the rows have no label and number.
    """
    check_can_draw(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    chart = series(names, rows, headings)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_size(chart), layout="constrained")
        axes = figure.subplots()
        (_draw_line if chart.is_time else _draw_bars)(axes, chart)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        try:
            figure.savefig(path, format="svg", metadata={"Date": None, "Title": title})
        except OSError as error:
            raise NotReadOrWritten.from_os(error, path) from None


def series(names: Sequence[str], rows: "Sequence[Sequence[Cell]]", headings: Mapping[str, str]) -> Series:
    """Return the labels and numbers of rows: those of the first numeric column and all columns before it.

    Without a column before it, the label is the first column that is not numeric; if all columns are numeric,
    the first is the label and the second the number.
    """
    full = [row for row in rows if row]
    numeric = [n for n in range(len(names)) if full and all(_is_number(row[n]) for row in full)]
    numbers = numeric if len(numeric) < len(names) else numeric[1:]
    if not numbers or len(names) < 2:
        raise Misused("a chart needs a label and a number in each row; the answer has no such columns")
    number = numbers[0]
    labels = [n for n in range(number) if n not in numbers]
    labels = labels or [n for n in range(len(names)) if n not in numbers][:1]
    return Series(
        [" – ".join(text(row[n]) for n in labels) for row in full],
        [float(text(row[number])) for row in full],
        (headings.get(names[labels[0]], names[labels[0]]), headings.get(names[number], names[number])),
    )


def _is_number(cell: "Cell") -> bool:
    if not isinstance(cell, ox.Literal) or not _NUMERIC_DATATYPE.fullmatch(cell.datatype.value):
        return False
    return bool(_NUMBER.fullmatch(cell.value))


def _size(chart: Series) -> tuple[float, float]:
    return (9, 4.5) if chart.is_time else (9, 1.3 + 0.27 * min(len(chart.labels), MAX_BARS + 1))


def _draw_bars(axes: "Axes", chart: Series) -> None:
    labels, numbers = chart.labels[:MAX_BARS], chart.numbers[:MAX_BARS]
    positions = range(len(labels))
    bars = axes.barh(positions, numbers, color=_BLUE, height=0.7)
    axes.bar_label(bars, labels=[group_thousands(number) for number in numbers], padding=3)
    axes.set_yticks(positions, [label if len(label) <= 60 else label[:59] + "…" for label in labels])
    axes.invert_yaxis()
    axes.set_xlabel(chart.headings[1].capitalize())
    axes.margins(x=0.08, y=0.01)
    if len(chart.labels) > MAX_BARS:
        axes.set_title(f"les {MAX_BARS} premiers de {len(chart.labels)}", loc="left", fontsize=9)
    _style_axes(axes, "x")


def _draw_line(axes: "Axes", chart: Series) -> None:
    """Draw a line whose points are as far apart as their days."""
    points = sorted(zip(chart.labels, chart.numbers, strict=True))
    labels = [label for label, _ in points]
    days = [date.fromisoformat((label + "-01-01")[:10]).toordinal() for label in labels]
    axes.plot(days, [number for _, number in points], color=_BLUE, marker="o", markersize=4)
    step = -(-len(points) // MAX_TICKS)
    axes.set_xticks(days[::step], labels[::step], rotation=45, ha="right")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(chart.headings[0].capitalize())
    axes.set_ylabel(chart.headings[1].capitalize())
    _style_axes(axes, "y")


def _style_axes(axes: "Axes", numbers: str) -> None:
    """Style the axes, with grid lines on the axis of the numbers."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x" if numbers == "x" else "y", color=_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    axis = axes.xaxis if numbers == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _position: group_thousands(value))
