"""The published JSON-LD context, compiled: the one table from a node's keys to IRIs and coercions.

A node is a JSON-LD document as a plain dict with the keys of the context. All other formats are written from
`Context.walk`, so that none of them can state more, or less, than the JSON-LD itself.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import msgspec

from lod import definitions
from lod.errors import CheckFailed
from lod.iri import is_valid
from lod.keyed_cache import KeyedCache

Node: TypeAlias = dict[str, Any]
"""A resource: `type`, `id`, and keys of the context; values are texts, numbers, nodes, or lists of these.

A node may be part of many others: once made, it is never changed.
"""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
_WITHOUT_TRIPLES = frozenset({"id", "type", "label"})
TYPE = f"<{RDF_TYPE}>".encode()
"""The property rdf:type, as spelt in blocks."""
_Statements: TypeAlias = list[tuple[bytes, list[bytes]]]
_encode = msgspec.json.Encoder().encode
"""Encodes a string as JSON, which is also its spelling in N-Triples and Turtle, character by character."""


@dataclass(frozen=True, slots=True)
class Term:
    """The definition of a key: its IRI, the coercion of its values, whether it is a set or reversed.

    Values are resources, or else literals with a suffix such as `@fr`.
    """

    key: str
    iri: str
    ntriples: bytes
    links: bool
    suffix: bytes
    many: bool
    reverse: bool


class _NodeShape(NamedTuple):
    """What nodes with the same keys and types have in common: their types, and the terms of their keys.

    Keys that make no triples have no term; a shape `is_distinct` if each key has another property.
    """

    number: int
    types: list[list[bytes]]
    terms: tuple[Term | None, ...]
    predicates: tuple[bytes, ...]
    is_distinct: bool


class ResourceBlock(NamedTuple):
    """The statements about one resource: properties in the order of its keys, and the values of each.

    Everything is UTF-8, spelt as in N-Triples: `<https://…>` is a resource, anything else is a literal with
    its language or datatype, if it has one.
    """

    subject: bytes
    predicates: tuple[bytes, ...]
    objects: list[list[bytes]]

    @property
    def statements(self) -> Iterator[tuple[bytes, list[bytes]]]:
        """The properties, each with its values."""
        return zip(self.predicates, self.objects, strict=True)


def iri_of(resource: bytes) -> str:
    """Return the IRI of a resource spelt as in blocks."""
    return resource[1:-1].decode()


class Walk(NamedTuple):
    """The statements of a document, resource by resource, and the shapes of its nodes."""

    blocks: list[ResourceBlock]
    used: frozenset[int]


class Context:
    """The compiled context, and the walk that every writer is built on."""

    def __init__(self, parts: Sequence[Mapping[str, Any]]) -> None:
        self._definitions: dict[str, Any] = {k: v for part in parts for k, v in part.items()}
        plain = {k: v for k, v in self._definitions.items() if isinstance(v, str) and not k.startswith("@")}
        self.prefixes: dict[str, str] = {k: v for k, v in plain.items() if v.endswith(("#", "/"))}
        self.document_prefixes: list[str] = [prefix for prefix in self.prefixes if prefix in parts[0]]
        names = {k: v for k, v in plain.items() if k not in self.prefixes and not v.startswith("@")}
        self.types: dict[str, str] = {k: self._expand(v) for k, v in names.items() if k[0].isupper()}
        self.terms: dict[str, Term] = {
            k: self._term(k, v)
            for k, v in self._definitions.items()
            if isinstance(v, dict) or (k in names and k not in self.types)
        }
        self._shapes: dict[tuple[str, ...], _NodeShape] = {}
        self._parts: dict[frozenset[int], bytes] = {}
        self._ntriples = KeyedCache(_ntriples_form)

    def walk(self, node: Node) -> Walk:
        """Walk a node and the nodes nested in it, each once, the outer before the inner."""
        blocks, used = list[ResourceBlock](), set[int]()
        self._walk(node, [], blocks, used)
        return Walk(blocks, frozenset(used))

    def part(self, used: frozenset[int]) -> bytes:
        """Return, as JSON, the part of the context that nodes of these shapes need."""
        if used not in self._parts:
            keys = {key for names, shape in self._shapes.items() if shape.number in used for key in names}
            self._parts[used] = _encode(self.cut(frozenset(keys | _WITHOUT_TRIPLES)))
        return self._parts[used]

    def _walk(self, node: Node, reverse: _Statements, blocks: list[ResourceBlock], used: set[int]) -> None:
        """Add a node, with the statements already made about it, and the nodes nested in it."""
        names = (*node, *node.get("type", ()))
        shape = self._shapes.get(names) or self._compile(names, node)
        used.add(shape.number)
        inner = list[tuple[Node, _Statements]]()
        subject, objects = self._ntriples[node["id"]], self._values(shape, node, inner)
        if shape.is_distinct and not reverse:
            blocks += [ResourceBlock(subject, shape.predicates, objects)] if objects else ()
        else:
            statements = list(zip(shape.predicates, objects, strict=True))
            statements[len(shape.types) : len(shape.types)] = reverse
            blocks.append(_grouped(subject, statements))
        for child, child_reverse in inner:
            self._walk(child, child_reverse, blocks, used)

    def _values(
        self, shape: _NodeShape, node: Node, inner: list[tuple[Node, _Statements]]
    ) -> list[list[bytes]]:
        """Return the values of a node, property by property; collect the nodes nested in it."""
        ntriples, objects = self._ntriples, [*shape.types]
        for term, value in zip(shape.terms, node.values(), strict=True):
            if term is None:
                continue
            if type(value) is str and not term.reverse:  # as most are
                objects.append([ntriples[value] if term.links else _encode(value) + term.suffix])
            elif not term.links:
                objects.append([_value(term, item) for item in (value if term.many else (value,))])
            elif term.reverse:
                inner += [
                    (child, [(term.ntriples, [ntriples[node["id"]]])]) for child in _described(term, value)
                ]
            elif term.many:
                objects.append(list(dict.fromkeys([self._linked(item, inner) for item in value])))
            else:
                objects.append([self._linked(value, inner)])
        return objects

    def _linked(self, item: Any, inner: list[tuple[Node, _Statements]]) -> bytes:
        """Return the resource that a key refers to; collect it if it is nested here."""
        if isinstance(item, str):
            return self._ntriples[item]
        if len(item) > 2 or (len(item) == 2 and "label" not in item):
            inner.append((item, []))
        return self._ntriples[item["id"]]

    def _compile(self, names: tuple[str, ...], node: Node) -> _NodeShape:
        """Compile the shape of a node; raise CheckFailed for a key or a type that is not in the context."""
        types = [self._type(name) for name in node.get("type", ())]
        terms = tuple(
            None if key in _WITHOUT_TRIPLES else self.terms.get(key) or self._unknown(key) for key in node
        )
        properties = tuple(term.ntriples for term in terms if term and not term.reverse)
        predicates = (TYPE, *properties) if types else properties
        is_distinct = len(set(predicates)) == len(predicates)
        shape = _NodeShape(len(self._shapes), [types] if types else [], terms, predicates, is_distinct)
        self._shapes[names] = shape
        return shape

    def _unknown(self, key: str) -> Term:
        raise CheckFailed(f"the context has no key « {key} »")

    def _type(self, name: str) -> bytes:
        try:
            return self._ntriples[self.types[name]]
        except KeyError:
            raise CheckFailed(f"the context has no type « {name} »") from None

    def _term(self, key: str, definition: str | Mapping[str, Any]) -> Term:
        detail = {"@id": definition} if isinstance(definition, str) else definition
        iri, reverse = self._expand(detail.get("@id") or detail["@reverse"]), "@reverse" in detail
        coercion, language = detail.get("@type"), detail.get("@language")
        links = coercion == "@id" or reverse
        datatype = f"^^<{self._expand(coercion)}>" if coercion and not links else ""
        return Term(
            key=key,
            iri=iri,
            ntriples=_ntriples_form(iri),
            links=links,
            suffix=f"@{language}".encode() if language else datatype.encode(),
            many=detail.get("@container") == "@set",
            reverse=reverse,
        )

    def _expand(self, compact: str) -> str:
        prefix, _, local = compact.partition(":")
        return self.prefixes[prefix] + local

    def cut(self, used: frozenset[str]) -> dict[str, Any]:
        """Return the part of the context with these keys, and the prefixes that they need."""
        selected = {k: v for k, v in self._definitions.items() if k in used or k.startswith("@")}
        text = json.dumps(list(selected.values()))
        prefixes = {k: v for k, v in self.prefixes.items() if f'"{k}:' in text}
        return {k: v for k, v in self._definitions.items() if k in selected or k in prefixes}


def _ntriples_form(iri: str) -> bytes:
    if not is_valid(iri):
        raise CheckFailed(f"« {iri} » is not a valid IRI")
    return f"<{iri}>".encode()


def _value(term: Term, value: Any) -> bytes:
    if isinstance(value, str):
        return _encode(value) + term.suffix
    if isinstance(value, dict):
        raise CheckFailed(f"the key « {term.key} » requires a literal, not a resource")
    return b'"%b"%b' % (_encode(value), term.suffix)


def _described(term: Term, value: Any) -> list[Node]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise CheckFailed(f"the key « {term.key} » requires resources described in place")


def _grouped(subject: bytes, statements: _Statements) -> ResourceBlock:
    """Return a block with the statements of each property together."""
    grouped = dict[bytes, list[bytes]]()
    for predicate, objects in statements:
        grouped.setdefault(predicate, []).extend(objects)
    return ResourceBlock(subject, tuple(grouped), list(grouped.values()))


@cache
def published() -> Context:
    """Return the compiled `ontology/context.jsonld`."""
    text = (definitions.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    return Context(json.loads(text)["@context"])
