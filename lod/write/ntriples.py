"""N-Triples: the statements of a resource as sorted lines, so that two releases differ line by line."""

import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lod import rdf
from lod.context import Context, Node, ResourceBlock

if TYPE_CHECKING:
    from rdflib import Graph

_END = b" .\n"


def document(nodes: Iterable[Node], context: Context) -> bytes:
    """Write nodes as sorted N-Triples, each triple once."""
    return text(statements(block for node in nodes for block in context.walk(node).blocks))


def to_graph(nodes: Iterable[Node], context: Context) -> "Graph":
    """Return an rdflib graph with the prefixes of the context; literals keep their published spelling."""
    graph = rdf.parse(document(nodes, context).decode(), "nt")
    for prefix, namespace in context.prefixes.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def statements(blocks: Iterable[ResourceBlock]) -> list[bytes]:
    """Return the sorted statements of blocks, each triple once, without their ends."""
    lines = [
        b"%b %b %b" % (subject, predicate, value)
        for subject, predicates, objects in blocks
        for predicate, values in zip(predicates, objects, strict=True)
        for value in values
    ]
    lines.sort()
    return lines if all(map(operator.ne, lines, lines[1:])) else sorted(set(lines))


def text(statements: list[bytes], graph: bytes = b"") -> bytes:
    """Write statements as N-Triples, or as N-Quads of a graph, given as `<…>`."""
    end = b" %b%b" % (graph, _END) if graph else _END
    return end.join([*statements, b""])
