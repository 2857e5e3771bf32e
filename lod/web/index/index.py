"""The index of a release, as it is read: documents, lists of questions, choices of their facets, figures."""

import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from lod.compression import gzip_decompress
from lod.web.index.connection import reading
from lod.web.index.question_filter import QuestionFilter, where
from lod.web.index.question_row import Facet

FORMATS = ("jsonld", "ttl", "nt")
PAGE = 20
"""How many questions a page lists."""
FOUND = ("\x02", "\x03")
"""What stands before and after a word that was sought, in a snippet."""

_COLUMNS = "d.id, d.path, d.kind, d.label, d.label_en"
_DOCUMENT = f"""SELECT {_COLUMNS} FROM documents d
  WHERE d.path = ?1 OR d.id = (SELECT document FROM others WHERE path = ?1)
  ORDER BY d.path = ?1 DESC LIMIT 1"""
_TOMBSTONE = f"SELECT {_COLUMNS} FROM documents d WHERE d.path = ? AND d.kind = 'tombstone'"
_OF_FACET = """(SELECT r.label FROM links l JOIN resources r ON r.id = l.resource
  WHERE l.question = q.id AND l.facet = '{}' LIMIT 1)"""
_ROW = ", ".join(
    [
        "(SELECT path FROM documents d WHERE d.id = q.id)",
        "q.type, q.legislature, q.number, q.title, q.published, q.answered, q.days",
        _OF_FACET.format(Facet.AUTHOR),
        _OF_FACET.format(Facet.GROUP),
        "q.ministry",
        _OF_FACET.format(Facet.STATUS),
    ]
)
_SNIPPET = "snippet(texts, -1, char(2), char(3), '…', 30)"
_RANK = "bm25(texts, 8.0, 2.0, 1.0)"


class Held(NamedTuple):
    """A document of the index; `path` is its own, whichever of its paths was asked for."""

    id: int
    path: str
    kind: str
    label: str | None
    label_en: str | None


class Row(NamedTuple):
    """A question in a list: days are ISO dates; `snippet` has the words that were sought between FOUND."""

    path: str
    type: str
    legislature: int
    number: int
    title: str
    published: str
    answered: str | None
    days: int | None
    author: str | None
    group: str | None
    ministry: str | None
    status: str | None
    snippet: str | None


class Choice(NamedTuple):
    """A resource that questions have, and how many of them."""

    iri: str
    label: str | None
    questions: int


class Figures(NamedTuple):
    """How many questions there are, by month (« 2026-06 »), and how long their answers took, in days."""

    questions: int
    answered: int
    median: int | None
    ninetieth: int | None
    months: list[tuple[str, int]]


class Index:
    """One release. Not to be shared by threads: each opens its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._connection = reading(place)
        self._closing = weakref.finalize(self, self._connection.close)
        """A connection that has a tokenizer holds itself, and with it the file, even one that was removed."""
        self._closing.atexit = False
        about = dict(self._rows("SELECT name, value FROM about"))
        self.base: str = about["base"]
        self.release: str = about["release"]

    def document(self, path: str) -> Held | None:
        """Find the document that a path under the base names, or that answers for it.

        For what was beneath the path of a question that is gone, that is its tombstone.
        """
        found = self._rows(_DOCUMENT, (path,)) or self._tombstone(path)
        return Held(*found[0]) if found else None

    def documents(self, kind: str | None = None) -> Iterator[Held]:
        """Give all documents, or those of a kind, by their paths."""
        sql = f"SELECT {_COLUMNS} FROM documents d WHERE ?1 IS NULL OR d.kind = ?1 ORDER BY d.path"
        for row in self._connection.execute(sql, (kind,)):
            yield Held(*row)

    @property
    def last(self) -> int:
        """The highest number of a document; 0 if there is none."""
        number: int = self._one("SELECT coalesce(max(id), 0) FROM documents")
        return number

    def numbered(self, numbers: range) -> Iterator[Held]:
        """Give the documents whose numbers are in a range."""
        sql = f"SELECT {_COLUMNS} FROM documents d WHERE d.id >= ? AND d.id < ? ORDER BY d.id"
        return (Held(*row) for row in self._rows(sql, (numbers.start, numbers.stop)))

    def others(self, held: Held) -> list[str]:
        """Give the other paths for which a document answers."""
        sql = """SELECT o.path FROM others o WHERE o.document = ?
          AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.path = o.path) ORDER BY o.path"""
        return [path for (path,) in self._rows(sql, (held.id,))]

    def data(self, held: Held, form: str) -> bytes:
        """Give a document in one of the formats, compressed with gzip."""
        if form not in FORMATS:
            raise KeyError(form)
        data: bytes = self._one(f"SELECT {form} FROM documents WHERE id = ?", (held.id,))
        return data

    def json(self, held: Held) -> Any:
        """Give a document's JSON-LD as values."""
        return msgspec.json.decode(gzip_decompress(self.data(held, "jsonld")))

    def path(self, iri: str) -> str:
        """Give the path of the document of an IRI of the base."""
        return iri.removeprefix(self.base).partition("#")[0]

    def label(self, iri: str) -> str | None:
        """Give what a resource is called: the label of its document, or what questions call it."""
        if iri.startswith(self.base):
            found = self.document(self.path(iri))
            if found and found.label:
                return found.label
        rows = self._rows("SELECT label FROM resources WHERE iri = ?", (iri,))
        return rows[0][0] if rows else None

    def count(self, wanted: QuestionFilter) -> int:
        """Count questions."""
        found = where(wanted)
        count: int = self._one(f"SELECT count(*) FROM {found.sql}", found.values)
        return count

    def questions(self, wanted: QuestionFilter, *, skip: int = 0, most: int = PAGE) -> list[Row]:
        """List questions: the best match first if words are sought, else the newest."""
        found = where(wanted)
        order = _RANK if found.sought else "q.published DESC, q.id"
        sql = f"SELECT q.id FROM {found.sql} ORDER BY {order} LIMIT ? OFFSET ?"
        ids = [row[0] for row in self._rows(sql, (*found.values, most, skip))]
        snippets = self._snippets(ids, found.sought) if found.sought else {}
        row = f"SELECT {_ROW} FROM questions q WHERE q.id = ?"
        return [Row._make((*self._rows(row, (number,))[0], snippets.get(number))) for number in ids]

    def choices(self, facet: Facet, wanted: QuestionFilter, most: int = 15) -> list[Choice]:
        """Give the resources that wanted questions have by a facet, the most frequent first."""
        found = where(wanted.without(facet))
        those = f"AND l.question IN (SELECT q.id FROM {found.sql})" if found.values else ""
        sql = f"""SELECT r.iri, r.label, n FROM (
            SELECT l.resource, count(*) AS n FROM links l WHERE l.facet = ? {those} GROUP BY l.resource
          ) JOIN resources r ON r.id = resource ORDER BY n DESC, r.label LIMIT ?"""
        return [Choice(*row) for row in self._rows(sql, (facet, *found.values, most))]

    def figures(self, wanted: QuestionFilter) -> Figures:
        """Count wanted questions, by month, and say how long their answers took."""
        found = where(wanted)
        sql = f"SELECT substr(q.published, 1, 7) AS month, count(*) FROM {found.sql} GROUP BY month"
        months = self._rows(sql, found.values)
        listed = f"SELECT q.id FROM {found.sql}"
        days = [
            row[0]
            for row in self._rows(
                f"SELECT days FROM questions WHERE days IS NOT NULL AND id IN ({listed}) ORDER BY days",
                found.values,
            )
        ]
        return Figures(
            questions=sum(count for _, count in months),
            answered=len(days),
            median=_quantile(days, 0.5),
            ninetieth=_quantile(days, 0.9),
            months=months,
        )

    def _tombstone(self, path: str) -> list[Any]:
        """Find the tombstone of a question, such as an/17/qe/1, by a path beneath it."""
        steps = path.split("/")
        return self._rows(_TOMBSTONE, ("/".join(steps[:4]),)) if len(steps) > 4 else []

    def _snippets(self, ids: list[int], sought: str) -> dict[int, str]:
        marks = ", ".join("?" * len(ids))
        sql = f"SELECT rowid, {_SNIPPET} FROM texts WHERE texts MATCH ? AND rowid IN ({marks})"
        return dict(self._rows(sql, (sought, *ids)))

    def close(self) -> None:
        """Let go of the file."""
        self._closing()

    def _rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        return self._rows(sql, values)[0][0]


def _quantile(ordered: list[int], share: float) -> int | None:
    """Give the value below or at which this share of the values lies."""
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
