"""A record becomes JSON-LD nodes: one module a kind of resource, one function a node."""

from dataclasses import dataclass

from lod.context import Node
from lod.describe import concept, journal, organ, person
from lod.describe import question as questions
from lod.describe.shared import METADATA, Resource
from lod.iri import Iris
from lod.model import Question


@dataclass(frozen=True, slots=True)
class Described:
    """A question's own document, and the shared resources that it refers to."""

    document: Node
    shared: list[Resource]

    @property
    def nodes(self) -> list[Node]:
        """All nodes: the document, then the shared resources."""
        return [self.document, *(resource.node for resource in self.shared)]


def describe(question: Question, iris: Iris, version: str) -> Described:
    """Describe a question, as read by this version of the program; raise BadValue if it cannot be named."""
    software = iris.software(version)
    shared = [
        *person.deputy_resources(iris, question.id, question.author),
        organ.ministry_resource(iris, question.asked),
        *(organ.ministry_resource(iris, given.ministry) for given in question.attributions),
        *concept.rubric_concept(iris, question.rubric),
        *concept.legislature_concept(iris, question.id.legislature),
        *journal.issue_resources(iris, question),
        *(_source(iris, digest) for digest in question.sources),
        Resource(METADATA, {"type": ["SoftwareAgent"], "id": software, "name": "lod", "version": version}),
    ]
    return Described(questions.question(iris, question, software), shared)


def _source(iris: Iris, digest: str) -> Resource:
    node = {"type": ["SourceDocument"], "id": iris.source(digest), "identifier": f"sha256:{digest}"}
    return Resource(METADATA, node)
