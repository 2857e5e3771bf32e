"""A record becomes JSON-LD nodes: one module a kind of resource, one function a node."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.context import Node, published
from lod.describe import answer, concept, journal, organ, person, provenance
from lod.describe import question as questions
from lod.describe.shared import SharedResource, SharedResources
from lod.iri import Iris
from lod.model import Question


@dataclass(frozen=True, slots=True)
class Description:
    """A question's own document, and the shared resources that it refers to, some more than once."""

    document: Node
    shared: list[SharedResource]

    @property
    def nodes(self) -> list[Node]:
        """All nodes: the document, then the shared resources."""
        return [self.document, *(resource.node for resource in merge_shared([self.shared]))]


def describe(question: Question, iris: Iris, version: str) -> Description:
    """Describe a question, as read by this version of the program; raise BadValue if it cannot be named."""
    shared = [
        *person.deputy_resources(iris, question),
        *_ministries(iris, question),
        *(concept.rubric_concept(iris, question.rubric) if question.rubric else ()),
        *(part for word in question.keywords for part in concept.keyword_concept(iris, word)),
        *concept.legislature_concept(iris, question.id.legislature),
        *journal.issue_resources(iris, question),
        *answer.common_resources(iris, question),
        *provenance.source_resources(iris, question),
        provenance.program(iris, version),
    ]
    return Description(questions.question(iris, question, iris.software(version)), shared)


def _ministries(iris: Iris, question: Question) -> Iterator[SharedResource]:
    for ministry in dict.fromkeys((question.asked, *(given.ministry for given in question.attributions))):
        if ministry:
            yield organ.ministry_resource(iris, ministry)


def merge_shared(said: Iterable[Iterable[SharedResource]]) -> Iterator[SharedResource]:
    """Bring together what questions say of shared resources: each once, by IRI."""
    shared = SharedResources(published())
    for resources in said:
        shared.add(resources)
    return shared.resources()
