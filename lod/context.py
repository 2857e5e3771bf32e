"""The published JSON-LD context, compiled: the one table from a node's keys to IRIs and coercions.

A node is a JSON-LD document as a plain dict whose keys are the context's. Whatever else is written from it
is a walk over `Context.blocks`, so that no format can say more, or less, than the JSON-LD itself.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from lod import definitions
from lod.errors import CheckFailed
from lod.iri import is_valid

Node: TypeAlias = dict[str, Any]
"""A resource: `type`, `id`, and keys of the context; values are texts, numbers, nodes, or lists of these."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
_SILENT = frozenset({"id", "type", "label"})


class Iri(str):
    """An object that is a resource."""

    __slots__ = ()


class Literal(NamedTuple):
    """An object that is a value; a plain string has neither datatype nor language."""

    lexical: str
    datatype: str | None
    language: str | None


Object: TypeAlias = Iri | Literal


@dataclass(frozen=True, slots=True)
class Term:
    """What a key means: its IRI, how its values are read, whether it holds several or points backwards."""

    key: str
    iri: str
    coercion: str | None = None
    language: str | None = None
    many: bool = False
    reverse: bool = False

    @property
    def links(self) -> bool:
        """Say whether the values are resources."""
        return self.coercion == "@id" or self.reverse


class Block(NamedTuple):
    """One resource and what is said of it, in the order of its keys."""

    subject: str
    statements: list[tuple[str, list[Object]]]


class Context:
    """The table, and the walks that every writer is made of."""

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
        self._parts: dict[frozenset[str], str] = {}

    def blocks(self, node: Node) -> Iterator[Block]:
        """Walk a node and the nodes within it, each once, the outer before the inner."""
        yield from self._walk(node, [])

    def part(self, nodes: Iterable[Node]) -> str:
        """Give, as JSON text, the part of the context that these nodes use: enough to read them alone."""
        used: set[str] = set()
        for node in nodes:
            self._collect(node, used)
        key = frozenset(used)
        if key not in self._parts:
            self._parts[key] = json.dumps(self._cut(key), ensure_ascii=False, separators=(",", ":"))
        return self._parts[key]

    def _walk(self, node: Node, backwards: list[tuple[str, list[Object]]]) -> Iterator[Block]:
        subject = _checked(node["id"])
        statements: list[tuple[str, list[Object]]] = []
        inner: list[tuple[Node, list[tuple[str, list[Object]]]]] = []
        if types := node.get("type"):
            statements.append((RDF_TYPE, [Iri(self._type(name)) for name in types]))
        statements += backwards
        for key, value in node.items():
            if key in _SILENT:
                continue
            term = self._known(key)
            values = value if term.many or term.reverse else (value,)
            if term.reverse:
                inner += [(child, [(term.iri, [Iri(subject)])]) for child in values]
                continue
            statements.append((term.iri, [_object(term, item) for item in values]))
            if term.links:
                inner += [(child, []) for child in values if isinstance(child, dict)]
        if statements:
            yield Block(subject, _grouped(statements))
        for child, said in inner:
            yield from self._walk(child, said)

    def _known(self, key: str) -> Term:
        try:
            return self.terms[key]
        except KeyError:
            raise CheckFailed(f"the context has no key « {key} »") from None

    def _type(self, name: str) -> str:
        try:
            return self.types[name]
        except KeyError:
            raise CheckFailed(f"the context has no type « {name} »") from None

    def _term(self, key: str, definition: str | Mapping[str, Any]) -> Term:
        if isinstance(definition, str):
            return Term(key, self._expand(definition))
        coercion = definition.get("@type")
        return Term(
            key,
            self._expand(definition.get("@id") or definition["@reverse"]),
            coercion if coercion in (None, "@id") else self._expand(coercion),
            definition.get("@language"),
            definition.get("@container") == "@set",
            "@reverse" in definition,
        )

    def _expand(self, compact: str) -> str:
        prefix, _, local = compact.partition(":")
        return self.prefixes[prefix] + local

    def _collect(self, node: Node, used: set[str]) -> None:
        used.update(node)
        used.update(node.get("type", ()))
        for value in node.values():
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, dict):
                    self._collect(item, used)

    def _cut(self, used: frozenset[str]) -> dict[str, Any]:
        kept = {k: v for k, v in self._definitions.items() if k in used or k.startswith("@")}
        spelt = json.dumps(list(kept.values()))
        prefixes = {k: v for k, v in self.prefixes.items() if f'"{k}:' in spelt}
        return {k: v for k, v in self._definitions.items() if k in kept or k in prefixes}


def _grouped(statements: list[tuple[str, list[Object]]]) -> list[tuple[str, list[Object]]]:
    """Bring keys that share an IRI, such as the titles in two languages, under one predicate."""
    grouped: dict[str, list[Object]] = {}
    for predicate, objects in statements:
        grouped.setdefault(predicate, []).extend(objects)
    return list(grouped.items())


def _object(term: Term, value: Any) -> Object:
    if term.links:
        return Iri(_checked(value["id"] if isinstance(value, dict) else value))
    if isinstance(value, dict):
        raise CheckFailed(f"the key « {term.key} » takes a value, not a resource")
    lexical = value if isinstance(value, str) else json.dumps(value)
    return Literal(lexical, term.coercion, term.language)


def _checked(iri: str) -> str:
    if not is_valid(iri):
        raise CheckFailed(f"« {iri} » is no valid IRI")
    return iri


@cache
def published() -> Context:
    """Compile `ontology/context.jsonld`."""
    text = (definitions.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    return Context(json.loads(text)["@context"])
