"""What is wrong with the shapes themselves, which engines pass over in silence."""

import re
from collections.abc import Container, Iterator

from lod.shacl.graph import IS_A, Graph, Term, is_iri, language, plain, sh
from lod.shacl.result import SH

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
PATHS = ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
_OTHERS = """NodeShape PropertyShape property path ignoredProperties qualifiedValueShape flags message
qualifiedValueShapesDisjoint severity Violation Warning Info IRI BlankNode Literal BlankNodeOrIRI
BlankNodeOrLiteral IRIOrLiteral"""
WORDS = frozenset({*COMPONENTS, *TARGETS, *PATHS, *_OTHERS.split()})
"""Of SHACL Core, the words that a shape may use: none that leaves a shape without effect."""
_WORD = f"<{SH}"

_SLOW = re.compile(r"\(\?|\)[*+{]|\\[1-9]|(?<!\[)\.[*+{]")
"""In a pattern: look-around, a group repeated, what a group has matched, any character repeated."""


def faults(shapes: Graph) -> Iterator[str]:
    """Say what is wrong with shapes, in no particular order."""
    if not shapes.said(sh("path")):
        yield "there is no shape"
    yield from _unknown_words(shapes)
    inner = shapes.values(sh("property"))
    for shape, kind in shapes.said(IS_A):
        if kind in (sh("NodeShape"), sh("PropertyShape")):
            yield from _untold(shapes, shape, inner)
    for shape in inner:
        if sh("PropertyShape") not in shapes.objects(shape, IS_A):
            yield f"{plain(shape)} is not a property shape with a name of its own"
    for pattern in map(plain, shapes.values(sh("pattern"))):
        if _SLOW.search(pattern):
            yield f"the pattern {pattern} may take for ever"


def _unknown_words(shapes: Graph) -> Iterator[str]:
    for term in shapes.terms():
        word = plain(term).removeprefix(SH) if term.startswith(_WORD) else None
        if word is not None and word not in WORDS:
            yield f"sh:{word} is not among the words of SHACL that are used here"


def _untold(shapes: Graph, shape: Term, inner: Container[Term]) -> Iterator[str]:
    """Say of a shape that it has no name, that nothing leads to it, or what message it lacks."""
    if not is_iri(shape):
        yield f"{plain(shape)} has no name"
    has_target = any(shapes.objects(shape, sh(target)) for target in TARGETS)
    if not has_target and shape not in inner:
        yield f"nothing leads to {plain(shape)}"
    if sorted(map(language, shapes.objects(shape, sh("message")))) != ["en", "fr"]:
        yield f"{plain(shape)} has no message in French and in English"
