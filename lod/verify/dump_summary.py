"""What one reading of the N-Triples gives: figures, names, and the triples that the table says too."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lod.verify.iri_usage import IriUsage
from lod.verify.line_digests import LineDigests
from lod.verify.triples import parts

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RECALLS = "<http://data.europa.eu/eli/ontology#refers_to>"
"""What leads to an earlier question, which another release may have."""
QUESTION = "<http://schema.org/Question>"


def described_as(name: str) -> str:
    """Give the name under which something is described: of a namespace such as ontology#, the document."""
    return f"{name[:-2]}>" if name.endswith("#>") else name


class DumpSummary:
    """The figures of the triples of a release, and the names in them."""

    def __init__(self, base: str, folder: Path, of_table: Callable[[str, str], bool]) -> None:
        """Begin; `of_table` says whether a triple of this subject and predicate is in the table too."""
        self._ours = (f"<{base}", "<https://w3id.org/anq/ontology#")
        self._of_table = of_table
        self._last = ""
        self.tally = LineDigests()
        self.table = LineDigests()
        self.predicates = Counter[str]()
        self.classes = Counter[str]()
        self.blank = 0
        self.subjects = IriUsage(folder / "subjects")
        self.used = IriUsage(folder / "used")
        self.recalled = IriUsage(folder / "recalled")

    def add(self, line: str) -> None:
        """Take in a triple of a dump."""
        self.tally.add(line)
        subject, predicate, value = parts(line)
        self.predicates[predicate] += 1
        if predicate == RDF_TYPE:
            self.classes[value] += 1
        if subject != self._last:
            self._last = subject
            self.subjects.add(subject)
        self.blank += subject.startswith("_:") + value.startswith("_:")
        if self._of_table(subject, predicate):
            self.table.add(line)
        self.use(predicate, value)

    def use(self, predicate: str, value: str) -> None:
        """Take in what a triple, of a dump or of a file beside them, refers to."""
        if predicate == RECALLS:
            self.recalled.add(value)
            return
        for name in (predicate, value):
            if self.is_ours(name):
                self.used.add(described_as(name))

    def is_ours(self, name: str) -> bool:
        """Say whether this is a name that this release must describe."""
        return name.startswith(self._ours)

    def close(self) -> None:
        """Close what is open."""
        for names in (self.subjects, self.used, self.recalled):
            names.close()
