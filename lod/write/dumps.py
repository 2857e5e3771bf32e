"""The four dumps, formatted side by side from the same nodes."""

from lod.context import Context, Node, Walk
from lod.write import jsonld, ntriples
from lod.write.turtle import TurtleWriter

SOURCE = "Source : Assemblée nationale, Licence Ouverte / Open Licence (https://data.assemblee-nationale.fr/)"
"""The attribution that the licence of the data requires."""

SEPARATORS = {"ttl": b"", "jsonld": b",\n", "nt": b"", "nq": b""}
"""The separators of documents and shared resources."""


class DumpFormatter:
    """Formats nodes in all formats at once."""

    def __init__(self, context: Context, base: str) -> None:
        self._context = context
        self._turtle = TurtleWriter(context, base)

    def starts(self) -> dict[str, str]:
        """Return the beginning of each dump."""
        head = f"# {SOURCE}\n" + self._turtle.head(self._context.document_prefixes)
        return {"ttl": head, "jsonld": "[\n", "nt": "", "nq": ""}

    def texts(self, node: Node, graph: str, walked: Walk) -> dict[str, bytes]:
        """Return a document or shared resource, with its walk and graph, in each format."""
        statements = ntriples.statements(walked.blocks)
        return {
            "ttl": self._turtle.paragraphs(walked.blocks),
            "jsonld": jsonld.line(node, self._context.part(walked.used)),
            "nt": ntriples.text(statements),
            "nq": ntriples.text(statements, f"<{graph}>".encode()),
        }

    def ends(self) -> dict[str, str]:
        """Return the end of each dump."""
        return {"ttl": "", "jsonld": "\n]\n", "nt": "", "nq": ""}
