"""Dumps compared without keeping their triples in memory; and statements against the graphs they are in."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lod.errors import quote
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
        question = rf"<{re.escape(base)}an/\d+/(?:qe|qg|qosd)/\d+"
        self._of_question = re.compile(
            rf"({question})(?!/reponse-commune/|#depute|#(?:description|lecture|correction-))[/#>]"
        )
        self._metadata = re.compile(
            rf"<{re.escape(base)}(?:source/|logiciel/)|{question}#(?:description|lecture|correction-)"
        )
        self._question = re.compile(rf"{question}>")
        self._own_graph = re.compile(rf"<{re.escape(base)}jo/|{question}/reponse-commune/")
        self._base = f"<{base}"
        self._places = f"<{base}graphe/lieux>"
        self._concepts = frozenset(concepts)
        self._findings = findings
        self._shared = f"<{base}graphe/"
        self.counts = Counter[str]()
        self._last_correct = ("", "", False)

    def add(self, line: str, graph: str) -> None:
        """Check a statement in a graph, both as N-Quads spells them; count those of each shared graph."""
        if graph.startswith(self._shared):
            self.counts[graph] += 1
        subject, predicate, _ = split_triple(line)
        current = (subject, graph, predicate == _SAME_AS)
        is_known = current == self._last_correct
        expected = None if is_known else self._expected(subject, graph, is_alias=current[2])
        if expected is None:
            self._last_correct = current
            if line in self._concepts and graph != self._places:
                expected = "no statement of concepts.ttl except about places"
        if expected:
            self._findings.add(expected, f"{quote(line, LINE)} in {quote(graph, LINE)}")

    def _expected(self, subject: str, graph: str, *, is_alias: bool) -> str | None:
        """Return what was expected of the graph of a subject; None if the graph is right."""
        if not graph.startswith("<"):
            return "a graph for each statement"
        if owner := self._of_question.match(subject):
            own = f"{owner[1]}>"
            return None if graph == own else f"statements about a question in its graph {own}"
        is_of_question = bool(self._question.fullmatch(graph))
        if is_of_question:
            return "only statements about a question in its graph"
        home = f"{self._base}graphe/liens>" if is_alias else self._shared_graph(subject)
        return None if graph == home else f"this statement in the graph {home}"

    def _shared_graph(self, subject: str) -> str:
        """Return the graph of a shared resource."""
        if self._own_graph.match(subject):
            return subject
        if not subject.startswith(self._base) or subject.startswith(f"{self._base}an/circonscription/"):
            return self._places
        is_metadata = self._metadata.match(subject)
        return f"{self._base}graphe/{'metadonnees' if is_metadata else 'acteurs'}>"
