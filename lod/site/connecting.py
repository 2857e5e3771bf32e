"""Connections to the index: SQLite with the French tokenizer."""

from pathlib import Path

import apsw

from lod.site.french import tokenizer


def creating(place: Path) -> apsw.Connection:
    """Open a new index to fill it: nothing is safe on disk until it is closed."""
    connection = _with_words(apsw.Connection(str(place)))
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def reading(place: Path) -> apsw.Connection:
    """Open a finished index; nobody changes it any more."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = _with_words(apsw.Connection(f"file:{place}?immutable=1", flags=flags))
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def _with_words(connection: apsw.Connection) -> apsw.Connection:
    connection.register_fts5_tokenizer("french", tokenizer)
    return connection
