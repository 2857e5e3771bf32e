"""The provenance of a question's description: documents, the run that read them, corrections, the program."""

from functools import lru_cache

from lod.context import Node
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph, is_valid
from lod.model import AppliedCorrection, Question, QuestionId, Source


def description(iris: Iris, question: Question, software: str) -> Node:
    """Describe the description of a question: it is derived from documents, which the question is not.

    It and what is nested in it are statements of the graph of metadata.
    """
    node: Node = {
        "type": ["Document"],
        "id": iris.description(question.id),
        "derivedFrom": [_source_ref(iris, source) for source in question.sources],
        "generatedBy": [_run(iris, question, software)],
    }
    if question.corrections:
        revised = dict.fromkeys(iris.source(each.digest) for each in question.corrections)
        node |= {"revisionOf": list(revised), "corrections": _corrections(iris, question)}
    return node


def _corrections(iris: Iris, question: Question) -> list[Node]:
    """Describe the corrections of a question, each once: why and when which property was changed."""
    nodes = dict[str, Node]()
    for each in question.corrections:
        node = nodes.setdefault(each.name, _correction(iris, question.id, each))
        node["revised"].append(iris.source(each.digest))
    return list(nodes.values())


def _correction(iris: Iris, question: QuestionId, correction: AppliedCorrection) -> Node:
    is_link = correction.source.startswith(("https://", "http://")) and is_valid(correction.source)
    return {
        "type": ["Revision"],
        "id": iris.correction(question, correction.name),
        "title": f"Correction : {correction.label}",
        "subjects": [correction.term],
        "reason": correction.reason,
        "reference" if is_link else "citation": correction.source,
        "issued": correction.on.isoformat(),
        "revised": [],
    }


def source_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the documents that are about other questions too."""
    return [_shared(iris, source) for source in question.sources if not source.alone]


def _source_ref(iris: Iris, source: Source) -> Node:
    """Describe a document about this question alone; refer to one that is about others too."""
    return _source(iris, source) if source.alone else {"id": iris.source(source.digest)}


@lru_cache(maxsize=CACHE_SIZE)
def _shared(iris: Iris, source: Source) -> SharedResource:
    return SharedResource(SharedGraph.METADATA, _source(iris, source))


def _run(iris: Iris, question: Question, software: str) -> Node:
    """Describe the run that read the documents."""
    return {
        "type": ["Run"],
        "id": iris.run(question.id),
        "used": [iris.source(source.digest) for source in question.sources],
        "associatedWith": software,
    }


@lru_cache(maxsize=CACHE_SIZE)
def program(iris: Iris, version: str) -> SharedResource:
    """Describe a version of this program."""
    node = {"type": ["SoftwareAgent"], "id": iris.software(version), "name": "lod", "version": version}
    return SharedResource(SharedGraph.METADATA, node)


def _source(iris: Iris, source: Source) -> Node:
    return {
        "type": ["SourceDocument"],
        "id": iris.source(source.digest),
        "identifier": f"sha256:{source.digest}",
    }
