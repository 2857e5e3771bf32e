"""The VoID statistics of a set of triples, counted while the triples are written."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lod.context import TYPE, ResourceBlock, iri_of


@dataclass(slots=True)
class VoidStatistics:
    """The numbers of subjects, documents, resources by class and triples by property, both by IRI."""

    subjects: int = 0
    documents: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, blocks: Iterable[ResourceBlock], documents: int = 0) -> "VoidStatistics":
        """Count the triples of this many documents, or of resources that are described nowhere else."""
        counts = cls(documents=documents)
        forms = Counter(
            (predicates, tuple(objects[0]), tuple(map(len, objects))) for _, predicates, objects in blocks
        )
        for (predicates, first, sizes), times in forms.items():
            counts.subjects += times
            if predicates[0] == TYPE:
                counts.classes.update(dict.fromkeys(map(iri_of, first), times))
            for predicate, size in zip(predicates, sizes, strict=True):
                counts.properties[iri_of(predicate)] += times * size
        return counts

    @property
    def triples(self) -> int:
        """The number of triples."""
        return self.properties.total()

    def take(self, other: "VoidStatistics", times: int = 1) -> None:
        """Add the statistics of triples about other subjects, perhaps of several documents that are alike."""
        self.subjects += times * other.subjects
        self.documents += times * other.documents
        for mine, theirs in ((self.classes, other.classes), (self.properties, other.properties)):
            for iri, count in theirs.items():
                mine[iri] += times * count
