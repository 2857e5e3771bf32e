"""N-Triples: a resource's statements as sorted lines, so that two releases differ line by line."""

import operator
from collections.abc import Iterable

from lod.context import Context, Node, ResourceBlock

_END = b" .\n"


def document(nodes: Iterable[Node], context: Context) -> bytes:
    """Write nodes as sorted lines, each triple once."""
    return written(statements(block for node in nodes for block in context.walk(node).blocks))


def statements(blocks: Iterable[ResourceBlock]) -> list[bytes]:
    """Give what was walked as sorted statements, each triple once, without what ends them."""
    found = [
        b"%b %b %b" % (subject, predicate, value)
        for subject, predicates, objects in blocks
        for predicate, values in zip(predicates, objects, strict=True)
        for value in values
    ]
    found.sort()
    return found if all(map(operator.ne, found, found[1:])) else sorted(set(found))


def written(statements: list[bytes], graph: bytes = b"") -> bytes:
    """Write statements as lines: N-Triples, or N-Quads in a graph, which is spelt as N-Triples does."""
    end = b" %b%b" % (graph, _END) if graph else _END
    return end.join([*statements, b""])
