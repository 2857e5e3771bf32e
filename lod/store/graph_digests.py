"""Digests of quads by graph, which tell whether a store holds the quads of a release."""

import hashlib
from collections.abc import Callable, Iterable

import msgspec
from pyoxigraph import DefaultGraph, Quad

from lod.errors import StoreFailed, quote
from lod.progress import Progress
from lod.triple_digest import TripleDigest, triple_hash

GraphReader = Callable[[str], set[str]]
"""Returns the triples of a graph, as N-Triples without the final full stop."""

_LINES_PER_REPORT = 10_000


def statement(quad: Quad) -> str:
    """Return the triple of a quad in canonical N-Triples, without the final full stop."""
    return f"{quad.subject} {quad.predicate} {quad.object}"


def graph_of(quad: Quad) -> str:
    """Return the IRI of the graph of a quad; empty for the default graph."""
    return "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value


class StoredGraphs(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds of a release, as read back from it."""

    triples: int
    graphs: int
    digest: str


class GraphDigests:
    """Digests of quads by graph, whatever their order; each quad must come once."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._graphs: dict[str, TripleDigest] = {}
        for quad in quads:
            self.add(graph_of(quad), statement(quad))

    def add(self, graph: str, statement: str) -> None:
        """Add a triple in its canonical spelling to a graph."""
        self.of_graph(graph).add(triple_hash(statement))

    def of_graph(self, graph: str) -> TripleDigest:
        """Return the digest of a graph, to add triples to it."""
        return self._graphs.setdefault(graph, TripleDigest())

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

    def summary(self) -> "StoredGraphs":
        """Return what is told of a store that holds these quads."""
        return StoredGraphs(triples=self.triples, graphs=len(self._graphs), digest=self.digest)

    def differing(self, other: "GraphDigests") -> list[str]:
        """Return the graphs that differ between the two, sorted."""
        return sorted(graph for graph in {*self.graphs, *other.graphs} if self.of(graph) != other.of(graph))

    def of(self, graph: str) -> TripleDigest:
        """Return the digest of one graph."""
        return self._graphs.get(graph, TripleDigest())


class LineDigests:
    """Adds N-Quads to digests as bytes, without parsing them: their lines must be canonical.

    A line of another form is added as if it were: the digests then differ from those of the quads.
    """

    def __init__(
        self, digests: GraphDigests, stage: str, total: int, progress: Progress, *, kept: str | None = None
    ) -> None:
        self.lines = 0
        self.kept: set[str] = set()
        """The triples of the graph that is to be kept."""
        self._kept_name = b" <%b> ." % kept.encode() if kept else None
        self._digests = digests
        self._rest = b""
        self._stage, self._total, self._progress = stage, total, progress
        self._reported = 0

    def write(self, data: bytes) -> int:
        """Add what comes next of a file, cut anywhere."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._add(lines)
        if self.lines - self._reported >= _LINES_PER_REPORT:
            self._report()
        return len(data)

    def flush(self) -> None:
        """Do nothing: complete lines are added as they come."""

    def close(self) -> None:
        """Add the last line, even without its end."""
        self._add([self._rest])
        self._rest = b""
        self._report()

    def _report(self) -> None:
        self._progress(self._stage, self.lines, max(self._total, self.lines))
        self._reported = self.lines

    def _add(self, lines: list[bytes]) -> None:
        name, count, total = b"", 0, 0
        for line in lines:
            cut = line.rfind(b" <")
            if cut < 0:  # it has no quad
                continue
            if line[cut:] != name:
                self._extend(name, count, total)
                name, count, total = line[cut:], 0, 0
            if name == self._kept_name:
                self.kept.add(line[:cut].decode(errors="replace"))
            count += 1
            total += int.from_bytes(hashlib.sha256(line[:cut]).digest())
        self._extend(name, count, total)

    def _extend(self, name: bytes, count: int, total: int) -> None:
        """Add triples to a graph, whose name is as the lines end with it."""
        if count:
            graph = name.removeprefix(b" <").removesuffix(b"> .").decode(errors="replace")
            self._digests.of_graph(graph).extend(count, total)
            self.lines += count


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


def _figures(digests: GraphDigests) -> str:
    return f"{digests.triples} triples in {len(digests.graphs)} graphs"
