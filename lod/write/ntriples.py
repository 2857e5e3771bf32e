"""N-Triples: a resource's statements as sorted lines, so that two releases differ line by line."""

import operator
from collections.abc import Iterable

from lod.context import Block, Context, Node


def text(nodes: Iterable[Node], context: Context) -> str:
    """Write nodes as sorted lines, each triple once."""
    return of_blocks(block for node in nodes for block in context.walk(node).blocks)


def of_blocks(blocks: Iterable[Block]) -> str:
    """Write what was walked as sorted lines, each triple once."""
    lines = [
        f"{subject} {predicate} {value} .\n"
        for subject, statements in blocks
        for predicate, objects in statements
        for value in objects
    ]
    lines.sort()
    return "".join(lines if all(map(operator.ne, lines, lines[1:])) else sorted(set(lines)))
