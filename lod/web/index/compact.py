"""Triples of the definitions as JSON-LD whose keys are the published context's."""

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from lod.context import RDF_TYPE, Context, Term

_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Compactor:
    """Finds the key that says a property of such a value; where there is none, spells it by its prefix."""

    def __init__(self, context: Context) -> None:
        self._context = context
        said = (term for term in context.terms.values() if not term.reverse)
        self._terms = {(term.iri, term.links, term.suffix.decode()): term for term in said}
        self._types = {iri: name for name, iri in context.types.items()}
        self._prefixes = {namespace: prefix for prefix, namespace in reversed(context.prefixes.items())}

    def document(self, triples: Iterable[Triple]) -> str:
        """Write triples as a JSON-LD file that can be read alone."""
        nodes = dict[str, dict[str, Any]]()
        for triple in triples:
            node = nodes.setdefault(_id(triple.subject), {"id": _id(triple.subject)})
            self._say(node, triple.predicate.value, triple.object)
        context = self._context.cut(self._used(nodes.values()))
        body = list(nodes.values())
        said = body[0] if len(body) == 1 else {"@graph": body}
        return json.dumps({"@context": context, **said}, ensure_ascii=False, indent=2) + "\n"

    def _say(self, node: dict[str, Any], predicate: str, value: Any) -> None:
        if predicate == RDF_TYPE:
            node.setdefault("type", []).append(self._types.get(value.value) or self._short(value.value))
            return
        suffix = _suffix(value) if isinstance(value, Literal) else ""
        term = self._terms.get((predicate, not isinstance(value, Literal), suffix))
        if term is None:
            node.setdefault(self._short(predicate), []).append(_expanded(value))
        else:
            _add(node, term, value)

    def _short(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix else iri

    def _used(self, nodes: Iterable[dict[str, Any]]) -> frozenset[str]:
        used = {"id", "type"}
        for node in nodes:
            for name in (*node, *node.get("type", ())):
                used.add(name.partition(":")[0] if ":" in name else name)
        return frozenset(used)


def _add(node: dict[str, Any], term: Term, value: Any) -> None:
    """Say a value by its key; a second value of a key that takes one makes a list, as JSON-LD allows."""
    said = value.value if isinstance(value, Literal) else _id(value)
    if term.many:
        node.setdefault(term.key, []).append(said)
    elif term.key in node:
        before = node[term.key]
        node[term.key] = [*(before if isinstance(before, list) else [before]), said]
    else:
        node[term.key] = said


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
