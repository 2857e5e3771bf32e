"""Links to other data: found in the finished dumps of a draft, each kind written to files of its own.

They are made last, from what is published: whatever kind is left out, all other files are the same.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import msgspec

from lod import compression, shacl
from lod import context as contexts
from lod.build.check import internal_error
from lod.build.data_files import DumpWriter, dump_parts
from lod.compression import Compression
from lod.context import Node
from lod.describe.citations import EUR_LEX, cited_resource, citing_work, target_iri
from lod.describe.links import LinkFacts, Linkset
from lod.formats import DUMPS
from lod.iri import LEGIFRANCE, Iris
from lod.links.citations import Doubt, Target, find_citations
from lod.model import QuestionId
from lod.release import Draft, LinkDump, LinkKind
from lod.release_files import LINK_GRAPHS
from lod.write.dumps import DumpFormatter, GraphPart

_BATCH = 500
"""How many nodes are written and validated at a time."""
_PREFIXES = ("oa",)
_IS_QUESTION = b'"type":["Work","Question"]'
_REFERS_TO = "http://data.europa.eu/eli/ontology#refers_to"


class PublishedAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """What links need of a published answer."""

    id: str
    text: str | None = None


class PublishedRef(msgspec.Struct, frozen=True):
    """A resource that a published question refers to."""

    id: str


class PublishedTexts(msgspec.Struct, frozen=True, rename="camel"):
    """What links need of a published question: its texts, with their IRIs, and when it was asked."""

    id: str
    issued: str
    text: str | None = None
    answers: list[PublishedAnswer] = []
    refers_to: list[PublishedRef] = []

    @property
    def asked(self) -> date:
        """The day on which it was published."""
        return date.fromisoformat(self.issued)


class LinkFinder(Protocol):
    """Finds the links of one kind, question by question."""

    kind: LinkKind

    def add(self, question: PublishedTexts) -> Sequence[Node]:
        """Return what links a question, each node with triples of its own."""

    def finish(self) -> Sequence[Node]:
        """Return what is described once, after all questions."""

    def linksets(self) -> list[Linkset]:
        """Return how many links lead where."""

    def unlinked(self) -> list[dict[str, Any]]:
        """Return what was not linked because it contradicts itself, for programs."""


@dataclass(frozen=True, slots=True)
class WrittenLinks:
    """The links of one kind in a release, and what was not linked."""

    facts: LinkFacts
    unlinked: list[dict[str, Any]]


def write_links(
    draft: Draft, iris: Iris, kinds: Collection[LinkKind], how: Compression, shapes: shacl.Shapes
) -> list[WrittenLinks]:
    """Write the files of some kinds of links; raise CheckFailed if a shape rejects one."""
    finders = [_FINDERS[kind](iris) for kind in sorted(kinds)]
    outputs = [_LinkOutput(draft, iris, finder.kind, how, shapes) for finder in finders]
    for question in _questions(draft) if finders else ():
        for finder, output in zip(finders, outputs, strict=True):
            output.add(finder.add(question))
    written = []
    for finder, output in zip(finders, outputs, strict=True):
        output.add(finder.finish())
        triples = output.finish()
        facts = LinkFacts(kind=finder.kind, triples=triples, linksets=finder.linksets())
        unlinked = finder.unlinked()
        if unlinked:
            lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in unlinked)
            draft.write(f"{finder.kind}-unlinked.jsonl", "".join(lines))
        written.append(WrittenLinks(facts, unlinked))
    return written


class CitationFinder:
    """Finds what questions and answers cite."""

    kind = LinkKind.CITATIONS

    def __init__(self, iris: Iris) -> None:
        self._iris = iris
        self._targets = dict[Target, int]()
        self._doubts: list[tuple[str, Doubt]] = []

    def add(self, question: PublishedTexts) -> list[Node]:
        """Return the question and those of its answers that cite something, with their citations."""
        about = self._iris.question_of(question.id)
        stated = {each.id for each in question.refers_to}
        works = [
            (question.id, question.text, stated),
            *((a.id, a.text, set[str]()) for a in question.answers),
        ]
        return [
            node
            for work, text, said in works
            if text
            for node in self._work(work, text, said, (about, question))
        ]

    def _work(
        self, work: str, text: str, stated: set[str], asked: tuple[QuestionId, PublishedTexts]
    ) -> Iterator[Node]:
        about, question = asked
        found = find_citations(text, about, question.asked)
        self._doubts += ((work, doubt) for doubt in found.doubts)
        if found.citations:
            node = citing_work(self._iris, work, found.citations, stated)
            for target in {each.target for each in found.citations}:
                if target_iri(self._iris, target) not in stated:
                    self._targets[target] = self._targets.get(target, 0) + 1
                else:
                    self._targets.setdefault(target, 0)
            yield node

    def finish(self) -> list[Node]:
        """Return the cited acts and codes, by IRI."""
        nodes = [cited_resource(self._iris, target) for target in self._targets]
        return sorted((node for node in nodes if node), key=lambda node: str(node["id"]))

    def linksets(self) -> list[Linkset]:
        """Return the number of links to Légifrance, to EUR-Lex and to other questions."""
        spaces = (
            ("legifrance", LEGIFRANCE, LEGIFRANCE),
            ("eur-lex", EUR_LEX, EUR_LEX),
            ("questions", self._iris.uri_space(), self._iris.dataset("questions")),
        )
        iris = {target_iri(self._iris, target): links for target, links in self._targets.items()}
        counts = [sum(n for iri, n in iris.items() if iri.startswith(start)) for _, start, _ in spaces]
        return [
            Linkset(name=name, target=target, predicate=_REFERS_TO, triples=count)
            for (name, _, target), count in zip(spaces, counts, strict=True)
            if count
        ]

    def unlinked(self) -> list[dict[str, Any]]:
        """Return the citations whose number contradicts their day, or has no ELI."""
        return [
            {
                "text": work,
                "start": doubt.start,
                "end": doubt.end,
                "quotation": doubt.quotation,
                "reason": str(doubt.kind),
            }
            for work, doubt in self._doubts
        ]


_FINDERS = {LinkKind.CITATIONS: CitationFinder}


class _LinkOutput:
    """Writes the nodes of one kind of links in all formats, and validates them."""

    def __init__(
        self, draft: Draft, iris: Iris, kind: LinkKind, how: Compression, shapes: shacl.Shapes
    ) -> None:
        self._draft = draft
        self._how = how
        self._shapes = shapes
        self._graph = iris.graph(LINK_GRAPHS[kind])
        self._context = contexts.published()
        self._formatter = DumpFormatter(self._context, iris.base, _PREFIXES)
        self._nodes: list[Node] = []
        self._triples = 0
        self._kind = kind
        self._writers: dict[str, DumpWriter] = {}

    def add(self, nodes: Sequence[Node]) -> None:
        """Add nodes; they are written many at a time."""
        self._nodes += nodes
        while len(self._nodes) >= _BATCH:
            self._flush(_BATCH)

    def finish(self) -> int:
        """Finish the files; return the number of triples."""
        self._flush(len(self._nodes))
        ends = self._formatter.ends()
        for form, writer in self._writers.items():
            writer.end(ends[form])
            self._draft.finish(writer.path)
        return self._triples

    def _begin(self) -> None:
        """Open the files: a kind without any link has none."""
        for form, start in self._formatter.starts().items():
            path = f"{self._kind}.{form}{self._how.suffix}"
            file = self._draft.open(path)
            file.links = LinkDump(kind=self._kind, format=form, compression=self._how)
            self._writers[form] = DumpWriter(path, file, form, self._how)
            self._writers[form].start(start)

    def _flush(self, number: int) -> None:
        nodes, self._nodes = self._nodes[:number], self._nodes[number:]
        if not nodes:
            return
        if not self._writers:
            self._begin()
        texts = {form: list[bytes]() for form in DUMPS}
        triples = 0
        for node in nodes:
            walked = self._context.walk(node)
            part = GraphPart(self._graph, walked.blocks)
            triples += part.count_triples()
            for form, text in self._formatter.texts(node, walked, [part]).items():
                texts[form].append(text)
        for result in self._shapes.check(b"".join(texts["nt"]), part=shacl.ValidationPass.LINKS):
            raise internal_error(result)
        for form, data in dump_parts(texts, self._how).items():
            self._writers[form].append(data, triples)
        self._triples += triples


def _questions(draft: Draft) -> Iterator[PublishedTexts]:
    """Yield the published questions, in the order of their IRIs."""
    decode = msgspec.json.Decoder(PublishedTexts).decode
    for path, file in sorted(draft.files.items()):
        if file.dump and file.dump.format == "jsonld":
            with compression.open_decompressed(draft.folder(path), file.dump.compression) as lines:
                for line in lines:
                    if _IS_QUESTION in line:
                        yield decode(line.rstrip(b",\n"))
