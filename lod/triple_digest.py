"""A digest of a set of triples that does not depend on their order: their number, and the sum of hashes."""

import hashlib
from dataclasses import dataclass

_MODULUS = 2**256


@dataclass(slots=True)
class TripleDigest:
    """The number of triples and the sum of their hashes: equal if and only if the sets are."""

    count: int = 0
    total: int = 0

    def add(self, triple_hash: int) -> None:
        """Add a triple by its hash."""
        self.extend(1, triple_hash)

    def extend(self, count: int, total: int) -> None:
        """Add some triples by the sum of their hashes."""
        self.count += count
        self.total = (self.total + total) % _MODULUS


def triple_hash(line: str) -> int:
    """Return the SHA-256 of a triple in its canonical N-Triples spelling, as a number."""
    return int.from_bytes(hashlib.sha256(line.encode()).digest())
