"""Triples against the shapes: the only user of SHACL engines.

pySHACL is the reference. It is imported when a check is made, not when the package is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lod import definitions, rdf
from lod.errors import CheckFailed

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node as Term

SHAPES = "https://w3id.org/anq/shapes#"
_SH = "http://www.w3.org/ns/shacl#"
_QUESTION = "http://schema.org/Question"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Result:
    """A result of validation: what is wrong with which resource, by which shape, in French and in English."""

    focus: str
    shape: str
    component: str
    severity: str
    path: str
    value: str
    french: str
    english: str

    @property
    def violates(self) -> bool:
        """Say whether this keeps its document out of the release."""
        return self.severity == f"{_SH}Violation"

    @property
    def shape_name(self) -> str:
        """The name of the shape, such as Question-title."""
        return self.shape.removeprefix(SHAPES)

    def as_node(self) -> dict[str, str]:
        """Give the result by the keys of the published context."""
        return {
            "focusNode": self.focus,
            "resultPath": self.path,
            "value": self.value,
            "resultSeverity": self.severity,
            "sourceShape": self.shape,
            "sourceConstraintComponent": self.component,
            "resultMessage": self.french,
            "resultMessageEn": self.english,
        }


class Shapes:
    """The shapes and the fixed concepts, under one base, ready to check graphs with."""

    def __init__(self, base: str) -> None:
        self._shapes = rdf.parse(definitions.turtle_of(definitions.turtle_files("shapes"), base), "turtle")
        self._concepts = definitions.turtle_of(definitions.turtle_files("ontology/schemes"), base)
        self._open = {
            f"{base}def/{path.stem}": definitions.turtle(path, base)
            for path in definitions.turtle_files("ontology/schemes/open")
        }

    def check(self, ntriples: str, questions: int | None = None) -> list[Result]:
        """Check triples; raise CheckFailed if not that many questions, or nothing at all, is looked at."""
        graph = rdf.parse(ntriples, "nt")
        looked_at = _count(graph)
        if questions not in (None, looked_at):
            raise CheckFailed(f"{questions} questions were to be checked by the shapes, {looked_at} were")
        return self.check_graph(graph)

    def check_graph(self, graph: "Graph") -> list[Result]:
        """Check a graph with the fixed concepts, and the head of each open scheme it has concepts of."""
        import pyshacl
        import rdflib

        if not self._focus_nodes(graph):
            raise CheckFailed("expected something that the shapes look at, found nothing")
        data = rdflib.Graph()
        data += graph
        heads = [turtle for iri, turtle in self._open.items() if (rdflib.URIRef(iri), None, None) in graph]
        for turtle in (self._concepts, *heads):
            data += rdf.parse(turtle, "turtle")
        _, report, text = pyshacl.validate(
            data, shacl_graph=self._shapes, inference="none", do_owl_imports=False
        )
        if not isinstance(report, rdflib.Graph):
            raise CheckFailed(f"the SHACL engine failed: {text}")
        return sorted(_results(report))

    def _focus_nodes(self, graph: "Graph") -> int:
        """Count the resources of a graph that a shape looks at."""
        from rdflib import RDF, SH

        classes = self._shapes.objects(None, SH.targetClass)
        found = {node for kind in classes for node in graph.subjects(RDF.type, kind)}
        for predicate in self._shapes.objects(None, SH.targetSubjectsOf):
            found |= set(graph.subjects(predicate))
        return len(found)


def _count(graph: "Graph") -> int:
    from rdflib import RDF, URIRef

    return sum(1 for _ in graph.subjects(RDF.type, URIRef(_QUESTION), unique=True))


def _results(report: "Graph") -> Iterator[Result]:
    from rdflib import SH, URIRef

    for result in report.objects(None, SH.result):
        messages = {getattr(m, "language", None): str(m) for m in report.objects(result, SH.resultMessage)}
        path = report.value(result, SH.resultPath)
        yield Result(
            focus=_text(report.value(result, SH.focusNode)),
            shape=_text(report.value(result, SH.sourceShape)),
            component=_text(report.value(result, SH.sourceConstraintComponent)),
            severity=_text(report.value(result, SH.resultSeverity)),
            path=_text(path) if isinstance(path, URIRef) else "",
            value=_text(report.value(result, SH.value)),
            french=messages.get("fr", ""),
            english=messages.get("en", ""),
        )


def _text(term: "Term | None") -> str:
    return "" if term is None else str(term)
