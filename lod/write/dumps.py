"""The four dumps, written side by side from the same nodes."""

from lod.context import Context, Node, Walk
from lod.write import jsonld, ntriples
from lod.write.turtle import TurtleWriter

SOURCE = "Source : Assemblée nationale, Licence Ouverte / Open Licence (https://data.assemblee-nationale.fr/)"
"""What the licence of the data asks to be said."""

FORMATS = ("ttl", "jsonld", "nt", "nq")
SEPARATORS = {"ttl": b"", "jsonld": b",\n", "nt": b"", "nq": b""}
"""What stands between two documents or shared resources."""


class DumpFormatter:
    """Writes nodes in all formats at once."""

    def __init__(self, context: Context, base: str) -> None:
        self._context = context
        self._turtle = TurtleWriter(context, base)

    def starts(self) -> dict[str, str]:
        """Give what stands at the beginning of each dump."""
        head = f"# {SOURCE}\n" + self._turtle.head(self._context.document_prefixes)
        return {"ttl": head, "jsonld": "[\n", "nt": "", "nq": ""}

    def texts(self, node: Node, graph: str, walked: Walk) -> dict[str, bytes]:
        """Write a document or a shared resource, so walked, in its graph."""
        statements = ntriples.statements(walked.blocks)
        return {
            "ttl": self._turtle.paragraphs(walked.blocks),
            "jsonld": jsonld.line(node, self._context.part(walked.used)),
            "nt": ntriples.written(statements),
            "nq": ntriples.written(statements, f"<{graph}>".encode()),
        }

    def ends(self) -> dict[str, str]:
        """Give what stands at the end of each dump."""
        return {"ttl": "", "jsonld": "\n]\n", "nt": "", "nq": ""}
