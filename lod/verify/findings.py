"""The findings of a verification: one sentence for each fault, and figures of what was compared."""

from dataclasses import dataclass, field

MOST = 1000
"""The most faults that are reported in sentences; the others are counted."""
ALIKE = 5
"""The most faults of one kind in one file that are reported; the others are counted."""
LINE = 300
"""The most characters of a triple that are quoted."""


@dataclass(slots=True)
class Findings:
    """The faults of a release, and what was compared."""

    release: str
    problems: list[str] = field(default_factory=list)
    more: int = 0
    compared: dict[str, int] = field(default_factory=dict)

    def add(self, where: str, expected: str, found: str) -> None:
        """Report a fault."""
        self.add_sentence(f"{where}: expected {expected}, found {found}")

    def add_sentence(self, sentence: str) -> None:
        """Report a fault in a sentence; after many of them, only count it."""
        if len(self.problems) < MOST:
            self.problems.append(sentence)
        else:
            self.more += 1

    def equal(self, where: str, what: str, expected: int, found: int) -> None:
        """Report a figure that is not the expected one."""
        if expected != found:
            self.add(where, f"{expected} {what}", str(found))


@dataclass(slots=True)
class CappedFindings:
    """Faults of one kind in one file: the first are reported, the others counted."""

    findings: Findings
    where: str
    count: int = 0

    def add(self, expected: str, found: str) -> None:
        """Report a fault, if not too many are reported already."""
        self.count += 1
        if self.count <= ALIKE:
            self.findings.add(self.where, expected, found)

    def close(self, what: str) -> None:
        """Report how many faults were only counted."""
        if self.count > ALIKE:
            self.findings.add_sentence(f"{self.where}: and {self.count - ALIKE} more {what}")
