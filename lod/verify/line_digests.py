"""Sets of lines compared without keeping them: counts and sums of digests, which know no order.

Lines are spread over buckets by their digest; where tallies differ, the buckets say which lines to look at.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable

from lod.errors import quote
from lod.verify.findings import LINE, CappedFindings, Findings

Lines = Callable[[], Iterable[str]]
"""Reads lines once more."""

_BUCKETS = 2**14
_LOOKED_AT = 2**8
"""How many buckets are looked at where two tallies differ: so much is kept of either set at most."""


class LineDigests:
    """How many lines there are, and what their digests add up to, in all and by bucket."""

    def __init__(self) -> None:
        self.count = 0
        self.sums = [0] * _BUCKETS

    def add(self, line: str) -> None:
        """Take in a line."""
        self.count += 1
        number = _number(line)
        self.sums[number % _BUCKETS] += number

    def differing(self, other: "LineDigests") -> set[int]:
        """Give the buckets in which two sets differ."""
        return {n for n in range(_BUCKETS) if self.sums[n] != other.sums[n]}


def compare(
    findings: Findings, one: tuple[str, LineDigests, Lines], other: tuple[str, LineDigests, Lines]
) -> None:
    """Note the lines that one set has and the other has not, each once; both have a name."""
    buckets = sorted(one[1].differing(other[1]))[:_LOOKED_AT]
    if not buckets:
        return
    findings.equal(other[0], f"triples as in {one[0]}", one[1].count, other[1].count)
    looked_at = set(buckets)
    left, right = _kept(one[2](), looked_at), _kept(other[2](), looked_at)
    missing, more = CappedFindings(findings, other[0]), CappedFindings(findings, other[0])
    for line in sorted((left - right).elements()):
        missing.add(f"the triple {quote(line, LINE)} as in {one[0]}", "none")
    missing.close("triples at least that are missing")
    for line in sorted((right - left).elements()):
        more.add(f"no triple that is not in {one[0]}", quote(line, LINE))
    more.close("triples at least that are not there")


def _kept(lines: Iterable[str], buckets: set[int]) -> Counter[str]:
    return Counter(line for line in lines if _number(line) % _BUCKETS in buckets)


def _number(line: str) -> int:
    return int.from_bytes(hashlib.sha256(line.encode()).digest(), "little")
