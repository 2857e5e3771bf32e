"""Figures of a set of triples, as VoID names them, gathered while the triples pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lod.context import TYPE, ResourceBlock, iri_of


@dataclass(slots=True)
class VoidStatistics:
    """How many subjects, documents, resources of a class, triples with a property: both by their IRIs."""

    subjects: int = 0
    documents: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, blocks: Iterable[ResourceBlock], documents: int = 0) -> "VoidStatistics":
        """Count what so many documents say, or what is said of resources that are described nowhere else."""
        counts = cls(documents=documents)
        alike = Counter((said, tuple(objects[0]), tuple(map(len, objects))) for _, said, objects in blocks)
        for (predicates, first, sizes), times in alike.items():
            counts.subjects += times
            if predicates[0] == TYPE:
                counts.classes.update(dict.fromkeys(map(iri_of, first), times))
            for predicate, size in zip(predicates, sizes, strict=True):
                counts.properties[iri_of(predicate)] += times * size
        return counts

    @property
    def triples(self) -> int:
        """How many triples there are."""
        return self.properties.total()

    def take(self, other: "VoidStatistics") -> None:
        """Add the figures of other triples about other subjects."""
        self.subjects += other.subjects
        self.documents += other.documents
        self.classes.update(other.classes)
        self.properties.update(other.properties)
