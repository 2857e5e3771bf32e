"""An rdflib graph of nodes, for people who want one."""

from collections.abc import Iterable

import rdflib
from rdflib.term import Identifier

from lod.context import Context, Iri, Node, Object


def to_graph(nodes: Iterable[Node], context: Context) -> rdflib.Graph:
    """Build a graph with the prefixes of the context bound; literals keep their published spelling."""
    graph = rdflib.Graph()
    for prefix, namespace in context.prefixes.items():
        graph.bind(prefix, namespace, replace=True)
    for node in nodes:
        for subject, statements in context.blocks(node):
            for predicate, objects in statements:
                for value in objects:
                    graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), _term(value)))
    return graph


def _term(value: Object) -> Identifier:
    if isinstance(value, Iri):
        return rdflib.URIRef(value)
    datatype = rdflib.URIRef(value.datatype) if value.datatype else None
    return rdflib.Literal(value.lexical, lang=value.language, datatype=datatype, normalize=False)
