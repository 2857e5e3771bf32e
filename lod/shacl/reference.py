"""pySHACL, the reference: what it reports is what must be reported."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lod import rdf
from lod.errors import CheckFailed
from lod.shacl.result import NAMELESS, ValidationResult

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node as Term


class Reference:
    """Shapes, ready to check N-Triples with pySHACL."""

    def __init__(self, shapes: str) -> None:
        self._shapes = rdf.parse(shapes, "turtle")

    def check(self, ntriples: bytes) -> list[ValidationResult]:
        """Give the results in no particular order; raise CheckFailed if the engine fails."""
        import pyshacl
        import rdflib

        graph = rdf.parse(ntriples.decode(), "nt")
        _, report, text = pyshacl.validate(
            graph, shacl_graph=self._shapes, inference="none", do_owl_imports=False
        )
        if not isinstance(report, rdflib.Graph):
            raise CheckFailed(f"the SHACL engine failed: {text}")
        return list(_results(report))


def _results(report: "Graph") -> Iterator[ValidationResult]:
    from rdflib import SH, URIRef

    for result in report.objects(None, SH.result):
        messages = {getattr(m, "language", None): str(m) for m in report.objects(result, SH.resultMessage)}
        path = report.value(result, SH.resultPath)
        yield ValidationResult(
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
    from rdflib import BNode

    if term is None:
        return ""
    return NAMELESS if isinstance(term, BNode) else str(term)
