"""What a release holds: dumps, concepts, definitions, reports, catalogue, manifest."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from lod import context as contexts
from lod import definitions, rdf
from lod.context import Node
from lod.counts import Counts
from lod.describe.authority import Facts
from lod.describe.dataset import catalogue
from lod.describe.report import report
from lod.describe.shared import CONCEPTS, PLACES, Conflict, Resource, Shared
from lod.errors import Problem, printable
from lod.iri import Iris
from lod.model import Kind
from lod.publish.checking import Entry
from lod.release import Draft
from lod.shacl import Result
from lod.version import VERSION
from lod.write import jsonld, ntriples
from lod.write.dumps import FORMATS, Dumps
from lod.write.turtle import TurtleWriter


class Contents:
    """The files of a release, written as the questions come in."""

    def __init__(self, draft: Draft, iris: Iris, *, documents: bool) -> None:
        self._draft = draft
        self._iris = iris
        self._documents = documents
        self._context = contexts.published()
        self._turtle = TurtleWriter(self._context, iris.base)
        self._parts = {form: draft.part(f"questions.{form}") for form in FORMATS}
        self._dumps = Dumps(
            self._context, iris.base, {form: part.write for form, part in self._parts.items()}
        )
        self._example = ""
        self._days: list[date] = []
        self._shared = Shared(self._context)
        self.whole = Counts()
        self.parts: dict[tuple[int, Kind], Counts] = {}

    def add(self, entry: Entry) -> None:
        """Write a question, and keep what it shares with others for the end."""
        document, question = entry.described.document, entry.question
        me = document["id"]
        self._dumps.write(document, me, entry.walked, entry.lines)
        self._shared.add(entry.described.shared)
        self.whole.add(entry.lines)
        self.parts.setdefault((question.id.legislature, question.id.kind), Counts()).add(entry.lines)
        self._example = self._example or me
        days = sorted(page.on for page in question.pages)
        self._days = [min([*self._days, days[0]]), max([*self._days, days[-1]])]
        if self._documents:
            path = me.removeprefix(self._iris.base)
            self._draft.write(f"{path}.jsonld", jsonld.document(document, self._context), len(entry.lines))

    @property
    def last_day(self) -> date:
        """The last day on which anything in the release was published."""
        return self._days[-1]

    def close_dumps(self) -> list[Conflict]:
        """Write what the questions share, end the dumps and the concepts; tell where documents disagreed."""
        concepts = []
        for resource in self._shared.resources():
            if resource.graph in (CONCEPTS, PLACES):
                concepts.append(resource.node)
            if resource.graph != CONCEPTS:
                self._write_shared(resource)
        self._dumps.close()
        for form, part in self._parts.items():
            part.triples = self.whole.triples
            self._draft.finish(f"questions.{form}")
        self._write_turtle("concepts.ttl", self._schemes(concepts) + "\n" + self._turtle.document(concepts))
        return list(self._shared.conflicts())

    def write_definitions(self) -> None:
        """Write the ontology, the shapes and the context as they are."""
        folder = definitions.folder("ontology")
        self._write_turtle("ontology.ttl", definitions.turtle(folder / "anq.ttl", self._iris.base))
        shapes = definitions.turtle_files("shapes")
        self._write_turtle("shapes.ttl", definitions.turtle_of(shapes, self._iris.base))
        self._draft.write("context.jsonld", (folder / "context.jsonld").read_text(encoding="utf-8"))

    def write_reports(self, published: Sequence[Result], rejected: Sequence[Result]) -> None:
        """Write the report on what is published, and if need be on what is not, for programs and people."""
        for name, results in (("report", sorted(published)), ("rejects", sorted(rejected))):
            if results or name == "report":
                self._write_nodes(f"{name}.ttl", [report(self._iris, name, [r.as_node() for r in results])])
                head = f"{self.whole.documents} questions published; {len(results)} results in {name}.ttl\n"
                self._draft.write(f"{name}.txt", head + "".join(map(_paragraph, results)))

    def write_problems(self, problems: Iterable[Problem]) -> None:
        """Write one problem a line."""
        lines = (json.dumps(problem.as_json(), ensure_ascii=False) + "\n" for problem in problems)
        self._draft.write("problems.jsonl", "".join(lines))

    def write_catalogue(self, version: str, modified: date, publisher: str) -> None:
        """Describe the release itself."""
        facts = Facts(
            version=version,
            first=self._days[0],
            last=self._days[-1],
            modified=modified,
            publisher=publisher,
            example=self._example,
            sizes={path: file.bytes for path, file in self._draft.files.items()},
            whole=self.whole,
            parts=self.parts,
        )
        nodes = catalogue(self._iris, facts, self._context)
        triples = self._write_nodes("catalog.ttl", nodes)
        self._draft.write("catalog.jsonld", jsonld.graph(nodes, self._context), triples)

    def manifest(self, version: str, counts: dict[str, int], inputs: list[dict[str, Any]]) -> dict[str, Any]:
        """Give the head of the manifest, which the files follow."""
        return {
            "release": version,
            "base": self._iris.base,
            "software": {"name": "lod", "version": VERSION},
            "counts": counts,
            "inputs": inputs,
        }

    def _write_shared(self, resource: Resource) -> None:
        walked = self._context.walk(resource.node)
        lines = ntriples.of_blocks(walked.blocks)
        graph = self._iris.graph(resource.graph) if resource.graph else resource.node["id"]
        self._dumps.write(resource.node, graph, walked, lines)
        self.whole.add_shared(lines)

    def _schemes(self, concepts: Iterable[Node]) -> str:
        """Give the fixed schemes, and the heads of those open ones that have concepts."""
        used = {concept["id"] for concept in concepts}
        files = definitions.turtle_files("ontology/schemes")
        for path in definitions.turtle_files("ontology/schemes/open"):
            if self._iris.scheme(path.stem) in used:
                files.append(path)
        return definitions.turtle_of(files, self._iris.base)

    def _write_turtle(self, path: str, text: str) -> None:
        self._draft.write(path, text, len(rdf.parse(text, "turtle")))

    def _write_nodes(self, path: str, nodes: list[Node]) -> int:
        triples = len(ntriples.lines(nodes, self._context))
        self._draft.write(path, self._turtle.document(nodes), triples)
        return triples


def _paragraph(result: Result) -> str:
    found = f"\n  trouvé, found: {printable(result.value)}" if result.value else ""
    return f"\n{printable(result.focus)}\n  {result.shape_name}: {result.french}\n  {result.english}{found}\n"
