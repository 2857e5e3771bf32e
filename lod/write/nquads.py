"""N-Quads: the N-Triples of a document, each in the document's graph."""

from collections.abc import Iterable


def in_graph(ntriples: Iterable[str], graph: str) -> str:
    """Put N-Triples lines into a named graph."""
    return "".join(f"{line[:-2]}<{graph}> .\n" for line in ntriples)
