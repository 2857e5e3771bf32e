"""The compiled engine, `shacl`: text in, results out, no graph in between."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lod.shacl.graph import plain
from lod.shacl.result import ValidationResult

if TYPE_CHECKING:
    import shacl


class Compiled:
    """Shapes, compiled once, ready to check N-Triples; their messages, in French and English, by IRI."""

    def __init__(self, shapes: str, messages: Mapping[str, tuple[str, str]]) -> None:
        import shacl

        self._shapes = shacl.Shapes.from_turtle(shapes)
        self._messages = messages

    def check(self, ntriples: bytes) -> list[ValidationResult]:
        """Give the results in no particular order; raise whatever the engine raises."""
        report = self._shapes.validate_text(ntriples.decode(), "ntriples")
        return [self._result(found) for found in report.results]

    def _result(self, found: "shacl.Result") -> ValidationResult:
        shape = _plain(found.source_shape)
        french, english = self._messages[shape]  # the engine tells messages without their languages
        return ValidationResult(
            focus=_plain(found.focus_node),
            shape=shape,
            component=found.component_iri,
            severity=found.severity_iri,
            path=plain(found.path) if found.path and _is_property(found.path) else "",
            value=_plain(found.value),
            french=french,
            english=english,
        )


def _is_property(path: str) -> bool:
    return path.startswith("<") and path.find(">") == len(path) - 1


def _plain(term: str | None) -> str:
    return plain(term) if term else ""
