"""A published release, opened by its manifest: its files, and its dumps by format, decompressed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from lod import compression
from lod.errors import CheckFailed, quote
from lod.iri import SharedGraph
from lod.release.manifest import MANIFEST, WITHDRAWN, load
from lod.release_files import Dump

OTHER_GRAPHS = {
    "concepts.ttl": SharedGraph.CONCEPTS,
    "ontology.ttl": SharedGraph.ONTOLOGY,
    WITHDRAWN: SharedGraph.WITHDRAWN,
}
"""The files that are loaded in addition to the dumps, and their graphs; that of places repeats concepts."""


class DumpFile(NamedTuple):
    """A dump on disk, and the number of its triples."""

    path: Path
    dump: Dump
    triples: int

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        """Open it to read its decompressed bytes; raise CheckFailed where it turns out to be damaged."""
        with compression.open_decompressed(self.path, self.dump.compression) as stream:
            yield stream

    def lines(self) -> Iterator[bytes]:
        """Yield its decompressed lines with their ends; raise CheckFailed where it is damaged."""
        with self.stream() as stream:
            yield from stream


class Release:
    """A published release: always the same one, even if another becomes the current one.

    Raise CheckFailed if the folder contains no release, or a file is missing or cut short.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.manifest = load(self.folder)
        self._files = {file.path: file for file in self.manifest.files}

    @property
    def output_folder(self) -> Path | None:
        """The output folder of `lod build` that it is in, where stores may be kept; None if in none."""
        return self.folder.parent.parent if self.folder.parent.name == "releases" else None

    def dumps(self, form: str) -> list[DumpFile]:
        """Return the dumps of a format (`ttl`, `jsonld`, `nt`, `nq`), in the order of the IRIs in them.

        Together they contain all questions and their shared resources, each triple once; the concepts are in
        another file.
        """
        listed = [(f, f.dump) for _, f in sorted(self._files.items()) if f.dump and f.dump.format == form]
        if not listed:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected dumps as {quote(form)}, found none")
        return [DumpFile(self.file(file.path), dump, file.triples or 0) for file, dump in listed]

    def other_graphs(self) -> dict[str, SharedGraph]:
        """Return the files that are loaded in addition to the dumps, each with its graph."""
        return {path: graph for path, graph in OTHER_GRAPHS.items() if path != WITHDRAWN or self.has(path)}

    def has(self, path: str) -> bool:
        """Return whether the manifest lists a file."""
        return path in self._files

    def sha256(self, path: str) -> str | None:
        """Return the SHA-256 that the manifest lists for a file; None if it lists no such file."""
        return self._files[path].sha256 if path in self._files else None

    def file(self, path: str) -> Path:
        """Return the path of a file that the manifest lists, if it has as many bytes."""
        listed, pure = self._files.get(path), PurePosixPath(path)
        if listed is None:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected a file {quote(path)}, found none")
        if pure.is_absolute() or ".." in pure.parts:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected files of the release, found {quote(path)}")
        place = self.folder / path
        found = place.stat().st_size if place.is_file() else None
        if found != listed.bytes:
            size = "no file" if found is None else f"{found} bytes"
            raise CheckFailed(
                f"{place}: expected the {listed.bytes} bytes that the manifest lists, found {size}"
            )
        return place
