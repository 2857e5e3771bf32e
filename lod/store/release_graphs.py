"""The quads that a store must hold for a release, and digests of quads by graph to compare the two.

A release is loaded as its N-Quads, those of links too, with concepts, ontology and tombstones in graphs of
their own.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from lod.errors import CheckFailed, NotReadOrWritten, StoreFailed, quote
from lod.iri import Iris, SharedGraph
from lod.release import DumpFile, Release
from lod.triple_digest import TripleDigest, triple_hash

GraphReader = Callable[[str], set[str]]
"""Returns the triples of a graph, as N-Triples without the final full stop."""


def statement(quad: Quad) -> str:
    """Return the triple of a quad in canonical N-Triples, without the final full stop."""
    return f"{quad.subject} {quad.predicate} {quad.object}"


def graph_of(quad: Quad) -> str:
    """Return the IRI of the graph of a quad; empty for the default graph."""
    return "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value


class GraphDigests:
    """Digests of quads by graph, whatever their order; each quad must come once."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._graphs: dict[str, TripleDigest] = {}
        for quad in quads:
            self.add(graph_of(quad), statement(quad))

    def add(self, graph: str, statement: str) -> None:
        """Add a triple in its canonical spelling to a graph."""
        self._graphs.setdefault(graph, TripleDigest()).add(triple_hash(statement))

    @property
    def triples(self) -> int:
        """The number of triples in all graphs."""
        return sum(each.count for each in self._graphs.values())

    @property
    def graphs(self) -> list[str]:
        """The IRIs of the graphs, sorted."""
        return sorted(self._graphs)

    @property
    def digest(self) -> str:
        """The digest of all graphs, in hexadecimal: equal if and only if they hold the same quads."""
        sums = ((graph, self._graphs[graph]) for graph in self.graphs)
        lines = (f"{graph} {(each.count, each.total)}\n" for graph, each in sums)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def differing(self, other: "GraphDigests") -> list[str]:
        """Return the graphs that differ between the two, sorted."""
        return sorted(graph for graph in {*self.graphs, *other.graphs} if self.of(graph) != other.of(graph))

    def of(self, graph: str) -> TripleDigest:
        """Return the digest of one graph."""
        return self._graphs.get(graph, TripleDigest())


def compare(
    store: str, expected: GraphDigests, found: GraphDigests, in_release: GraphReader, in_store: GraphReader
) -> None:
    """Raise StoreFailed, with figures and an example, if a store does not hold the quads of the release."""
    graphs = expected.differing(found)
    if not graphs:
        return
    released, stored = in_release(graphs[0]), in_store(graphs[0])
    example = [f"lacks {quote(text, 200)}" for text in sorted(released - stored)[:1]]
    example += [f"has {quote(text, 200)} that it was not given" for text in sorted(stored - released)[:1]]
    raise StoreFailed(
        f"{store}: expected {_figures(expected)}, found {_figures(found)}; {len(graphs)} "
        f"of them differ{'' if len(graphs) > 1 else 's'}, the first <{graphs[0]}>"
        + (f" {' and '.join(example)}" if example else "")
    )


class ReleaseGraphs:
    """The quads of a release: all graphs that a store must hold for it, and no others under its base."""

    def __init__(self, release: Release) -> None:
        self.release = release.manifest.release
        self.base = release.manifest.base
        self._iris = Iris(self.base)
        self._release = release
        self._dumps = [*release.dumps("nq"), *release.link_dumps("nq")]

    def __len__(self) -> int:
        """Return the number of triples in the dumps, according to the manifest."""
        return sum(dump.triples for dump in self._dumps)

    def quads(self) -> Iterator[Quad]:
        """Yield all quads, each triple once; raise CheckFailed if their number is not as listed."""
        count, graph, places = 0, NamedNode(self._iris.graph(SharedGraph.PLACES)), set[Triple]()
        for count, quad in enumerate(chain.from_iterable(map(_read, self._dumps)), 1):  # noqa: B007
            if quad.graph_name == graph:
                places.add(quad.triple)
            yield quad
        if count != len(self):
            raise CheckFailed(
                f"{self._release.folder}: expected {len(self)} triples in its N-Quads, found {count}"
            )
        yield from self._definitions(places)

    def _definitions(self, places: set[Triple]) -> Iterator[Quad]:
        """Yield concepts, ontology and tombstones, except the places, which the dumps have already."""
        for name, graph in self._release.other_graphs().items():
            path, graph_name = self._release.file(name), NamedNode(self._iris.graph(graph))
            try:
                triples = dict.fromkeys(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE))
            except SyntaxError as error:
                raise CheckFailed(f"{path}: expected Turtle, found {quote(str(error), 100)}") from None
            for triple in triples:
                if triple not in places:
                    yield Quad(triple.subject, triple.predicate, triple.object, graph_name)

    def statements(self, graph: str) -> set[str]:
        """Return the triples of one graph."""
        return {statement(quad) for quad in self.quads() if graph_of(quad) == graph}


def _read(dump: DumpFile) -> Iterator[Quad]:
    with dump.stream() as stream:
        try:
            for quad in parse(stream, format=RdfFormat.N_QUADS):
                if not graph_of(quad):
                    raise CheckFailed(
                        f"{dump.path}: expected quads with a graph, found {quote(str(quad), 100)}"
                    )
                yield quad
        except SyntaxError as error:
            raise CheckFailed(f"{dump.path}: expected N-Quads, found {quote(str(error), 100)}") from None
        except MemoryError as error:
            why = f": {error}" if str(error) else ""
            raise NotReadOrWritten(f"{dump.path}: not enough memory{why}") from None


def _figures(digests: GraphDigests) -> str:
    return f"{digests.triples} triples in {len(digests.graphs)} graphs"
