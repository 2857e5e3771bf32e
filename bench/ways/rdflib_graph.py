"""What a newcomer writes: one rdflib graph of everything, serialised three times, checked whole by pySHACL.

    python -m bench.ways.rdflib_graph CORPUS REGISTER OUT [checked]

All triples; what they are made from is this project's reading.
"""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import rdflib

from bench.ways.reading import Triple, batches, documents, parted, shared
from lod import context as contexts
from lod import definitions

FORMATS = {"nt": "nt11", "ttl": "turtle", "jsonld": "json-ld"}


def graph_of(triples: Iterable[Triple]) -> rdflib.Graph:
    """Put triples into a graph with the prefixes of the vocabularies."""
    graph = rdflib.Graph()
    for prefix, namespace in contexts.published().prefixes.items():
        graph.bind(prefix, namespace)
    for subject, predicate, value in triples:
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), _term(value)))
    return graph


def defined(folder: str) -> rdflib.Graph:
    """Read the shapes, or the concepts that are fixed."""
    files = sorted(definitions.folder(folder).rglob("*.ttl"))
    text = definitions.turtle_of(files, definitions.DEFAULT_BASE)
    return rdflib.Graph().parse(data=text, format="turtle")


def check(data: rdflib.Graph, shapes: rdflib.Graph) -> None:
    """Let pySHACL check a graph, which must conform."""
    import pyshacl

    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes)
    if not conforms:
        sys.exit(text[:500])


def _term(spelt: str) -> rdflib.URIRef | rdflib.Literal:
    if spelt.startswith("<"):
        return rdflib.URIRef(spelt[1:-1])
    lexical, language, datatype = parted(spelt)
    return rdflib.Literal(lexical, lang=language, datatype=rdflib.URIRef(datatype) if datatype else None)


def main() -> None:
    """Build, write, and perhaps check."""
    corpus, register, out = map(Path, sys.argv[1:4])
    out.mkdir()
    described = [one for batch in batches(corpus, register) for one in batch]
    graph = graph_of(chain(documents(described), shared([one.shared for one in described])))
    for name, form in FORMATS.items():
        graph.serialize(out / f"questions.{name}", format=form, encoding="utf-8")
    if sys.argv[4:] == ["checked"]:
        check(graph + defined("ontology/schemes"), defined("shapes"))


if __name__ == "__main__":
    main()
