"""Rows drawn: bars of a label and a number, or a line over time; the same rows give the same SVG."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from lod.errors import Misused, NotReadOrWritten, quote
from lod.extras import missing
from lod.query.results import Cell, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS = 40
MOST_TICKS = 15
_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_NUMBERS = re.compile(r"http://www\.w3\.org/2001/XMLSchema#(integer|decimal|double|float|nonNegativeInteger)")
_FIGURES = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]{1,2})?")
_INK, _FAINT = "#1f4e79", "#d9d9d9"
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "lod", "font.family": "DejaVu Sans", "font.size": 10}


class Series(NamedTuple):
    """What is drawn: names, one number each, and what both are called."""

    labels: list[str]
    numbers: list[float]
    called: tuple[str, str]

    @property
    def is_time(self) -> bool:
        """Say whether the labels are years, months or days."""
        return all(_TIME.fullmatch(label) for label in self.labels)


def require(out: Path) -> None:
    """Raise Misused if a file's name is not that of an SVG, or if there is nothing to draw with."""
    if out.suffix.lower() != ".svg":
        raise Misused(f"{out}: expected a name that ends in .svg for a chart, found {quote(out.name)}")
    if find_spec("matplotlib") is None:
        raise missing("matplotlib", "a chart", "chart")


def draw(
    names: Sequence[str], rows: Sequence[Sequence[Cell]], out: Path, title: str, called: Mapping[str, str]
) -> None:
    """Draw the first label and the first number of each row into an SVG file.

    `called` says what columns are called. Raise Misused if there is nothing to draw, or nothing to draw with.
    """
    require(out)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    series = chosen(names, rows, called)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_size(series), layout="constrained")
        axes = figure.subplots()
        (_lines if series.is_time else _bars)(axes, series)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        try:
            figure.savefig(out, format="svg", metadata={"Date": None, "Title": title})
        except OSError as error:
            raise NotReadOrWritten.from_os(error, out) from None


def chosen(names: Sequence[str], rows: Sequence[Sequence[Cell]], called: Mapping[str, str]) -> Series:
    """Choose what is drawn: the first column of labels and the first of numbers.

    Rows whose label columns before the number are several bear all of them. If all columns are numbers, the
    first is the label.
    """
    whole = [row for row in rows if row]
    numeric = [n for n in range(len(names)) if whole and all(_is_number(row[n]) for row in whole)]
    figures = numeric if len(numeric) < len(names) else numeric[1:]
    if not figures or len(names) < 2:
        raise Misused("expected a label and a number in each row for a chart, found no such columns")
    number = figures[0]
    labels = [n for n in range(number) if n not in figures]
    labels = labels or [n for n in range(len(names)) if n not in figures][:1]
    return Series(
        [" – ".join(words(row[n]) for n in labels) for row in whole],
        [float(words(row[number])) for row in whole],
        (called.get(names[labels[0]], names[labels[0]]), called.get(names[number], names[number])),
    )


def _is_number(cell: Cell) -> bool:
    if not isinstance(cell, ox.Literal) or not _NUMBERS.fullmatch(cell.datatype.value):
        return False
    return bool(_FIGURES.fullmatch(cell.value))


def _size(series: Series) -> tuple[float, float]:
    return (9, 4.5) if series.is_time else (9, 1.3 + 0.27 * min(len(series.labels), MOST_BARS + 1))


def _bars(axes: "Axes", series: Series) -> None:
    labels, numbers = series.labels[:MOST_BARS], series.numbers[:MOST_BARS]
    places = range(len(labels))
    bars = axes.barh(places, numbers, color=_INK, height=0.7)
    axes.bar_label(bars, labels=[_figure(number) for number in numbers], padding=3)
    axes.set_yticks(places, [_short(label) for label in labels])
    axes.invert_yaxis()
    axes.set_xlabel(series.called[1].capitalize())
    axes.margins(x=0.08, y=0.01)
    if len(series.labels) > MOST_BARS:
        axes.set_title(f"les {MOST_BARS} premiers de {len(series.labels)}", loc="left", fontsize=9)
    _frame(axes, "x")


def _lines(axes: "Axes", series: Series) -> None:
    """Draw a line whose points stand as far apart as their days do."""
    points = sorted(zip(series.labels, series.numbers, strict=True))
    labels = [label for label, _ in points]
    days = [date.fromisoformat((label + "-01-01")[:10]).toordinal() for label in labels]
    axes.plot(days, [number for _, number in points], color=_INK, marker="o", markersize=4)
    step = -(-len(points) // MOST_TICKS)
    axes.set_xticks(days[::step], labels[::step], rotation=45, ha="right")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(series.called[0].capitalize())
    axes.set_ylabel(series.called[1].capitalize())
    _frame(axes, "y")


def _frame(axes: "Axes", along: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x" if along == "x" else "y", color=_FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _position: _figure(value))


def _figure(number: float) -> str:
    return f"{number:,.10g}".replace(",", "\u202f").replace(".", ",")


def _short(label: str) -> str:
    return label if len(label) <= 60 else label[:59] + "…"
