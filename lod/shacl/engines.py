"""The SHACL engines: the compiled one, which is fast, and pySHACL, the reference that it must agree with.

Each is imported when it is made or used, not with the module.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lod import rdf
from lod.errors import CheckFailed
from lod.shacl.shapes_graph import NAMELESS, is_iri, plain
from lod.shacl.validation import EngineResult

if TYPE_CHECKING:
    import shacl
    from rdflib import Graph
    from rdflib.term import Node as Term


class CompiledEngine:
    """Shapes compiled by `shacl`: text in, results out, no graph in between."""

    def __init__(self, shapes: str) -> None:
        import shacl

        self._shapes = shacl.Shapes.from_turtle(shapes)

    def validate(self, ntriples: bytes) -> list[EngineResult]:
        """Return the validation results of N-Triples, in no order; raise whatever the engine raises."""
        report = self._shapes.validate_text(ntriples.decode(), "ntriples")
        return [_compiled_result(found) for found in report.results]


class ReferenceEngine:
    """Shapes, parsed for pySHACL."""

    def __init__(self, shapes: str) -> None:
        self._shapes = rdf.parse(shapes, "ttl")

    def validate(self, ntriples: bytes) -> list[EngineResult]:
        """Return the validation results of N-Triples, in no order; raise CheckFailed if the engine fails."""
        import pyshacl
        import rdflib

        graph = rdf.parse(ntriples.decode(), "nt")
        _, report, text = pyshacl.validate(
            graph, shacl_graph=self._shapes, inference="none", do_owl_imports=False
        )
        if not isinstance(report, rdflib.Graph):
            raise CheckFailed(f"the SHACL engine failed: {text}")
        return list(_reference_results(report))


def _compiled_result(found: "shacl.Result") -> EngineResult:
    path = found.path or ""
    is_property = is_iri(path) and path.find(">") == len(path) - 1
    return EngineResult(
        focus=_plain(found.focus_node),
        shape=_plain(found.source_shape),
        component=found.component_iri,
        severity=found.severity_iri,
        path=plain(path) if is_property else "",
        value=_plain(found.value),
    )


def _reference_results(report: "Graph") -> Iterator[EngineResult]:
    from rdflib import SH, URIRef

    for result in report.objects(None, SH.result):
        path = report.value(result, SH.resultPath)
        yield EngineResult(
            focus=_text(report.value(result, SH.focusNode)),
            shape=_text(report.value(result, SH.sourceShape)),
            component=_text(report.value(result, SH.sourceConstraintComponent)),
            severity=_text(report.value(result, SH.resultSeverity)),
            path=_text(path) if isinstance(path, URIRef) else "",
            value=_text(report.value(result, SH.value)),
        )


def _plain(term: str | None) -> str:
    return plain(term) if term else ""


def _text(term: "Term | None") -> str:
    from rdflib import BNode

    if term is None:
        return ""
    return NAMELESS if isinstance(term, BNode) else str(term)
