"""An rdflib graph of nodes, for people who want one."""

from collections.abc import Iterable

import rdflib

from lod import rdf
from lod.context import Context, Node
from lod.write import ntriples


def to_graph(nodes: Iterable[Node], context: Context) -> rdflib.Graph:
    """Build a graph with the prefixes of the context bound; literals keep their published spelling."""
    graph = rdf.parse(ntriples.document(nodes, context).decode(), "nt")
    for prefix, namespace in context.prefixes.items():
        graph.bind(prefix, namespace, replace=True)
    return graph
