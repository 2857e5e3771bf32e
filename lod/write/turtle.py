"""Turtle for readers: prefixes, a paragraph for each resource, in the order of the JSON-LD document."""

import re
from collections.abc import Iterable

from lod.context import TYPE, XSD, Context, Node, ResourceBlock
from lod.keyed_cache import KeyedCache

_PREFIX = re.compile(r"(?:^|[ ^])([a-z-]+):(?=[A-Za-z_])", re.MULTILINE)
_MOST_ON_A_LINE = 3
_BARE_DATATYPES = (f"<{XSD}integer>".encode(), f"<{XSD}boolean>".encode())
_LOCAL = re.compile(rb"[A-Za-z_][A-Za-z0-9_-]*")
_CLOSED = ord(">")
"""The last character of resources and of values with a datatype; other values are spelt as in N-Triples."""


class TurtleWriter:
    """Writes nodes under one base: IRIs under it are relative, terms have prefixes, others are in full."""

    def __init__(self, context: Context, base: str) -> None:
        self._prefixes = context.prefixes
        self._context = context
        self._base = base
        self._own = f"<{base}".encode()
        by_namespace = reversed(self._prefixes.items())
        self._by_namespace = {namespace.encode(): prefix.encode() for prefix, namespace in by_namespace}
        self._names = KeyedCache(self._compact)
        self._patterns = KeyedCache(self._pattern)

    def head(self, prefixes: Iterable[str]) -> str:
        """Return the directives before all paragraphs, with these prefixes."""
        lines = "".join(f"@prefix {prefix}: <{self._prefixes[prefix]}> .\n" for prefix in sorted(prefixes))
        return f"@base <{self._base}> .\n{lines}\n"

    def document(self, nodes: Iterable[Node]) -> str:
        """Write nodes as one file, with the prefixes that it uses."""
        text = b"".join(self.paragraphs(self._context.walk(node).blocks) for node in nodes).decode()
        return self.head(set(_PREFIX.findall(text)) & self._prefixes.keys()) + text

    def paragraphs(self, blocks: Iterable[ResourceBlock]) -> bytes:
        """Write blocks, each followed by an empty line."""
        patterns, names = self._patterns, self._names
        return b"".join(
            [
                patterns[predicates] % (names[subject], *map(self._objects, objects))
                for subject, predicates, objects in blocks
            ]
        )

    def _objects(self, objects: list[bytes]) -> bytes:
        if len(objects) == 1:
            [value] = objects
            return self._names[value] if value[-1] == _CLOSED else value
        terms = [self._names[value] if value[-1] == _CLOSED else value for value in objects]
        return (b" , " if len(objects) <= _MOST_ON_A_LINE else b" ,\n        ").join(terms)

    def _pattern(self, predicates: tuple[bytes, ...]) -> bytes:
        """Return the paragraph of a resource with these properties, with gaps for IRI and values."""
        names = [b"a" if predicate == TYPE else self._names[predicate] for predicate in predicates]
        gaps = b" ;\n    ".join([name.replace(b"%", b"%%") + b" %b" for name in names])
        return b"%b " + gaps + b" .\n\n"

    def _compact(self, term: bytes) -> bytes:
        """Write `<…>` with a prefix, relative to the base, or in full; write a value by its datatype."""
        if not term.startswith(b"<"):
            return self._typed(term)
        cut = max(term.rfind(b"#"), term.rfind(b"/")) + 1
        prefix = self._by_namespace.get(term[1:cut])
        if prefix and _LOCAL.fullmatch(term, cut, len(term) - 1):
            return b"%b:%b" % (prefix, term[cut:-1])
        return b"<" + term.removeprefix(self._own) if term.startswith(self._own) else term

    def _typed(self, term: bytes) -> bytes:
        """Write a value that has a datatype, which numbers and booleans need not state."""
        text, _, datatype = term.rpartition(b"^^")
        return text[1:-1] if datatype in _BARE_DATATYPES else b"%b^^%b" % (text, self._names[datatype])
