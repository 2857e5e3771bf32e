"""Mistakes in shapes that engines pass over in silence."""

import re
from collections.abc import Container, Iterator

from lod.rdf import Triple
from lod.shacl.shapes_graph import (
    COMPONENTS,
    PATHS,
    RDF_TYPE,
    SH,
    ShapesGraph,
    Term,
    is_iri,
    language,
    plain,
    sh,
)

TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_OTHER_WORDS = """NodeShape PropertyShape property path ignoredProperties qualifiedValueShape flags message
qualifiedValueShapesDisjoint severity Violation Warning Info IRI BlankNode Literal BlankNodeOrIRI
BlankNodeOrLiteral IRIOrLiteral"""
WORDS = frozenset({*COMPONENTS, *TARGETS, *PATHS, *_OTHER_WORDS.split()})
"""The words of SHACL Core that a shape may use: none that leaves a shape without effect."""
_WORD = f"<{SH}"

_SLOW = re.compile(r"\(\?|\)[*+{]|\\[1-9]|(?<!\[)\.[*+{]")
"""What can make a pattern slow: look-around, a repeated group, a back-reference, any character repeated."""


def faults(triples: list[Triple]) -> Iterator[str]:
    """Yield the mistakes in shapes, in no particular order."""
    shapes = ShapesGraph(triples)
    if not shapes.pairs(sh("path")):
        yield "there is no shape"
    yield from _unknown_words({term for triple in triples for term in triple})
    inner = shapes.values(sh("property"))
    for shape, kind in shapes.pairs(RDF_TYPE):
        if kind in (sh("NodeShape"), sh("PropertyShape")):
            yield from _incomplete(shapes, shape, inner)
    for shape in inner:
        if sh("PropertyShape") not in shapes.objects(shape, RDF_TYPE):
            yield f"{plain(shape)} is not a property shape with a name of its own"
    for pattern in map(plain, shapes.values(sh("pattern"))):
        if _SLOW.search(pattern):
            yield f"the pattern {pattern} may take exponential time"


def _unknown_words(terms: set[Term]) -> Iterator[str]:
    for term in terms:
        word = plain(term).removeprefix(SH) if term.startswith(_WORD) else None
        if word is not None and word not in WORDS:
            yield f"sh:{word} is not among the words of SHACL that are used here"


def _incomplete(shapes: ShapesGraph, shape: Term, inner: Container[Term]) -> Iterator[str]:
    """Report a shape without a name, without a target, or without one of its messages."""
    if not is_iri(shape):
        yield f"{plain(shape)} has no name"
    has_target = any(shapes.objects(shape, sh(target)) for target in TARGETS)
    if not has_target and shape not in inner:
        yield f"nothing leads to {plain(shape)}"
    if sorted(map(language, shapes.objects(shape, sh("message")))) != ["en", "fr"]:
        yield f"{plain(shape)} has no message in French and in English"
