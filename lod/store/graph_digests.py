"""What a set of quads holds, to be compared: how many triples each graph has, and their digest."""

import hashlib
from collections.abc import Callable, Iterable

from pyoxigraph import DefaultGraph, Quad

from lod.errors import StoreFailed, quote

_MODULUS = 2**256

Statements = Callable[[str], set[str]]
"""Gives the triples of a graph, spelt as N-Triples without the final full stop."""


def statement(quad: Quad) -> str:
    """Spell the triple of a quad in the one canonical way, without the final full stop."""
    return f"{quad.subject} {quad.predicate} {quad.object}"


def graph_of(quad: Quad) -> str:
    """Give the IRI of the graph of a quad; that of the default graph is empty."""
    return "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value


class GraphDigests:
    """Counts and digests triples by graph, in whatever order they come, each once."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._graphs: dict[str, tuple[int, int]] = {}
        for quad in quads:
            self.add(graph_of(quad), statement(quad))

    def add(self, graph: str, statement: str) -> None:
        """Take in a triple in its canonical spelling."""
        count, total = self._graphs.get(graph, (0, 0))
        value = int.from_bytes(hashlib.sha256(statement.encode()).digest())
        self._graphs[graph] = (count + 1, (total + value) % _MODULUS)

    @property
    def triples(self) -> int:
        """How many triples there are in all graphs."""
        return sum(count for count, _ in self._graphs.values())

    @property
    def graphs(self) -> list[str]:
        """The IRIs of the graphs, sorted."""
        return sorted(self._graphs)

    @property
    def digest(self) -> str:
        """The digest of all graphs, in hexadecimal: equal if and only if they hold the same."""
        lines = (f"{graph} {self._graphs[graph]}\n" for graph in self.graphs)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def differing(self, other: "GraphDigests") -> list[str]:
        """Give the graphs that do not hold the same in both, sorted."""
        names = {*self.graphs, *other.graphs}
        return sorted(graph for graph in names if self.of(graph) != other.of(graph))

    def of(self, graph: str) -> tuple[int, int]:
        """Give the number of triples of a graph, and their digest."""
        return self._graphs.get(graph, (0, 0))


def compare(
    store: str, expected: GraphDigests, found: GraphDigests, of_release: Statements, of_store: Statements
) -> None:
    """Raise StoreFailed, with the numbers and an example, unless a store holds what it was given."""
    graphs = expected.differing(found)
    if not graphs:
        return
    given, held = of_release(graphs[0]), of_store(graphs[0])
    example = [f"lacks {quote(text, 200)}" for text in sorted(given - held)[:1]]
    example += [f"has {quote(text, 200)} that it was not given" for text in sorted(held - given)[:1]]
    raise StoreFailed(
        f"{store}: expected {_figures(expected)}, found {_figures(found)}; {len(graphs)} "
        f"of them differ{'' if len(graphs) > 1 else 's'}, the first <{graphs[0]}>"
        + (f" {' and '.join(example)}" if example else "")
    )


def _figures(tally: GraphDigests) -> str:
    return f"{tally.triples} triples in {len(tally.graphs)} graphs"
