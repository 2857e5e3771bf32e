"""JSON-LD: the node itself with the part of the context it uses, to be read alone and offline."""

import json
from collections.abc import Sequence

import msgspec

from lod.context import Context, Node

_ENCODER = msgspec.json.Encoder()


def line(node: Node, part: str) -> bytes:
    """Write a node as one line: the part of the context, then type and id, so that it parses as a stream."""
    return b'{"@context":%b,%b' % (part.encode(), _ENCODER.encode(node)[1:])


def document(node: Node, context: Context) -> str:
    """Write a node as a file for people to open: the context on the first line, then the document itself."""
    body = json.dumps(node, ensure_ascii=False, indent=2)
    return f'{{"@context": {context.part(context.walk(node).used)},{body[1:]}\n'


def graph(nodes: Sequence[Node], context: Context) -> str:
    """Write several nodes as one file."""
    used = frozenset[int]().union(*(context.walk(node).used for node in nodes))
    body = json.dumps(nodes, ensure_ascii=False, indent=2)
    return f'{{"@context": {context.part(used)},\n"@graph": {body}}}\n'
