"""A store behind HTTP: into staging graphs, compared there, moved to their places, compared again."""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice

from pyoxigraph import Quad

from lod.errors import Busy, StoreFailed
from lod.progress import Progress, counted
from lod.store.client import StoreClient
from lod.store.dialects import DIALECTS, StoreKind
from lod.store.graph_digests import GraphDigests, compare, graph_of, statement
from lod.store.reader import StoreReader
from lod.store.release_graphs import ReleaseGraphs

STAGING = "urn:lod:staging:"
"""What stands before the IRIs of graphs while they are loaded."""

_CLAIM = f"{STAGING}load"
"""The graph, and the subject in it, that says whose load it is that may move graphs."""

_PIECE = 20_000
"""How many quads are sent in one request: about 4 MB."""


class StoreServer:
    """One load into one server.

    A load that begins takes the server from one that is under way, for nobody can tell that from one that was
    killed. Each has staging graphs of its own, and moves none once the server is no longer its own.
    """

    def __init__(self, wire: StoreClient, kind: StoreKind, progress: Progress) -> None:
        self._wire = wire
        self._manners = DIALECTS[kind]
        self._asking = StoreReader(wire, self._manners.query)
        self._progress = progress
        self._mark = secrets.token_hex(8)
        self._staging = f"{STAGING}{self._mark}:"

    def load(self, contents: ReleaseGraphs) -> GraphDigests:
        """Replace all graphs of a release's base by those of the release; others are left alone.

        Raise StoreFailed if the store refuses, or does not hold what it was given; nothing has been moved if
        that is found out before. Raise Busy if another load has begun meanwhile.
        """
        self._clear(STAGING)
        self._claim()
        try:
            expected = self._stage(contents)
            self._hold()
            self._compare(contents, expected, self._staging)
            self._move(contents.base, expected.graphs)
            found = self._compare(contents, expected, "")
        finally:
            with contextlib.suppress(StoreFailed):
                self._clear(STAGING if self._is_held() else self._staging)
        return found

    def _claim(self) -> None:
        """Make the server this load's, whosever it was."""
        claim = f'{{ GRAPH <{_CLAIM}> {{ <{_CLAIM}> <{STAGING}by> "{self._mark}" }} }}'
        self._update([f"DROP SILENT GRAPH <{_CLAIM}>", f"INSERT DATA {claim}"], "claiming")

    def _is_held(self) -> bool:
        return any(self._mark in text for _, text in self._asking.triples({_CLAIM: 1}))

    def _hold(self) -> None:
        """Raise Busy if the server is no longer this load's."""
        if not self._is_held():
            raise Busy(f"{self._wire.address}: another load has begun meanwhile; this one moves no more")

    def _clear(self, prefix: str) -> None:
        left = self._asking.graphs(prefix)
        self._update([f"DROP SILENT GRAPH <{graph}>" for graph in left], "clearing")

    def _stage(self, contents: ReleaseGraphs) -> GraphDigests:
        tally = GraphDigests()
        quads = counted(contents.quads(), "staging", len(contents), self._progress)
        if self._manners.takes_quads:
            while piece := list(islice(quads, _PIECE)):
                self._send_quads(piece, tally)
        else:
            for graph, members in groupby(quads, key=graph_of):
                while piece := list(islice(members, _PIECE)):
                    self._send_triples(graph, piece, tally)
        return tally

    def _send_quads(self, piece: Iterable[Quad], tally: GraphDigests) -> None:
        lines = (f"{text} <{self._staging}{graph}> .\n" for graph, text in _told(piece, tally))
        self._wire.post(
            self._manners.data,
            data="".join(lines).encode(),
            headers={"Content-Type": "application/n-quads"},
        )

    def _send_triples(self, graph: str, piece: Iterable[Quad], tally: GraphDigests) -> None:
        lines = (f"{text} .\n" for _, text in _told(piece, tally))
        self._wire.post(
            self._manners.data,
            params={self._manners.graph: self._staging + graph},
            data="".join(lines).encode(),
            headers={"Content-Type": "text/turtle"},
        )

    def _move(self, base: str, graphs: list[str]) -> None:
        """Put the new graphs into their places, and drop those of the base that are no more."""
        gone = self._asking.graphs(base).keys() - set(graphs)
        moves = [f"MOVE GRAPH <{self._staging}{graph}> TO GRAPH <{graph}>" for graph in graphs]
        drops = [f"DROP SILENT GRAPH <{graph}>" for graph in sorted(gone)]
        self._update([*moves, *drops], "moving", before=self._hold)

    def _update(self, operations: list[str], stage: str, before: Callable[[], None] = lambda: None) -> None:
        size = self._manners.moves or len(operations) or 1
        for start in range(0, len(operations), size):
            update = " ;\n".join(operations[start : start + size])
            before()
            self._wire.post(self._manners.update, repeatable=False, data={"update": update})
            self._progress(stage, min(start + size, len(operations)), len(operations))

    def _compare(self, contents: ReleaseGraphs, expected: GraphDigests, prefix: str) -> GraphDigests:
        counts = self._asking.graphs(prefix + contents.base)
        found = GraphDigests()
        rows = self._asking.triples(counts)
        stage = "comparing, staged" if prefix else "comparing"
        for graph, text in counted(rows, stage, expected.triples, self._progress):
            found.add(graph.removeprefix(prefix), text)

        def of_store(graph: str) -> set[str]:
            name = prefix + graph
            return {text for _, text in self._asking.triples({name: counts.get(name, 0)})}

        compare(self._wire.address, expected, found, contents.statements, of_store)
        return found


def _told(quads: Iterable[Quad], tally: GraphDigests) -> Iterator[tuple[str, str]]:
    for quad in quads:
        graph, text = graph_of(quad), statement(quad)
        tally.add(graph, text)
        yield graph, text
