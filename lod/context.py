"""The published JSON-LD context, compiled: the one table from a node's keys to IRIs and coercions.

A node is a JSON-LD document as a plain dict whose keys are the context's. Whatever else is written from it
is made from `Context.walk`, so that no format can say more, or less, than the JSON-LD itself.
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

A node may stand in many others, which refer to it: once made, it is not changed.
"""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
_SILENT = frozenset({"id", "type", "label"})
TYPE = f"<{RDF_TYPE}>".encode()
"""How blocks spell the property that says of what type a resource is."""
_Said: TypeAlias = list[tuple[bytes, list[bytes]]]
_encode = msgspec.json.Encoder().encode
"""Writes a string as JSON does, which is also how N-Triples and Turtle write it, character by character."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a key means: its IRI, how its values are read, whether it holds several or points backwards.

    Values are resources, or else texts followed by a suffix such as `@fr`.
    """

    key: str
    iri: str
    spelt: bytes
    links: bool
    suffix: bytes
    many: bool
    reverse: bool


class _NodeShape(NamedTuple):
    """What nodes with the same keys and types have in common: what is said of types, the terms of the keys.

    Keys that say nothing have no term; a node is `apart` if no two of its keys say the same property.
    """

    number: int
    types: list[list[bytes]]
    terms: tuple[Term | None, ...]
    predicates: tuple[bytes, ...]
    apart: bool


class ResourceBlock(NamedTuple):
    """One resource and what is said of it: properties in the order of its keys, and the values of each.

    All is UTF-8 as N-Triples spells it: `<https://…>` is a resource, anything else is a value with its
    language or datatype, if it has one.
    """

    subject: bytes
    predicates: tuple[bytes, ...]
    objects: list[list[bytes]]

    @property
    def statements(self) -> Iterator[tuple[bytes, list[bytes]]]:
        """Each property with its values."""
        return zip(self.predicates, self.objects, strict=True)


def iri_of(spelt: bytes) -> str:
    """Give the IRI of a resource that is spelt as in blocks."""
    return spelt[1:-1].decode()


class Walk(NamedTuple):
    """What a document says, resource by resource, and the forms that its nodes have."""

    blocks: list[ResourceBlock]
    used: frozenset[int]


class Context:
    """The table, and the walk that every writer is made of."""

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
        self._forms: dict[tuple[str, ...], _NodeShape] = {}
        self._parts: dict[frozenset[int], bytes] = {}
        self._spelt = KeyedCache(_ntriples_form)

    def walk(self, node: Node) -> Walk:
        """Walk a node and the nodes within it, each once, the outer before the inner."""
        blocks, used = list[ResourceBlock](), set[int]()
        self._walk(node, [], blocks, used)
        return Walk(blocks, frozenset(used))

    def part(self, used: frozenset[int]) -> bytes:
        """Give, as JSON, the part of the context that nodes of these forms need."""
        if used not in self._parts:
            keys = {key for names, form in self._forms.items() if form.number in used for key in names}
            self._parts[used] = _encode(self.cut(frozenset(keys | _SILENT)))
        return self._parts[used]

    def _walk(self, node: Node, of_it: _Said, blocks: list[ResourceBlock], used: set[int]) -> None:
        """Add a node, of which this much is said already, and the nodes within it."""
        names = (*node, *node.get("type", ()))
        form = self._forms.get(names) or self._compiled(names, node)
        used.add(form.number)
        inner = list[tuple[Node, _Said]]()
        subject, objects = self._spelt[node["id"]], self._values(form, node, inner)
        if form.apart and not of_it:
            blocks += [ResourceBlock(subject, form.predicates, objects)] if objects else ()
        else:
            said = list(zip(form.predicates, objects, strict=True))
            said[len(form.types) : len(form.types)] = of_it
            blocks.append(_together(subject, said))
        for child, of_child in inner:
            self._walk(child, of_child, blocks, used)

    def _values(self, form: _NodeShape, node: Node, inner: list[tuple[Node, _Said]]) -> list[list[bytes]]:
        """Spell what a node holds, property by property; put aside the nodes that are described in it."""
        spelt, objects = self._spelt, [*form.types]
        for term, value in zip(form.terms, node.values(), strict=True):
            if term is None:
                continue
            if type(value) is str and not term.reverse:  # as most are
                objects.append([spelt[value] if term.links else _encode(value) + term.suffix])
            elif not term.links:
                objects.append([_value(term, item) for item in (value if term.many else (value,))])
            elif term.reverse:
                inner += [(child, [(term.spelt, [spelt[node["id"]]])]) for child in _described(term, value)]
            elif term.many:
                objects.append(list(dict.fromkeys([self._linked(item, inner) for item in value])))
            else:
                objects.append([self._linked(value, inner)])
        return objects

    def _linked(self, item: Any, inner: list[tuple[Node, _Said]]) -> bytes:
        """Spell a resource that a key refers to; put it aside if it is described here."""
        if isinstance(item, str):
            return self._spelt[item]
        if len(item) > 2 or (len(item) == 2 and "label" not in item):
            inner.append((item, []))
        return self._spelt[item["id"]]

    def _compiled(self, names: tuple[str, ...], node: Node) -> _NodeShape:
        """Compile the form of a node; raise CheckFailed for a key or a type that is not in the context."""
        types = [self._type(name) for name in node.get("type", ())]
        terms = tuple(None if key in _SILENT else self.terms.get(key) or self._unknown(key) for key in node)
        said = tuple(term.spelt for term in terms if term and not term.reverse)
        predicates = (TYPE, *said) if types else said
        apart = len(set(predicates)) == len(predicates)
        form = _NodeShape(len(self._forms), [types] if types else [], terms, predicates, apart)
        self._forms[names] = form
        return form

    def _unknown(self, key: str) -> Term:
        raise CheckFailed(f"the context has no key « {key} »")

    def _type(self, name: str) -> bytes:
        try:
            return self._spelt[self.types[name]]
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
            spelt=_ntriples_form(iri),
            links=links,
            suffix=f"@{language}".encode() if language else datatype.encode(),
            many=detail.get("@container") == "@set",
            reverse=reverse,
        )

    def _expand(self, compact: str) -> str:
        prefix, _, local = compact.partition(":")
        return self.prefixes[prefix] + local

    def cut(self, used: frozenset[str]) -> dict[str, Any]:
        """Give the part of the context that has these keys, and the prefixes that they need."""
        kept = {k: v for k, v in self._definitions.items() if k in used or k.startswith("@")}
        spelt = json.dumps(list(kept.values()))
        prefixes = {k: v for k, v in self.prefixes.items() if f'"{k}:' in spelt}
        return {k: v for k, v in self._definitions.items() if k in kept or k in prefixes}


def _ntriples_form(iri: str) -> bytes:
    if not is_valid(iri):
        raise CheckFailed(f"« {iri} » is no valid IRI")
    return f"<{iri}>".encode()


def _value(term: Term, value: Any) -> bytes:
    if isinstance(value, str):
        return _encode(value) + term.suffix
    if isinstance(value, dict):
        raise CheckFailed(f"the key « {term.key} » takes a value, not a resource")
    return b'"%b"%b' % (_encode(value), term.suffix)


def _described(term: Term, value: Any) -> list[Node]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise CheckFailed(f"the key « {term.key} » takes resources that are described in it")


def _together(subject: bytes, said: _Said) -> ResourceBlock:
    """Bring together what is said of one property."""
    found = dict[bytes, list[bytes]]()
    for predicate, objects in said:
        found.setdefault(predicate, []).extend(objects)
    return ResourceBlock(subject, tuple(found), list(found.values()))


@cache
def published() -> Context:
    """Compile `ontology/context.jsonld`."""
    text = (definitions.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    return Context(json.loads(text)["@context"])
