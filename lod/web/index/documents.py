"""The documents of a release, one for each path under its base: together they contain exactly its triples.

A question's line of the JSON-LD dump, with what links say of it, is one document. Resources that questions
share are grouped by the path of their IRI: a person with all mandates, a concept of `concepts.ttl`, a data
set of the catalogue. What has been withdrawn has its tombstone.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from lod.context import RDF_TYPE, Context, Node, Term, iri_of
from lod.errors import CheckFailed, quote
from lod.iri import DEPUTY, THING, Iris, last_segment
from lod.release import WITHDRAWN, Release
from lod.web.index.links import QuestionLinks, attach_all
from lod.write import jsonld, ntriples
from lod.write.turtle import TurtleWriter

_WHOLE_FILES = {
    "ontology": "ontology.ttl",
    "shapes": "shapes.ttl",
    "report": "report.ttl",
    "catalogue": "catalog.ttl",
}
"""The documents that are a whole file of the release, byte for byte."""

_DISTRIBUTION = "http://www.w3.org/ns/dcat#distribution"
_VERSION_IRI = "http://www.w3.org/2002/07/owl#versionIRI"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LABEL_KEYS = ("prefLabel", "name", "title")
_ENGLISH_KEYS = ("prefLabelEn", "titleEn")


class SiteDocument(NamedTuple):
    """A document in three formats. `nodes` begins with its subject; `aliases` are its further paths."""

    path: str
    nodes: list[Node]
    jsonld: bytes
    turtle: bytes
    ntriples: bytes
    aliases: frozenset[str] = frozenset()

    @property
    def subject(self) -> Node:
        """The resource that the document is about."""
        return self.nodes[0]

    @property
    def types(self) -> list[str]:
        """The types of the subject."""
        types: list[str] = self.subject.get("type", [])
        return types

    @property
    def label(self) -> str | None:
        """The French label of the subject."""
        return next((self.subject[key] for key in _LABEL_KEYS if key in self.subject), None)

    @property
    def label_en(self) -> str | None:
        """The English label of the subject, if the release has one."""
        return next((self.subject[key] for key in _ENGLISH_KEYS if key in self.subject), None)


class DocumentReader:
    """Reads the documents of one release."""

    def __init__(self, release: Release, context: Context) -> None:
        self._release = release
        self._context = context
        self.base = release.manifest.base
        self._iris = Iris(self.base)
        self._turtle = TurtleWriter(context, self.base)
        self._compactor = Compactor(context)

    def documents(self) -> Iterator[SiteDocument]:
        """Yield every document: the questions in the order of the dump, then what they share.

        Raise CheckFailed if a file of the release cannot be read.
        """
        shared, parts = defaultdict[str, list[Node]](list), self._parts_of_questions()
        links = QuestionLinks(self._release, self._iris)
        for dump in self._release.dumps("jsonld"):
            for node in dump.nodes():
                path = self._iris.path(node["id"])
                if "Question" in node.get("type", ()):
                    yield self._document_of_nodes(path, [links.attach(node), *parts.get(path, ())])
                elif node["id"].startswith(self.base) and path not in parts:
                    shared[path].append(node)
        rest = links.rest()
        for path, nodes in sorted(shared.items()):
            yield self._document_of_nodes(path, attach_all(nodes, rest.get(path, ())))
        own = {path: nodes for path, nodes in rest.items() if any("type" in node for node in nodes)}
        for path in sorted(own.keys() - shared.keys()):
            yield self._document_of_nodes(path, own[path])
        yield from self._definitions(shared.keys(), rest)

    def _parts_of_questions(self) -> dict[str, list[Node]]:
        """Return, by path of the question, deputies known only by name: their IRI is one of its fragments."""
        parts, deputy = defaultdict[str, list[Node]](list), DEPUTY.encode()
        for dump in self._release.dumps("jsonld"):
            for node in dump.nodes(holding=deputy):
                if DEPUTY in node["id"]:
                    parts[self._iris.path(node["id"])].append(node)
        return dict(parts)

    def _document_of_nodes(self, path: str, nodes: list[Node]) -> SiteDocument:
        """Return a document made of nodes of the dump, written as the dumps are."""
        nodes = sorted(nodes, key=lambda node: not node["id"].endswith(THING))
        blocks = [block for node in nodes for block in self._context.walk(node).blocks]
        subjects = (iri_of(block.subject) for block in blocks)
        own = (iri for iri in subjects if iri.startswith(self.base))
        is_single = len(nodes) == 1
        text = jsonld.document(nodes[0], self._context) if is_single else jsonld.graph(nodes, self._context)
        return SiteDocument(
            path,
            nodes,
            text.encode(),
            self._turtle.document(nodes).encode(),
            ntriples.text(ntriples.statements(blocks)),
            frozenset(map(self._iris.path, own)) - {path},
        )

    def _definitions(
        self, shared_paths: Iterable[str], links: Mapping[str, list[Node]]
    ) -> Iterator[SiteDocument]:
        """Yield the documents of other files: concepts, data sets and tombstones singly, the rest whole."""
        done = set(shared_paths)
        for name in ("concepts.ttl", "catalog.ttl", *filter(self._release.has, [WITHDRAWN])):
            for path, triples in sorted(self._by_path(self._triples(name)).items()):
                if path and path not in done and path not in _WHOLE_FILES:
                    done.add(path)
                    yield self._document_of_triples(path, [*triples, *self._triples_of(links.get(path, ()))])
        for path, name in _WHOLE_FILES.items():
            yield self._document_of_file(path, name)

    def _triples(self, name: str) -> list[Triple]:
        file = self._release.file(name)
        try:
            dataset = Dataset(parse(path=file, format=RdfFormat.TURTLE))
        except SyntaxError as error:
            raise CheckFailed(f"{file}: expected Turtle, found {quote(str(error), 100)}") from None
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)  # lists have blank nodes
        return sorted((quad.triple for quad in dataset), key=_types_first)

    def _triples_of(self, nodes: Iterable[Node]) -> Iterator[Triple]:
        """Yield the triples of nodes of a dump."""
        for node in nodes:
            text = ntriples.text(ntriples.statements(self._context.walk(node).blocks))
            yield from (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))

    def _by_path(self, triples: list[Triple]) -> dict[str, list[Triple]]:
        """Group triples by the document of their subject; a distribution belongs to that of its data set."""
        owners = {
            self._iris.path(_iri(t.object)): self._iris.path(_iri(t.subject))
            for t in triples
            if t.predicate.value == _DISTRIBUTION
        }
        groups = defaultdict[str, list[Triple]](list)
        for triple in triples:
            if _iri(triple.subject).startswith(self.base):
                path = self._iris.path(_iri(triple.subject))
                groups[owners.get(path, path)].append(triple)
        return groups

    def _document_of_triples(self, path: str, triples: list[Triple]) -> SiteDocument:
        subjects = {_iri(triple.subject) for triple in triples}
        text = "".join(map(str, triples))
        prefixes = {name: iri for name, iri in sorted(self._context.prefixes.items()) if f"<{iri}" in text}
        return SiteDocument(
            path,
            [self._subject(path, triples)],
            self._compactor.document(triples).encode(),
            serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b"",
            _ntriples(triples),
            frozenset({self._iris.path(iri) for iri in subjects} - {path}),
        )

    def _document_of_file(self, path: str, name: str) -> SiteDocument:
        triples = self._triples(name)
        return SiteDocument(
            path,
            [self._subject(path, triples)],
            self._compactor.document(triples).encode(),
            self._release.file(name).read_bytes(),
            _ntriples(triples),
            frozenset(_version_paths(path, triples)),
        )

    def _subject(self, path: str, triples: list[Triple]) -> Node:
        candidates = (self.base + path + THING, self.base + path, _iri(triples[0].subject))
        descriptions = ([t for t in triples if _iri(t.subject) == iri] for iri in candidates)
        description = next(filter(None, descriptions), triples[:1])
        node: dict[str, Any] = msgspec.json.decode(self._compactor.document(description))
        node.pop("@context")
        return node


def _version_paths(path: str, triples: list[Triple]) -> Iterator[str]:
    """Yield the path of the version that a file states for its ontology: ontology/2.0.0."""
    for triple in triples:
        if triple.predicate.value == _VERSION_IRI:
            yield f"{path}/{last_segment(_iri(triple.object))}"


class Compactor:
    """Compacts triples to JSON-LD with the keys of the published context; a CURIE where it has no key."""

    def __init__(self, context: Context) -> None:
        self._context = context
        forward = (term for term in context.terms.values() if not term.reverse)
        self._terms = {(term.iri, term.links, term.suffix.decode()): term for term in forward}
        self._types = {iri: name for name, iri in context.types.items()}
        self._prefixes = {namespace: prefix for prefix, namespace in reversed(context.prefixes.items())}

    def document(self, triples: Iterable[Triple]) -> str:
        """Return triples as a self-contained JSON-LD document."""
        nodes = dict[str, dict[str, Any]]()
        for triple in triples:
            node = nodes.setdefault(_id(triple.subject), {"id": _id(triple.subject)})
            self._add(node, triple.predicate.value, triple.object)
        context = self._context.cut(_names(nodes.values()))
        graph = list(nodes.values())
        body = graph[0] if len(graph) == 1 else {"@graph": graph}
        return json.dumps({"@context": context, **body}, ensure_ascii=False, indent=2) + "\n"

    def _add(self, node: dict[str, Any], predicate: str, value: Any) -> None:
        if predicate == RDF_TYPE:
            node.setdefault("type", []).append(self._types.get(value.value) or self._curie(value.value))
            return
        suffix = _suffix(value) if isinstance(value, Literal) else ""
        term = self._terms.get((predicate, not isinstance(value, Literal), suffix))
        if term is None:
            node.setdefault(self._curie(predicate), []).append(_expanded(value))
        else:
            _add_compact(node, term, value)

    def _curie(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix else iri


def _names(nodes: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Return the keys, types and prefixes that occur in nodes."""
    names = {"id", "type"}
    for node in nodes:
        for name in (*node, *node.get("type", ())):
            names.add(name.partition(":")[0] if ":" in name else name)
    return frozenset(names)


def _add_compact(node: dict[str, Any], term: Term, value: Any) -> None:
    """Add a value under its key; JSON-LD allows a list where the context foresees one value."""
    compact = value.value if isinstance(value, Literal) else _id(value)
    if term.many:
        node.setdefault(term.key, []).append(compact)
    elif term.key in node:
        before = node[term.key]
        node[term.key] = [*(before if isinstance(before, list) else [before]), compact]
    else:
        node[term.key] = compact


def _suffix(value: Literal) -> str:
    if value.language:
        return f"@{value.language}"
    return "" if value.datatype.value == _STRING else f"^^<{value.datatype.value}>"


def _expanded(value: Any) -> dict[str, str]:
    if not isinstance(value, Literal):
        return {"@id": _id(value)}
    if value.language:
        return {"@language": value.language, "@value": value.value}
    if value.datatype.value == _STRING:
        return {"@value": value.value}
    return {"@type": value.datatype.value, "@value": value.value}


def _id(resource: Any) -> str:
    return resource.value if isinstance(resource, NamedNode) else str(resource)


def _iri(resource: Any) -> str:
    return resource.value if isinstance(resource, NamedNode) else ""


def _types_first(triple: Triple) -> tuple[str, bool, str]:
    return str(triple.subject), triple.predicate.value != RDF_TYPE, str(triple)


def _ntriples(triples: list[Triple]) -> bytes:
    return "".join(sorted({f"{triple} .\n" for triple in triples})).encode()
