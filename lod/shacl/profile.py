"""The shapes as they are published: which pass each is for, what it says, what it looks at."""

import enum
import re
from collections.abc import Iterable, Iterator
from functools import cache

from lod import definitions, rdf
from lod.errors import CheckFailed
from lod.shacl import lint, local
from lod.shacl.cross_document import CrossDocumentProjection
from lod.shacl.graph import Graph, Term, language, plain, sh
from lod.shacl.result import TYPE


class ValidationPass(enum.StrEnum):
    """A pass over a release; its value is the folder of its shapes."""

    DOCUMENTS = "shapes/documents"
    """Questions in batches, each whole, with the types of what they link to."""
    SHARED = "shapes/shared"
    """All that questions share, once."""
    ACROSS = "shapes/across"
    """What only all questions together tell, asked of their projection."""
    ALL = "shapes"
    """Everything at once, asked of data that are whole."""


class Profile:
    """The shapes under a base; raise CheckFailed if they are not what they must be."""

    def __init__(self, base: str) -> None:
        self.turtle = {
            part: definitions.turtle_of(definitions.turtle_files(part), base) for part in ValidationPass
        }
        graphs = {part: Graph(rdf.triples(turtle)) for part, turtle in self.turtle.items()}
        whole = graphs[ValidationPass.ALL]
        faults = {
            *lint.faults(whole),
            *local.faults(graphs[ValidationPass.DOCUMENTS], graphs[ValidationPass.SHARED]),
        }
        if faults:
            raise CheckFailed(f"the shapes are wrong: {'; '.join(sorted(faults))}")
        self.messages = dict(_messages(whole))
        self.wanted = CrossDocumentProjection(graphs[ValidationPass.ACROSS])
        self._focus = {part: _focus(graph) for part, graph in graphs.items()}

    def looks_at(self, ntriples: bytes, part: ValidationPass) -> bool:
        """Say whether there is anything in N-Triples that a shape of a pass looks at."""
        return bool(self._focus[part].search(ntriples))


@cache
def profile(base: str) -> Profile:
    """Read and examine the shapes once."""
    return Profile(base)


def _messages(shapes: Graph) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give the messages of each shape, in French and in English."""
    for shape in {shape for shape, _ in shapes.said(sh("message"))}:
        said = {language(message): plain(message) for message in shapes.objects(shape, sh("message"))}
        yield plain(shape), (said["fr"], said["en"])


def _focus(shapes: Graph) -> re.Pattern[bytes]:
    """Give a pattern for the lines that make their subject, or their object, a focus of the shapes."""
    classes = _any(shapes.values(sh("targetClass")))
    links = _any(shapes.values(sh("targetSubjectsOf"), sh("targetObjectsOf")))
    pattern = rf"^[ \t]*\S+?[ \t]*(?:<{TYPE}>[ \t]*{classes}|{links})"
    return re.compile(pattern.encode(), re.MULTILINE)


def _any(terms: Iterable[Term]) -> str:
    return f"<(?:{'|'.join(sorted(re.escape(plain(term)) for term in terms))})>"
