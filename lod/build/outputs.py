"""What a release holds: dumps, concepts, definitions, reports, catalogue, manifest."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from lod import context as contexts
from lod import definitions, rdf
from lod.build.accounting import Accounting
from lod.build.checker import dataset_problem
from lod.build.dumps import Dumps, pieces
from lod.build.messages import BatchResult
from lod.build.shared_resources import unpacked
from lod.build.tables import TableOutputs
from lod.build.worker import Settings
from lod.context import Node, ResourceBlock
from lod.describe import authority
from lod.describe.authority import Period, ReleaseFacts, spanning
from lod.describe.dataset import catalogue
from lod.describe.shared import CONCEPTS, PLACES, Conflict, SharedResource, SharedResources
from lod.describe.validation_report import validation_report
from lod.errors import Problem, escape_unprintable
from lod.iri import Iris
from lod.model import QuestionKind
from lod.release import BESIDE, Draft, Dump, DumpScope
from lod.shacl import Projection, ValidationResult
from lod.version import VERSION
from lod.void_statistics import VoidStatistics
from lod.write import jsonld, ntriples
from lod.write.dumps import DumpFormatter
from lod.write.turtle import TurtleWriter

QUESTION = "http://schema.org/Question"
_GROUP = 1000
"""How many shared resources are written at a time."""


class ReleaseOutputs:
    """The files of a release, written as the questions come in."""

    def __init__(
        self,
        draft: Draft,
        settings: Settings,
        resources: dict[bytes, bytes],
        projection: Projection,
    ) -> None:
        """Begin; shared resources, packed, are known by their keys, and may be given but once."""
        draft.clear()
        self._draft = draft
        self.projection = projection
        self._iris = iris = Iris(settings.base)
        self._context = contexts.published()
        self._turtle = TurtleWriter(self._context, iris.base)
        self._formatter = DumpFormatter(self._context, iris.base)
        self._compression = settings.layout.compression
        self._dumps = Dumps(draft, self._formatter, settings.layout)
        self._tables = TableOutputs(draft, iris.base, settings.layout)
        self._example = ""
        self._periods: dict[tuple[int, QuestionKind], Period] = {}
        self._resources = resources
        self._graphs: Counter[str] = Counter()
        self._shared: Counter[bytes] = Counter()
        self._unshared: Counter[bytes] = Counter()
        self._published: list[ValidationResult] = []
        self._rejected: list[ValidationResult] = []
        self.ledger = Accounting()
        self.failures: set[str] = set()
        self.sound: list[bytes] = []
        self.whole = VoidStatistics()
        self.parts: dict[tuple[int, QuestionKind], VoidStatistics] = {}

    def take(self, written: BatchResult) -> None:
        """Append a part of the release, and keep what it shares with others for the end."""
        self.ledger.take(written.ledger)
        self.failures.update(written.failures)
        self.sound += written.sound
        self._published += written.published
        self._rejected += written.rejected
        self._resources.update(written.fresh)
        self._shared.update(written.shared)
        self._unshared.update(written.unshared)
        if (gist := written.gist) is None:
            return
        self.projection.add(gist.seen)
        self._dumps.append(gist.part, written.dumps, gist.counts.triples)
        self.whole.take(gist.counts)
        self.parts.setdefault(gist.part, VoidStatistics()).take(gist.counts)
        self._tables.append(written.table, written.rows)
        self._example = self._example or gist.example
        self._periods[gist.part] = spanning([gist.days, self._periods.get(gist.part, gist.days)])
        self._draft.has(written.files)
        for kept in written.documents:
            self._draft.write(kept.path, kept.place.read().decode(), kept.triples)

    def conflicts(self) -> list[Conflict]:
        """Tell on what documents, whether they are published or not, disagree about what they share."""
        every = self._gathered(self._shared, self._unshared) if self._unshared else self._published_shared
        return list(every.conflicts())

    def shared_nodes(self) -> list[Node]:
        """Give all that the published questions share."""
        return [resource.node for resource in self._published_shared.resources()]

    def note(
        self,
        published: Iterable[ValidationResult],
        rejected: Iterable[ValidationResult] = (),
        left_out: Iterable[Problem] = (),
    ) -> None:
        """Note what the shapes say where no document alone is wrong, and which documents are left out."""
        for result in published:
            self._published.append(result)
            self.ledger.remark(dataset_problem(result))
        self._rejected += rejected
        for problem in left_out:
            self.ledger.reject(problem)

    @cached_property
    def _published_shared(self) -> SharedResources:
        """What the published questions share, once all of them are here."""
        return self._gathered(self._shared)

    def _gathered(self, *counted: Counter[bytes]) -> SharedResources:
        shared = SharedResources(self._context)
        for counts in counted:
            for key, count in counts.items():
                shared.add([unpacked(self._resources[key])], count)
        return shared

    @property
    def last_day(self) -> date:
        """The last day on which anything in the release was published."""
        return spanning(self._periods.values())[1]

    def close(self, problems: Iterable[Problem]) -> None:
        """Write the definitions, and what there is to tell."""
        self._write_definitions()
        self._write_reports()
        lines = (json.dumps(problem.as_json(), ensure_ascii=False) + "\n" for problem in sorted(problems))
        self._draft.write("problems.jsonl", "".join(lines))

    def close_dumps(self) -> None:
        """End the dumps with what the questions share, and write the concepts."""
        shared = list(self._published_shared.resources())
        described = [resource for resource in shared if resource.graph != CONCEPTS]
        for start in range(0, len(described), _GROUP):
            self._write_shared(described[start : start + _GROUP])
        self._dumps.close()
        self._tables.close(self.whole.classes[QUESTION])
        concepts = [resource.node for resource in shared if resource.graph in (CONCEPTS, PLACES)]
        schemes = self._schemes(concepts)
        triples = len(rdf.triples(schemes)) + ntriples.document(concepts, self._context).count(b"\n")
        self._draft.write("concepts.ttl", schemes + "\n" + self._turtle.document(concepts), triples)

    def _write_definitions(self) -> None:
        """Write the ontology, the shapes and the context as they are."""
        folder = definitions.folder("ontology")
        self._write_turtle("ontology.ttl", definitions.turtle(folder / "anq.ttl", self._iris.base))
        shapes = definitions.turtle_files("shapes")
        self._write_turtle("shapes.ttl", definitions.turtle_of(shapes, self._iris.base))
        self._draft.write("context.jsonld", (folder / "context.jsonld").read_text(encoding="utf-8"))

    def _write_reports(self) -> None:
        """Write the report on what is published, and if need be on what is not, for programs and people."""
        for name, results in (("report", sorted(self._published)), ("rejects", sorted(self._rejected))):
            if results or name == "report":
                self._write_nodes(
                    f"{name}.ttl", [validation_report(self._iris, name, [r.as_node() for r in results])]
                )
                head = f"{self.whole.documents} questions published; {len(results)} results in {name}.ttl\n"
                self._draft.write(f"{name}.txt", head + "".join(map(_paragraph, results)))

    def write_catalogue(self, version: str, modified: date, publisher: str) -> None:
        """Describe the release itself."""
        facts = ReleaseFacts(
            version=version,
            modified=modified,
            publisher=publisher,
            example=self._example,
            sizes={path: file.bytes for path, file in self._draft.files.items()},
            dumps=[_told(path, f.dump) for path, f in sorted(self._draft.files.items()) if f.dump],
            tables=[
                authority.Table(path=path, form=f.table.format, compression=f.table.compression)
                for path, f in sorted(self._draft.files.items())
                if f.table
            ],
            graphs=list(self._described_graphs()),
            whole=self.whole,
            parts=self.parts,
            periods=self._periods,
        )
        nodes = catalogue(self._iris, facts, self._context)
        triples = self._write_nodes("catalog.ttl", nodes)
        self._draft.write("catalog.jsonld", jsonld.graph(nodes, self._context), triples)

    def _described_graphs(self) -> Iterator[authority.Graph]:
        """Yield the graphs of the dumps and of the files beside them; places are in the former alone."""
        files, sizes = self._draft.files, self._graphs
        dumps = [(path, file.dump) for path, file in sorted(files.items()) if file.dump]
        shared = [path for path, d in dumps if d.format == "nq" and d.holds is not DumpScope.QUESTIONS]
        yield from (authority.Graph(name=name, triples=sizes[name], files=shared) for name in sorted(sizes))
        for path, name in ((path, name) for path, name in BESIDE.items() if path in files):
            triples = (files[path].triples or 0) - (sizes[PLACES] if name == CONCEPTS else 0)
            yield authority.Graph(name=name, triples=triples, files=[path])

    def manifest(self, version: str, counts: dict[str, int], inputs: list[dict[str, Any]]) -> dict[str, Any]:
        """Give the head of the manifest, which the files follow."""
        return {
            "release": version,
            "base": self._iris.base,
            "software": {"name": "lod", "version": VERSION},
            "counts": counts,
            "inputs": inputs,
        }

    def _write_shared(self, resources: Iterable[SharedResource]) -> None:
        blocks, texts = list[ResourceBlock](), defaultdict[str, list[bytes]](list)
        for resource in resources:
            walked = self._context.walk(resource.node)
            graph = self._iris.graph(resource.graph) if resource.graph else resource.node["id"]
            for form, text in self._formatter.texts(resource.node, graph, walked).items():
                texts[form].append(text)
            blocks += walked.blocks
            if resource.graph:
                self._graphs[resource.graph] += VoidStatistics.of(walked.blocks).triples
        self.projection.add_blocks(blocks)
        counts = VoidStatistics.of(blocks)
        self._dumps.append(DumpScope.SHARED, pieces(texts, self._compression), counts.triples)
        self.whole.take(counts)

    def _schemes(self, concepts: Iterable[Node]) -> str:
        """Give the fixed schemes, and the heads of those open ones that have concepts."""
        used = {concept["id"] for concept in concepts}
        fixed, open_ = map(definitions.turtle_files, ("ontology/schemes", "ontology/schemes/open"))
        files = [*fixed, *(path for path in open_ if self._iris.scheme(path.stem) in used)]
        return definitions.turtle_of(files, self._iris.base)

    def _write_turtle(self, path: str, text: str) -> None:
        self._draft.write(path, text, len(rdf.triples(text)))

    def _write_nodes(self, path: str, nodes: list[Node]) -> int:
        triples = ntriples.document(nodes, self._context).count(b"\n")
        self._draft.write(path, self._turtle.document(nodes), triples)
        return triples


def _told(path: str, dump: Dump) -> authority.Dump:
    """Say of a dump what the catalogue says of it."""
    part = (dump.legislature, QuestionKind(dump.type)) if dump.legislature and dump.type else None
    return authority.Dump(
        path=path,
        form=dump.format,
        compression=dump.compression,
        part=part,
        shared=dump.holds is DumpScope.SHARED,
    )


def _paragraph(result: ValidationResult) -> str:
    focus, shape = escape_unprintable(result.focus), result.shape_name
    french = f"{result.french_rule} ({result.french_found})"
    return f"\n{focus}\n  {shape}: {french}\n  {result.rule} ({result.found})\n"
