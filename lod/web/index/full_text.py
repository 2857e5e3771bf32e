"""Full-text search in French: the tokenizer, the query syntax, and SQLite connections that know both.

Words are indexed and searched without capitals, accents and endings.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import apsw
import apsw.fts5
import Stemmer

from lod.errors import NotReadOrWritten

DATABASE_DAMAGED = (apsw.CorruptError, apsw.NotADBError, apsw.IOError)
"""What reading from a damaged database raises."""

_STEMMER = Stemmer.Stemmer("french")
_WORD = re.compile(r"\w+")
_QUERY_PART = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


@contextmanager
def create_database(path: Path) -> Iterator[apsw.Connection]:
    """Yield a connection to a new database; its content is safe on disk only once the block has ended.

    Raise NotReadOrWritten, leaving no file, if the disk is full or fails.
    """
    try:
        with closing(_with_tokenizer(apsw.Connection(str(path)))) as connection:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
    except (apsw.FullError, apsw.IOError, apsw.CantOpenError) as error:
        path.unlink(missing_ok=True)
        raise NotReadOrWritten(f"{path}: {error}") from None


def open_database(path: Path) -> apsw.Connection:
    """Return a read-only connection to a finished database, which must not change any more."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = _with_tokenizer(apsw.Connection(f"file:{path}?immutable=1", flags=flags))
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def _with_tokenizer(connection: apsw.Connection) -> apsw.Connection:
    tokenizer: Any = apsw.fts5.StringTokenizer(_tokenizer)
    connection.register_fts5_tokenizer("french", tokenizer)
    return connection


def _tokenizer(_connection: apsw.Connection, _arguments: list[str]) -> Callable[..., Iterator[Any]]:
    def tokens(text: str, _reason: int, _locale: str | None) -> Iterator[tuple[int, int, str]]:
        for word in _WORD.finditer(text):
            yield word.start(), word.end(), _stem(word[0])

    return tokens


@lru_cache(1 << 16)
def _stem(word: str) -> str:
    """Return the stem under which a word is indexed: « Étrangères » and « etranger » share one."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))
    stem: str = _STEMMER.stemWord(bare)
    return stem


def match_expression(search: str) -> str | None:
    """Translate search words into an FTS5 expression; None if they contain no word to find.

    All words must occur; « "…" » is a phrase, « -word » excludes. Repeated words and phrases count once:
    FTS5 would scan their positions again each time.
    """
    required, excluded = dict[tuple[str, ...], str](), dict[tuple[str, ...], str]()
    for minus, phrase, word in _QUERY_PART.findall(search):
        words = _WORD.findall(phrase or word)
        if words:
            (excluded if minus else required).setdefault(tuple(map(_stem, words)), f'"{" ".join(words)}"')
    if not required:
        return None
    return " NOT ".join([" AND ".join(required.values()), *excluded.values()])


def count_words(search: str) -> int:
    """Return the number of words in a search."""
    return len(_WORD.findall(search))
