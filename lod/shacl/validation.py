"""Validation: its passes over a release, the profile that data must conform to, and its results."""

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from lod import definitions, rdf
from lod.errors import escape_unprintable, quote
from lod.iri import Iris
from lod.shacl.projection import CrossDocumentProjection
from lod.shacl.shapes_graph import (
    COMPONENTS,
    PATHS,
    SH,
    SHAPES,
    TYPE,
    ShapesGraph,
    Term,
    is_iri,
    language,
    plain,
    sh,
)

_PREFIX = re.compile(r"^@prefix ([a-z-]+): <(\S+)> \.$", re.MULTILINE)
_UNLISTED = ("A property outside the profile", "Une propriété étrangère au profil")
"""How the message of a closed shape begins; in a result the property itself takes this place."""
_WITHOUT_VALUE = {
    COMPONENTS["minCount"]: ("too few values", "trop peu de valeurs"),
    COMPONENTS["maxCount"]: ("too many values", "trop de valeurs"),
    COMPONENTS["qualifiedMinCount"]: ("too few such values", "trop peu de telles valeurs"),
    COMPONENTS["qualifiedMaxCount"]: ("too many such values", "trop de telles valeurs"),
    COMPONENTS["hasValue"]: ("this value is missing", "cette valeur manque"),
    COMPONENTS["uniqueLang"]: ("several values in one language", "plusieurs valeurs dans une même langue"),
    COMPONENTS["or"]: ("none of the alternatives holds", "aucun des cas prévus"),
    COMPONENTS["xone"]: ("none or several of the alternatives hold", "aucun ou plusieurs des cas prévus"),
}
"""What was found where a result has no value, or none but its focus node, in English and French."""
_WRONG_VALUE = {
    COMPONENTS["class"]: (", not of the required class", ", qui n’est pas de la classe voulue"),
    COMPONENTS["datatype"]: (", of another datatype", ", d’un autre type de données"),
    COMPONENTS["languageIn"]: (", in another language", ", dans une autre langue"),
    COMPONENTS["nodeKind"]: (", of another node kind", ", d’une autre sorte de nœud"),
}
"""What is wrong with a value that does not show it."""


class ValidationPass(enum.StrEnum):
    """A validation pass over a release; its value is the folder of its shapes."""

    DOCUMENTS = "shapes/documents"
    """Questions in batches, each whole, with the types of the resources they link to."""
    SHARED = "shapes/shared"
    """All shared resources, once."""
    ACROSS = "shapes/across"
    """Rules that involve several questions, checked on a projection of all of them."""
    LINKS = "shapes/links"
    """Links to other data, kind by kind; a list of related questions has a period, as mandates have."""
    ALL = "shapes"
    """All shapes at once, for data that are complete."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EngineResult:
    """A validation result as an engine reports it; `path` is empty unless it is a single property."""

    focus: str
    shape: str
    component: str
    severity: str
    path: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ValidationResult(EngineResult):
    """A validation result with the properties that it concerns and its messages in French and English.

    The properties are property paths as SPARQL writes them, such as `dcterms:title` or `^eli:corrects`.
    """

    properties: tuple[str, ...]
    french: str
    english: str

    @property
    def violates(self) -> bool:
        """Whether the result keeps its document out of the release."""
        return self.severity == f"{SH}Violation"

    @property
    def shape_name(self) -> str:
        """The local name of the shape, such as Question-title."""
        return self.shape.removeprefix(SHAPES)

    @property
    def rule(self) -> str:
        """The rule that is broken, in English: "property dcterms:title: a question must have …"."""
        noun = "property" if len(self.properties) == 1 else "properties"
        return self._rule(0, f"{noun} {', '.join(self.properties)}", self.english)

    @property
    def french_rule(self) -> str:
        """The rule that is broken, in French."""
        noun = "propriété" if len(self.properties) == 1 else "propriétés"
        return self._rule(1, f"{noun} {', '.join(self.properties)}", self.french)

    @property
    def found(self) -> str:
        """What was found instead, in English: the value, or what is wrong with the number of values."""
        return self._found(0, "value")

    @property
    def french_found(self) -> str:
        """What was found instead, in French."""
        return self._found(1, "valeur")

    def as_node(self) -> dict[str, str]:
        """Return the result under the keys of the published context."""
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

    def _rule(self, rank: int, subject: str, message: str) -> str:
        message = message.removesuffix(".")
        if message.startswith(_UNLISTED[rank]):
            return subject + message.removeprefix(_UNLISTED[rank])
        colon = (": ", "\u00a0: ")[rank]
        return subject + colon + message[:1].lower() + message[1:]

    def _found(self, rank: int, noun: str) -> str:
        component = self.component.removeprefix(SH)
        if self.value and (self.value != self.focus or component not in _WITHOUT_VALUE):
            return f"{noun} {quote(self.value)}{_WRONG_VALUE.get(component, ('', ''))[rank]}"
        return _WITHOUT_VALUE.get(component, ("an empty value", "une valeur vide"))[rank]


class Profile:
    """The shapes under a base: as Turtle for the engines, with the messages and targets of each pass."""

    def __init__(self, base: str) -> None:
        self.turtle = {each: definitions.turtle_of(_shape_files(each), base) for each in ValidationPass}
        graphs = {each: ShapesGraph(rdf.triples(turtle)) for each, turtle in self.turtle.items()}
        self.cross_document = CrossDocumentProjection(graphs[ValidationPass.ACROSS])
        self._shapes = graphs[ValidationPass.ALL]
        self._prefixes = dict(_PREFIX.findall(self.turtle[ValidationPass.ALL]))
        self._targets = {each: _target_pattern(graph) for each, graph in graphs.items()}

    def has_targets(self, ntriples: bytes, each: ValidationPass) -> bool:
        """Return whether N-Triples have a focus node of some shape of a pass."""
        return bool(self._targets[each].search(ntriples))

    def result(self, found: EngineResult) -> ValidationResult:
        """Return an engine's result with its properties and messages."""
        shape = f"<{found.shape}>"
        messages = {
            language(message): plain(message) for message in self._shapes.objects(shape, sh("message"))
        }
        is_closed = found.component == SH + COMPONENTS["closed"]
        paths = [f"<{found.path}>"] if is_closed else self._paths(shape)
        properties = tuple(dict.fromkeys(map(self._path_text, paths)))
        return ValidationResult(
            **asdict(found), properties=properties, french=messages["fr"], english=messages["en"]
        )

    def _paths(self, shape: Term) -> Iterator[Term]:
        """Yield the path of a property shape, or those of the shapes that a node shape combines."""
        yield from (paths := self._shapes.objects(shape, sh("path")))
        for inner in self._shapes.inner_shapes(shape) if not paths else ():
            yield from self._paths(inner)

    def _path_text(self, path: Term) -> str:
        """Write a property path as SPARQL does, with the prefixes of the shapes."""
        if is_iri(path):
            return self._compact(path)
        for operator, sign in PATHS.items():
            for step in self._shapes.objects(path, sh(operator)):
                if operator == "alternativePath":
                    return "|".join(map(self._path_text, self._shapes.items(step)))
                text = self._path_text(step)
                return sign + text if operator == "inversePath" else text + sign
        return "/".join(map(self._path_text, self._shapes.items(path)))

    def _compact(self, iri: Term) -> str:
        for prefix, namespace in self._prefixes.items():
            if plain(iri).startswith(namespace):
                return escape_unprintable(f"{prefix}:{plain(iri).removeprefix(namespace)}")
        return escape_unprintable(iri)


@cache
def profile(base: str) -> Profile:
    """Return the profile under a base, read once."""
    return Profile(base)


class FixedConcepts:
    """The concepts that data refer to without describing them, as N-Triples.

    These are the fixed schemes, and the scheme resources of those open schemes that data have concepts of.
    """

    def __init__(self, base: str) -> None:
        self._fixed = _ntriples(definitions.turtle_of(definitions.turtle_files("ontology/schemes"), base))
        lines, of_type = self._fixed.splitlines(keepends=True), f" <{TYPE}> ".encode()
        self._types = b"".join(line for line in lines if of_type in line)
        self._open_schemes = {
            f"\n<{Iris(base).scheme(path.stem)}> ".encode(): _ntriples(definitions.turtle(path, base))
            for path in definitions.turtle_files("ontology/schemes/open")
        }

    def needed_by(self, ntriples: bytes, each: ValidationPass) -> bytes:
        """Return the triples that a pass over these data needs beside them."""
        if each in {ValidationPass.ACROSS, ValidationPass.LINKS}:
            return b""
        if each is ValidationPass.DOCUMENTS:
            return self._types
        data = b"\n" + ntriples
        return self._fixed + b"".join(text for subject, text in self._open_schemes.items() if subject in data)


def _shape_files(each: ValidationPass) -> list[Path]:
    """Return the files with the shapes of a pass."""
    files = definitions.turtle_files(each)
    if each is ValidationPass.LINKS:
        files += [path for path in definitions.turtle_files(ValidationPass.SHARED) if path.stem == "period"]
    return files


def _target_pattern(shapes: ShapesGraph) -> re.Pattern[bytes]:
    """Return a pattern for the lines that make their subject, or their object, a focus node."""
    classes = _any_of(shapes.values(sh("targetClass")))
    links = _any_of(shapes.values(sh("targetSubjectsOf"), sh("targetObjectsOf")))
    pattern = rf"^[ \t]*\S+?[ \t]*(?:<{TYPE}>[ \t]*{classes}|{links})"
    return re.compile(pattern.encode(), re.MULTILINE)


def _any_of(terms: Iterable[Term]) -> str:
    return f"<(?:{'|'.join(sorted(re.escape(plain(term)) for term in terms))})>"


def _ntriples(turtle: str) -> bytes:
    return "".join(f"{' '.join(triple)} .\n" for triple in rdf.triples(turtle)).encode()
