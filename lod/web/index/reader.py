"""Reading the index of a release: documents, lists of questions, facet counts, statistics."""

import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyoxigraph as ox

from lod import context as contexts
from lod.compression import gzip_compress, gzip_decompress
from lod.formats import DOCUMENT_DATA, Format
from lod.iri import Iris, owning_question
from lod.web.index.full_text import open_database
from lod.web.index.question_filter import Facet, QuestionFilter, filter_sql

STORED = ("jsonld", "ttl", "nt")
"""The formats of documents that are columns of the index; other formats are converted from N-Triples."""
PAGE_SIZE = 20
"""How many questions a page lists."""
MATCH_MARKS = ("\x02", "\x03")
"""The characters before and after a matching word of a snippet."""

_COLUMNS = "d.id, d.path, d.kind, d.label, d.label_en"
_DOCUMENT = f"""SELECT {_COLUMNS} FROM documents d
  WHERE d.path = ?1 OR d.id = (SELECT document FROM aliases WHERE path = ?1)
  ORDER BY d.path = ?1 DESC LIMIT 1"""
_TOMBSTONE = f"SELECT {_COLUMNS} FROM documents d WHERE d.path = ? AND d.kind = 'tombstone'"
_FACET_LABEL = """(SELECT r.label FROM question_facets f JOIN resources r ON r.id = f.resource
  WHERE f.question = q.id AND f.facet = '{}' LIMIT 1)"""
_SUMMARY = ", ".join(
    [
        "(SELECT path FROM documents d WHERE d.id = q.id)",
        "q.type, q.legislature, q.number, q.title, q.published, q.answered, q.response_days",
        _FACET_LABEL.format(Facet.AUTHOR),
        _FACET_LABEL.format(Facet.GROUP),
        "q.ministry",
        _FACET_LABEL.format(Facet.STATUS),
    ]
)
_SNIPPET = "snippet(question_texts, -1, char(2), char(3), '…', 30)"
_RANK = "bm25(question_texts, 8.0, 2.0, 1.0)"


class IndexedDocument(NamedTuple):
    """A document of the release. `path` is its own, even if it was looked up by an alias."""

    id: int
    path: str
    kind: str
    label: str | None
    label_en: str | None


class QuestionSummary(NamedTuple):
    """A question as lists show it.

    Days are ISO dates; the other texts are labels in French. Of a full-text search, `snippet` is an extract
    whose matching words are enclosed in MATCH_MARKS.
    """

    path: str
    type: str
    legislature: int
    number: int
    title: str
    published: str
    answered: str | None
    response_days: int | None
    author: str | None
    group: str | None
    ministry: str | None
    status: str | None
    snippet: str | None


class FacetCount(NamedTuple):
    """A value of a facet, and how many questions have it."""

    iri: str
    label: str | None
    questions: int


class QuestionStatistics(NamedTuple):
    """Counts of questions, in all and by month (« 2026-06 »), and response times in days."""

    questions: int
    answered: int
    median: int | None
    ninetieth_percentile: int | None
    by_month: list[tuple[str, int]]


class Index:
    """The index of one release. Threads must not share it: each opens its own."""

    def __init__(self, file: Path) -> None:
        self._connection = open_database(file)
        # A connection with a tokenizer is part of a reference cycle, which would keep the file open.
        self._finalizer = weakref.finalize(self, self._connection.close)
        self._finalizer.atexit = False
        metadata = dict(self._rows("SELECT name, value FROM metadata"))
        self.base: str = metadata["base"]
        self.iris = Iris(self.base)
        self.release: str = metadata["release"]

    def close(self) -> None:
        """Close the file."""
        self._finalizer()

    def document(self, path: str) -> IndexedDocument | None:
        """Return the document with a path, relative to the base, or with that alias.

        For a path below that of a withdrawn question, return its tombstone.
        """
        rows = self._rows(_DOCUMENT, (path,)) or self._tombstone(path)
        return IndexedDocument(*rows[0]) if rows else None

    def documents(self, kind: str | None = None) -> Iterator[IndexedDocument]:
        """Yield all documents, or those of one kind, in the order of their paths."""
        sql = f"SELECT {_COLUMNS} FROM documents d WHERE ?1 IS NULL OR d.kind = ?1 ORDER BY d.path"
        for row in self._connection.execute(sql, (kind,)):
            yield IndexedDocument(*row)

    @property
    def last_id(self) -> int:
        """The highest id of a document; 0 if there is none."""
        number: int = self._value("SELECT coalesce(max(id), 0) FROM documents")
        return number

    def documents_by_id(self, ids: range) -> Iterator[IndexedDocument]:
        """Yield the documents whose ids lie in a range."""
        sql = f"SELECT {_COLUMNS} FROM documents d WHERE d.id >= ? AND d.id < ? ORDER BY d.id"
        return (IndexedDocument(*row) for row in self._rows(sql, (ids.start, ids.stop)))

    def aliases(self, document: IndexedDocument) -> list[str]:
        """Return the further paths that a document answers for."""
        sql = """SELECT a.path FROM aliases a WHERE a.document = ?
          AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.path = a.path) ORDER BY a.path"""
        return [path for (path,) in self._rows(sql, (document.id,))]

    def data(self, document: IndexedDocument, form: str) -> bytes:
        """Return a document as DOCUMENT_DATA names its formats, compressed with gzip; else raise KeyError."""
        if DOCUMENT_DATA[form].name not in STORED:
            return gzip_compress(_convert(gzip_decompress(self.data(document, "nt")), DOCUMENT_DATA[form]))
        data: bytes = self._value(f"SELECT {form} FROM documents WHERE id = ?", (document.id,))
        return data

    def json(self, document: IndexedDocument) -> Any:
        """Return the JSON-LD of a document, decoded."""
        return msgspec.json.decode(gzip_decompress(self.data(document, "jsonld")))

    def label(self, iri: str) -> str | None:
        """Return the French label of a resource: that of its document, else one that questions use."""
        if iri.startswith(self.base):
            document = self.document(self.iris.path(iri))
            if document and document.label:
                return document.label
        rows = self._rows("SELECT label FROM resources WHERE iri = ?", (iri,))
        return rows[0][0] if rows else None

    def count(self, question_filter: QuestionFilter) -> int:
        """Return how many questions match."""
        source = filter_sql(question_filter)
        count: int = self._value(f"SELECT count(*) FROM {source.sql}", source.values)
        return count

    def questions(
        self, question_filter: QuestionFilter, *, skip: int = 0, limit: int = PAGE_SIZE
    ) -> list[QuestionSummary]:
        """Return matching questions: the best match first in a full-text search, else the newest first."""
        source = filter_sql(question_filter)
        order = _RANK if source.match else "q.published DESC, q.id"
        sql = f"SELECT q.id FROM {source.sql} ORDER BY {order} LIMIT ? OFFSET ?"
        ids = [row[0] for row in self._rows(sql, (*source.values, limit, skip))]
        return self._summaries(ids, self._snippets(ids, source.match) if source.match else {})

    def overdue(self, day: str, skip: int, limit: int) -> list[QuestionSummary]:
        """Return the questions whose missing answer was due before a day, the longest overdue first."""
        sql = """SELECT question FROM question_lives WHERE is_waiting AND due < ?
          ORDER BY due, question LIMIT ? OFFSET ?"""
        return self._summaries([row[0] for row in self._rows(sql, (day, limit, skip))], {})

    def numbered(
        self, number: int, legislature: int | None, kind: str | None, limit: int
    ) -> list[QuestionSummary]:
        """Return the questions of a number, of all legislatures and types or of one, the newest first."""
        sql = """SELECT id FROM questions WHERE number = ?1 AND (?2 IS NULL OR legislature = ?2)
          AND (?3 IS NULL OR type = ?3) ORDER BY legislature DESC, type LIMIT ?4"""
        rows = self._rows(sql, (number, legislature, kind, limit))
        return self._summaries([row[0] for row in rows], {})

    def _summaries(self, ids: list[int], snippets: Mapping[int, str]) -> list[QuestionSummary]:
        summary = f"SELECT {_SUMMARY} FROM questions q WHERE q.id = ?"
        return [QuestionSummary._make((*self._rows(summary, (id_,))[0], snippets.get(id_))) for id_ in ids]

    def facet_counts(
        self, facet: Facet, question_filter: QuestionFilter, limit: int = 15
    ) -> list[FacetCount]:
        """Count matching questions for each value of a facet, the most frequent first.

        A value that the filter requires of this facet itself is ignored.
        """
        source = filter_sql(question_filter.without(facet))
        matching = f"AND f.question IN (SELECT q.id FROM {source.sql})" if source.values else ""
        sql = f"""SELECT r.iri, r.label, n FROM (
            SELECT f.resource, count(*) AS n FROM question_facets f WHERE f.facet = ? {matching}
            GROUP BY f.resource
          ) JOIN resources r ON r.id = resource ORDER BY n DESC, r.label LIMIT ?"""
        return [FacetCount(*row) for row in self._rows(sql, (facet, *source.values, limit))]

    def statistics(self, question_filter: QuestionFilter) -> QuestionStatistics:
        """Return counts and response times of matching questions."""
        source = filter_sql(question_filter)
        months = f"SELECT substr(q.published, 1, 7) AS month, count(*) FROM {source.sql} GROUP BY month"
        by_month = self._rows(months, source.values)
        response_days = f"""SELECT response_days FROM questions
          WHERE response_days IS NOT NULL AND id IN (SELECT q.id FROM {source.sql}) ORDER BY response_days"""
        days = [row[0] for row in self._rows(response_days, source.values)]
        return QuestionStatistics(
            questions=sum(count for _, count in by_month),
            answered=len(days),
            median=_quantile(days, 0.5),
            ninetieth_percentile=_quantile(days, 0.9),
            by_month=by_month,
        )

    def rows(self, sql: str, values: Mapping[str, Any] | tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows of a query of another module of this package."""
        return self._rows(sql, values)

    def _tombstone(self, path: str) -> list[Any]:
        question = owning_question(path)
        return self._rows(_TOMBSTONE, (question,)) if question else []

    def _snippets(self, ids: list[int], match: str) -> dict[int, str]:
        marks = ", ".join("?" * len(ids))
        sql = f"""SELECT rowid, {_SNIPPET} FROM question_texts
          WHERE question_texts MATCH ? AND rowid IN ({marks})"""
        return dict(self._rows(sql, (match, *ids)))

    def _rows(self, sql: str, values: Mapping[str, Any] | tuple[Any, ...] = ()) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def _value(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        return self._rows(sql, values)[0][0]


def nodes(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the node objects of a decoded JSON-LD document; the first describes its subject."""
    graph: list[dict[str, Any]] = document.get("@graph", [document])
    return graph


def _convert(ntriples: bytes, form: Format) -> bytes:
    """Return N-Triples in another format of graphs, with the prefixes of the published context."""
    text = ntriples.decode()
    prefixes = {name: iri for name, iri in contexts.published().prefixes.items() if f"<{iri}" in text}
    triples = (quad.triple for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES))
    return (
        ox.serialize(triples, format=ox.RdfFormat.from_media_type(form.media_type), prefixes=prefixes) or b""
    )


def _quantile(values: list[int], share: float) -> int | None:
    """Return the smallest of the sorted values that is not exceeded by at least this share of them."""
    if not values:
        return None
    return values[min(len(values) - 1, max(0, -int(-share * len(values) // 1) - 1))]
