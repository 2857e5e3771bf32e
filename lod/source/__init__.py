"""Read official documents as records; the French of the documents is handled here and nowhere else.

    bytes ── archive ──▶ Document ── detect ──▶ pages · exports ──▶ Question | Problem
    bytes ── archive ──▶ Document ── register ──▶ Register: who a name, a seat or an id stands for

Which file reads which form:

    a file, a folder, a zip                      archive, zip_file
    official JSON, one question or many          exports/json, then exports/question
    official XML, one question or many           exports/xml, then exports/question
    a page's view as XML (14th legislature)      exports/xml, then exports/page_xml
    HTML of a page up to the 13th legislature    pages/fiche
    page before 2022, as HTML or text            pages/notice
    page from 2022 to 2024, as HTML or text      pages/page_2022
    page since 2025, as HTML or text             pages/page_2025
    the register of actors and organs (AMO)      register/amo, then register/resolver
    any other form                               other_forms, which says what it looks like

A new form is one module with `looks_like` and `read`, and one line in `detect`. Values that several forms
share are parsed in `french` (numbers, days, names, places), `html_text` (HTML fragments) and `pages/values`
(links, people, ministries); `endings` says how a question ended, `legislatures` checks days, `diagnostics`
says what readers may yield, `naming` which question a rejected document is about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lod.errors import BadValue, Problem, Severity
from lod.finding import Finding
from lod.model import Question
from lod.source.detect import find_reader, find_stream_reader
from lod.source.diagnostics import ReadItem, Remark, nested_too_deeply, spoilt_names, to_problem
from lod.source.document import Document, LargeDocument
from lod.source.endings import with_end_of_legislature
from lod.source.naming import named_question
from lod.source.other_forms import binary_form, not_read


def read(document: Document | LargeDocument, encoding: str | None = None) -> Iterator[Question | Problem]:
    """Yield the questions of a document and its problems; a bad document is a Problem, never an exception.

    `encoding` is that of documents that are not UTF-8; without it, that which they declare.
    """
    try:
        # a document yields nothing until it has been read to its end; a large one is streamed
        for item in (
            _read_stream(document)
            if isinstance(document, LargeDocument)
            else list(_read_whole(document, encoding))
        ):
            yield from _with_document(document, item)
    except BadValue as bad:
        yield _rejected(document, bad)
    except RecursionError:
        yield _rejected(document, nested_too_deeply())


def read_all(
    documents: Iterable[Document | LargeDocument | Problem], encoding: str | None = None
) -> Iterator[Question | Problem]:
    """Yield the questions of documents and their problems; a Problem among the documents is passed on."""
    for document in documents:
        yield from (document,) if isinstance(document, Problem) else read(document, encoding)


def _read_whole(document: Document, encoding: str | None) -> Iterator[ReadItem]:
    if form := binary_form(document.data):
        raise not_read(form)
    text, assumed = document.decode(encoding)
    yield from find_reader(text)(text, document.source)
    if assumed:
        read_as = f"neither; read as {assumed}, as browsers do (--encoding names another)"
        expected = "a declared encoding, or text in UTF-8"
        yield Remark("encoding", expected, read_as, finding=Finding.ENCODING_ASSUMED)


def _read_stream(document: LargeDocument) -> Iterator[ReadItem]:
    with document.open() as data:
        yield from find_stream_reader(document.start)(data, document.source)


def _with_document(document: Document | LargeDocument, item: ReadItem) -> Iterator[Question | Problem]:
    if isinstance(item, Question):
        question, remarks = with_end_of_legislature(item)
        yield question
        yield from (_remarked(document, remark) for remark in (*remarks, *spoilt_names(question)))
    elif isinstance(item, BadValue):
        yield to_problem(document, item, Severity.REJECTED)
    else:
        yield _remarked(document, item)


def _remarked(document: Document | LargeDocument, remark: Remark) -> Problem:
    bad = BadValue(remark.expected, remark.found, remark.place, remark.finding)
    return replace(to_problem(document, bad, Severity.WARNING), cause=remark.cause)


def _rejected(document: Document | LargeDocument, bad: BadValue) -> Problem:
    """Return the problem of a document that is rejected whole, with the question that it names, if any."""
    problem = to_problem(document, bad, Severity.REJECTED)
    return replace(problem, question=problem.question or named_question(document))
