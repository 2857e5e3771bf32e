"""Where a question comes from: the documents received, the reading of them, the program that read them."""

from functools import lru_cache

from lod.context import Node
from lod.describe.shared import METADATA, REMEMBERED, SharedResource
from lod.iri import Iris
from lod.model import Question, Source


def source_ref(iris: Iris, source: Source) -> Node:
    """Describe a document that tells of this question alone; refer to one that tells of others too."""
    return _source(iris, source) if source.alone else {"id": iris.source(source.digest)}


def source_resources(iris: Iris, question: Question) -> list[SharedResource]:
    """Describe the documents that tell of other questions too."""
    return [_shared(iris, source) for source in question.sources if not source.alone]


@lru_cache(maxsize=REMEMBERED)
def _shared(iris: Iris, source: Source) -> SharedResource:
    return SharedResource(METADATA, _source(iris, source))


def run(iris: Iris, question: Question, software: str) -> Node:
    """Describe the reading of the documents."""
    return {
        "type": ["Run"],
        "id": iris.part(iris.question(question.id), "lecture"),
        "used": [iris.source(source.digest) for source in question.sources],
        "associatedWith": software,
    }


@lru_cache(maxsize=REMEMBERED)
def program(iris: Iris, version: str) -> SharedResource:
    """Describe a version of this program."""
    node = {"type": ["SoftwareAgent"], "id": iris.software(version), "name": "lod", "version": version}
    return SharedResource(METADATA, node)


def _source(iris: Iris, source: Source) -> Node:
    return {
        "type": ["SourceDocument"],
        "id": iris.source(source.digest),
        "identifier": f"sha256:{source.digest}",
    }
