"""What the shapes say of a resource, the same whichever engine found it."""

from dataclasses import dataclass

SHAPES = "https://w3id.org/anq/shapes#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SH = "http://www.w3.org/ns/shacl#"

NAMELESS = "[]"
"""What a blank node is called: its label is the engine's, and another one each time."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ValidationResult:
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
        return self.severity == f"{SH}Violation"

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
