"""Dumps compared without keeping their triples in memory; and statements against the graphs they are in."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lod.errors import quote
from lod.iri import NTriplesPatterns, SharedGraph
from lod.triple_digest import TripleDigest, triple_hash
from lod.verify.findings import LINE, CappedFindings, Findings
from lod.verify.parsed_dumps import split_triple

_BUCKETS = 2**14
_MOST_BUCKETS = 2**8
"""The most buckets that are read again where two sets differ: it bounds the triples kept of each."""
_SAME_AS = "<http://www.w3.org/2002/07/owl#sameAs>"


class BucketedDigest:
    """Digests of a set of triples, spread over buckets: where two sets differ, the buckets say where."""

    def __init__(self) -> None:
        self.count = 0
        self.buckets = [TripleDigest() for _ in range(_BUCKETS)]

    def add(self, line: str) -> None:
        """Add a triple."""
        self.count += 1
        value = triple_hash(line)
        self.buckets[value % _BUCKETS].add(value)

    def differing(self, other: "BucketedDigest") -> list[int]:
        """Return the buckets in which two sets differ."""
        return [n for n in range(_BUCKETS) if self.buckets[n] != other.buckets[n]]


@dataclass(frozen=True, slots=True)
class TripleSet:
    """A set of triples to compare: what it is called, its digest, and how to read it again."""

    name: str
    digest: BucketedDigest
    lines: Callable[[], Iterable[str]]


def compare(findings: Findings, reference: TripleSet, other: TripleSet) -> None:
    """Report the triples that only one of two sets has."""
    buckets = set(reference.digest.differing(other.digest)[:_MOST_BUCKETS])
    if not buckets:
        return
    findings.equal(other.name, f"triples as in {reference.name}", reference.digest.count, other.digest.count)
    expected, found = _in_buckets(reference.lines(), buckets), _in_buckets(other.lines(), buckets)
    missing, extra = CappedFindings(findings, other.name), CappedFindings(findings, other.name)
    for line in sorted((expected - found).elements()):
        missing.add(f"the triple {quote(line, LINE)} as in {reference.name}", "none")
    missing.close("missing triples at least")
    for line in sorted((found - expected).elements()):
        extra.add(f"no triple that is not in {reference.name}", quote(line, LINE))
    extra.close("unexpected triples at least")


def _in_buckets(lines: Iterable[str], buckets: set[int]) -> Counter[str]:
    return Counter(line for line in lines if triple_hash(line) % _BUCKETS in buckets)


class GraphCheck:
    """Checks that each statement is in the graph of its subject, and in no other.

    `concepts` are the triples of concepts.ttl, which stores load beside the dumps: the dumps may repeat only
    those about places.
    """

    def __init__(self, base: str, findings: CappedFindings, concepts: Iterable[str] = ()) -> None:
        self._patterns = NTriplesPatterns(base)
        self._concepts = frozenset(concepts)
        self._findings = findings
        self.counts = Counter[str]()
        self._last_correct = ("", "", False)

    def add(self, line: str, graph: str) -> None:
        """Check a statement in a graph, both as N-Quads spells them; count those of each shared graph."""
        if graph.startswith(self._patterns.shared_graphs):
            self.counts[graph] += 1
        subject, predicate, _ = split_triple(line)
        current = (subject, graph, predicate == _SAME_AS)
        is_known = current == self._last_correct
        expected = None if is_known else self._expected(subject, graph, is_alias=current[2])
        if expected is None:
            self._last_correct = current
            if line in self._concepts and graph != self._patterns.graphs[SharedGraph.PLACES]:
                expected = "no statement of concepts.ttl except about places"
        if expected:
            self._findings.add(expected, f"{quote(line, LINE)} in {quote(graph, LINE)}")

    def _expected(self, subject: str, graph: str, *, is_alias: bool) -> str | None:
        """Return what was expected of the graph of a subject; None if the graph is right."""
        if not graph.startswith("<"):
            return "a graph for each statement"
        patterns = self._patterns
        if question := patterns.question_of(subject):
            return None if graph == question else f"statements about a question in its graph {question}"
        if patterns.is_question(graph):
            return "only statements about a question in its graph"
        home = patterns.graphs[SharedGraph.LINKS] if is_alias else patterns.graph_of_shared(subject)
        return None if graph == home else f"this statement in the graph {home}"
