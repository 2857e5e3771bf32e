"""The four dumps, formatted side by side from the same nodes."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from lod.context import Context, Node, ResourceBlock, Walk
from lod.write import jsonld, ntriples
from lod.write.turtle import TurtleWriter

SOURCE = "Source : Assemblée nationale, Licence Ouverte / Open Licence (https://data.assemblee-nationale.fr/)"
"""The attribution that the licence of the data requires."""

SEPARATORS = {"ttl": b"", "jsonld": b",\n", "nt": b"", "nq": b""}
"""The separators of documents and shared resources."""


class GraphPart(NamedTuple):
    """The resources of a document that are in one named graph, given by its IRI."""

    graph: str
    blocks: Sequence[ResourceBlock]

    def count_triples(self) -> int:
        """Return the number of triples."""
        return sum(len(values) for block in self.blocks for values in block.objects)


class DumpFormatter:
    """Formats nodes in all formats at once."""

    def __init__(self, context: Context, base: str, prefixes: Iterable[str] = ()) -> None:
        """Prepare to format nodes; `prefixes` are those of the Turtle beside the prefixes of documents."""
        self._context = context
        self._prefixes = [*context.document_prefixes, *prefixes]
        self._turtle = TurtleWriter(context, base)

    def starts(self) -> dict[str, str]:
        """Return the beginning of each dump."""
        head = f"# {SOURCE}\n" + self._turtle.head(self._prefixes)
        return {"ttl": head, "jsonld": "[\n", "nt": "", "nq": ""}

    def texts(self, node: Node, walked: Walk, parts: Sequence[GraphPart]) -> dict[str, bytes]:
        """Return a document or shared resource, with its walk cut into its graphs, in each format."""
        statements = [ntriples.statements(part.blocks) for part in parts]
        quads = [
            ntriples.text(own, f"<{part.graph}>".encode())
            for part, own in zip(parts, statements, strict=True)
        ]
        return {
            "ttl": self._turtle.paragraphs(walked.blocks),
            "jsonld": jsonld.line(node, self._context.part(walked.used)),
            "nt": ntriples.text(sorted(chain.from_iterable(statements))),
            "nq": b"".join(quads),
        }

    def ends(self) -> dict[str, str]:
        """Return the end of each dump."""
        return {"ttl": "", "jsonld": "\n]\n", "nt": "", "nq": ""}
