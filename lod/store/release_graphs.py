"""What a release puts into a store: its N-Quads, concepts, ontology and tombstones in graphs of their own."""

from collections.abc import Iterator
from itertools import chain

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from lod.errors import CheckFailed, quote
from lod.iri import Iris
from lod.release import PLACES, DumpFile, Release
from lod.store.graph_digests import GraphDigests, graph_of, statement


class ReleaseGraphs:
    """The quads of a release: all graphs that a store has to hold for it, and no others of its base."""

    def __init__(self, release: Release) -> None:
        self.release = release.manifest.release
        self.base = release.manifest.base
        self._iris = Iris(self.base)
        self._release = release
        self._dumps = release.dumps("nq")

    def __len__(self) -> int:
        """Give the number of triples in the dumps, as the manifest has it."""
        return sum(dump.triples for dump in self._dumps)

    def quads(self) -> Iterator[Quad]:
        """Read all quads, each triple once; raise CheckFailed if they are not what the manifest says."""
        count, where, places = 0, NamedNode(self._iris.graph(PLACES)), set[Triple]()
        for count, quad in enumerate(chain.from_iterable(map(_read, self._dumps)), 1):  # noqa: B007
            if quad.graph_name == where:
                places.add(quad.triple)
            yield quad
        if count != len(self):
            raise CheckFailed(
                f"{self._release.folder}: expected {len(self)} triples in its N-Quads, found {count}"
            )
        yield from self._definitions(places)

    def _definitions(self, places: set[Triple]) -> Iterator[Quad]:
        """Read concepts, ontology and tombstones, but for the places: these have been read from the dumps."""
        for name, graph in self._release.other_graphs().items():
            path, where = self._release.file(name), NamedNode(self._iris.graph(graph))
            try:
                triples = dict.fromkeys(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE))
            except SyntaxError as error:
                raise CheckFailed(f"{path}: expected Turtle, found {quote(str(error), 100)}") from None
            for t in triples:
                if t not in places:
                    yield Quad(t.subject, t.predicate, t.object, where)

    def statements(self, graph: str) -> set[str]:
        """Give the triples of one graph."""
        return {statement(quad) for quad in self.quads() if graph_of(quad) == graph}

    def tally(self) -> GraphDigests:
        """Count and digest everything."""
        return GraphDigests(self.quads())


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
