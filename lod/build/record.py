"""A question described and written in every format at once, with the shared resources it refers to."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from lod import context as contexts
from lod import table
from lod.context import RDF_TYPE, Node, ResourceBlock, iri_of
from lod.describe import describe
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph
from lod.model import Question
from lod.version import VERSION
from lod.write import jsonld, ntriples
from lod.write.dumps import DumpFormatter, GraphPart

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[SharedGraph | None, Node]).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuestion:
    """A question, its IRI, its document in every format, its row of the table, its shared resources.

    `metadata` is the number of its triples in the graph of metadata. `page` is the document as JSON-LD laid
    out for people, if that was asked for.
    """

    question: Question
    iri: str
    blocks: list[ResourceBlock]
    texts: dict[str, bytes]
    row: bytes
    shared: list[SharedResource]
    metadata: int
    page: str = ""

    @property
    def ntriples(self) -> bytes:
        """The document as N-Triples, UTF-8."""
        return self.texts["nt"]

    @property
    def subjects(self) -> set[str]:
        """The IRIs of all resources that the document or one of its shared resources describes."""
        return {*_subjects(self.blocks), *subjects(resource.node for resource in self.shared)}


class RecordWriter:
    """Describes questions under one base, and writes them in every format."""

    def __init__(self, iris: Iris, *, pages: bool = False) -> None:
        self._iris = iris
        self._pages = pages
        self._context = contexts.published()
        self._formatter = DumpFormatter(self._context, iris.base)

    def write(self, question: Question) -> PublishedQuestion:
        """Describe and write a question; raise BadValue if it cannot be named by an IRI."""
        description = describe(question, self._iris, VERSION)
        document = description.document
        walked = self._context.walk(document)
        parts = self._graph_parts(question, walked.blocks)
        return PublishedQuestion(
            question=question,
            iri=document["id"],
            blocks=walked.blocks,
            texts=self._formatter.texts(document, walked, parts),
            row=table.row(self._iris, question),
            shared=description.shared,
            metadata=parts[1].count_triples(),
            page=jsonld.document(document, self._context) if self._pages else "",
        )

    def _graph_parts(self, question: Question, blocks: list[ResourceBlock]) -> tuple[GraphPart, GraphPart]:
        """Cut the document of a question into its own graph and its last part, the description."""
        first = f"<{self._iris.description(question.id)}>".encode()
        start = next(n for n in reversed(range(len(blocks))) if blocks[n].subject == first)
        own, metadata = self._iris.question(question.id), self._iris.graph(SharedGraph.METADATA)
        return GraphPart(own, blocks[:start]), GraphPart(metadata, blocks[start:])


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
