"""N-Triples: a resource's statements as sorted lines, so that two releases differ line by line."""

from collections.abc import Iterable

from lod.context import Block, Context, Node


def lines(nodes: Iterable[Node], context: Context) -> list[str]:
    """Write nodes as sorted lines, each triple once."""
    return of_blocks(block for node in nodes for block in context.walk(node).blocks)


def of_blocks(blocks: Iterable[Block]) -> list[str]:
    """Write what was walked as sorted lines, each triple once."""
    return sorted(
        {
            f"{subject} {predicate} {value} .\n"
            for subject, statements in blocks
            for predicate, objects in statements
            for value in objects
        }
    )
