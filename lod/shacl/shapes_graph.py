"""The shapes graph, to be queried; and the words of SHACL. Terms are spelt as in N-Triples."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lod.rdf import Triple

Term: TypeAlias = str

SHAPES = "https://w3id.org/anq/shapes#"
SH = "http://www.w3.org/ns/shacl#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF_TYPE = f"<{TYPE}>"
_RDF = TYPE.removesuffix("type")
_FIRST, _REST, _NIL = (f"<{_RDF}{word}>" for word in ("first", "rest", "nil"))

NAMELESS = "[]"
"""What a blank node is called: its label is the engine's, and another one each time."""

COMPONENTS = {
    "and": "AndConstraintComponent",
    "class": "ClassConstraintComponent",
    "closed": "ClosedConstraintComponent",
    "datatype": "DatatypeConstraintComponent",
    "disjoint": "DisjointConstraintComponent",
    "equals": "EqualsConstraintComponent",
    "hasValue": "HasValueConstraintComponent",
    "in": "InConstraintComponent",
    "languageIn": "LanguageInConstraintComponent",
    "lessThan": "LessThanConstraintComponent",
    "lessThanOrEquals": "LessThanOrEqualsConstraintComponent",
    "maxCount": "MaxCountConstraintComponent",
    "maxExclusive": "MaxExclusiveConstraintComponent",
    "maxInclusive": "MaxInclusiveConstraintComponent",
    "maxLength": "MaxLengthConstraintComponent",
    "minCount": "MinCountConstraintComponent",
    "minExclusive": "MinExclusiveConstraintComponent",
    "minInclusive": "MinInclusiveConstraintComponent",
    "minLength": "MinLengthConstraintComponent",
    "node": "NodeConstraintComponent",
    "nodeKind": "NodeKindConstraintComponent",
    "not": "NotConstraintComponent",
    "or": "OrConstraintComponent",
    "pattern": "PatternConstraintComponent",
    "qualifiedMaxCount": "QualifiedMaxCountConstraintComponent",
    "qualifiedMinCount": "QualifiedMinCountConstraintComponent",
    "uniqueLang": "UniqueLangConstraintComponent",
    "xone": "XoneConstraintComponent",
}
"""The constraint components of SHACL Core, by the parameter that states them. SPARQL is not among them."""
PATHS = {"inversePath": "^", "alternativePath": "", "zeroOrMorePath": "*", "oneOrMorePath": "+"} | {
    "zeroOrOnePath": "?"
}
"""The operators of property paths, each with the sign that SPARQL writes for it."""


class ShapesGraph:
    """The triples of shapes, indexed by what is asked of them."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._pairs: defaultdict[Term, list[tuple[Term, Term]]] = defaultdict(list)
        self._objects: defaultdict[tuple[Term, Term], list[Term]] = defaultdict(list)
        for subject, predicate, value in triples:
            self._pairs[predicate].append((subject, value))
            self._objects[subject, predicate].append(value)

    def pairs(self, predicate: Term) -> list[tuple[Term, Term]]:
        """Return the subjects and objects of a predicate."""
        return self._pairs.get(predicate, [])

    def values(self, *predicates: Term) -> set[Term]:
        """Return the objects of some predicates, whatever the subject."""
        return {value for predicate in predicates for _, value in self.pairs(predicate)}

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """Return the objects of a subject and a predicate."""
        return self._objects.get((subject, predicate), [])

    def is_list(self, head: Term) -> bool:
        """Return whether a resource is a list that is not empty."""
        return bool(self.objects(head, _FIRST))

    def items(self, head: Term) -> Iterator[Term]:
        """Yield the items of a list."""
        seen = {_NIL}
        while head not in seen:
            seen.add(head)
            yield from self.objects(head, _FIRST)
            head = next(iter(self.objects(head, _REST)), _NIL)

    def constraints(self, shape: Term) -> set[str]:
        """Return the constraints of a shape, by the parameters that state them."""
        return {parameter for parameter in COMPONENTS if self.objects(shape, sh(parameter))}

    def only_requires_a_referrer(self, shape: Term, path: Term) -> bool:
        """Return whether all that a shape requires is that some resource refers to its focus node."""
        steps = [step for choice in self.objects(path, sh("alternativePath")) for step in self.items(choice)]
        inverse = all(self.objects(step, sh("inversePath")) for step in steps or [path])
        return self.constraints(shape) == {"minCount"} and inverse

    def path_properties(self, path: Term) -> Iterator[Term]:
        """Yield the properties of a path."""
        if is_iri(path):
            yield path
            return
        steps = (step for operator in PATHS for step in self.objects(path, sh(operator)))
        for step in (*steps, *self.items(path)):
            yield from self.path_properties(step)

    def inner_shapes(self, shape: Term) -> Iterator[Term]:
        """Yield the shapes, without a name, that a shape is a logical combination of."""
        for parameter in ("or", "and", "xone"):
            for shapes in self.objects(shape, sh(parameter)):
                yield from self.items(shapes)
        for parameter in ("not", "node", "qualifiedValueShape"):
            yield from self.objects(shape, sh(parameter))


def sh(word: str) -> Term:
    """Return a term of the SHACL vocabulary."""
    return f"<{SH}{word}>"


def is_iri(term: Term) -> bool:
    """Return whether a term is an IRI."""
    return term.startswith("<")


def plain(term: Term) -> str:
    """Return the IRI or the text of a term without its delimiters; a blank node has no name."""
    if is_iri(term):
        return term[1:-1]
    if term.startswith("_:"):
        return NAMELESS
    return str(json.loads(term[: term.rindex('"') + 1], strict=False))


def language(term: Term) -> str:
    """Return the language of a literal; empty if it has none."""
    mark = term.rpartition('"')[2]
    return mark.removeprefix("@") if mark.startswith("@") else ""
