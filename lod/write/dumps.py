"""The four dumps, formatted side by side from the same nodes."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from lod.context import Context, Node, ResourceBlock, Walk
from lod.formats import DUMPS
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
    """Formats nodes in several formats at once, always as N-Triples, on which the shapes are checked."""

    def __init__(
        self, context: Context, base: str, prefixes: Iterable[str] = (), wanted: Collection[str] = DUMPS
    ) -> None:
        """Prepare to format nodes; `prefixes` are those of the Turtle beside the prefixes of documents."""
        self._context = context
        self._wanted = wanted
        self._prefixes = [*context.document_prefixes, *prefixes]
        self._turtle = TurtleWriter(context, base)

    def starts(self) -> dict[str, str]:
        """Return the beginning of each dump."""
        head = f"# {SOURCE}\n" + self._turtle.head(self._prefixes)
        return self._only({"ttl": head, "jsonld": "[\n", "nt": "", "nq": ""})

    def texts(self, node: Node, walked: Walk, parts: Sequence[GraphPart]) -> dict[str, bytes]:
        """Return a document or shared resource, with its walk cut into its graphs, in each format."""
        texts = dict[str, bytes]()
        if "ttl" in self._wanted:
            texts["ttl"] = self._turtle.paragraphs(walked.blocks)
        if "jsonld" in self._wanted:
            texts["jsonld"] = jsonld.line(node, self._context.part(walked.used))
        graphs = [(part.graph, ntriples.statements(part.blocks)) for part in parts]
        return texts | self.statement_texts(graphs)

    def statement_texts(self, graphs: Sequence[tuple[str, list[bytes]]]) -> dict[str, bytes]:
        """Return sorted statements in the formats of one statement a line; each graph is given by its IRI."""
        texts = {"nt": ntriples.text(sorted(chain.from_iterable(own for _, own in graphs)))}
        if "nq" in self._wanted:
            texts["nq"] = b"".join(ntriples.text(own, f"<{graph}>".encode()) for graph, own in graphs)
        return texts

    def ends(self) -> dict[str, str]:
        """Return the end of each dump."""
        return self._only({"ttl": "", "jsonld": "\n]\n", "nt": "", "nq": ""})

    def _only(self, texts: dict[str, str]) -> dict[str, str]:
        return {form: text for form, text in texts.items() if form in self._wanted}
