"""The files of a release, written in three phases; each phase is reached only from the one before.

write_batches ──▶ WrittenQuestions ── finish ──▶ WrittenData
    ── write_reports ──▶ WrittenReports ── publish ──▶ the current release
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from lod import context as contexts
from lod import definitions, rdf, versions
from lod.build.accounting import Accounting, count_findings
from lod.build.data_files import DumpOutputs, TableOutputs, dump_parts
from lod.build.messages import BatchResult, BatchStatistics
from lod.build.record import unpack_resource
from lod.build.worker import Settings
from lod.context import Node, ResourceBlock
from lod.describe.authority import FindingCounts, Graph, Period, ReleaseFacts, spanning
from lod.describe.dataset import catalogue
from lod.describe.links import LinkFacts
from lod.describe.shared import Conflict, SharedResource, SharedResources
from lod.describe.validation_report import validation_report
from lod.errors import Cause, Problem, escape_unprintable
from lod.formats import DATA_FILES, TABLES
from lod.iri import Iris, SharedGraph
from lod.model import QuestionKind
from lod.release import OTHER_GRAPHS, Draft, DumpScope, seal
from lod.shacl import Projection, ValidationResult
from lod.table.croissant import croissant
from lod.version import VERSION
from lod.void_statistics import VoidStatistics
from lod.write import jsonld, ntriples
from lod.write.dumps import DumpFormatter, GraphPart
from lod.write.turtle import TurtleWriter

_QUESTION = "http://schema.org/Question"
_SHARED_BATCH = 1000
"""How many shared resources are written at a time."""


@dataclass(slots=True)
class ReleaseStatistics:
    """Statistics of all questions, and of those of each legislature and kind, with the days they span.

    `graphs` counts the triples of the named graphs of shared resources and of metadata.
    """

    whole: VoidStatistics = field(default_factory=VoidStatistics)
    parts: dict[tuple[int, QuestionKind], VoidStatistics] = field(default_factory=dict)
    periods: dict[tuple[int, QuestionKind], Period] = field(default_factory=dict)
    graphs: Counter[SharedGraph] = field(default_factory=Counter)
    example: str = ""

    def add(self, batch: BatchStatistics) -> None:
        """Add the statistics of a batch."""
        self.whole.take(batch.void)
        self.parts.setdefault(batch.part, VoidStatistics()).take(batch.void)
        self.periods[batch.part] = spanning([batch.period, self.periods.get(batch.part, batch.period)])
        self.graphs[SharedGraph.METADATA] += batch.metadata
        self.example = self.example or batch.example


def write_batches(
    draft: Draft,
    settings: Settings,
    results: Iterable[BatchResult],
    shared: "CollectedShared",
    projection: Projection,
) -> "WrittenQuestions":
    """Clear a draft and write all batches to its dumps and tables.

    `projection` gets what the shapes that span questions need.
    """
    draft.clear()
    written = WrittenQuestions(draft, settings, shared, projection)
    for result in results:
        written.append(result)
    return written


@dataclass(frozen=True, slots=True)
class CollectedShared:
    """The shared resources that workers have sent, packed, by key; and those that only kept questions state.

    Workers send each only once, even if batches are written again.
    """

    sent: dict[bytes, bytes]
    kept: Sequence[SharedResource] = ()


class WrittenQuestions:
    """The first phase: all questions are written, what they share is not; the dumps are still open."""

    def __init__(
        self, draft: Draft, settings: Settings, shared: CollectedShared, projection: Projection
    ) -> None:
        self._draft = draft
        self._context = contexts.published()
        self._layout = settings.layout
        self._iris = Iris(settings.base)
        self._formatter = DumpFormatter(self._context, self._iris.base, wanted=self._layout.dumps)
        self._dumps = DumpOutputs(draft, self._formatter, self._layout)
        self._table = TableOutputs(draft, self._iris.base, self._layout) if self._layout.has_table else None
        self._resources = shared.sent
        self._kept = shared.kept
        self._shared: Counter[bytes] = Counter()
        self._rejected_shared: Counter[bytes] = Counter()
        self.projection = projection
        self.statistics = ReleaseStatistics()
        self.accounting = Accounting()
        self.engine_failures: set[str] = set()
        self.published_results: list[ValidationResult] = []
        self.rejected_results: list[ValidationResult] = []

    def append(self, result: BatchResult) -> None:
        """Append a batch to the dumps and tables; keep its shared resources for the end."""
        self.accounting.add(result.accounting)
        self.engine_failures.update(result.engine_failures)
        self.published_results += result.published_results
        self.rejected_results += result.rejected_results
        self._resources.update(result.new_resources)
        self._shared.update(result.shared)
        self._rejected_shared.update(result.rejected_shared)
        if (batch := result.statistics) is None:
            return
        self.projection.add(batch.projected)
        self.statistics.add(batch)
        self._dumps.append(batch.part, result.dumps, batch.void.triples)
        if self._table:
            self._table.append(result.table, result.rows)
        self._draft.add_finished(result.files)
        for document in result.documents:
            self._draft.write(document.path, document.location.read().decode(), document.triples)

    def conflicts(self) -> list[Conflict]:
        """Return what documents, published or not, disagree on about shared resources."""
        if not self._rejected_shared:
            return list(self._published_shared.conflicts())
        return list(self._collect(self._shared, self._rejected_shared).conflicts())

    def shared_nodes(self) -> list[Node]:
        """Return the nodes of all resources that published questions share."""
        return [resource.node for resource in self._published_shared.resources()]

    def finish(self) -> "WrittenData":
        """Write the shared resources, finish the dumps and tables, and write the concepts."""
        resources = list(self._published_shared.resources())
        outside_concepts = [resource for resource in resources if resource.graph != SharedGraph.CONCEPTS]
        for start in range(0, len(outside_concepts), _SHARED_BATCH):
            self._write_shared(outside_concepts[start : start + _SHARED_BATCH])
        self._dumps.finish()
        if self._table:
            self._table.finish(self.statistics.whole.classes[_QUESTION])
        data = WrittenData(self._draft, self._iris, self.statistics)
        data.write_concepts(
            [each.node for each in resources if each.graph in (SharedGraph.CONCEPTS, SharedGraph.PLACES)]
        )
        return data

    def _write_shared(self, resources: Iterable[SharedResource]) -> None:
        blocks, texts = list[ResourceBlock](), defaultdict[str, list[bytes]](list)
        for resource in resources:
            walked = self._context.walk(resource.node)
            graph = self._iris.graph(resource.graph) if resource.graph else resource.node["id"]
            parts = [GraphPart(graph, walked.blocks)]
            for form, text in self._formatter.texts(resource.node, walked, parts).items():
                texts[form].append(text)
            if resource.graph:
                self.statistics.graphs[resource.graph] += VoidStatistics.of(walked.blocks).triples
            blocks += walked.blocks
        self.projection.add_blocks(blocks)
        statistics = VoidStatistics.of(blocks)
        data = dump_parts(texts, self._layout.compression)
        self._dumps.append(DumpScope.SHARED, data, statistics.triples)
        self.statistics.whole.take(statistics)

    @cached_property
    def _published_shared(self) -> SharedResources:
        shared = self._collect(self._shared)
        shared.add_missing(self._kept)
        return shared

    def _collect(self, *counters: Counter[bytes]) -> SharedResources:
        shared = SharedResources(self._context)
        for counts in counters:
            for key, count in counts.items():
                shared.add([unpack_resource(self._resources[key])], count)
        return shared


class WrittenData:
    """The second phase: dumps, tables and concepts are finished."""

    def __init__(self, draft: Draft, iris: Iris, statistics: ReleaseStatistics) -> None:
        self._draft = draft
        self._iris = iris
        self._context = contexts.published()
        self._turtle = TurtleWriter(self._context, iris.base)
        self.statistics = statistics

    @property
    def questions(self) -> int:
        """The number of questions published."""
        return self.statistics.whole.documents

    @property
    def last_day(self) -> date:
        """The last day on which anything in the release was published."""
        return spanning(self.statistics.periods.values())[1]

    def write_concepts(self, concepts: list[Node]) -> None:
        """Write concepts, with the fixed schemes and the heads of those open schemes that are used."""
        used = {concept["id"] for concept in concepts}
        files = definitions.turtle_files("ontology/schemes")
        for path in definitions.turtle_files("ontology/schemes/open"):
            if self._iris.scheme(path.stem) in used:
                files.append(path)
        schemes = definitions.turtle_of(files, self._iris.base)
        triples = len(rdf.triples(schemes)) + ntriples.document(concepts, self._context).count(b"\n")
        self._draft.write("concepts.ttl", schemes + "\n" + self._turtle.document(concepts), triples)

    def write_reports(
        self,
        published: Sequence[ValidationResult],
        rejected: Sequence[ValidationResult],
        problems: Iterable[Problem],
    ) -> "WrittenReports":
        """Write the definitions, the validation reports, and the problems."""
        self._write_definitions()
        problems = sorted(problems)
        self._write_report("report", published, [each for each in problems if each.cause is Cause.CORRECTION])
        if rejected:
            self._write_report("rejects", rejected)
        lines = (json.dumps(problem.as_json(), ensure_ascii=False) + "\n" for problem in problems)
        self._draft.write("problems.jsonl", "".join(lines))
        return WrittenReports(self._draft, self._iris, self.statistics, count_findings(problems))

    def _write_definitions(self) -> None:
        """Write the ontology, the shapes and the contexts, former ones too."""
        folder = definitions.folder("ontology")
        self._write_turtle("ontology.ttl", definitions.turtle(folder / "anq.ttl", self._iris.base))
        shapes = definitions.turtle_files("shapes")
        self._write_turtle("shapes.ttl", definitions.turtle_of(shapes, self._iris.base))
        for path, file in versions.contexts().items():
            self._draft.write(path, file.read_text(encoding="utf-8"))

    def _write_report(
        self, name: str, results: Sequence[ValidationResult], corrections: Sequence[Problem] = ()
    ) -> None:
        """Write a validation report for programs and for people; the latter also lists corrections."""
        ordered = sorted(results)
        node = validation_report(self._iris, name, [result.as_node() for result in ordered])
        triples = ntriples.document([node], self._context).count(b"\n")
        self._draft.write(f"{name}.ttl", self._turtle.document([node]), triples)
        head = f"{self.questions} questions published; {len(ordered)} results in {name}.ttl\n"
        corrected = "".join(f"\n{escape_unprintable(str(problem))}\n" for problem in corrections)
        self._draft.write(f"{name}.txt", head + "".join(map(_paragraph, ordered)) + corrected)

    def _write_turtle(self, path: str, text: str) -> None:
        self._draft.write(path, text, len(rdf.triples(text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Who publishes a release, its date, and the formats of its data files."""

    modified: date
    publisher: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenReports:
    """The last phase: the release lacks its catalogue and its manifest only."""

    draft: Draft
    iris: Iris
    statistics: ReleaseStatistics
    findings: FindingCounts

    def publish(
        self,
        published: Publication,
        counts: dict[str, int],
        inputs: list[dict[str, Any]],
        links: Sequence[LinkFacts] = (),
    ) -> Path:
        """Write the catalogue and the manifest, and make this the current release.

        It is named after its last day and its content: the same content has the same name.
        """
        _, last_day = spanning(self.statistics.periods.values())
        name = seal.unnamed(last_day)
        self._write_catalogue(name, published, links)
        manifest = {
            "release": name,
            "base": self.iris.base,
            "software": {"name": "lod", "version": VERSION},
            "versions": versions.current(),
            "counts": counts,
            **({"formats": published.formats} if published.formats != DATA_FILES else {}),
            "inputs": inputs,
        }
        return self.draft.publish(manifest)

    def _write_catalogue(self, version: str, published: Publication, links: Sequence[LinkFacts]) -> None:
        facts = ReleaseFacts(
            version=version,
            modified=published.modified,
            publisher=published.publisher,
            example=self.statistics.example,
            files=dict(self.draft.files),
            graphs=list(self._graphs()),
            whole=self.statistics.whole,
            parts=self.statistics.parts,
            periods=self.statistics.periods,
            findings=self.findings,
            links=links,
        )
        context = contexts.published()
        nodes = catalogue(self.iris, facts, context)
        triples = ntriples.document(nodes, context).count(b"\n")
        turtle = TurtleWriter(context, self.iris.base).document(nodes)
        self.draft.write("catalog.ttl", turtle, triples)
        self.draft.write(seal.UDATA, turtle.replace('"^^xsd:hexBinary', '"'), triples)
        self.draft.write("catalog.jsonld", jsonld.graph(nodes, context), triples)
        if TABLES["csv"].name in published.formats:
            described = json.dumps(croissant(self.iris, facts), ensure_ascii=False, indent=2)
            self.draft.write("croissant.json", described + "\n")

    def _graphs(self) -> Iterator[Graph]:
        """Yield the named graphs of the dumps and of the other files; places count in the former only.

        Metadata are in the dumps of questions, too: each question has its description there.
        """
        files, triples = self.draft.files, self.statistics.graphs
        dumps = {path: f.dump for path, f in sorted(files.items()) if f.dump and f.dump.format == "nq"}
        shared = [path for path, dump in dumps.items() if dump.holds is not DumpScope.QUESTIONS]
        for name in sorted(triples):
            holders = list(dumps) if name is SharedGraph.METADATA else shared
            if holders:  # else there are no dumps with named graphs
                yield Graph(name=name, triples=triples[name], files=holders)
        for path, name in OTHER_GRAPHS.items():
            if path in files:
                count = (files[path].triples or 0) - (
                    triples[SharedGraph.PLACES] if name == SharedGraph.CONCEPTS else 0
                )
                yield Graph(name=name, triples=count, files=[path])


def _paragraph(result: ValidationResult) -> str:
    focus, shape = escape_unprintable(result.focus), result.shape_name
    french = f"{result.french_rule} ({result.french_found})"
    return f"\n{focus}\n  {shape}: {french}\n  {result.rule} ({result.found})\n"
