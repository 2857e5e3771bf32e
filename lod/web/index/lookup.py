"""What a search names: questions by number or identifier, deputies, ministries and so on by name."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from lod.slugs import words
from lod.web.index.question_filter import Facet
from lod.web.index.reader import Index, QuestionSummary

_NAMED = (Facet.AUTHOR, Facet.MINISTRY, Facet.GROUP, Facet.RUBRIC, Facet.CONSTITUENCY)
_KINDS = r"(?P<kind>qe|qg|qosd)"
_PATTERNS = (
    # 16300, n° 16300, question n° 16300, QE 16300
    rf"(?:question\s+)?(?:{_KINDS}\s*)?(?:n\s*[°ºo]\.?\s*)?(?P<number>[0-9]{{1,7}})",
    # 17-16300QE, as the Assemblée names its pages
    rf"(?P<legislature>[0-9]{{1,2}})-(?P<number>[0-9]{{1,7}}){_KINDS}",
    # QANR5L17QE16300, the official identifier; 17/qe/16300, the end of our address
    rf"qanr5l(?P<legislature>[0-9]{{1,2}}){_KINDS}(?P<number>[0-9]{{1,7}})",
    rf"\S*?(?P<legislature>[0-9]{{1,2}})/{_KINDS}/(?P<number>[0-9]{{1,7}})",
)
_NUMBERS = [re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS]
_MOST_QUESTIONS, _MOST_NAMES = 10, 6
_SHORTEST_WORD = 3


class NamedResource(NamedTuple):
    """A deputy, ministry, group, rubric or constituency: the facet it is a value of, its IRI, its words."""

    facet: Facet
    iri: str
    words: tuple[str, ...]


def numbered_questions(index: Index, text: str) -> list[QuestionSummary]:
    """Return the questions whose number or identifier a text is, those of the newest legislature first."""
    matches = (pattern.fullmatch(text.strip()) for pattern in _NUMBERS)
    match = next((found for found in matches if found), None)
    if match is None:
        return []
    parts = match.groupdict()
    return index.numbered(
        int(parts["number"]),
        int(parts["legislature"]) if parts.get("legislature") else None,
        parts["kind"].lower() if parts["kind"] else None,
        _MOST_QUESTIONS,
    )


class Names:
    """The names that a search can mean; they are read when the first one is looked for."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def find(self, text: str) -> list[NamedResource]:
        """Return what has words in its name that begin with those of a text, the shortest name first."""
        sought = words(text)
        if not any(len(word) >= _SHORTEST_WORD for word in sought):
            return []
        found = [each for each in self._all if _has_words(each.words, sought)]
        return sorted(found, key=lambda each: (len(each.words), _NAMED.index(each.facet), each.words))[
            :_MOST_NAMES
        ]

    @cached_property
    def _all(self) -> list[NamedResource]:
        return list(self._read())

    def _read(self) -> Iterator[NamedResource]:
        sql = """SELECT r.iri, r.label FROM resources r WHERE EXISTS
          (SELECT 1 FROM question_facets f WHERE f.resource = r.id AND f.facet = ?)"""
        for facet in _NAMED:
            for iri, label in self._index.rows(sql, (facet,)):
                name = label or self._index.label(iri)
                if name:
                    yield NamedResource(facet, iri, tuple(words(name)))


def _has_words(name: tuple[str, ...], sought: list[str]) -> bool:
    return all(any(word.startswith(each) for word in name) for each in sought)
