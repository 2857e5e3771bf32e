"""The published JSON-LD context, compiled: the one table from a node's keys to IRIs and coercions.

A node is a JSON-LD document as a plain dict whose keys are the context's. Whatever else is written from it
is made from `Context.walk`, so that no format can say more, or less, than the JSON-LD itself.
"""

import json
from collections.abc import Mapping, Sequence
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
_TYPE = f"<{RDF_TYPE}>"
_REMEMBERED = 100_000
_Said: TypeAlias = dict[str, list[str]]
_quoted = json.encoder.encode_basestring
"""Writes a string as JSON does, which is also how N-Triples and Turtle write it, character by character."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a key means: its IRI, how its values are read, whether it holds several or points backwards.

    Values are resources, or else texts followed by a suffix such as `@fr`.
    """

    key: str
    iri: str
    spelt: str
    links: bool
    suffix: str
    many: bool
    reverse: bool


class Block(NamedTuple):
    """One resource and what is said of it, in the order of its keys, all as N-Triples spells it.

    `<https://…>` is a resource; anything else is a value with its language or datatype, if it has one.
    """

    subject: str
    statements: list[tuple[str, list[str]]]


class Walked(NamedTuple):
    """What a document says, resource by resource, and the keys and types that it uses."""

    blocks: list[Block]
    used: frozenset[str]


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
        self._parts: dict[frozenset[str], str] = {}
        self._spelt: dict[str, str] = {}

    def walk(self, node: Node) -> Walked:
        """Walk a node and the nodes within it, each once, the outer before the inner."""
        blocks, used = list[Block](), set[str]()
        self._walk(node, {}, blocks, used)
        return Walked(blocks, frozenset(used | _SILENT))

    def part(self, used: frozenset[str]) -> str:
        """Give, as JSON text, the part of the context with these keys and types."""
        if used not in self._parts:
            self._parts[used] = json.dumps(self._cut(used), ensure_ascii=False, separators=(",", ":"))
        return self._parts[used]

    def _walk(self, node: Node, said: _Said, blocks: list[Block], used: set[str]) -> None:
        """Add a node, of which this much is said already, and the nodes within it."""
        subject, inner = self._iri(node["id"]), list[tuple[Node, _Said]]()
        used.update(node)
        if types := node.get("type"):
            used.update(types)
            said = {_TYPE: [self._type(name) for name in types], **said}
        for key, value in node.items():
            if key in _SILENT:
                continue
            term = self.terms.get(key) or self._unknown(key)
            if term.links:
                self._link(subject, term, value, said, inner)
            elif term.many:
                said.setdefault(term.spelt, []).extend([_value(term, item) for item in value])
            else:
                said.setdefault(term.spelt, []).append(_value(term, value))
        if said:
            blocks.append(Block(subject, [(p, o if len(o) < 2 else _once(o)) for p, o in said.items()]))
        for child, of_it in inner:
            self._walk(child, of_it, blocks, used)

    def _link(
        self, subject: str, term: Term, value: Any, said: _Said, inner: list[tuple[Node, _Said]]
    ) -> None:
        """Add the resources that a key refers to, and put aside those that are described within the node."""
        if term.reverse:
            inner += [(child, {term.spelt: [subject]}) for child in value]
            return
        objects = said.setdefault(term.spelt, [])
        for item in value if term.many else (value,):
            if isinstance(item, dict):
                objects.append(self._iri(item["id"]))
                if len(item) > 2 or (len(item) == 2 and "label" not in item):
                    inner.append((item, {}))
            else:
                objects.append(self._iri(item))

    def _iri(self, iri: str) -> str:
        """Spell an IRI; most occur many times, and are looked at once."""
        spelt = self._spelt.get(iri)
        if spelt is None:
            if not is_valid(iri):
                raise CheckFailed(f"« {iri} » is no valid IRI")
            if len(self._spelt) > _REMEMBERED:
                self._spelt.clear()
            self._spelt[iri] = spelt = f"<{iri}>"
        return spelt

    def _unknown(self, key: str) -> Term:
        raise CheckFailed(f"the context has no key « {key} »")

    def _type(self, name: str) -> str:
        try:
            return self._iri(self.types[name])
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
            spelt=f"<{iri}>",
            links=links,
            suffix=f"@{language}" if language else datatype,
            many=detail.get("@container") == "@set",
            reverse=reverse,
        )

    def _expand(self, compact: str) -> str:
        prefix, _, local = compact.partition(":")
        return self.prefixes[prefix] + local

    def _cut(self, used: frozenset[str]) -> dict[str, Any]:
        kept = {k: v for k, v in self._definitions.items() if k in used or k.startswith("@")}
        spelt = json.dumps(list(kept.values()))
        prefixes = {k: v for k, v in self.prefixes.items() if f'"{k}:' in spelt}
        return {k: v for k, v in self._definitions.items() if k in kept or k in prefixes}


def _value(term: Term, value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value) + term.suffix
    if isinstance(value, dict):
        raise CheckFailed(f"the key « {term.key} » takes a value, not a resource")
    return f'"{json.dumps(value)}"{term.suffix}'


def _once(objects: list[str]) -> list[str]:
    return list(dict.fromkeys(objects))


@cache
def published() -> Context:
    """Compile `ontology/context.jsonld`."""
    text = (definitions.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    return Context(json.loads(text)["@context"])
