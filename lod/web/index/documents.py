"""The documents of a release: what is said of each IRI of its base, no more and no less than in its dumps.

A question's line of the JSON-LD dump is a document. What questions share is brought together by the document
that its IRI names: a person with all mandates, a concept of `concepts.ttl`, a data set of the catalogue.
What is gone has its tombstone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, Triple, parse, serialize

from lod.context import RDF_TYPE, Context, Node, iri_of
from lod.errors import CheckFailed, quote
from lod.release import WITHDRAWN, DumpFile, Release
from lod.web.index.compact import Compactor
from lod.write import jsonld, ntriples
from lod.write.turtle import TurtleWriter

_WHOLE = {
    "ontology": "ontology.ttl",
    "shapes": "shapes.ttl",
    "report": "report.ttl",
    "catalogue": "catalog.ttl",
}
"""The documents that are a file of the release, as it is."""

_DEPUTY = b"#depute"
_DISTRIBUTION = "http://www.w3.org/ns/dcat#distribution"
_LABELS = ("prefLabel", "name", "title")


class SiteDocument(NamedTuple):
    """What a path under the base says, in three formats, and the other paths that it answers for."""

    path: str
    nodes: list[Node]
    jsonld: bytes
    turtle: bytes
    ntriples: bytes
    others: frozenset[str] = frozenset()

    @property
    def node(self) -> Node:
        """What the document is about: the first of its resources."""
        return self.nodes[0]

    @property
    def types(self) -> list[str]:
        """The types of what the document is about."""
        types: list[str] = self.node.get("type", [])
        return types

    @property
    def label(self) -> str | None:
        """What people call it, in French."""
        return next((self.node[key] for key in _LABELS if key in self.node), None)

    @property
    def label_en(self) -> str | None:
        """What people call it in English, if the release says so."""
        spelt = [
            label["@value"] for label in self.node.get("skos:prefLabel", ()) if label["@language"] == "en"
        ]
        return next(iter(spelt), self.node.get("titleEn"))


class DocumentReader:
    """Reads the documents of one release."""

    def __init__(self, release: Release, context: Context) -> None:
        self._release = release
        self._context = context
        self.base = release.manifest.base
        self._turtle = TurtleWriter(context, self.base)
        self._compactor = Compactor(context)

    def documents(self) -> Iterator[SiteDocument]:
        """Give every document of the release: questions as they come, then what they share."""
        shared, parts = defaultdict[str, list[Node]](list), self._parts_of_questions()
        for dump in self._release.dumps("jsonld"):
            for node in self._nodes(dump.lines(), dump):
                path = self.path(node["id"])
                if "Question" in node.get("type", ()):
                    yield self._of_nodes(path, [node, *parts.get(path, ())])
                elif node["id"].startswith(self.base) and path not in parts:
                    shared[path].append(node)
        for path, nodes in sorted(shared.items()):
            yield self._of_nodes(path, nodes)
        yield from self._definitions(shared.keys())

    def path(self, iri: str) -> str:
        """Give the path of the document of an IRI of the base."""
        return iri.removeprefix(self.base).partition("#")[0]

    def _parts_of_questions(self) -> dict[str, list[Node]]:
        """Give what is named by a question and yet described apart: deputies of whom only a name is known."""
        found = defaultdict[str, list[Node]](list)
        for dump in self._release.dumps("jsonld"):
            for node in self._nodes((line for line in dump.lines() if _DEPUTY in line), dump):
                if node["id"].partition("#")[2].startswith("depute"):
                    found[self.path(node["id"])].append(node)
        return dict(found)

    def _nodes(self, lines: Iterable[bytes], dump: DumpFile) -> Iterator[Node]:
        for line in lines:
            if line[:1] == b"{":
                try:
                    node = msgspec.json.decode(line.rstrip(b",\n"))
                    node.pop("@context")
                except (msgspec.DecodeError, KeyError, AttributeError):
                    found = quote(line[:60].decode(errors="replace"))
                    raise CheckFailed(f"{dump.path}: expected one document a line, found {found}") from None
                yield node

    def _of_nodes(self, path: str, nodes: list[Node]) -> SiteDocument:
        """Write a document that the dump has as nodes, by the writers of the dumps; `#id` comes first."""
        nodes = sorted(nodes, key=lambda node: not node["id"].endswith("#id"))
        blocks = [block for node in nodes for block in self._context.walk(node).blocks]
        subjects = (iri_of(block.subject) for block in blocks)
        ours = (iri for iri in subjects if iri.startswith(self.base))
        alone = len(nodes) == 1
        said = jsonld.document(nodes[0], self._context) if alone else jsonld.graph(nodes, self._context)
        return SiteDocument(
            path,
            nodes,
            said.encode(),
            self._turtle.document(nodes).encode(),
            ntriples.text(ntriples.statements(blocks)),
            frozenset(map(self.path, ours)) - {path},
        )

    def _definitions(self, taken: Iterable[str]) -> Iterator[SiteDocument]:
        """Give what the files beside the dumps say: concepts one by one, the rest file by file."""
        taken = set(taken)
        for name in ("concepts.ttl", "catalog.ttl", *filter(self._release.has, [WITHDRAWN])):
            sliced = self._sliced(self._triples(name))
            for path, triples in sorted(sliced.items()):
                if path and path not in taken and path not in _WHOLE:
                    taken.add(path)
                    yield self._of_triples(path, triples)
        for path, name in _WHOLE.items():
            yield self._of_file(path, name)

    def _triples(self, name: str) -> list[Triple]:
        place = self._release.file(name)
        try:
            found = Dataset(parse(path=place, format=RdfFormat.TURTLE))
        except SyntaxError as error:
            raise CheckFailed(f"{place}: expected Turtle, found {quote(str(error), 100)}") from None
        found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)  # lists have blank nodes
        return sorted((quad.triple for quad in found), key=_rank)

    def _sliced(self, triples: list[Triple]) -> dict[str, list[Triple]]:
        """Put triples by the document of their subject; a distribution is part of its data set's."""
        owners = {
            self.path(_iri(t.object)): self.path(_iri(t.subject))
            for t in triples
            if t.predicate.value == _DISTRIBUTION
        }
        found = defaultdict[str, list[Triple]](list)
        for triple in triples:
            if _iri(triple.subject).startswith(self.base):
                path = self.path(_iri(triple.subject))
                found[owners.get(path, path)].append(triple)
        return found

    def _of_triples(self, path: str, triples: list[Triple]) -> SiteDocument:
        subjects = {_iri(triple.subject) for triple in triples}
        return SiteDocument(
            path,
            [self._node(path, triples)],
            self._compactor.document(triples).encode(),
            self._turtle_of(triples),
            _lines(triples),
            frozenset({self.path(iri) for iri in subjects} - {path}),
        )

    def _of_file(self, path: str, name: str) -> SiteDocument:
        triples = self._triples(name)
        return SiteDocument(
            path,
            [self._node(path, triples)],
            self._compactor.document(triples).encode(),
            self._release.file(name).read_bytes(),
            _lines(triples),
        )

    def _turtle_of(self, triples: list[Triple]) -> bytes:
        spelt = "".join(map(str, triples))
        prefixes = {name: iri for name, iri in sorted(self._context.prefixes.items()) if f"<{iri}" in spelt}
        return serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""

    def _node(self, path: str, triples: list[Triple]) -> Node:
        """Give the node of what a document is about."""
        mains = (f"{self.base}{path}#id", self.base + path, _iri(triples[0].subject))
        found = (about for main in mains if (about := [t for t in triples if _iri(t.subject) == main]))
        about = next(found, triples[:1])
        node: dict[str, Any] = msgspec.json.decode(self._compactor.document(about))
        node.pop("@context")
        return node


def _rank(triple: Triple) -> tuple[str, bool, str]:
    """Put the types of a resource before what else is said of it."""
    return str(triple.subject), triple.predicate.value != RDF_TYPE, str(triple)


def _iri(resource: Any) -> str:
    return resource.value if isinstance(resource, NamedNode) else ""


def _lines(triples: list[Triple]) -> bytes:
    return "".join(sorted({f"{triple} .\n" for triple in triples})).encode()
