"""The ways that are compared: what each is called, how it is started, which triples it makes.

A further way is one line in `WAYS`, beside those of its family: `lod build` with other options, say, is
`Way(name="ours, …", command=_lod("--option"), formats=4, checks=True)`. Where a target speaks of a way,
`bench.targets` knows it by its name: « ours, Dask » is known there already.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter


class Makes(enum.Enum):
    """Which triples a way makes: the bench holds it to that."""

    ALL = "all"
    SUBSET = "the subset"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A program, and what is to be said of it.

    In its command, what stands in braces is a place that is filled in. Beyond `most` questions it is not run:
    it would take hours.
    """

    name: str
    command: tuple[str, ...]
    makes: Makes = Makes.ALL
    formats: int = 3
    checks: bool = False
    most: int | None = None

    def can(self, size: int, places: Iterable[str]) -> bool:
        """Say whether it is to be run on so many questions, and needs no more places than these."""
        needs = {name for part in self.command for _, name, _, _ in Formatter().parse(part) if name}
        return (self.most is None or size <= self.most) and needs <= set(places)

    def line(self, places: Mapping[str, Path | int]) -> list[str]:
        """Give the command line; raise KeyError if it needs a place that is not there."""
        return [part.format_map(places) for part in self.command]

    @property
    def family(self) -> str:
        """Name the library that does the work: the first word of the name."""
        return self.name.split()[0].rstrip(",")

    @property
    def writes(self) -> str:
        """Say what it writes."""
        if self.makes is Makes.NONE:
            return f"bytes of {self.formats} formats" if self.formats else "nothing"
        formats = f"{self.formats} formats" if self.formats > 1 else "N-Triples"
        return formats + (", checked" if self.checks else "")


def _lod(*options: str) -> tuple[str, ...]:
    """Give the command that users give."""
    files = ("{corpus}", "--register", "{register}", "--out", "{out}")
    return ("{python}", "-m", "lod", "build", *files, "--quiet", *options)


def _program(name: str, *more: str, python: str = "{python}") -> tuple[str, ...]:
    return (python, "-m", f"bench.ways.{name}", "{corpus}", "{register}", "{out}", *more)


WAYS = (
    Way(name="ours", command=_lod("--jobs", "1"), formats=4, checks=True),
    Way(name="ours, unchecked", command=_program("unchecked"), formats=4),
    Way(name="ours, two processes", command=_lod("--jobs", "2"), formats=4, checks=True),
    Way(name="ours, Dask", command=_program("dask"), formats=4, checks=True),
    Way(name="ours, reading alone", command=_program("reading"), makes=Makes.NONE, formats=0),
    Way(name="physical limit", command=_program("limit", "{bytes}"), makes=Makes.NONE, formats=4),
    Way(name="pyoxigraph", command=_program("oxigraph_alone"), makes=Makes.SUBSET),
    Way(name="pyoxigraph behind our reading", command=_program("oxigraph")),
    Way(
        name="Morph-KGC",
        command=_program("morph", python="{morph_kgc}"),
        makes=Makes.SUBSET,
        formats=1,
    ),
    Way(name="rdflib", command=_program("rdflib_graph"), most=4_000),
    Way(name="rdflib in batches", command=_program("rdflib_batches"), most=16_000),
    Way(
        name="rdflib and pySHACL",
        command=_program("rdflib_graph", "checked"),
        checks=True,
        most=1_000,
    ),
    Way(
        name="rdflib and pySHACL in batches",
        command=_program("rdflib_batches", "checked"),
        checks=True,
        most=1_000,
    ),
)
