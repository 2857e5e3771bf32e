"""Choose the reader of a document by its content alone."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, NamedTuple, TypeAlias

from lod.errors import BadValue, quote
from lod.model import Source
from lod.source.diagnostics import ReadItem, invisible_characters
from lod.source.document import MAX_BYTES
from lod.source.exports import json, xml
from lod.source.other_forms import reject
from lod.source.pages import fiche, notice, page_2022, page_2025, page_lines
from lod.source.pages.page_lines import PageLines

Reader: TypeAlias = Callable[[str, Source], Iterator[ReadItem]]
"""Reads the text of a document; raises BadValue if nothing in it can be read."""


class SourceForm(NamedTuple):
    """A form in which questions are published: how to recognise it and how to read it."""

    name: str
    looks_like: Callable[[str], bool]
    read: Reader


class PageForm(NamedTuple):
    """A generation of pages, as HTML or as text: how to recognise and how to read its lines."""

    name: str
    looks_like: Callable[[list[str]], bool]
    read: Callable[[PageLines, Source], Iterator[ReadItem]]


StreamReader: TypeAlias = Callable[[IO[bytes], Source], Iterator[ReadItem]]
"""Reads a document of many questions from its bytes; raises BadValue if it cannot read on."""

STREAM_READERS: dict[bytes, StreamReader] = {b"{": json.stream, b"[": json.stream, b"<": xml.stream}

FORMS = (
    SourceForm("official JSON", json.looks_like, json.read),
    SourceForm("HTML of a page up to the 13th legislature", fiche.looks_like, fiche.read),
    SourceForm("official XML, and a page's view as XML", xml.looks_like, xml.read),
)
PAGE_FORMS = (
    PageForm("page of a question (before 2022)", notice.looks_like, notice.read),
    PageForm("page of a question (2022 to 2024)", page_2022.looks_like, page_2022.read),
    PageForm("page of a question (since 2025)", page_2025.looks_like, page_2025.read),
)
"""The generations of pages, oldest first: a page that begins like an older one has no newer heading."""


def find_reader(text: str) -> Reader:
    """Return the reader of a text; raise BadValue describing the text if no reader knows it."""
    for form in FORMS:
        if form.looks_like(text):
            return form.read
    page = page_lines.split_page(text)
    for generation in PAGE_FORMS:
        if generation.looks_like(page.lines):
            return lambda _, source: chain(
                generation.read(page, source), page.remarks, invisible_characters(page.full_text)
            )
    raise reject(text)


def find_stream_reader(start: bytes) -> StreamReader:
    """Return the reader of a document too large to be a single question, by its first bytes."""
    mark = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if mark not in STREAM_READERS:
        expected = f"at most {MAX_BYTES} bytes, or a list of questions in JSON or XML"
        raise BadValue(expected, f"more bytes, beginning {quote(start[:20].decode('latin-1'))}")
    return STREAM_READERS[mark]
