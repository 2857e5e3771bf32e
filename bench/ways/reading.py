"""What several ways do before they part: this project's reading and description of the questions.

python -m bench.ways.reading CORPUS REGISTER OUT    does that alone, and writes nothing
"""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import msgspec

from lod import context as contexts
from lod import load_register, read_file
from lod.context import Node, iri_of
from lod.describe import Description, describe, merge_shared
from lod.describe.shared import SharedResource
from lod.iri import Iris
from lod.model import Question
from lod.version import VERSION

BATCH = 100
Triple: TypeAlias = tuple[str, str, str]
"""The IRIs of subject and property, and the value as N-Triples spells it."""


def batches(corpus: Path, register: Path) -> Iterator[list[Description]]:
    """Give the questions, described, a hundred at a time."""
    known, _ = load_register(register)
    questions = (
        describe(known.resolve(found)[0], Iris(), VERSION)
        for found in read_file(corpus)
        if isinstance(found, Question)
    )
    while batch := list(islice(questions, BATCH)):
        yield batch


def documents(batch: list[Description]) -> Iterator[Triple]:
    """Give the triples of the questions' own documents."""
    for one in batch:
        yield from _triples(one.document)


def shared(said: list[list[SharedResource]]) -> Iterator[Triple]:
    """Give those of what questions share, each resource once."""
    for resource in merge_shared(said):
        yield from _triples(resource.node)


def _triples(node: Node) -> Iterator[Triple]:
    for block in contexts.published().walk(node).blocks:
        for predicate, values in block.statements:
            for value in values:
                yield iri_of(block.subject), iri_of(predicate), value.decode()


def parted(spelt: str) -> tuple[str, str | None, str | None]:
    """Part a literal of N-Triples into text, language and datatype."""
    text, _, rest = spelt.rpartition('"')
    lexical: str = msgspec.json.decode(f'{text}"')
    return lexical, rest[1:] if rest.startswith("@") else None, rest[3:-1] if rest.startswith("^^") else None


def main() -> None:
    """Go through all of it, and keep what a writer would have to keep."""
    corpus, register, out = map(Path, sys.argv[1:4])
    said = []
    for batch in batches(corpus, register):
        said += [one.shared for one in batch]
        for _ in documents(batch):
            pass
    for _ in shared(said):
        pass
    out.mkdir()


if __name__ == "__main__":
    main()
