"""The chart of a table: the bars of its first rows, or the columns of its months."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 720
_BARS, _MONTHS = 15, 60
_STEP, _BAR_HEIGHT, _LABEL_WIDTH, _VALUE_WIDTH, _TOP = 26, 16, 290, 70, 34
_COLUMNS_HEIGHT, _AXIS_HEIGHT = 180, 24
_LONGEST_LABEL = 33
"""How many characters fit before the bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartValue:
    """A value of a chart: what it is of, itself, and how it is printed."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: its rectangle, its label, also shortened, and its value as printed."""

    x: float
    y: float
    width: float
    height: float
    label: str
    short: str
    text: str
    is_highest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart: its title, its height, its bars, and whether they are upright."""

    title: str
    height: int
    bars: tuple[Bar, ...]
    is_upright: bool


def bar_chart(title: str, values: Sequence[ChartValue]) -> Chart | None:
    """Return the chart of the first values, one below the other; None if there are none."""
    drawn = values[:_BARS]
    if not drawn:
        return None
    longest, room = max(each.value for each in drawn) or 1, WIDTH - _LABEL_WIDTH - _VALUE_WIDTH
    bars = (
        Bar(
            x=_LABEL_WIDTH,
            y=_TOP + position * _STEP,
            width=round(room * each.value / longest, 1),
            height=_BAR_HEIGHT,
            label=each.label,
            short=_shorten(each.label),
            text=each.text,
        )
        for position, each in enumerate(drawn)
    )
    return Chart(title=title, height=_TOP + _STEP * len(drawn), bars=tuple(bars), is_upright=False)


def column_chart(title: str, values: Sequence[ChartValue]) -> Chart | None:
    """Return the chart of the last months, side by side; None if there are none."""
    drawn = values[-_MONTHS:]
    if not drawn:
        return None
    highest, step = max(each.value for each in drawn) or 1, WIDTH / len(drawn)
    room = _COLUMNS_HEIGHT - _AXIS_HEIGHT
    bars = list[Bar]()
    for position, each in enumerate(drawn):
        height = round(room * each.value / highest, 1)
        is_end = position in (0, len(drawn) - 1)
        bars.append(
            Bar(
                x=round((position + 0.1) * step, 1),
                y=round(_TOP + room - height, 1),
                width=round(step * 0.8, 1),
                height=height,
                label=each.label,
                short=each.label if is_end else "",
                text=each.text,
                is_highest=each.value == highest and not any(bar.is_highest for bar in bars),
            )
        )
    return Chart(title=title, height=_TOP + _COLUMNS_HEIGHT, bars=tuple(bars), is_upright=True)


def _shorten(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip(" ,-") + "…"
