"""XML as the Assemblée exports it, read as the same nested texts as JSON: no entities, no document types."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from lod.errors import BadValue, shown
from lod.model import Question
from lod.source import vue
from lod.source.remark import Remark
from lod.source.tree import Tree

_READERS = {"QUESTION": vue.read}


def looks_like(text: str) -> bool:
    """Say whether a text is meant as XML."""
    return text.lstrip().startswith("<?xml")


def read(text: str, digest: str) -> Iterator[Question | Remark]:
    """Read the one question of an XML file, by its root; raise BadValue if no reader knows that."""
    root = _parsed(text)
    if root.tag not in _READERS:
        raise BadValue(f"XML with the root {' or '.join(_READERS)}", shown(root.tag))
    yield from _READERS[root.tag](Tree.of(_nested(root)), digest)


def _parsed(text: str) -> ET.Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadValue("XML without a document type", "<!DOCTYPE or <!ENTITY")
    try:
        return ET.fromstring(text.encode())  # noqa: S314 - expat loads nothing, and entities are refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise BadValue("well-formed XML", str(error)) from None


def _nested(element: ET.Element) -> Any:
    """Give an element as JSON would have it: attributes with « @ », several children of a name as a list."""
    nested: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        nested.setdefault(child.tag, []).append(_nested(child))
    if element.text and element.text.strip():
        nested["#text"] = element.text
    if any(child.tail and child.tail.strip() for child in element):
        raise BadValue("elements or text", "both", element.tag)
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in nested.items()
    }
