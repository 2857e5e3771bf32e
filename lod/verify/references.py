"""The IRIs of a release: all that are used are described in it; withdrawn ones are not in its dumps."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from lod.errors import quote
from lod.release import WITHDRAWN
from lod.verify.comparison import BucketedDigest
from lod.verify.findings import CappedFindings, Findings
from lod.verify.parsed_dumps import split_triple

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RECALLS = "<http://data.europa.eu/eli/ontology#refers_to>"
"""The property that leads to an earlier question, which may be in another release."""
_CITED = {"<http://www.w3.org/ns/oa#hasBody>", "<http://purl.org/dc/terms/references>"}
"""The properties that lead to what a text cites, which may be a question of another release, too."""
QUESTION = "<http://schema.org/Question>"
_SERVICES = frozenset(
    f"<http://www.w3.org/ns/dcat#{name}>" for name in ("endpointURL", "endpointDescription")
) | {"<http://rdfs.org/ns/void#sparqlEndpoint>"}
"""The properties whose values are addresses of services, which answer and are not described."""
_MOST_UNDESCRIBED = 1000
_DIGEST_SIZE: Final = 8
"""Bytes of a digest: that two of ten million IRIs have the same one has a chance of one in 400,000."""
_FILES = 64
_RECENT = 2**16


class DumpSummary:
    """One reading of the N-Triples of a release: their digest and figures, and the IRIs in them."""

    def __init__(self, base: str, folder: Path, in_table: Callable[[str, str], bool]) -> None:
        """Begin; `in_table` tells from its subject and predicate whether a triple is in the table too."""
        self._own = (f"<{base}", "<https://w3id.org/anq/ontology#")
        self._in_table = in_table
        self._last_subject = ""
        self.digest = BucketedDigest()
        self.table_digest = BucketedDigest()
        self.predicates = Counter[str]()
        self.classes = Counter[str]()
        self.blank_nodes = 0
        self.subjects = IriUsage(folder / "subjects")
        self.used = IriUsage(folder / "used")
        self.recalled = IriUsage(folder / "recalled")
        self.linked = IriUsage(folder / "linked")

    def add(self, line: str) -> None:
        """Add a triple of a dump."""
        self.digest.add(line)
        subject, predicate, value = split_triple(line)
        self.predicates[predicate] += 1
        if predicate == RDF_TYPE:
            self.classes[value] += 1
        if subject != self._last_subject:
            self._last_subject = subject
            self.subjects.add(subject)
        self.blank_nodes += subject.startswith("_:") + value.startswith("_:")
        if self._in_table(subject, predicate):
            self.table_digest.add(line)
        self.add_references(predicate, value)

    def add_references(self, predicate: str, value: str) -> None:
        """Add the IRIs that a triple, of a dump or of a file beside the dumps, refers to."""
        if predicate == RECALLS:
            if value.startswith(self._own):
                self.recalled.add(value)
            return
        for iri in (predicate,) if predicate in _SERVICES else (predicate, value):
            if iri.startswith(self._own):
                self.used.add(_described_as(iri))

    def add_link(self, line: str) -> None:
        """Add the IRIs of a triple of the links to other data, which describe no question."""
        subject, predicate, value = split_triple(line)
        self.linked.add(subject)
        self.add_references(RECALLS if predicate in _CITED else predicate, value)

    def close(self) -> None:
        """Close the files of IRIs."""
        for iris in (self.subjects, self.used, self.recalled, self.linked):
            iris.close()


class IriUsage:
    """A set of IRIs, too many for memory: in files on disk, by the first byte of their digests."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._files = [(folder / str(number)).open("w+b") for number in range(_FILES)]
        self._recent = set[str]()

    def add(self, iri: str) -> None:
        """Add an IRI."""
        if iri in self._recent:
            return
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent.add(iri)
        digest = iri_digest(iri)
        self._files[digest[0] % _FILES].write(digest)

    def parts(self) -> Iterator[set[bytes]]:
        """Yield the digests, those of one file together."""
        for file in self._files:
            file.seek(0)
            data = file.read()
            yield {data[start : start + _DIGEST_SIZE] for start in range(0, len(data), _DIGEST_SIZE)}

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()


def check_described(
    findings: Findings,
    summary: DumpSummary,
    small_files: dict[str, list[str]],
    lines: Iterable[str],
    files: set[str],
) -> None:
    """Report the IRIs that are used but are no subject of a triple of the dumps or the small files.

    `files` are the addresses of the files of the release, which need no description. Recalled questions may
    be in another release, and are only counted. `lines` reads the triples of the dumps again, and other lines
    that use IRIs.
    """
    known = {iri_digest(address) for address in files}
    known |= {iri_digest(split_triple(line)[0]) for triples in small_files.values() for line in triples}
    undescribed, used, recalled = set[bytes](), 0, 0
    usages = (summary.subjects, summary.used, summary.recalled, summary.linked)
    for subjects, references, recalls, linked in zip(*(each.parts() for each in usages), strict=True):
        missing = references - subjects - linked - known
        undescribed |= set(islice(missing, _MOST_UNDESCRIBED - len(undescribed)))
        used += len(references)
        recalled += len(recalls - subjects)
    findings.compared |= {"names used": used, "recalled questions of other releases": recalled}
    if undescribed:
        _report(findings, undescribed, chain(*small_files.values(), lines))


def check_withdrawn(findings: Findings, summary: DumpSummary, tombstones: Iterable[str]) -> None:
    """Report the tombstones of resources that the dumps describe."""
    iris = {iri_digest(iri): iri for iri in (split_triple(line)[0] for line in tombstones)}
    capped = CappedFindings(findings, WITHDRAWN)
    for subjects in summary.subjects.parts() if iris else ():
        for digest in sorted(iris.keys() & subjects):
            published = quote(iris[digest], 200)
            capped.add("tombstones of what is not published", f"one of {published}, which is")
    capped.close("tombstones of published resources")


def _report(findings: Findings, undescribed: set[bytes], lines: Iterable[str]) -> None:
    capped, reported = CappedFindings(findings, "names"), set[str]()
    for iri, line in _references(lines):
        if iri not in reported and iri_digest(iri) in undescribed:
            reported.add(iri)
            capped.add(f"a description of {quote(iri, 200)}, which is used", f"only {quote(line, 300)}")
    capped.close("names that are used and not described")


def _references(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        _, predicate, value = split_triple(line)
        if predicate != RECALLS:
            yield _described_as(predicate), line
            yield _described_as(value), line


def _described_as(iri: str) -> str:
    """Return the IRI that a reference is described under: for a namespace such as ontology#, the document."""
    return f"{iri[:-2]}>" if iri.endswith("#>") else iri


def iri_digest(iri: str) -> bytes:
    """Return the digest of an IRI."""
    return hashlib.blake2b(iri.encode(), digest_size=_DIGEST_SIZE).digest()
