"""A database of the questions of a build: where their accounts are spooled, and how they are linked."""

import contextlib
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lod.build.messages import Account, QuestionRef
from lod.build.spool import ByteRange
from lod.cross_references import CrossReferences, LinkKeys, unresolved_recall
from lod.errors import BadValue, NotReadOrWritten
from lod.iri import Iris
from lod.model import QuestionId, QuestionKind

CACHE = 4096
"""How much of the database is cached in memory, in KiB."""

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE question (
    iri TEXT PRIMARY KEY, legislature INTEGER, kind TEXT, number INTEGER, author TEXT,
    dropped INTEGER DEFAULT 0, kept INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE account (iri TEXT, path BLOB, start INTEGER, size INTEGER);
CREATE TABLE answer (iri TEXT, rank INTEGER, key BLOB, legislature INTEGER, kind TEXT, number INTEGER);
CREATE TABLE recall (iri TEXT, earlier TEXT, uid TEXT);
CREATE INDEX account_of ON account (iri);
CREATE INDEX answer_of ON answer (iri);
CREATE INDEX answer_by_key ON answer (key, legislature, kind, number, iri);
CREATE INDEX recall_of ON recall (iri);
"""
_DELETE = (
    "DELETE FROM question WHERE iri = ?",
    "DELETE FROM answer WHERE iri = ?",
    "DELETE FROM recall WHERE iri = ?",
)
_SEVERAL_ACCOUNTS = "SELECT iri FROM account GROUP BY iri HAVING COUNT(*) > 1"
_NEXT_BATCH = """
WITH next AS (
    SELECT iri, legislature, kind FROM question WHERE iri > ? AND NOT dropped ORDER BY iri LIMIT ?
)
SELECT MIN(iri), MAX(iri) FROM next
WHERE (legislature, kind) = (SELECT legislature, kind FROM next ORDER BY iri LIMIT 1)
"""
_LOCATIONS = """
SELECT iri, path, start, size, kept FROM question JOIN account USING (iri)
WHERE iri BETWEEN ? AND ? AND NOT dropped
ORDER BY iri, account.rowid
"""
_FIRST_WITH_ANSWER = """
SELECT mine.iri, mine.rank, first.legislature, first.kind, first.number
FROM answer AS mine JOIN question AS first ON first.iri = (
    SELECT iri FROM answer WHERE key = mine.key ORDER BY legislature, kind, number LIMIT 1
)
WHERE mine.iri BETWEEN ? AND ?
    AND EXISTS (SELECT * FROM answer AS other WHERE other.key = mine.key AND other.iri <> mine.iri)
ORDER BY mine.iri, mine.rank
"""
_RESOLVED_RECALLS = """
SELECT mine.iri, earlier.legislature, earlier.kind, earlier.number
FROM recall JOIN question AS mine ON mine.iri = recall.iri
    JOIN question AS earlier ON earlier.iri = recall.earlier AND earlier.author = mine.author
WHERE recall.iri BETWEEN ? AND ?
ORDER BY recall.iri, recall.rowid
"""
_UNRESOLVED_RECALLS = """
SELECT mine.iri, recall.uid, earlier.iri IS NOT NULL
FROM recall JOIN question AS mine ON mine.iri = recall.iri
    LEFT JOIN question AS earlier ON earlier.iri = recall.earlier
WHERE earlier.author IS NOT mine.author
"""


@contextlib.contextmanager
def open_account_database(folder: Path, iris: Iris) -> Iterator["AccountDatabase"]:
    """Create an empty database in a folder; raise NotReadOrWritten whenever its file fails."""
    file = folder / "questions.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute(f"PRAGMA cache_size = -{CACHE}")
            database.executescript(_TABLES)
            database.execute("BEGIN")  # never committed: nobody needs the file after the build
            yield AccountDatabase(database, iris)
    except sqlite3.DatabaseError as error:
        raise NotReadOrWritten(f"{file}: {error}") from error


class AccountDatabase:
    """Collects the accounts of all questions, then yields the questions with what others add to them."""

    def __init__(self, database: sqlite3.Connection, iris: Iris) -> None:
        self._database = database
        self._iris = iris

    def __len__(self) -> int:
        """Return the number of questions that were not dropped."""
        [(count,)] = self._database.execute("SELECT COUNT(*) FROM question WHERE NOT dropped")
        return int(count)

    def add(self, accounts: Sequence[Account]) -> None:
        """Add accounts; the keys of a question with several of them must be replaced by those of all."""
        locations = (
            (self._iris.question(keys.id), os.fsencode(path), start, size)
            for (path, start, size), keys in accounts
        )
        self._database.executemany("INSERT INTO account VALUES (?, ?, ?, ?)", locations)
        self._insert([account.keys for account in accounts])

    def with_several_accounts(self) -> Iterator[tuple[str, list[ByteRange]]]:
        """Yield the IRI of each question with several accounts, and their locations in order of arrival."""
        for (iri,) in self._database.execute(_SEVERAL_ACCOUNTS):
            yield iri, self._locations(iri, iri)[iri]

    def replace(self, iri: str, keys: LinkKeys | None) -> None:
        """Replace the keys of a question; None removes the question."""
        for delete in _DELETE:
            self._database.execute(delete, (iri,))
        self._insert([keys] if keys else [])

    def has(self, iri: str) -> bool:
        """Return whether a question is there and was not dropped."""
        query = "SELECT EXISTS (SELECT * FROM question WHERE iri = ? AND NOT dropped)"
        [(found,)] = self._database.execute(query, (iri,))
        return bool(found)

    def keep(self, iri: str, location: ByteRange, keys: LinkKeys) -> None:
        """Put what the last release has of a question, spooled at a location, in place of its accounts."""
        self._database.execute("DELETE FROM account WHERE iri = ?", (iri,))
        path, start, size = location
        self._database.execute(
            "INSERT INTO account VALUES (?, ?, ?, ?)", (iri, os.fsencode(path), start, size)
        )
        self.replace(iri, keys)
        self._database.execute("UPDATE question SET kept = 1 WHERE iri = ?", (iri,))

    def unresolved_recalls(self) -> Iterator[tuple[QuestionRef, BadValue]]:
        """Yield each question that recalls one that cannot be identified, with what is wrong."""
        for iri, recalled, exists in self._database.execute(_UNRESOLVED_RECALLS):
            for ref in self._refs(iri, iri):
                yield ref, unresolved_recall(recalled, exists=bool(exists))

    def batches(self, size: int) -> Iterator[list[QuestionRef]]:
        """Yield the questions by IRI, up to `size` of one legislature and kind at a time."""
        last = ""
        while last is not None:
            [(first, last)] = self._database.execute(_NEXT_BATCH, (last, size))
            if last is not None:
                yield self._refs(first, last)

    def drop(self, questions: Iterable[QuestionId]) -> None:
        """Leave questions out from now on; what they add to other questions stays."""
        iris = ((self._iris.question(question),) for question in questions)
        self._database.executemany("UPDATE question SET dropped = 1 WHERE iri = ?", iris)

    def _insert(self, keys: Sequence[LinkKeys]) -> None:
        iri = self._iris.question
        questions = ((iri(q), q.legislature, q.kind.value, q.number, author) for q, author, _, _ in keys)
        self._database.executemany("INSERT OR IGNORE INTO question VALUES (?, ?, ?, ?, ?, 0, 0)", questions)
        answers = (
            (iri(q), rank, key, q.legislature, q.kind.value, q.number)
            for q, _, answers_of_question, _ in keys
            for rank, key in answers_of_question
        )
        self._database.executemany("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)", answers)
        recalls = ((iri(q), iri(earlier), earlier.uid) for q, _, _, recalled in keys for earlier in recalled)
        self._database.executemany("INSERT INTO recall VALUES (?, ?, ?)", recalls)

    def _refs(self, first: str, last: str) -> list[QuestionRef]:
        """Return the questions from one IRI to another, with what other questions add to them."""
        firsts = defaultdict[str, list[tuple[int, QuestionId]]](list)
        recalls = defaultdict[str, list[QuestionId]](list)
        for iri, rank, *number in self._database.execute(_FIRST_WITH_ANSWER, (first, last)):
            firsts[iri].append((rank, _id(*number)))
        for iri, *number in self._database.execute(_RESOLVED_RECALLS, (first, last)):
            recalls[iri].append(_id(*number))
        kept = {iri for iri, *_, is_kept in self._database.execute(_LOCATIONS, (first, last)) if is_kept}
        return [
            QuestionRef(
                tuple(locations), CrossReferences(tuple(firsts[iri]), tuple(recalls[iri])), iri in kept
            )
            for iri, locations in self._locations(first, last).items()
        ]

    def _locations(self, first: str, last: str) -> dict[str, list[ByteRange]]:
        locations = defaultdict[str, list[ByteRange]](list)
        for iri, path, start, size, _ in self._database.execute(_LOCATIONS, (first, last)):
            locations[iri].append(ByteRange(os.fsdecode(path), start, size))
        return locations


def _id(legislature: int, kind: str, number: int) -> QuestionId:
    return QuestionId(legislature=legislature, kind=QuestionKind(kind), number=number)
