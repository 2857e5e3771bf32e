"""Shapes as triples that can be asked what they say; terms are spelt as N-Triples spells them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lod.rdf import Triple
from lod.shacl.result import NAMELESS, SH, TYPE

Term: TypeAlias = str

IS_A = f"<{TYPE}>"
_RDF = TYPE.removesuffix("type")
_FIRST, _REST, _NIL = (f"<{_RDF}{word}>" for word in ("first", "rest", "nil"))


class Graph:
    """Triples, by what they are asked for."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._said: defaultdict[Term, list[tuple[Term, Term]]] = defaultdict(list)
        self._objects: defaultdict[tuple[Term, Term], list[Term]] = defaultdict(list)
        for subject, predicate, value in triples:
            self._said[predicate].append((subject, value))
            self._objects[subject, predicate].append(value)

    def terms(self) -> set[Term]:
        """Give all that is mentioned."""
        return {*self._said, *(term for said in self._said.values() for pair in said for term in pair)}

    def said(self, predicate: Term) -> list[tuple[Term, Term]]:
        """Give who has a property, each with a value of it."""
        return self._said.get(predicate, [])

    def values(self, *predicates: Term) -> set[Term]:
        """Give the values that anybody has of some properties."""
        return {value for predicate in predicates for _, value in self.said(predicate)}

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """Give the values that a resource has of a property."""
        return self._objects.get((subject, predicate), [])

    def is_list(self, head: Term) -> bool:
        """Say whether a resource is a list that has items."""
        return bool(self.objects(head, _FIRST))

    def items(self, head: Term) -> Iterator[Term]:
        """Give the items of a list."""
        seen = {_NIL}
        while head not in seen:
            seen.add(head)
            yield from self.objects(head, _FIRST)
            head = next(iter(self.objects(head, _REST)), _NIL)


def sh(word: str) -> Term:
    """Spell a word of SHACL."""
    return f"<{SH}{word}>"


def is_iri(term: Term) -> bool:
    """Say whether a term names a resource."""
    return term.startswith("<")


def plain(term: Term) -> str:
    """Take the marks off a term; a blank node has no name."""
    if is_iri(term):
        return term[1:-1]
    if term.startswith("_:"):
        return NAMELESS
    return str(json.loads(term[: term.rindex('"') + 1], strict=False))


def language(term: Term) -> str:
    """Give the language of a text; nothing if it has none."""
    mark = term.rpartition('"')[2]
    return mark.removeprefix("@") if mark.startswith("@") else ""
