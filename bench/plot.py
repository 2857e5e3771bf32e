"""How time and memory grow with the number of questions, drawn."""

from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.contenders import WAYS
from bench.targets import Measured

_INK = "#808080"
"""A grey that is legible on white as on black: the picture has no background of its own."""
_COLOURS = {
    "ours": "#2f81f7",
    "physical": "#808080",
    "pyoxigraph": "#2da44e",
    "Morph-KGC": "#bf8700",
    "rdflib": "#e5534b",
}
_ANY_OTHER = "#8957e5"
_STYLES = tuple(zip(("-", "--", ":", "-.") * 2, "osD^vPX*", strict=True))
"""Dashes and marks, for the first way of a library, the second …"""
_SETTINGS: Any = {
    "svg.hashsalt": "growth",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
}


def draw(measured: Measured, path: Path) -> None:
    """Draw both on logarithmic scales, a line a way; the same figures give the same file."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(10, 6.4), layout="constrained")
        cpu, memory = figure.subplots(1, 2)
        _axes(cpu, "CPU, seconds", {key: spent.cpu for key, spent in measured.items()})
        _axes(memory, "peak memory, MB", {key: spent.megabytes for key, spent in measured.items()})
        lines, names = cpu.get_legend_handles_labels()
        legend = figure.legend(lines, names, loc="outside lower center", ncols=3, frameon=False)
        for text in legend.get_texts():
            text.set_color(_INK)
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None})


def _axes(axes: Axes, what: str, values: dict[tuple[str, int], float]) -> None:
    sizes = sorted({size for _, size in values})
    for family, ways in groupby(WAYS, key=lambda way: way.family):
        for way, (dashes, mark) in zip(ways, _STYLES, strict=False):
            points = [(size, values[way.name, size]) for size in sizes if (way.name, size) in values]
            if points:
                [line] = axes.plot(*zip(*points, strict=True), label=way.name, linewidth=1.6, markersize=5)
                line.set(color=_COLOURS.get(family, _ANY_OTHER), linestyle=dashes, marker=mark)
    axes.set(xscale="log", yscale="log", title=what, xlabel="questions")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
    axes.tick_params(which="both", colors=_INK)
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.minorticks_off()
    axes.grid(color=_INK, alpha=0.25, linewidth=0.6)
    for part in (axes.title, axes.xaxis.label):
        part.set_color(_INK)
    for spine in axes.spines.values():
        spine.set_color(_INK)
