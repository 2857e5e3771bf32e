"""The faults of `faults.txt`, each planted in a world of its own, so that all can be checked together."""

import re
from dataclasses import dataclass

import rdflib

from lod import definitions, rdf
from lod.context import published
from lod.definitions import DEFAULT_BASE
from lod.shacl import ValidationResult
from lod.shacl.shapes_graph import COMPONENTS, SH
from tests.conftest import ROOT
from tests.describe.test_examples import turtle_of

OPEN = {path.stem: path for path in definitions.turtle_files("ontology/schemes/open")}
PREFIXES = {**published().prefixes, "rdf": str(rdflib.RDF)}
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
OWN = rf"^(an|jeu|jo|gouvernement|source|logiciel|inconnu|def/({'|'.join(OPEN)}))\b"
"""What a name begins with that is of one world only."""
BLOCK = re.compile(r"(\S+) (\w+) in (\S+)\n((?:[-+!].*\n?)+)")


@dataclass(frozen=True)
class World:
    """Names that nothing outside has: a base, départements, numbers; the fixed concepts are of all worlds."""

    number: int

    @property
    def base(self) -> str:
        return f"{DEFAULT_BASE}{self.number}/"

    def named(self, turtle: str) -> str:
        """Name what is in Turtle by this world."""
        turtle = re.sub(rf"<def/(?!{'|'.join(OPEN)})", f"<{DEFAULT_BASE}def/", turtle)
        return self.said(turtle.replace(f"@base <{DEFAULT_BASE}>", f"@base <{self.base}>"))

    def said(self, text: str) -> str:
        """Make a text of what this world says."""
        text = re.sub(r"(QANR5L\d+[A-Z]+)(\d)", rf"\g<1>{self.number + 1}\g<2>", text)
        text = re.sub(r'(?<![^"])x(?![^"])', f"x{self.number}", text)
        for outside in ("id.insee.fr/geo/", "www.legifrance.gouv.fr/", "data.europa.eu/eli/dir/"):
            text = text.replace(outside, f"{outside}{self.number}/")
        return text

    def graph(self, turtle: str) -> rdflib.Graph:
        return rdf.parse(self.named(f"@base <{DEFAULT_BASE}> .\n{HEAD}{turtle}"), "ttl")


@dataclass(frozen=True)
class Fault:
    """A fault in an example, and what must be said of it, field by field."""

    shape: str
    constraint: str
    example: str
    removed: str
    added: str
    results: tuple[tuple[str, ...], ...]

    def planted(self, world: World) -> list[str]:
        """Give the N-Triples of the example with the fault in it."""
        whole, removed = world.graph(turtle_of(self.example)), world.graph(self.removed)
        assert all(triple in whole for triple in removed), self
        faulty = whole - removed + world.graph(self.added)
        for name, path in OPEN.items():
            if (rdflib.URIRef(f"{world.base}def/{name}"), None, None) in faulty:
                faulty += world.graph(definitions.turtle(path, DEFAULT_BASE))
        return faulty.serialize(format="nt").splitlines(keepends=True)

    def expected(self, world: World) -> list[tuple[str, ...]]:
        """Give what must be said in this world."""
        return [
            (*said, re.sub(OWN, rf"{world.number}/\g<0>", focus), path, value)
            for *said, focus, path, value in (map(world.said, result) for result in self.results)
        ]


def faults() -> list[Fault]:
    """Read the faults."""
    found = []
    for shape, constraint, example, body in BLOCK.findall(
        (ROOT / "tests/support/faults.txt").read_text("utf-8")
    ):
        part = {mark: re.findall(rf"^\{mark}\s(.*)", body, re.MULTILINE) for mark in "-+!"}
        results = tuple(tuple(result.split("\t")) for result in part["!"])
        found.append(Fault(shape, constraint, example, "\n".join(part["-"]), "\n".join(part["+"]), results))
    return found


def spelt(result: ValidationResult) -> tuple[str, ...]:
    """Give a result as `faults.txt` has it."""
    constraint = next(k for k, v in COMPONENTS.items() if result.component == f"{SH}{v}")
    prefix = next((k for k, v in PREFIXES.items() if result.path.startswith(v)), None)
    path = f"{prefix}:{result.path.removeprefix(PREFIXES[prefix])}" if prefix else "-"
    value = re.sub(rf"^{DEFAULT_BASE}(\d+/)?", "", result.value) or "-"
    severity, focus = result.severity.removeprefix(SH), result.focus.removeprefix(DEFAULT_BASE)
    return result.shape_name, constraint, severity, focus, path, value
