"""Figures of a set of triples, as VoID names them, gathered while the triples pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lod.context import RDF_TYPE, Block

_TYPE = f"<{RDF_TYPE}>"


@dataclass(slots=True)
class Counts:
    """How many triples, subjects, resources of each class, triples with each property."""

    triples: int = 0
    subjects: int = 0
    documents: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)

    def add(self, blocks: Iterable[Block]) -> None:
        """Count what a question's document says."""
        self.documents += 1
        self.add_shared(blocks)

    def add_shared(self, blocks: Iterable[Block]) -> None:
        """Count what is said of resources that are described nowhere else."""
        for _, statements in blocks:
            self.subjects += 1
            for predicate, objects in statements:
                self.triples += len(objects)
                self.properties[predicate[1:-1]] += len(objects)
                if predicate == _TYPE:
                    self.classes.update(kind[1:-1] for kind in objects)

    def take(self, other: "Counts") -> None:
        """Add the figures of other triples about other subjects."""
        self.triples += other.triples
        self.subjects += other.subjects
        self.documents += other.documents
        self.classes.update(other.classes)
        self.properties.update(other.properties)
