"""The provenance of a question: its source documents, the run that read them, the program."""

from functools import lru_cache

from lod.context import Node
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.iri import Iris, SharedGraph
from lod.model import Question, Source


def source_ref(iris: Iris, source: Source) -> Node:
    """Describe a document about this question alone; refer to one that is about others too."""
    return _source(iris, source) if source.alone else {"id": iris.source(source.digest)}


def source_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the documents that are about other questions too."""
    return [_shared(iris, source) for source in question.sources if not source.alone]


@lru_cache(maxsize=CACHE_SIZE)
def _shared(iris: Iris, source: Source) -> SharedResource:
    return SharedResource(SharedGraph.METADATA, _source(iris, source))


def run(iris: Iris, question: Question, software: str) -> Node:
    """Describe the run that read the documents."""
    return {
        "type": ["Run"],
        "id": iris.part(iris.question(question.id), "lecture"),
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
