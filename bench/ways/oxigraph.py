"""Terms and serialisers of pyoxigraph, fed by this project's reading: all triples, in three formats.

    python -m bench.ways.oxigraph CORPUS REGISTER OUT

A batch of questions is held at a time, and appended to each file; of JSON-LD it is a document.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from bench.ways.reading import Triple, batches, documents, parted, shared
from bench.ways.serialised import append
from lod import context as contexts


def triples(said: Iterable[Triple]) -> list[ox.Triple]:
    """Make triples of pyoxigraph."""
    return [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), _term(value)) for s, p, value in said]


def _term(spelt: str) -> ox.NamedNode | ox.Literal:
    if spelt.startswith("<"):
        return ox.NamedNode(spelt[1:-1])
    lexical, language, datatype = parted(spelt)
    return ox.Literal(lexical, language=language, datatype=ox.NamedNode(datatype) if datatype else None)


def main() -> None:
    """Write the questions batch by batch, and what they share at the end."""
    corpus, register, out = map(Path, sys.argv[1:4])
    out.mkdir()
    prefixes, said = contexts.published().prefixes, []
    for batch in batches(corpus, register):
        append(triples(documents(batch)), out, prefixes)
        said += [one.shared for one in batch]
    append(triples(shared(said)), out, prefixes)


if __name__ == "__main__":
    main()
