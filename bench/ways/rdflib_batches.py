"""rdflib at its best: a graph a hundred questions, serialised behind the others, and checked by pySHACL.

    python -m bench.ways.rdflib_batches CORPUS REGISTER OUT [checked]

A small graph costs less memory, and its Turtle less time: rdflib's grows with the square of the questions.
"""

import sys
from pathlib import Path

import rdflib

from bench.ways.rdflib_graph import FORMATS, check, defined, graph_of
from bench.ways.reading import batches, documents, shared


def append(graph: rdflib.Graph, out: Path) -> None:
    """Write a graph in three formats behind those that are there."""
    for name, form in FORMATS.items():
        with (out / f"questions.{name}").open("ab") as stream:
            graph.serialize(stream, format=form, encoding="utf-8")


def main() -> None:
    """Write the questions batch by batch, perhaps checked beside what they share; that itself at the end."""
    corpus, register, out = map(Path, sys.argv[1:4])
    out.mkdir()
    checked = sys.argv[4:] == ["checked"]
    shapes, concepts = (defined("shapes"), defined("ontology/schemes")) if checked else (None, None)
    said = []
    for batch in batches(corpus, register):
        graph, told = graph_of(documents(batch)), [one.shared for one in batch]
        append(graph, out)
        if shapes and concepts:
            check(graph + graph_of(shared(told)) + concepts, shapes)
        said += told
    append(graph_of(shared(said)), out)


if __name__ == "__main__":
    main()
