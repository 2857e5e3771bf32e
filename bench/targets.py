"""What this project wants to reach: bounds of ratios of what is measured in one run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bench.measure import Spent

Measured: TypeAlias = Mapping[tuple[str, int], Spent]
"""What was spent, by the name of the way and the number of questions."""

AIM, FOURFOLD = 16_000, 64_000
"""The numbers of questions that the targets mean; the nearest that was measured stands in for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTarget:
    """What one way takes divided by what another takes, for as many questions, is to be within a bound.

    For a target of growth, it is what a way takes for four times the questions divided by what it takes.
    """

    text: str
    of: str
    to: str
    quantity: Literal["cpu", "wall", "megabytes"] = "cpu"
    least: float | None = None
    most: float | None = None
    growth: bool = False

    def sizes(self, measured: Measured) -> tuple[int, int] | None:
        """Give the numbers of questions that are compared; None if that cannot be."""
        if self.growth:
            both = (self.of, FOURFOLD) in measured and (self.to, AIM) in measured
            return (FOURFOLD, AIM) if both else None
        common = {size for way, size in measured if way == self.of} & {
            size for way, size in measured if way == self.to
        }
        if not common:
            return None
        nearest = min(common, key=lambda size: (abs(size - AIM), size))
        return nearest, nearest

    def ratio(self, measured: Measured, sizes: tuple[int, int]) -> float:
        """Divide what was measured at these numbers of questions."""
        numerator: float = getattr(measured[self.of, sizes[0]], self.quantity)
        denominator: float = getattr(measured[self.to, sizes[1]], self.quantity)
        return numerator / denominator

    def is_met_by(self, ratio: float) -> bool:
        """Say whether a ratio is within the bound."""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)


TARGETS = (
    SpeedTarget(
        text="unchecked takes at most 6 times the CPU of the physical limit",
        of="ours, unchecked",
        to="physical limit",
        most=6,
    ),
    SpeedTarget(
        text="checked, at most 20 times",
        of="ours",
        to="physical limit",
        most=20,
    ),
    SpeedTarget(
        text="checked, better still at most 12 times",
        of="ours",
        to="physical limit",
        most=12,
    ),
    SpeedTarget(
        text="rdflib takes at least 25 times the CPU of ours, unchecked",
        of="rdflib",
        to="ours, unchecked",
        least=25,
    ),
    SpeedTarget(
        text="so does rdflib in batches",
        of="rdflib in batches",
        to="ours, unchecked",
        least=25,
    ),
    SpeedTarget(
        text="rdflib and pySHACL take at least 200 times the CPU of ours",
        of="rdflib and pySHACL",
        to="ours",
        least=200,
    ),
    SpeedTarget(
        text="so do both in batches",
        of="rdflib and pySHACL in batches",
        to="ours",
        least=200,
    ),
    SpeedTarget(
        text="Morph-KGC, subset in N-Triples, takes more CPU than ours with everything",
        of="Morph-KGC",
        to="ours",
        least=1,
    ),
    SpeedTarget(
        text="pyoxigraph, subset in three formats, takes more CPU than ours with everything",
        of="pyoxigraph",
        to="ours",
        least=1,
    ),
    SpeedTarget(
        text="four times the questions take at most 4.3 times the CPU",
        of="ours",
        to="ours",
        most=4.3,
        growth=True,
    ),
    SpeedTarget(
        text="and at most 1.2 times the memory",
        of="ours",
        to="ours",
        quantity="megabytes",
        most=1.2,
        growth=True,
    ),
    SpeedTarget(
        text="one process takes at least 1.6 times as long as two",
        of="ours",
        to="ours, two processes",
        quantity="wall",
        least=1.6,
    ),
    SpeedTarget(
        text="Dask on one machine takes at most twice as long as two processes",
        of="ours, Dask",
        to="ours, two processes",
        quantity="wall",
        most=2,
    ),
)


def judged(measured: Measured) -> Iterator[tuple[SpeedTarget, tuple[int, int] | None, float | None]]:
    """Give each target with the numbers of questions and the ratio, or without if it was not measured."""
    for target in TARGETS:
        sizes = target.sizes(measured)
        yield target, sizes, target.ratio(measured, sizes) if sizes else None
