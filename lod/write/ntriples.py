"""N-Triples: a resource's statements as sorted lines, so that two releases differ line by line."""

import json
from collections.abc import Iterable

from lod.context import Block, Context, Iri, Node, Object

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def term(value: Object) -> str:
    """Write an object; a JSON string is a literal of N-Triples, character by character."""
    if isinstance(value, Iri):
        return f"<{value}>"
    text = _quoted(value.lexical)
    if value.language:
        return f"{text}@{value.language}"
    return f"{text}^^<{value.datatype}>" if value.datatype else text


def lines(nodes: Iterable[Node], context: Context) -> list[str]:
    """Write nodes as sorted lines, each triple once."""
    return sorted({line for node in nodes for block in context.blocks(node) for line in _block(block)})


def _block(block: Block) -> Iterable[str]:
    for predicate, objects in block.statements:
        start = f"<{block.subject}> <{predicate}> "
        for value in objects:
            yield f"{start}{term(value)} .\n"
