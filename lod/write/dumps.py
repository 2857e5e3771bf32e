"""The four dumps, written side by side from the same nodes."""

from collections.abc import Callable

from lod.context import Context, Node, Walked
from lod.write import jsonld, nquads
from lod.write.turtle import TurtleWriter

SOURCE = "Source : Assemblée nationale, Licence Ouverte / Open Licence (https://data.assemblee-nationale.fr/)"
"""What the licence of the data asks to be said."""

FORMATS = ("ttl", "jsonld", "nt", "nq")


class Dumps:
    """Writes nodes in all formats at once; `sinks` takes the text of each, by its extension."""

    def __init__(self, context: Context, base: str, sinks: dict[str, Callable[[str], None]]) -> None:
        self._context = context
        self._sinks = sinks
        self._turtle = TurtleWriter(context, base)
        self._first = True
        sinks["ttl"](f"# {SOURCE}\n")
        sinks["ttl"](self._turtle.head(context.document_prefixes))
        sinks["jsonld"]("[")

    def write(self, node: Node, graph: str, walked: Walked, lines: list[str]) -> None:
        """Write a document or a shared resource, so walked and with these N-Triples, in its graph."""
        self._sinks["nt"]("".join(lines))
        self._sinks["nq"](nquads.in_graph(lines, graph))
        self._sinks["ttl"](self._turtle.paragraphs(walked.blocks))
        line = jsonld.line(node, self._context.part(walked.used))
        self._sinks["jsonld"](f"{'' if self._first else ','}\n{line}")
        self._first = False

    def close(self) -> None:
        """End the JSON-LD array."""
        self._sinks["jsonld"]("\n]\n")
