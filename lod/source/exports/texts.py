"""The texts of an export, as plain text: one that breaks off within a tag is told."""

import re
from collections.abc import Callable

from lod.errors import quote
from lod.source.exports.flat_fields import FlatFields
from lod.source.html_text import FRAGMENT_TAGS, plain

_BROKEN = re.compile(
    r"</?([A-Za-z][A-Za-z0-9]*)(?:\s+[\w:-]+=(?:\"[^\"<>]*\"?|'[^'<>]*'?|[^\s\"'<>]*))*\s*(?:/\s*)?", re.ASCII
)


def take(tree: FlatFields, path: str) -> str | None:
    """Read the text at a path, if there is one."""
    return tree.take(path, _reader(tree, path))


def need(tree: FlatFields, path: str) -> str:
    """Read the text at a path that must have one."""
    return tree.need(path, _reader(tree, path))


def _reader(tree: FlatFields, path: str) -> Callable[[str], str]:
    """Give a reader of the text at a path: a known tag that its end cuts off is left out, and told."""

    def read(fragment: str) -> str:
        if not (tag := broken(fragment)):
            return plain(fragment)
        tree.tell(path, "a text that does not break off", f"{quote(tag, 30)} at its end")
        return plain(fragment.removesuffix(tag))

    return read


def broken(fragment: str) -> str:
    """Give the known tag that the end of a fragment cuts off, such as « <b », or nothing."""
    start = fragment.rfind("<")
    if start < fragment.rfind(">") or start < 0:
        return ""
    tag = _BROKEN.fullmatch(fragment, start)
    return tag[0] if tag and tag[1].lower() in FRAGMENT_TAGS else ""
