"""The quads that a store must hold for a release.

A release is loaded as its N-Quads, those of links too, with concepts, ontology and tombstones in graphs of
their own.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from lod.errors import CheckFailed, NotReadOrWritten, quote
from lod.iri import Iris, SharedGraph
from lod.progress import Progress
from lod.release import DumpFile, Release
from lod.store.graph_digests import GraphDigests, LineDigests, graph_of, statement


class ReleaseGraphs:
    """The quads of a release: all graphs that a store must hold for it, and no others under its base."""

    def __init__(self, release: Release) -> None:
        self.release = release.manifest.release
        self.base = release.manifest.base
        self.is_compared = release.is_compared
        self._iris = Iris(self.base)
        self._places = NamedNode(self._iris.graph(SharedGraph.PLACES))
        self._release = release
        self._dumps = [*release.dumps("nq"), *release.link_dumps("nq")]

    def __len__(self) -> int:
        """Return the number of triples in the dumps, according to the manifest."""
        return sum(dump.triples for dump in self._dumps)

    def quads(self) -> Iterator[Quad]:
        """Yield all quads, each triple once; raise CheckFailed if their number is not as listed."""
        count, graph, places = 0, self._places, set[str]()
        for count, quad in enumerate(chain.from_iterable(map(_read, self._dumps)), 1):  # noqa: B007
            if quad.graph_name == graph:
                places.add(statement(quad))
            yield quad
        self._check_number(count)
        yield from self._definitions(places)

    def fill(self, store: Store, progress: Progress) -> GraphDigests:
        """Load all quads into an empty store in bulk; return their digests, by the lines of the dumps.

        Raise CheckFailed if the number of lines is not as listed.
        """
        digests = GraphDigests()
        lines = LineDigests(digests, "loading", len(self), progress, kept=self._places.value)
        with closing(self._streams(lines)) as streams:
            parts = _Parts(streams, lines)
            try:
                store.bulk_load(cast("IO[bytes]", parts), RdfFormat.N_QUADS)
            except (SyntaxError, MemoryError) as error:
                raise _failure(parts.path, error) from None
        return digests

    def _streams(self, lines: LineDigests) -> Generator[tuple[Path, IO[bytes]]]:
        """Yield the dumps in turn, then the definitions as N-Quads, each with its path."""
        for dump in self._dumps:
            with dump.stream() as stream:
                yield dump.path, stream
            lines.close()
        self._check_number(lines.lines)
        quads = "".join(f"{quad} .\n" for quad in self._definitions(lines.kept))
        yield self._release.folder, BytesIO(quads.encode())
        lines.close()

    def _check_number(self, found: int) -> None:
        if found != len(self):
            raise CheckFailed(
                f"{self._release.folder}: expected {len(self)} triples in its N-Quads, found {found}"
            )

    def _definitions(self, places: set[str]) -> Iterator[Quad]:
        """Yield concepts, ontology and tombstones, except the places, which the dumps have already."""
        for name, graph in self._release.other_graphs().items():
            path, graph_name = self._release.file(name), NamedNode(self._iris.graph(graph))
            try:
                triples = dict.fromkeys(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE))
            except SyntaxError as error:
                raise CheckFailed(f"{path}: expected Turtle, found {quote(str(error), 100)}") from None
            for triple in triples:
                quad = Quad(triple.subject, triple.predicate, triple.object, graph_name)
                if statement(quad) not in places:
                    yield quad

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
        except (SyntaxError, MemoryError) as error:
            raise _failure(dump.path, error) from None


def _failure(path: Path, error: SyntaxError | MemoryError) -> CheckFailed | NotReadOrWritten:
    if isinstance(error, SyntaxError):
        return CheckFailed(f"{path}: expected N-Quads, found {quote(str(error), 100)}")
    why = f": {error}" if str(error) else ""
    return NotReadOrWritten(f"{path}: not enough memory{why}")


class _Parts:
    """Files that are read as one, and digested meanwhile."""

    def __init__(self, parts: Iterator[tuple[Path, IO[bytes]]], lines: LineDigests) -> None:
        self._parts, self._lines = parts, lines
        self.path, self._stream = next(parts)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, of one file at a time."""
        while not (data := self._stream.read(size)):
            part = next(self._parts, None)
            if part is None:
                return b""
            self.path, self._stream = part
        self._lines.write(data)
        return data
