"""JSON-LD: the node itself with the part of the context it uses, to be read alone and offline."""

from collections.abc import Sequence
from typing import Any

import msgspec

from lod.context import Context, Node

_ENCODER = msgspec.json.Encoder()


def line(node: Node, part: bytes) -> bytes:
    """Write a node as one line: the part of the context, then type and id, so that it parses as a stream."""
    return b'{"@context":%b,%b' % (part, _ENCODER.encode(node)[1:])


def document(node: Node, context: Context) -> str:
    """Write a node as a file for people to open: the context on the first line, then the document itself."""
    return f'{{"@context": {context.part(context.walk(node).used).decode()},{_laid_out(node)[1:]}\n'


def graph(nodes: Sequence[Node], context: Context) -> str:
    """Write several nodes as one file."""
    used = frozenset[int]().union(*(context.walk(node).used for node in nodes))
    return f'{{"@context": {context.part(used).decode()},\n"@graph": {_laid_out(nodes)}}}\n'


def _laid_out(value: Any) -> str:
    """Write what people will open, as the standard library does with an indent of 2, six times faster."""
    return msgspec.json.format(_ENCODER.encode(value), indent=2).decode()
