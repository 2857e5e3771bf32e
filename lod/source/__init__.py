"""Documents in, records out: the French of the documents stops here.

bytes ── archive ──▶ Document ── detect ──▶ pages · exports ──▶ Question | Problem
bytes ── archive ──▶ Document ── register ──▶ Register: who a name, a seat or an id is
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lod.errors import BadValue, Problem, Severity
from lod.model import Question
from lod.source.detect import find_reader, find_stream_reader
from lod.source.diagnostics import ReadItem, nested_too_deeply, to_problem
from lod.source.document import Document, LargeDocument


def read(document: Document | LargeDocument) -> Iterator[Question | Problem]:
    """Read the questions of a document; what is wrong with it is a Problem, never an exception."""
    try:
        # what a document holds is given once it is known to be read whole; a large one is read as it comes
        for found in (
            _read_stream(document) if isinstance(document, LargeDocument) else list(_read_whole(document))
        ):
            yield _with_document(document, found)
    except BadValue as bad:
        yield to_problem(document, bad, Severity.REJECTED)
    except RecursionError:
        yield to_problem(document, nested_too_deeply(), Severity.REJECTED)


def read_all(documents: Iterable[Document | LargeDocument | Problem]) -> Iterator[Question | Problem]:
    """Read the questions of documents; what could not be got of a source is the Problem that it was."""
    for document in documents:
        yield from (document,) if isinstance(document, Problem) else read(document)


def _read_whole(document: Document) -> Iterator[ReadItem]:
    text = document.text()
    yield from find_reader(text)(text, document.source)


def _read_stream(document: LargeDocument) -> Iterator[ReadItem]:
    with document.open() as data:
        yield from find_stream_reader(document.start)(data, document.source)


def _with_document(document: Document | LargeDocument, found: ReadItem) -> Question | Problem:
    if isinstance(found, Question):
        return found
    if isinstance(found, BadValue):
        return to_problem(document, found, Severity.REJECTED)
    bad = BadValue(found.expected, found.found, found.place)
    return replace(to_problem(document, bad, Severity.WARNING), cause=found.cause)
