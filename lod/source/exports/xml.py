"""The XML exports of the Assemblée, as the same nested values as in JSON; document types are refused."""

import io
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

from lod.errors import BadValue, quote
from lod.model import Source
from lod.source.diagnostics import ReadItem, Remark
from lod.source.document import MAX_BYTES
from lod.source.exports import batch, page_xml, question
from lod.source.exports.batch import DeferredReader, QuestionReader
from lod.source.other_forms import reject_root, root_of

MAX_DEPTH = 100
"""How deep elements may be nested: no official file comes near."""

_QUESTION_READERS: dict[str, QuestionReader] = {"QUESTION": page_xml.read, "question": question.read}
_CHUNK = 2**18
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance "


def looks_like(text: str) -> bool:
    """Return whether a text is meant to be XML, and not a page as XHTML."""
    start = text.lstrip()
    if start.startswith("<?xml"):
        return root_of(start).lower() != "html" and "<!doctype html" not in start[:1000].lower()
    return start.startswith(("<question", "<QUESTION"))


def read(text: str, source: Source) -> Iterator[ReadItem]:
    """Read the question of an XML file, or those of a file that lists several, by the names of elements."""
    reject_root(root_of(text.lstrip()))
    parser = _QuestionParser()
    readers = list(parser.parse(io.BytesIO(text.encode())))
    if parser.root in _QUESTION_READERS:
        yield from readers[0](source)
    else:
        yield from batch.read_each(readers, source)
        yield from parser.report_other_content()


def stream(data: IO[bytes], source: Source) -> Iterator[ReadItem]:
    """Read the questions of a file too large to be held in memory."""
    parser = _QuestionParser()
    yield from batch.read_each(parser.parse(data), source)
    yield from parser.report_other_content()


class _QuestionParser:
    """Builds the nested values of one question after the other, as JSON would have them.

    Names of attributes are prefixed with « @ », several children of one name become a list, namespaces are
    dropped.
    """

    def __init__(self) -> None:
        self.root = ""
        self._found = False
        self._rest: dict[str, Any] = {}
        self._size = 0
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._readers: list[DeferredReader] = []
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def parse(self, data: IO[bytes]) -> Iterator[DeferredReader]:
        """Yield a reader of each question; raise BadValue if the XML is not well-formed."""
        chunk = b" "
        while chunk:
            chunk = data.read(_CHUNK)
            try:
                self._parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                raise BadValue("well-formed XML", str(error)) from None
            yield from self._readers
            self._readers.clear()

    def report_other_content(self) -> Iterator[Remark]:
        """Return remarks on values outside the questions; raise BadValue if there is no question."""
        if not self._found:
            raise BadValue(
                f"XML with the root {' or '.join(_QUESTION_READERS)}, or a list of these", quote(self.root)
            )
        return batch.report_other_content(self._rest)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or _local_name(name)
        if len(self._open) == MAX_DEPTH:
            raise BadValue(f"XML nested at most {MAX_DEPTH} deep", "more")
        self._open.append((_local_name(name), {f"@{_local_name(k)}": v for k, v in attributes.items()}, []))

    def _text(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_BYTES:
            raise BadValue(f"at most {MAX_BYTES} characters of one question", "more")
        self._open[-1][2].append(text)

    def _end(self, _name: str) -> None:
        name, nested, texts = self._open.pop()
        value = _element_value(name, nested, "".join(texts))
        reader = _QUESTION_READERS.get(name)
        if reader and not any(outer in _QUESTION_READERS for outer, _, _ in self._open):
            self._size, self._found = 0, True
            self._readers.append(batch.defer(reader, value))
        elif self._open:
            _add_child(self._open[-1][1], name, value)
        else:
            self._rest = value

    def _doctype(self, *_: object) -> None:
        raise BadValue("XML without a document type", "<!DOCTYPE")


def _local_name(name: str) -> str:
    if name.startswith(_SCHEMA_INSTANCE):
        return f"xsi:{name.removeprefix(_SCHEMA_INSTANCE)}"
    return name.rpartition(" ")[2]


def _element_value(name: str, nested: dict[str, Any], text: str) -> Any:
    if text.strip():
        if any(not key.startswith("@") for key in nested):
            raise BadValue("elements or text", "both", name)
        nested["#text"] = text
    return nested


def _add_child(parent: dict[str, Any], name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]
