"""What is wrong with the shapes themselves, which engines pass over in silence."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lod.shacl.result import SH

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node as Term

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
"""The constraints of SHACL Core, by the parameter that states them. SPARQL is not among them."""
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_OTHERS = """NodeShape PropertyShape property path inversePath alternativePath zeroOrMorePath oneOrMorePath
zeroOrOnePath ignoredProperties qualifiedValueShape qualifiedValueShapesDisjoint flags message severity
Violation Warning Info IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral"""
WORDS = frozenset({*COMPONENTS, *TARGETS, *_OTHERS.split()})
"""Of SHACL Core, the words that a shape may use: none that leaves a shape without effect."""

_SLOW = re.compile(r"\(\?|\)[*+{]|\\[1-9]|(?<!\[)\.[*+{]")
"""In a pattern: look-around, a group repeated, what a group has matched, any character repeated."""


def faults(shapes: "Graph") -> Iterator[str]:
    """Say what is wrong with shapes, in no particular order."""
    from rdflib import RDF, SH

    if not any(shapes.subjects(SH.path)):
        yield "there is no shape"
    yield from _unknown_words(shapes)
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in shapes.subjects(RDF.type, kind):
            yield from _untold(shapes, shape)
    for shape in shapes.objects(None, SH.property):
        if (shape, RDF.type, SH.PropertyShape) not in shapes:
            yield f"{shape} is not a property shape with a name of its own"
    for pattern in shapes.objects(None, SH.pattern):
        if _SLOW.search(str(pattern)):
            yield f"the pattern {pattern} may take for ever"


def _unknown_words(shapes: "Graph") -> Iterator[str]:
    terms = {str(term) for triple in shapes for term in triple}
    for term in terms:
        if term.startswith(SH) and term.removeprefix(SH) not in WORDS:
            yield f"sh:{term.removeprefix(SH)} is not among the words of SHACL that are used here"


def _untold(shapes: "Graph", shape: "Term") -> Iterator[str]:
    """Say of a shape that it has no name, that nothing leads to it, or what message it lacks."""
    from rdflib import SH, URIRef

    if not isinstance(shape, URIRef):
        yield f"{shape} has no name"
    has_target = any((shape, SH[target], None) in shapes for target in TARGETS)
    if not has_target and (None, SH.property, shape) not in shapes:
        yield f"nothing leads to {shape}"
    languages = sorted(str(getattr(m, "language", None)) for m in shapes.objects(shape, SH.message))
    if languages != ["en", "fr"]:
        yield f"{shape} has no message in French and in English"
