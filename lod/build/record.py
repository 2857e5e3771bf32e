"""A question described and written in every format at once, with the shared resources it refers to."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Required, TypedDict, Unpack

import msgspec

from lod import context as contexts
from lod import table
from lod.build.data_files import WHOLE, DumpLayout
from lod.context import RDF_TYPE, Node, ResourceBlock, iri_of
from lod.cross_references import UNLINKED, CrossReferences, LinkKeys, answer_keys
from lod.describe import describe
from lod.describe.answer import common_ref, common_resource
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.errors import BadValue
from lod.iri import Iris, SharedGraph, deputy_key
from lod.model import Question, QuestionId, Source
from lod.version import VERSION
from lod.void_statistics import VoidStatistics
from lod.write import jsonld, ntriples
from lod.write.dumps import DumpFormatter, GraphPart

LONGEST_TEXT = 8_000_000
"""The most bytes of a text, as it is in JSON: our own parser and store, Oxigraph, can read no longer ones."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[SharedGraph | None, Node]).decode
_decode_kept = msgspec.msgpack.Decoder(
    tuple[str, Node, list[str], list[tuple[SharedGraph | None, Node]]]
).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """A question as the last release has it: its document, the cells of its row, what it refers to."""

    id: QuestionId
    document: Node
    row: list[str]
    context: list[SharedResource]

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is named as its document in problems."""
        return (Source(digest="", name=self.id.uid),)

    @property
    def days(self) -> list[date]:
        """The days on which the question, its answers and all errata were published, as far as stated."""
        works = [self.document, *self.document.get("answers", ())]
        works += [erratum for work in works for erratum in work.get("correctedBy", ())]
        return [date.fromisoformat(work["issued"]) for work in works if "issued" in work]

    def pack(self) -> bytes:
        """Return the question as bytes, which depend on its content alone."""
        shared = [(resource.graph, resource.node) for resource in self.context]
        return _encode((self.document["id"], self.document, self.row, shared))

    @classmethod
    def unpack(cls, iris: Iris, data: bytes) -> "KeptQuestion":
        """Return a packed question."""
        iri, document, row, shared = _decode_kept(data)
        context = [SharedResource(graph, node) for graph, node in shared]
        return cls(id=iris.question_of(iri), document=document, row=row, context=context)

    def link_keys(self) -> LinkKeys:
        """Return the keys by which others are linked to this question; its own recalls stay as they are."""
        answers = [
            (date.fromisoformat(answer["issued"]), answer.get("text"))
            for answer in self.document.get("answers", ())
        ]
        author = deputy_key(self.document["author"]["id"])
        return LinkKeys(self.id, author, answer_keys(answers), ())

    def linked(self, iris: Iris, references: CrossReferences) -> "KeptQuestion":
        """Return the question with its answers among those that are now common to several questions."""
        answers, firsts = list[Node](), dict(references.firsts)
        for n, answer in enumerate(self.document.get("answers", ())):
            alone = {key: value for key, value in answer.items() if key != "memberOf"}
            common = {"memberOf": common_ref(iris, firsts[n], self._day(n))} if n in firsts else {}
            answers.append({**alone, **common})
        return replace(self, document={**self.document, **({"answers": answers} if answers else {})})

    def common_resources(self, iris: Iris, references: CrossReferences) -> list[SharedResource]:
        """Describe the works that its common answers are members of."""
        return [common_resource(iris, first, self._day(n)) for n, first in references.firsts]

    def _day(self, n: int) -> date:
        return date.fromisoformat(self.document["answers"][n]["issued"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuestion:
    """A question, its IRI, its document in every format, its row of the table, its shared resources.

    `question` is the record of it, or what is kept of it. `blocks` are its statements; if it has
    `statistics`, which questions of one form share, only those that the shapes across documents look at.
    `context` are the resources that a kept question refers to and that others may describe, too. `metadata`
    is the number of its triples in the graph of metadata. `page` is the document as JSON-LD laid out for
    people, if that was asked for.
    """

    question: Question | KeptQuestion
    iri: str
    blocks: list[ResourceBlock]
    statistics: VoidStatistics | None = None
    texts: dict[str, bytes]
    row: bytes
    shared: list[SharedResource]
    metadata: int
    context: Sequence[SharedResource] = ()
    page: str = ""

    @property
    def ntriples(self) -> bytes:
        """The document as N-Triples, UTF-8."""
        return self.texts["nt"]

    @property
    def subjects(self) -> set[str]:
        """The IRIs of all resources that the document or one of its shared resources describes."""
        shared = (*self.shared, *self.context)
        own = {line.partition(b" ")[0] for line in self.ntriples.splitlines()}
        return {*map(iri_of, own), *subjects(resource.node for resource in shared)}

    @property
    def void(self) -> VoidStatistics:
        """The statistics of its statements."""
        return self.statistics or VoidStatistics.of(self.blocks, 1)


class _Written(TypedDict, total=False):
    """What is written of a question."""

    blocks: Required[list[ResourceBlock]]
    texts: Required[dict[str, bytes]]
    metadata: Required[int]
    statistics: VoidStatistics
    page: str


class RecordWriter:
    """Describes questions under one base, and writes them in every format."""

    def __init__(self, iris: Iris, layout: DumpLayout = WHOLE, *, pages: bool = False) -> None:
        self.iris = iris
        self._has_table = layout.has_table
        self._pages = pages
        self._context = contexts.published()
        self._formatter = DumpFormatter(self._context, iris.base, wanted=layout.dumps)

    def write(self, question: Question) -> PublishedQuestion:
        """Describe and write a question.

        Raise BadValue if it cannot be named by an IRI, or has a text that could not be read again.
        """
        description = describe(question, self.iris, VERSION)
        document = description.document
        walked = self._context.walk(document)
        parts = self.graph_parts(question.id, walked.blocks)
        texts = self._formatter.texts(document, walked, parts)
        if self.is_too_long(texts):
            _check_lengths(document)
        return self.published(
            question,
            description.shared,
            blocks=walked.blocks,
            texts=texts,
            metadata=parts[1].count_triples(),
            page=jsonld.document(document, self._context) if self._pages else "",
        )

    def published(
        self, question: Question, shared: list[SharedResource], **written: Unpack[_Written]
    ) -> PublishedQuestion:
        """Return a question with its texts and statements as written, its row, and its shared resources."""
        row = table.row(self.iris, question) if self._has_table else b""
        iri = self.iris.question(question.id)
        return PublishedQuestion(question=question, iri=iri, row=row, shared=shared, **written)

    def statement_texts(
        self, question: QuestionId, own: list[bytes], metadata: list[bytes]
    ) -> dict[str, bytes]:
        """Return the sorted statements of a question and of its description as N-Triples and N-Quads."""
        first, second = self._graphs(question)
        return self._formatter.statement_texts([(first, own), (second, metadata)])

    @staticmethod
    def is_too_long(texts: Mapping[str, bytes]) -> bool:
        """Return whether a question may have a text that could not be read again."""
        return len(texts["nt"]) > LONGEST_TEXT

    def write_kept(self, kept: KeptQuestion, references: CrossReferences = UNLINKED) -> PublishedQuestion:
        """Write a question as the last release has it; raise CheckFailed if it has an unknown key."""
        kept = kept.linked(self.iris, references)
        walked = self._context.walk(kept.document)
        parts = self.graph_parts(kept.id, walked.blocks)
        return PublishedQuestion(
            question=kept,
            iri=kept.document["id"],
            blocks=walked.blocks,
            texts=self._formatter.texts(kept.document, walked, parts),
            row=table.line(kept.row) if self._has_table else b"",
            shared=kept.common_resources(self.iris, references),
            metadata=parts[1].count_triples(),
            context=kept.context,
            page=jsonld.document(kept.document, self._context) if self._pages else "",
        )

    def graph_parts(self, question: QuestionId, blocks: list[ResourceBlock]) -> tuple[GraphPart, GraphPart]:
        """Cut the document of a question into its own graph and its last part, the description.

        A question that is kept from a release before version 2.0.0 of the definitions has no description.
        """
        first = f"<{self.iris.description(question)}>".encode()
        start = next((n for n in reversed(range(len(blocks))) if blocks[n].subject == first), len(blocks))
        own, metadata = self._graphs(question)
        return GraphPart(own, blocks[:start]), GraphPart(metadata, blocks[start:])

    def _graphs(self, question: QuestionId) -> tuple[str, str]:
        """Return the graph of a question and that of its description."""
        return self.iris.question(question), self.iris.graph(SharedGraph.METADATA)


class SharedResourceSender:
    """Shared resources this worker has already sent: each is sent once, later uses only add to its count.

    The key of a resource is the digest of its packed form.
    """

    def __init__(self) -> None:
        self._sent: dict[int, tuple[bytes, SharedResource]] = {}

    def count(
        self, resources: Sequence[SharedResource], counts: Counter[bytes], new: dict[bytes, bytes]
    ) -> None:
        """Add resources to `counts` by their keys; add those that were not sent before to `new`, packed."""
        by_identity = {id(resource): resource for resource in resources}
        for identity, times in Counter(map(id, resources)).items():
            sent = self._sent.get(identity)
            if sent is None:
                resource = by_identity[identity]
                packed = _encode((resource.graph, resource.node))
                sent = self._sent[identity] = (hashlib.sha256(packed).digest()[:16], resource)
                new[sent[0]] = packed
            counts[sent[0]] += times


def _check_lengths(value: object) -> None:
    """Raise BadValue if a text within a JSON value is too long."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_lengths(inner)
    elif isinstance(value, str) and (length := len(msgspec.json.encode(value))) > LONGEST_TEXT:
        raise BadValue(f"a text of at most {LONGEST_TEXT} bytes, as it is in JSON", f"one of {length}")


def unpack_resource(packed: bytes) -> SharedResource:
    """Return a resource that was sent packed."""
    return SharedResource(*_decode(packed))


@lru_cache(maxsize=CACHE_SIZE)
def type_triples(resource: SharedResource) -> bytes:
    """Return the N-Triples of a shared resource that checking documents takes: those with its types.

    Of a source document, these are all triples.
    """
    if "SourceDocument" in resource.node.get("type", ()):
        return ntriples.document([resource.node], contexts.published())
    return "".join(_type_triples(resource.node)).encode()


def subjects(nodes: Iterable[Node]) -> set[str]:
    """Return the IRIs that nodes, and the nodes nested in them, describe."""
    return {iri for node in nodes for iri in _subjects(contexts.published().walk(node).blocks)}


def _subjects(blocks: Iterable[ResourceBlock]) -> Iterator[str]:
    return (iri_of(block.subject) for block in blocks)


def _type_triples(node: Node) -> Iterator[str]:
    """Yield N-Triples with the types of a node and of the nodes nested in it."""
    known = contexts.published().types
    for name in node.get("type", ()):
        yield f"<{node['id']}> <{RDF_TYPE}> <{known[name]}> .\n"
    for value in node.values():
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, dict):
                yield from _type_triples(inner)
