"""Verification of a published release from outside: that it is complete, and that its files agree.

Nothing here depends on how a release is made: files are read back by parsers that did not write them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from lod.errors import CheckFailed
from lod.formats import DUMPS
from lod.iri import Iris
from lod.progress import Progress, silent
from lod.release import MANIFEST, WITHDRAWN, File, LinkKind, Release
from lod.verify.comparison import BucketedDigest, GraphCheck, TripleSet, compare
from lod.verify.files import (
    CATALOGUE,
    check_catalogue,
    check_files,
    check_graphs,
    check_manifest,
    check_seal,
    check_udata,
)
from lod.verify.findings import CappedFindings
from lod.verify.findings import Findings as Findings
from lod.verify.links import check_links
from lod.verify.parsed_dumps import ParsedDump, parse_file, split_triple
from lod.verify.references import QUESTION, DumpSummary, check_described, check_withdrawn
from lod.verify.table_rows import TableRows

_REFERENCE = "the dumps as nt"
"""The dumps that everything else is compared with."""
_STEP = 5000
"""The number of triples read between two reports of progress."""
_CONCEPTS = "concepts.ttl"
_SMALL_FILES = (_CONCEPTS, "ontology.ttl", CATALOGUE)
"""The files that describe what the dumps use; there are tombstones only if something was withdrawn."""


def verify(folder: Path, progress: Progress | None = None) -> Findings:
    """Verify the files, figures, dumps, table and IRIs of a release; memory does not grow with its size.

    Raise CheckFailed if the folder has no readable manifest.
    """
    release = Release(folder)
    findings = Findings(release.manifest.release)
    present = check_files(release.folder, release.manifest, findings, progress or silent)
    check_seal(release.folder, findings)
    with TemporaryDirectory() as scratch:
        _ContentCheck(release, present, findings, progress or silent).compare(Path(scratch))
    return findings


class _ContentCheck:
    """The comparison of the contents of a release."""

    def __init__(self, release: Release, present: list[File], findings: Findings, progress: Progress) -> None:
        self._manifest = release.manifest
        self._folder = release.folder
        self._files = {file.path: file for file in present}
        self._findings = findings
        self._progress = progress
        self._expected = {"nt", *self._manifest.formats} & set(DUMPS)
        self._dumps = defaultdict[str, list[ParsedDump]](list)
        for file in present:
            if file.dump and file.dump.format in DUMPS:
                self._dumps[file.dump.format].append(ParsedDump(self._folder, file, file.dump))

    def compare(self, scratch: Path) -> None:
        """Compare the other dumps, the table, the figures and the IRIs with the dumps as N-Triples."""
        for form in sorted(self._expected - self._dumps.keys()):
            self._findings.add(MANIFEST, f"dumps as {form}", "none that is there")
        rows = self._table_rows()
        in_table = rows.covers(self._manifest.base) if rows else lambda _subject, _predicate: False
        summary = DumpSummary(self._manifest.base, scratch, in_table)
        try:
            if self._dumps["nt"] and self._read("nt", lambda line, _: summary.add(line)):
                self._compare_with(summary, rows)
            else:
                self._findings.add_sentence(
                    f"{_REFERENCE} cannot be read to the end: nothing was compared with them"
                )
        finally:
            summary.close()

    def _compare_with(self, summary: DumpSummary, rows: TableRows | None) -> None:
        questions = summary.classes[QUESTION]
        self._findings.compared |= {"triples": summary.digest.count, "questions": questions}
        if summary.blank_nodes:
            self._findings.add(_REFERENCE, "an IRI for everything", f"{summary.blank_nodes} blank nodes")
        tombstones = [WITHDRAWN] if WITHDRAWN in self._files else []
        small_files = {path: self._small(path) for path in (*_SMALL_FILES, *tombstones)}
        graphs = self._compare_dumps("nq", summary.digest, small_files[_CONCEPTS])
        for form in ("ttl", "jsonld"):
            self._compare_dumps(form, summary.digest)
        check_manifest(self._findings, self._manifest, questions)
        links = rows.links if rows and self._compare_table(rows, summary, questions) else tuple
        self._check_links(summary, small_files[CATALOGUE])
        check_withdrawn(self._findings, summary, small_files.get(WITHDRAWN, []))
        if small_files[CATALOGUE]:
            check_catalogue(self._findings, self._manifest, small_files[CATALOGUE], summary)
            check_graphs(self._findings, small_files[CATALOGUE], graphs)
            self._compare_catalogues(small_files[CATALOGUE])
        for line in chain(*small_files.values(), links()):
            summary.add_references(*split_triple(line)[1:])
        iris = Iris(self._manifest.base)
        addresses = {f"<{iris.dump(path)}>" for path in self._files}
        lines = chain(self._lines("nt"), links())
        check_described(self._findings, summary, small_files, lines, addresses)

    def _compare_dumps(
        self, form: str, expected: BucketedDigest, concepts: Iterable[str] = ()
    ) -> Mapping[str, int]:
        """Compare the dumps of a format; return the sizes of shared graphs if no statement is misplaced."""
        name, digest = f"the dumps as {form}", BucketedDigest()
        misplaced = CappedFindings(self._findings, name)
        graphs = GraphCheck(self._manifest.base, misplaced, concepts) if form == "nq" else None

        def take(line: str, graph: str) -> None:
            digest.add(line)
            if graphs:
                graphs.add(line, graph)

        if self._dumps[form] and self._read(form, take):
            misplaced.close("statements in the wrong graph")
            reference = TripleSet(_REFERENCE, expected, lambda: self._lines("nt"))
            compare(self._findings, reference, TripleSet(name, digest, lambda: self._lines(form)))
            return graphs.counts if graphs and not misplaced.count else {}
        return {}

    def _compare_table(self, rows: TableRows, summary: DumpSummary, questions: int) -> bool:
        """Compare the table with the dumps; return whether it could be read to the end."""
        digest = BucketedDigest()
        try:
            for line in rows.triples():
                digest.add(line)
        except CheckFailed as failed:
            self._findings.add_sentence(str(failed))
            return False
        self._findings.equal(rows.path, "rows, as the manifest lists", rows.listed, rows.count)
        self._findings.equal(rows.path, "rows, one for each question", questions, rows.count)
        self._findings.compared |= {"rows": rows.count, "cells that are triples": digest.count}
        covers = rows.covers(self._manifest.base)

        def in_table() -> Iterator[str]:
            return (line for line in self._lines("nt") if covers(*split_triple(line)[:2]))

        reference = TripleSet(_REFERENCE, summary.table_digest, in_table)
        compare(self._findings, reference, TripleSet(rows.path, digest, rows.triples))
        return True

    def _check_links(self, summary: DumpSummary, catalogue: list[str]) -> None:
        """Compare the dumps of each kind of links with each other, and add the IRIs in them."""
        kinds = defaultdict[LinkKind, dict[str, ParsedDump]](dict)
        for file in self._files.values():
            if file.links and file.links.format in DUMPS:
                kinds[file.links.kind][file.links.format] = ParsedDump(self._folder, file, file.links)
        graphs = dict[str, int]()
        for kind, dumps in sorted(kinds.items()):
            try:
                graphs |= check_links(self._findings, self._manifest.base, kind, dumps, summary)
            except CheckFailed as failed:
                self._findings.add_sentence(str(failed))
        check_graphs(self._findings, catalogue, graphs, "link graphs")

    def _compare_catalogues(self, turtle: list[str]) -> None:
        check_udata(self._findings, self._folder)
        if not (jsonld := self._small("catalog.jsonld")):
            return
        sets = list[TripleSet]()
        for name, lines in ((CATALOGUE, set(turtle)), ("catalog.jsonld", set(jsonld))):
            digest = BucketedDigest()
            for line in lines:
                digest.add(line)
            sets.append(TripleSet(name, digest, lines.copy))
        compare(self._findings, *sets)

    def _table_rows(self) -> TableRows | None:
        """Open the table; None if a release, such as one of an earlier version, has none."""
        for file in self._files.values():
            if file.table and file.table.format == "csv":
                try:
                    return TableRows(self._folder, file)
                except CheckFailed as failed:
                    self._findings.add_sentence(str(failed))
        return None

    def _small(self, path: str) -> list[str]:
        if path not in self._files:
            self._findings.add(MANIFEST, f"the file {path}", "none that is there")
            return []
        try:
            lines = parse_file(self._folder / path)
        except CheckFailed as failed:
            self._findings.add_sentence(str(failed))
            return []
        self._findings.equal(path, "triples", self._files[path].triples or 0, len(lines))
        return lines

    def _read(self, form: str, take: Callable[[str, str], None]) -> bool:
        """Read all dumps of a format; return whether they could be read to the end."""
        total, done, complete = sum(dump.listed for dump in self._dumps[form]), 0, True
        for dump in self._dumps[form]:
            before = done
            try:
                for line, graph in dump.quads():
                    take(line, graph)
                    done += 1
                    if done % _STEP == 0:
                        self._progress(f"reading {form}", done, total)
                self._findings.equal(dump.path, "triples", dump.listed, done - before)
            except CheckFailed as failed:
                self._findings.add_sentence(str(failed))
                complete = False
        self._progress(f"reading {form}", done, total)
        return complete

    def _lines(self, form: str) -> Iterable[str]:
        return (line for dump in self._dumps[form] for line in dump.triples())
