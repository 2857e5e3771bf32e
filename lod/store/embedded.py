"""The embedded store: Oxigraph on disk, loaded in bulk, read back, then made current in one step."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from lod.progress import Progress, counted
from lod.store.graph_digests import GraphDigests, compare, graph_of, statement
from lod.store.release_graphs import ReleaseGraphs
from lod.versioned_dir import VersionedDirectory


def load(contents: ReleaseGraphs, folder: Path, progress: Progress) -> GraphDigests:
    """Load a release into a folder of stores and make it the current one.

    Raise StoreFailed if it does not read back as it was given; the store that was current stays so.
    """
    with VersionedDirectory.locked(folder, "stores", "another load holds this folder") as stores:
        fresh = stores.staging / "store"
        expected = _fill(fresh, contents, progress)
        found = GraphDigests(counted(Store.read_only(str(fresh)), "reading back", expected.triples, progress))

        def of_store(graph: str) -> set[str]:
            quads = Store.read_only(str(fresh)).quads_for_pattern(None, None, None, NamedNode(graph))
            return {statement(quad) for quad in quads}

        compare(str(folder), expected, found, contents.statements, of_store)
        stores.publish_numbered(fresh, contents.release)
    return found


def _fill(folder: Path, contents: ReleaseGraphs, progress: Progress) -> GraphDigests:
    tally = GraphDigests()
    store = Store(str(folder))

    def passing() -> Iterator[Quad]:
        for quad in counted(contents.quads(), "loading", len(contents), progress):
            tally.add(graph_of(quad), statement(quad))
            yield quad

    store.bulk_extend(passing())
    store.flush()
    store.optimize()
    return tally
