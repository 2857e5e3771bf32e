"""Connections to the index: SQLite with the French tokenizer."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw

from lod.errors import NotReadOrWritten
from lod.web.index.french_words import tokenizer


@contextmanager
def creating(place: Path) -> Iterator[apsw.Connection]:
    """Open a new index to fill it as long as the block runs: nothing is safe on disk until it is closed.

    Raise NotReadOrWritten if the disk is full or fails; there is no file then.
    """
    try:
        with closing(_with_words(apsw.Connection(str(place)))) as connection:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
    except (apsw.FullError, apsw.IOError, apsw.CantOpenError) as error:
        place.unlink(missing_ok=True)
        raise NotReadOrWritten(f"{place}: {error}") from None


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
