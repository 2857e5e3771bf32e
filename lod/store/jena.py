"""A TDB2 database on disk, loaded and read back by Apache Jena's own tools, then made current in one step."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse

from lod.errors import StoreFailed, quote
from lod.progress import Progress, counted
from lod.store.graph_digests import GraphDigests, StoredGraphs, compare, graph_of, statement
from lod.store.release_graphs import ReleaseGraphs
from lod.versioned_dir import VersionedDirectory

LOADER, DUMPER = "tdb2.tdbloader", "tdb2.tdbdump"


def load(contents: ReleaseGraphs, folder: Path, progress: Progress) -> StoredGraphs:
    """Load a release into a folder of TDB2 databases and make it the current one.

    Raise StoreFailed if Jena is not installed or fails, or if the database reads back otherwise; the current
    database then stays current.
    """
    loader, dumper = program(LOADER), program(DUMPER)
    with VersionedDirectory.locked(folder, "stores", "another load holds this folder") as stores:
        fresh, lines = stores.staging / "store", stores.staging / "quads.nq"
        expected = _write(lines, contents, progress)
        progress("loading", 0, expected.triples)
        with _running([loader, f"--loc={fresh}", str(lines)]) as stream:
            stream.read()

        def quads() -> Iterator[Quad]:
            with _running([dumper, f"--loc={fresh}"]) as stream:
                yield from parse(stream, format=RdfFormat.N_QUADS)

        def in_store(graph: str) -> set[str]:
            return {statement(quad) for quad in quads() if graph_of(quad) == graph}

        stored = GraphDigests(counted(_checked(quads()), "reading back", expected.triples, progress))
        compare(str(folder), expected, stored, contents.statements, in_store)
        stores.publish_numbered(fresh, contents.release)
    return stored.summary()


def _write(path: Path, contents: ReleaseGraphs, progress: Progress) -> GraphDigests:
    digests = GraphDigests()
    with path.open("w", encoding="utf-8") as stream:
        for quad in counted(contents.quads(), "writing", len(contents), progress):
            digests.add(graph_of(quad), statement(quad))
            stream.write(f"{quad} .\n")
    return digests


def _checked(quads: Iterator[Quad]) -> Iterator[Quad]:
    try:
        yield from quads
    except SyntaxError as error:
        raise StoreFailed(f"{DUMPER}: expected N-Quads, found {quote(str(error), 100)}") from None


def program(name: str) -> str:
    """Return the path of a tool of Jena, in JENA_HOME or the PATH; raise StoreFailed if not installed."""
    home = os.environ.get("JENA_HOME")
    path = shutil.which(name, path=str(Path(home) / "bin") if home else None)
    if path is None:
        raise StoreFailed(f"{name} of Apache Jena is not installed; add it to PATH, or set JENA_HOME")
    return path


@contextmanager
def _running(command: list[str]) -> Iterator[IO[bytes]]:
    """Run a program of Jena and yield its output; raise StoreFailed if it fails, kill it if we do."""
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, process_group=0) as process,  # noqa: S603
    ):
        assert process.stdout is not None  # noqa: S101 - requested above
        try:
            yield process.stdout
            code = process.wait()
        except BaseException:
            os.killpg(process.pid, 9)
            raise
        if code:
            errors.seek(0)
            line = errors.read(10_000).decode(errors="backslashreplace").split("\n")[0]
            raise StoreFailed(f"{Path(command[0]).name}: ended with {code}: {quote(line, 200)}")
