"""JSON-LD: the node itself with the part of the context it uses, to be read alone and offline."""

import json
from collections.abc import Sequence

from lod.context import Context, Node


def line(node: Node, context: Context) -> str:
    """Write a node as one line: the context first, then type and id, so that it parses as a stream."""
    body = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    return f'{{"@context":{context.part([node])},{body[1:]}'


def document(node: Node, context: Context) -> str:
    """Write a node as a file for people to open: the context on the first line, then the document itself."""
    body = json.dumps(node, ensure_ascii=False, indent=2)
    return f'{{"@context": {context.part([node])},{body[1:]}\n'


def graph(nodes: Sequence[Node], context: Context) -> str:
    """Write several nodes as one file."""
    body = json.dumps(nodes, ensure_ascii=False, indent=2)
    return f'{{"@context": {context.part(nodes)},\n"@graph": {body}}}\n'
