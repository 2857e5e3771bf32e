"""Documents in, records out: the French of the documents stops here.

bytes ── archive ──▶ Document ── detect ──▶ pages · exports ──▶ Question | Problem
bytes ── archive ──▶ Document ── register ──▶ Register: who a name, a seat or an id is
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lod.errors import BadValue, Problem, Severity
from lod.model import Question
from lod.source.detect import reader_of, streamer_of
from lod.source.diagnostics import Found, problem, too_deep
from lod.source.document import Document, LargeDocument


def read(document: Document | LargeDocument) -> Iterator[Question | Problem]:
    """Read the questions of a document; what is wrong with it is a Problem, never an exception."""
    try:
        # what a document holds is given once it is known to be read whole; a large one is read as it comes
        for found in _streamed(document) if isinstance(document, LargeDocument) else list(_held(document)):
            yield _told(document, found)
    except BadValue as bad:
        yield problem(document, bad, Severity.REJECTED)
    except RecursionError:
        yield problem(document, too_deep(), Severity.REJECTED)


def read_all(documents: Iterable[Document | LargeDocument | Problem]) -> Iterator[Question | Problem]:
    """Read the questions of documents; what could not be got of a source is the Problem that it was."""
    for document in documents:
        yield from (document,) if isinstance(document, Problem) else read(document)


def _held(document: Document) -> Iterator[Found]:
    text = document.text()
    yield from reader_of(text)(text, document.source)


def _streamed(document: LargeDocument) -> Iterator[Found]:
    with document.opened() as data:
        yield from streamer_of(document.start)(data, document.source)


def _told(document: Document | LargeDocument, found: Found) -> Question | Problem:
    if isinstance(found, Question):
        return found
    if isinstance(found, BadValue):
        return problem(document, found, Severity.REJECTED)
    bad = BadValue(found.expected, found.found, found.place)
    return replace(problem(document, bad, Severity.WARNING), cause=found.cause)
