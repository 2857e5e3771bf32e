"""Figures of a set of triples, as VoID names them, gathered while the triples pass."""

from collections import Counter
from dataclasses import dataclass, field

from lod.context import RDF_TYPE


@dataclass(slots=True)
class Counts:
    """How many triples, subjects, resources of each class, triples with each property."""

    triples: int = 0
    subjects: int = 0
    documents: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)

    def add(self, lines: list[str]) -> None:
        """Count the N-Triples of a document."""
        self.documents += 1
        self.add_shared(lines)

    def add_shared(self, lines: list[str]) -> None:
        """Count the N-Triples of resources that are described nowhere else."""
        self.triples += len(lines)
        split = [line.split(" ", 2) for line in lines]
        self.subjects += len({subject for subject, _, _ in split})
        for _, predicate, rest in split:
            self.properties[predicate[1:-1]] += 1
            if predicate[1:-1] == RDF_TYPE:
                self.classes[rest[1 : rest.index(">")]] += 1
