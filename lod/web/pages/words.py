"""The words of the pages, in each language, read from the one table that has them all."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from lod.web.pages.language import Language, number

PLACE = Path(__file__).with_name("words.toml")


class Words:
    """The words of one language, by key; with a number, those of the singular or the plural."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._table = table()

    def __call__(self, key: str, **values: object) -> str:
        """Give the words of a key, with values put in; raise KeyError if there are none, or counted ones."""
        words = self._table[key][self._language]
        if not isinstance(words, str):
            raise KeyError(f"{key}: one and many")
        return words.format(**values) if values else words

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def count(self, key: str, counted: int, **values: object) -> str:
        """Say how many: « 1 question », « 2 000 questions »."""
        one, many = self._table[key][self._language]
        is_one = counted == 1 or (counted == 0 and self._language is Language.FR)
        return str(one if is_one else many).format(n=number(counted, self._language), **values)


@cache
def table() -> dict[str, dict[str, Any]]:
    """Read the table: a key, then a language, then words, or those of one and of many."""
    return tomllib.loads(PLACE.read_text(encoding="utf-8"))
