"""A question on its way into the release: described and written at once; its nodes are not kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lod import context as contexts
from lod import table
from lod.build.verdicts import digest
from lod.context import RDF_TYPE, Node, ResourceBlock, iri_of
from lod.describe import describe
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris
from lod.model import Question
from lod.version import VERSION
from lod.write import jsonld, ntriples
from lod.write.dumps import DumpFormatter


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuestion:
    """A question, its IRI, what its document says, in every format too, its row, what it shares with others.

    `page` is the document laid out for people, if that is asked for.
    """

    question: Question
    iri: str
    blocks: list[ResourceBlock]
    texts: dict[str, bytes]
    row: bytes
    shared: list[SharedResource]
    page: str = ""

    @property
    def ntriples(self) -> bytes:
        """The document as N-Triples, UTF-8."""
        return self.texts["nt"]

    @property
    def subjects(self) -> set[str]:
        """The IRIs of all that is described in the document, and of what it shares."""
        return {*_subjects(self.blocks), *subjects(resource.node for resource in self.shared)}


class RecordWriter:
    """Describes questions under one base, and writes them down."""

    def __init__(self, iris: Iris, *, pages: bool = False) -> None:
        self._iris = iris
        self._pages = pages
        self._context = contexts.published()
        self._formatter = DumpFormatter(self._context, iris.base)

    def entry(self, question: Question) -> PublishedQuestion:
        """Describe a question and write it; raise BadValue if it cannot be named."""
        described = describe(question, self._iris, VERSION)
        document = described.document
        walked = self._context.walk(document)
        return PublishedQuestion(
            question=question,
            iri=document["id"],
            blocks=walked.blocks,
            texts=self._formatter.texts(document, document["id"], walked),
            row=table.row(self._iris, question),
            shared=described.shared,
            page=jsonld.document(document, self._context) if self._pages else "",
        )


class ResourceContext(NamedTuple):
    """The N-Triples that documents need of a shared resource to be checked, with their digest."""

    ntriples: bytes
    digest: bytes


@lru_cache(maxsize=CACHE_SIZE)
def resource_context(resource: SharedResource) -> ResourceContext:
    """Give the types of a shared resource; of a document received, all that is said of it."""
    if "SourceDocument" in resource.node.get("type", ()):
        text = ntriples.document([resource.node], contexts.published())
    else:
        text = "".join(_types(resource.node)).encode()
    return ResourceContext(text, digest(text))


def subjects(nodes: Iterable[Node]) -> set[str]:
    """Give the IRIs that nodes, and those within them, describe."""
    return {iri for node in nodes for iri in _subjects(contexts.published().walk(node).blocks)}


def _subjects(blocks: Iterable[ResourceBlock]) -> Iterator[str]:
    return (iri_of(block.subject) for block in blocks)


def _types(node: Node) -> Iterator[str]:
    """Give the N-Triples that say of what types a node, and those within it, are."""
    known = contexts.published().types
    for name in node.get("type", ()):
        yield f"<{node['id']}> <{RDF_TYPE}> <{known[name]}> .\n"
    for value in node.values():
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, dict):
                yield from _types(inner)
