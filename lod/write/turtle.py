"""Turtle to be read: prefixes, one paragraph a resource, the order of the JSON-LD document kept."""

import re
from collections.abc import Iterable

from lod.context import RDF_TYPE, XSD, Block, Context, Node
from lod.memo import Memo

_PREFIX = re.compile(r"(?:^|[ ^])([a-z-]+):(?=[A-Za-z_])", re.MULTILINE)
_ON_A_LINE = 3
_TYPE = f"<{RDF_TYPE}>"
_BARE = (f"<{XSD}integer>", f"<{XSD}boolean>")
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)


class TurtleWriter:
    """Writes nodes under one base: own resources relative to it, terms by prefix, anything else in full."""

    def __init__(self, context: Context, base: str) -> None:
        self._prefixes = context.prefixes
        self._context = context
        self._base = base
        self._by_namespace = {namespace: prefix for prefix, namespace in reversed(self._prefixes.items())}
        self._names = Memo(self._compact)

    def head(self, prefixes: Iterable[str]) -> str:
        """Give the lines that stand before all paragraphs, with these prefixes."""
        lines = "".join(f"@prefix {prefix}: <{self._prefixes[prefix]}> .\n" for prefix in sorted(prefixes))
        return f"@base <{self._base}> .\n{lines}\n"

    def document(self, nodes: Iterable[Node]) -> str:
        """Write nodes as a file of its own, with the prefixes it uses."""
        text = "".join(self.paragraphs(self._context.walk(node).blocks) for node in nodes)
        return self.head(set(_PREFIX.findall(text)) & self._prefixes.keys()) + text

    def paragraphs(self, blocks: Iterable[Block]) -> str:
        """Write what was walked, each resource followed by an empty line."""
        return "".join(map(self._paragraph, blocks))

    def _paragraph(self, block: Block) -> str:
        name = self._names
        said = " ;\n    ".join(
            [
                f"{'a' if predicate == _TYPE else name[predicate]} {self._objects(objects)}"
                for predicate, objects in block.statements
            ]
        )
        return f"{name[block.subject]} {said} .\n\n"

    def _objects(self, objects: list[str]) -> str:
        if len(objects) == 1:
            return self._object(objects[0])
        return (" , " if len(objects) <= _ON_A_LINE else " ,\n        ").join(map(self._object, objects))

    def _object(self, value: str) -> str:
        """Write a resource or a literal, of which only a datatype is spelt otherwise than in N-Triples."""
        if value[0] == "<":
            return self._names[value]
        if value[-1] != ">":
            return value
        text, _, datatype = value.rpartition("^^")
        return text[1:-1] if datatype in _BARE else f"{text}^^{self._names[datatype]}"

    def _compact(self, spelt: str) -> str:
        """Write `<…>` by its prefix, or relative to the base, or as it is."""
        iri = spelt[1:-1]
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix, local = self._by_namespace.get(iri[:cut]), iri[cut:]
        if prefix and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
        return f"<{iri.removeprefix(self._base)}>"
