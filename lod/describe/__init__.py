"""Describe a record as JSON-LD nodes: a module for each kind of resource, a function for each node."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.context import Node, published
from lod.describe import answer, concept, journal, organ, person, provenance
from lod.describe import question as question_document
from lod.describe.shared import SharedResource, SharedResources
from lod.iri import Iris
from lod.model import Question


@dataclass(frozen=True, slots=True)
class Description:
    """The document of a question, and the shared resources it refers to, some of them more than once."""

    document: Node
    shared: list[SharedResource]

    @property
    def nodes(self) -> list[Node]:
        """The document, then each shared resource."""
        return [self.document, *(resource.node for resource in merge_shared([self.shared]))]


def describe(question: Question, iris: Iris, version: str) -> Description:
    """Describe a question read by this version of the program; raise BadValue if it cannot have an IRI."""
    shared = shared_resources(question, iris, version)
    return Description(question_document.question(iris, question, iris.software(version)), shared)


def shared_resources(question: Question, iris: Iris, version: str) -> list[SharedResource]:
    """Describe the shared resources that a question refers to; raise BadValue if one cannot have an IRI."""
    return [
        *person.deputy_resources(iris, question),
        *_ministries(iris, question),
        *(concept.rubric_concept(iris, question.rubric) if question.rubric else ()),
        *(resource for word in question.keywords for resource in concept.keyword_concept(iris, word)),
        *concept.legislature_concept(iris, question.id.legislature),
        *journal.issue_resources(iris, question),
        *answer.common_resources(iris, question),
        *provenance.source_resources(iris, question),
        provenance.program(iris, version),
    ]


def _ministries(iris: Iris, question: Question) -> Iterator[SharedResource]:
    in_charge = (attribution.ministry for attribution in question.attributions)
    for ministry in filter(None, dict.fromkeys((question.ministry_asked, *in_charge))):
        yield organ.ministry_resource(iris, ministry)


def merge_shared(descriptions: Iterable[Iterable[SharedResource]]) -> Iterator[SharedResource]:
    """Yield the shared resources of several questions, each once, by IRI."""
    shared = SharedResources(published())
    for resources in descriptions:
        shared.add(resources)
    return shared.resources()
