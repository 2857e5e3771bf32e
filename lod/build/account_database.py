"""The questions of a build, in a database on disk: where their accounts are, and what ties them together."""

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
"""How much of the database is held in memory, in KiB."""

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE question (
    iri TEXT PRIMARY KEY, legislature INTEGER, kind TEXT, number INTEGER, who TEXT, dropped INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE account (iri TEXT, path BLOB, start INTEGER, size INTEGER);
CREATE TABLE answer (iri TEXT, rank INTEGER, key BLOB, legislature INTEGER, kind TEXT, number INTEGER);
CREATE TABLE recall (iri TEXT, earlier TEXT, uid TEXT);
CREATE INDEX account_of ON account (iri);
CREATE INDEX answer_of ON answer (iri);
CREATE INDEX answer_by_key ON answer (key, legislature, kind, number, iri);
CREATE INDEX recall_of ON recall (iri);
"""
_FORGET = (
    "DELETE FROM question WHERE iri = ?",
    "DELETE FROM answer WHERE iri = ?",
    "DELETE FROM recall WHERE iri = ?",
)
_SEVERAL = "SELECT iri FROM account GROUP BY iri HAVING COUNT(*) > 1"
_NEXT = """
WITH next AS (
    SELECT iri, legislature, kind FROM question WHERE iri > ? AND NOT dropped ORDER BY iri LIMIT ?
)
SELECT MIN(iri), MAX(iri) FROM next
WHERE (legislature, kind) = (SELECT legislature, kind FROM next ORDER BY iri LIMIT 1)
"""
_PLACES = """
SELECT iri, path, start, size FROM question JOIN account USING (iri)
WHERE iri BETWEEN ? AND ? AND NOT dropped
ORDER BY iri, account.rowid
"""
_FIRSTS = """
SELECT mine.iri, mine.rank, first.legislature, first.kind, first.number
FROM answer AS mine JOIN question AS first ON first.iri = (
    SELECT iri FROM answer WHERE key = mine.key ORDER BY legislature, kind, number LIMIT 1
)
WHERE mine.iri BETWEEN ? AND ?
    AND EXISTS (SELECT * FROM answer AS its WHERE its.key = mine.key AND its.iri <> mine.iri)
ORDER BY mine.iri, mine.rank
"""
_RECALLS = """
SELECT mine.iri, earlier.legislature, earlier.kind, earlier.number
FROM recall JOIN question AS mine ON mine.iri = recall.iri
    JOIN question AS earlier ON earlier.iri = recall.earlier AND earlier.who = mine.who
WHERE recall.iri BETWEEN ? AND ?
ORDER BY recall.iri, recall.rowid
"""
_DOUBTS = """
SELECT mine.iri, recall.uid, earlier.iri IS NOT NULL
FROM recall JOIN question AS mine ON mine.iri = recall.iri
    LEFT JOIN question AS earlier ON earlier.iri = recall.earlier
WHERE earlier.who IS NOT mine.who
"""


@contextlib.contextmanager
def open_account_database(folder: Path, iris: Iris) -> Iterator["AccountDatabase"]:
    """Begin with no questions, in a file of a folder; raise NotReadOrWritten whenever that file fails."""
    file = folder / "questions.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute(f"PRAGMA cache_size = -{CACHE}")
            database.executescript(_TABLES)
            database.execute("BEGIN")  # for good: the file is of no use to anybody after the build
            yield AccountDatabase(database, iris)
    except sqlite3.DatabaseError as error:
        raise NotReadOrWritten(f"{file}: {error}") from error


class AccountDatabase:
    """Takes in the accounts of all questions; then gives the questions with what the others add to them."""

    def __init__(self, database: sqlite3.Connection, iris: Iris) -> None:
        self._database = database
        self._iris = iris

    def __len__(self) -> int:
        """Count the questions that are not left out."""
        [(count,)] = self._database.execute("SELECT COUNT(*) FROM question WHERE NOT dropped")
        return int(count)

    def take(self, accounts: Sequence[Account]) -> None:
        """Take in accounts; what is known of a question by several of them is to be stated again."""
        places = (
            (self._iris.question(known.id), os.fsencode(path), start, size)
            for (path, start, size), known in accounts
        )
        self._database.executemany("INSERT INTO account VALUES (?, ?, ?, ?)", places)
        self._state([account.facts for account in accounts])

    def several(self) -> Iterator[tuple[str, list[ByteRange]]]:
        """Give the IRIs of questions that have several accounts, with the places of these, as they came."""
        for (iri,) in self._database.execute(_SEVERAL):
            yield iri, self._places(iri, iri)[iri]

    def restate(self, iri: str, known: LinkKeys | None) -> None:
        """Put what is known of a question in place of what was; None takes the question out for good."""
        for forget in _FORGET:
            self._database.execute(forget, (iri,))
        self._state([known] if known else [])

    def doubts(self) -> Iterator[tuple[QuestionRef, BadValue]]:
        """Tell which recalls do not hold, each with the question that makes it."""
        for iri, recalled, is_there in self._database.execute(_DOUBTS):
            for item in self._items(iri, iri):
                yield item, unresolved_recall(recalled, is_there=bool(is_there))

    def batches(self, size: int) -> Iterator[list[QuestionRef]]:
        """Give the questions by the order of their IRIs, so many of one legislature and kind at a time."""
        last = ""
        while last is not None:
            [(first, last)] = self._database.execute(_NEXT, (last, size))
            if last is not None:
                yield self._items(first, last)

    def drop(self, questions: Iterable[QuestionId]) -> None:
        """Leave questions out from now on; what they add to others, they still add."""
        iris = ((self._iris.question(question),) for question in questions)
        self._database.executemany("UPDATE question SET dropped = 1 WHERE iri = ?", iris)

    def _state(self, known: Sequence[LinkKeys]) -> None:
        name = self._iris.question
        asked = ((name(q), q.legislature, q.kind.value, q.number, who) for q, who, _, _ in known)
        self._database.executemany("INSERT OR IGNORE INTO question VALUES (?, ?, ?, ?, ?, 0)", asked)
        answers = (
            (name(q), rank, key, q.legislature, q.kind.value, q.number)
            for q, _, answered, _ in known
            for rank, key in answered
        )
        self._database.executemany("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)", answers)
        recalls = (
            (name(q), name(earlier), earlier.uid) for q, _, _, recalled in known for earlier in recalled
        )
        self._database.executemany("INSERT INTO recall VALUES (?, ?, ?)", recalls)

    def _items(self, first: str, last: str) -> list[QuestionRef]:
        """Give what is needed to publish the questions from one IRI to another."""
        firsts = defaultdict[str, list[tuple[int, QuestionId]]](list)
        recalls = defaultdict[str, list[QuestionId]](list)
        for iri, rank, *number in self._database.execute(_FIRSTS, (first, last)):
            firsts[iri].append((rank, _id(*number)))
        for iri, *number in self._database.execute(_RECALLS, (first, last)):
            recalls[iri].append(_id(*number))
        return [
            QuestionRef(tuple(places), CrossReferences(tuple(firsts[iri]), tuple(recalls[iri])))
            for iri, places in self._places(first, last).items()
        ]

    def _places(self, first: str, last: str) -> dict[str, list[ByteRange]]:
        found = defaultdict[str, list[ByteRange]](list)
        for iri, path, start, size in self._database.execute(_PLACES, (first, last)):
            found[iri].append(ByteRange(os.fsdecode(path), start, size))
        return found


def _id(legislature: int, kind: str, number: int) -> QuestionId:
    return QuestionId(legislature=legislature, kind=QuestionKind(kind), number=number)
