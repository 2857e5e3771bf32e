"""A published release looked at from outside: whether it is whole, and all of it says the same.

Nothing here knows how a release is made: files are read back by parsers that have not written them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from lod.errors import CheckFailed
from lod.progress import Progress, silent
from lod.release import MANIFEST, WITHDRAWN, File, Release
from lod.verify.dump_summary import QUESTION, DumpSummary
from lod.verify.figures import check_catalogue, check_graphs, check_manifest
from lod.verify.files import check_files
from lod.verify.findings import CappedFindings
from lod.verify.findings import Findings as Findings
from lod.verify.graphs import Graphs
from lod.verify.line_digests import LineDigests, compare
from lod.verify.references import check_described, check_gone
from lod.verify.table_rows import TableRows
from lod.verify.triples import FORMATS, ParsedDump, of_file, parts

NT = "the dumps as nt"
_TOLD = 5000
"""How many triples are read before progress is told."""
_BESIDE = ("concepts.ttl", "ontology.ttl", "catalog.ttl")
"""The files that describe what the dumps use; tombstones describe what is gone, if anything is."""


def verify(folder: Path, progress: Progress | None = None) -> Findings:
    """Verify a release: its files, figures, dumps, table and names; memory does not grow with it.

    Raise CheckFailed if the folder has no manifest that can be read.
    """
    release = Release(folder)
    findings = Findings(release.manifest.release)
    there = check_files(release.folder, release.manifest, findings, progress or silent)
    with TemporaryDirectory() as scratch:
        _Reading(release, there, findings, progress or silent).compare(Path(scratch))
    return findings


class _Reading:
    """One look at the content of a release."""

    def __init__(self, release: Release, there: list[File], findings: Findings, progress: Progress) -> None:
        self._manifest = release.manifest
        self._folder = release.folder
        self._files = {file.path: file for file in there}
        self._findings = findings
        self._progress = progress
        self._dumps = defaultdict[str, list[ParsedDump]](list)
        for file in there:
            if file.dump and file.dump.format in FORMATS:
                self._dumps[file.dump.format].append(ParsedDump(self._folder, file, file.dump))

    def compare(self, scratch: Path) -> None:
        """Compare all dumps, the table, the figures and the names with the dumps as N-Triples."""
        for form in sorted(FORMATS.keys() - self._dumps.keys()):
            self._findings.add(MANIFEST, f"dumps as {form}", "none that is there")
        rows = self._rows()
        covers = rows.covers(self._manifest.base) if rows else _nothing
        gathered = DumpSummary(self._manifest.base, scratch, covers)
        try:
            if self._dumps["nt"] and self._read("nt", lambda line, _: gathered.add(line)):
                self._compare_with(gathered, rows)
            else:
                self._findings.tell(f"{NT} cannot be read to the end: nothing was compared with them")
        finally:
            gathered.close()

    def _compare_with(self, gathered: DumpSummary, rows: TableRows | None) -> None:
        questions = gathered.classes[QUESTION]
        self._findings.compared |= {"triples": gathered.tally.count, "questions": questions}
        if gathered.blank:
            self._findings.add(NT, "a name for everything", f"{gathered.blank} blank nodes")
        gone = [WITHDRAWN] if WITHDRAWN in self._files else []
        beside = {path: self._small(path) for path in (*_BESIDE, *gone)}
        graphs = self._compare_dumps("nq", gathered.tally, beside["concepts.ttl"])
        for form in ("ttl", "jsonld"):
            self._compare_dumps(form, gathered.tally)
        check_manifest(self._findings, self._manifest, questions)
        links = rows.links if rows and self._compare_table(rows, gathered, questions) else tuple
        check_gone(self._findings, gathered, beside.get(WITHDRAWN, []))
        if beside["catalog.ttl"]:
            check_catalogue(self._findings, self._manifest, beside["catalog.ttl"], gathered)
            check_graphs(self._findings, beside["catalog.ttl"], graphs)
            self._compare_catalogues(beside["catalog.ttl"])
        for line in chain(*beside.values(), links()):
            gathered.use(*parts(line)[1:])
        files = {f"<{self._manifest.base}dumps/{path}>" for path in self._files}
        check_described(self._findings, gathered, beside, chain(self._lines("nt"), links()), files)

    def _compare_dumps(
        self, form: str, expected: LineDigests, concepts: Iterable[str] = ()
    ) -> Mapping[str, int]:
        """Compare the dumps of a format; return the sizes of shared graphs if no statement is misplaced."""
        tally, some = LineDigests(), CappedFindings(self._findings, f"the dumps as {form}")
        graphs = Graphs(self._manifest.base, some, concepts) if form == "nq" else None

        def take(line: str, graph: str) -> None:
            tally.add(line)
            if graphs:
                graphs.add(line, graph)

        if self._dumps[form] and self._read(form, take):
            some.close("statements in a graph that is not theirs")
            mine, other = (lambda: self._lines("nt")), (lambda: self._lines(form))
            compare(self._findings, (NT, expected, mine), (f"the dumps as {form}", tally, other))
            return graphs.counts if graphs and not some.count else {}
        return {}

    def _compare_table(self, rows: TableRows, gathered: DumpSummary, questions: int) -> bool:
        """Compare the table with the dumps; say whether it could be read to the end."""
        tally = LineDigests()
        try:
            for line in rows.triples():
                tally.add(line)
        except CheckFailed as failed:
            self._findings.tell(str(failed))
            return False
        self._findings.equal(rows.path, "rows, as the manifest lists", rows.listed, rows.count)
        self._findings.equal(rows.path, "rows, one for each question", questions, rows.count)
        self._findings.compared |= {"rows": rows.count, "cells that are triples": tally.count}
        covers = rows.covers(self._manifest.base)

        def mine() -> Iterator[str]:
            return (line for line in self._lines("nt") if covers(*parts(line)[:2]))

        compare(self._findings, (NT, gathered.table, mine), (rows.path, tally, rows.triples))
        return True

    def _compare_catalogues(self, turtle: list[str]) -> None:
        if not (jsonld := self._small("catalog.jsonld")):
            return
        one, other = LineDigests(), LineDigests()
        for lines, tally in ((turtle, one), (jsonld, other)):
            for line in set(lines):
                tally.add(line)
        mine, others = (lambda: set(turtle)), (lambda: set(jsonld))
        compare(self._findings, ("catalog.ttl", one, mine), ("catalog.jsonld", other, others))

    def _rows(self) -> TableRows | None:
        """Open the table; a release of an earlier version has none."""
        for file in self._files.values():
            if file.table and file.table.format == "csv":
                try:
                    return TableRows(self._folder, file)
                except CheckFailed as failed:
                    self._findings.tell(str(failed))
        return None

    def _small(self, path: str) -> list[str]:
        if path not in self._files:
            self._findings.add(MANIFEST, f"the file {path}", "none that is there")
            return []
        try:
            lines = of_file(self._folder / path)
        except CheckFailed as failed:
            self._findings.tell(str(failed))
            return []
        self._findings.equal(path, "triples", self._files[path].triples or 0, len(lines))
        return lines

    def _read(self, form: str, take: Callable[[str, str], None]) -> bool:
        """Read all dumps of a format; say whether they could be read to the end."""
        total, done, whole = sum(dumped.listed for dumped in self._dumps[form]), 0, True
        for dumped in self._dumps[form]:
            before = done
            try:
                for line, graph in dumped.quads():
                    take(line, graph)
                    done += 1
                    if done % _TOLD == 0:
                        self._progress(f"reading {form}", done, total)
                self._findings.equal(dumped.path, "triples", dumped.listed, done - before)
            except CheckFailed as failed:
                self._findings.tell(str(failed))
                whole = False
        self._progress(f"reading {form}", done, total)
        return whole

    def _lines(self, form: str) -> Iterable[str]:
        return (line for dumped in self._dumps[form] for line in dumped.triples())


def _nothing(_subject: str, _predicate: str) -> bool:
    return False
