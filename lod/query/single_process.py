"""The process in which one query runs, limited in memory, so that nothing it does can harm its parent.

Reads a Task from standard input; writes the answer to standard output, or a Failure to standard error.
"""

import resource
import sys
from pathlib import Path

import msgspec
import pyoxigraph as ox

from lod.errors import CheckFailed, LodError, NotReadOrWritten, StoreFailed
from lod.iri import Iris
from lod.query import engine
from lod.query.jobs import Failure, Task
from lod.release import PLACES, Release

LARGEST = 1 << 30
"""The bytes an answer may have."""


def main() -> int:
    """Run the task on standard input; give the exit code."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    limit = task.megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    try:
        _answer(task)
    except LodError as error:
        return _fail(Failure(code=error.exit_code, says=str(error)))
    except MemoryError:
        return _fail(Failure(code=StoreFailed.exit_code, says="", memory=True))
    return 0


def _answer(task: Task) -> None:
    folder = Path(task.folder)
    store = _loaded(folder) if task.is_release else engine.opened(folder)
    try:
        engine.answer(store, task.asked, sys.stdout.buffer)
    except OSError as error:
        raise StoreFailed(f"the query was not answered: {engine.brief(error)}") from None


def _loaded(folder: Path) -> ox.Store:
    """Load a release into memory as into a store: concepts, ontology, tombstones in graphs of their own."""
    release, store = Release(folder), ox.Store()
    iris = Iris(release.manifest.base)
    beside = {name: ox.NamedNode(iris.graph(graph)) for name, graph in release.other_graphs().items()}
    concepts, places = beside["concepts.ttl"], ox.NamedNode(iris.graph(PLACES))
    try:
        for dump in release.dumps("nq"):
            with dump.stream() as stream:
                store.bulk_load(stream, ox.RdfFormat.N_QUADS)
        for name, where in beside.items():
            store.bulk_load(path=str(release.file(name)), format=ox.RdfFormat.TURTLE, to_graph=where)
    except SyntaxError as error:
        raise CheckFailed(f"{folder}: expected the dumps of a release, found {engine.brief(error)}") from None
    except OSError as error:
        raise NotReadOrWritten(f"{folder}: {engine.brief(error)}") from None
    for quad in store.quads_for_pattern(None, None, None, places):
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, concepts))
    return store


def _fail(failure: Failure) -> int:
    sys.stderr.buffer.write(msgspec.json.encode(failure))
    return failure.code


if __name__ == "__main__":
    sys.exit(main())
