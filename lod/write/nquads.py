"""N-Quads: the N-Triples of a document, each in the document's graph."""

_END = b" .\n"
"""What ends a statement, and stands nowhere else: in literals, the ends of lines are escaped."""


def in_graph(ntriples: bytes, graph: str) -> bytes:
    """Put N-Triples into a named graph."""
    return ntriples.replace(_END, f" <{graph}>".encode() + _END)
