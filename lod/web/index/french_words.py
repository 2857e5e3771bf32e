"""French words as they are sought: without capitals, accents and endings."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import apsw
import apsw.fts5
import Stemmer

_STEMMER = Stemmer.Stemmer("french")
_WORD = re.compile(r"\w+")
_SOUGHT = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """Give what a word is sought by: « Étrangères » and « etranger » are one."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))
    found: str = _STEMMER.stemWord(bare)
    return found


def _cutter(_connection: apsw.Connection, _arguments: list[str]) -> Callable[..., Iterator[Any]]:
    def words(text: str, _reason: int, _locale: str | None) -> Iterator[tuple[int, int, str]]:
        for word in _WORD.finditer(text):
            yield word.start(), word.end(), stem(word[0])

    return words


tokenizer: Any = apsw.fts5.StringTokenizer(_cutter)
"""Cuts texts into words for SQLite's full-text index."""


def expression(sought: str) -> str | None:
    """Write what somebody seeks as the full-text index asks for it; None if there is no word to seek.

    All words must occur; « "…" » are words in a row, « -word » must not occur.
    What is said twice counts once: the index would look at each of its places again for each time.
    """
    wanted, unwanted = dict[tuple[str, ...], str](), dict[tuple[str, ...], str]()
    for minus, quoted, plain in _SOUGHT.findall(sought):
        words = _WORD.findall(quoted or plain)
        if words:
            (unwanted if minus else wanted).setdefault(tuple(map(stem, words)), _phrase(words))
    if not wanted:
        return None
    return " NOT ".join([" AND ".join(wanted.values()), *unwanted.values()])


def count(sought: str) -> int:
    """Say how many words somebody seeks."""
    return len(_WORD.findall(sought))


def _phrase(words: Iterable[str]) -> str:
    return '"' + " ".join(words) + '"'
