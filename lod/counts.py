"""Figures of a set of triples, as VoID names them, gathered while the triples pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lod.context import RDF_TYPE, Block

_TYPE = f"<{RDF_TYPE}>"


@dataclass(slots=True)
class Counts:
    """How many subjects, documents, resources of a class, triples with a property (spelt as N-Triples)."""

    subjects: int = 0
    documents: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    predicates: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """How many triples there are."""
        return self.predicates.total()

    @property
    def classes(self) -> Counter[str]:
        """How many resources of each class there are, by its IRI."""
        return _plain(self.kinds)

    @property
    def properties(self) -> Counter[str]:
        """How many triples with each property there are, by its IRI."""
        return _plain(self.predicates)

    def add(self, blocks: Iterable[Block]) -> None:
        """Count what a question's document says."""
        self.documents += 1
        self.add_shared(blocks)

    def add_shared(self, blocks: Iterable[Block]) -> None:
        """Count what is said of resources that are described nowhere else."""
        for _, statements in blocks:
            self.subjects += 1
            for predicate, objects in statements:
                self.predicates[predicate] += len(objects)
                if predicate == _TYPE:
                    self.kinds.update(objects)

    def take(self, other: "Counts") -> None:
        """Add the figures of other triples about other subjects."""
        self.subjects += other.subjects
        self.documents += other.documents
        self.kinds.update(other.kinds)
        self.predicates.update(other.predicates)


def _plain(counted: Counter[str]) -> Counter[str]:
    return Counter({spelt[1:-1]: count for spelt, count in counted.items()})
