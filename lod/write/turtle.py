"""Turtle to be read: prefixes, one paragraph a resource, the order of the JSON-LD document kept."""

import re
from collections.abc import Iterable
from functools import lru_cache

from lod.context import RDF_TYPE, XSD, Block, Context, Iri, Node, Object
from lod.write.ntriples import term

_PREFIX = re.compile(r"(?:^|[ ^])([a-z-]+):(?=[A-Za-z_])", re.MULTILINE)
_ON_A_LINE = 3
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)


class TurtleWriter:
    """Writes nodes under one base: own resources relative to it, terms by prefix, anything else in full."""

    def __init__(self, context: Context, base: str) -> None:
        self._prefixes = context.prefixes
        self._context = context
        self._base = base
        self._name = lru_cache(maxsize=4096)(self._compact)

    def head(self, prefixes: Iterable[str]) -> str:
        """Give the lines that stand before all paragraphs, with these prefixes."""
        lines = "".join(f"@prefix {prefix}: <{self._prefixes[prefix]}> .\n" for prefix in sorted(prefixes))
        return f"@base <{self._base}> .\n{lines}\n"

    def document(self, nodes: Iterable[Node]) -> str:
        """Write nodes as a file of its own, with the prefixes it uses."""
        text = self.paragraphs(nodes)
        return self.head(set(_PREFIX.findall(text)) & self._prefixes.keys()) + text

    def paragraphs(self, nodes: Iterable[Node]) -> str:
        """Write the resources of these nodes, each followed by an empty line."""
        return "".join(self._paragraph(block) for node in nodes for block in self._context.blocks(node))

    def _paragraph(self, block: Block) -> str:
        said = " ;\n    ".join(
            f"{'a' if predicate == RDF_TYPE else self._name(predicate)} {self._objects(objects)}"
            for predicate, objects in block.statements
        )
        return f"{self._name(block.subject)} {said} .\n\n"

    def _objects(self, objects: list[Object]) -> str:
        written = list(dict.fromkeys(self._object(value) for value in objects))
        return (" , " if len(written) <= _ON_A_LINE else " ,\n        ").join(written)

    def _object(self, value: Object) -> str:
        if isinstance(value, Iri):
            return self._name(value)
        if value.datatype in (f"{XSD}integer", f"{XSD}boolean"):
            return value.lexical
        if value.datatype:
            return f"{term(value).partition('^^')[0]}^^{self._name(value.datatype)}"
        return term(value)

    def _compact(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri.removeprefix(self._base)}>"
