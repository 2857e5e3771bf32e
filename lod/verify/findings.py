"""What a verification finds: sentences, each of one fault, and figures of what was compared."""

from dataclasses import dataclass, field

MOST = 1000
"""How many faults are told in sentences; more are counted."""
ALIKE = 5
"""How many faults of one kind in one file are named; the others are counted."""
LINE = 300
"""How many characters of a triple are quoted."""


@dataclass(slots=True)
class Findings:
    """What is wrong with a release, and what was looked at."""

    release: str
    problems: list[str] = field(default_factory=list)
    more: int = 0
    compared: dict[str, int] = field(default_factory=dict)

    def add(self, where: str, expected: str, found: str) -> None:
        """Note a fault."""
        self.tell(f"{where}: expected {expected}, found {found}")

    def tell(self, sentence: str) -> None:
        """Note a fault in a sentence; after many of them, only that there is one more."""
        if len(self.problems) < MOST:
            self.problems.append(sentence)
        else:
            self.more += 1

    def equal(self, where: str, what: str, expected: int, found: int) -> None:
        """Note it if a figure is not what it must be."""
        if expected != found:
            self.add(where, f"{expected} {what}", str(found))


@dataclass(slots=True)
class CappedFindings:
    """Faults of one kind in one file: the first are named, the others counted."""

    findings: Findings
    where: str
    count: int = 0

    def add(self, expected: str, found: str) -> None:
        """Note a fault."""
        self.count += 1
        if self.count <= ALIKE:
            self.findings.add(self.where, expected, found)

    def close(self, what: str) -> None:
        """Say how many were not named."""
        if self.count > ALIKE:
            self.findings.tell(f"{self.where}: and {self.count - ALIKE} more {what}")
