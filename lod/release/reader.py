"""A published release, opened by its manifest: its files, and its dumps by format, decompressed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

import msgspec

from lod import compression
from lod.errors import CheckFailed, NotReadOrWritten, quote
from lod.file_digests import FileDigests
from lod.iri import SharedGraph
from lod.progress import Progress, silent
from lod.release.manifest import MANIFEST, WITHDRAWN, load
from lod.release_files import Dump, DumpScope, File

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

    def nodes(self, holding: bytes = b"") -> Iterator[dict[str, Any]]:
        """Yield the documents of a dump as JSON-LD, without their contexts: of lines that hold some bytes.

        Raise CheckFailed where there is no document on a line.
        """
        for line in self.lines():
            if line[:1] == b"{" and holding in line:
                try:
                    node = msgspec.json.decode(line.rstrip(b",\n"))
                    node.pop("@context")
                except (msgspec.DecodeError, KeyError, AttributeError):
                    found = quote(line[:60].decode(errors="replace"))
                    raise CheckFailed(
                        f"{self.path}: expected one JSON-LD document per line, found {found}"
                    ) from None
                yield node


class Release:
    """A published release: always the same one, even if another becomes the current one.

    A file is opened only if it is what was published: its size and SHA-256 are those that the manifest lists.
    Files that have not changed since they were last compared are not read for that again; with `trust`,
    only sizes are compared. Raise CheckFailed if the folder contains no release, or if a file is missing or
    another one.
    """

    def __init__(self, folder: Path, *, trust: bool = False) -> None:
        self.folder = folder.resolve()
        self.manifest = load(self.folder)
        self._files = {file.path: file for file in self.manifest.files}
        self._digests = None if trust else FileDigests(self.folder)

    @property
    def is_compared(self) -> bool:
        """Whether its files are compared with their SHA-256: two such releases of one name are the same."""
        return self._digests is not None

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
            raise CheckFailed(
                f"{self.folder / MANIFEST}: expected dumps as {quote(form)}, found none; "
                f"build the release with {form} among its --formats"
            )
        return [DumpFile(self.file(file.path), dump, file.triples or 0) for file, dump in listed]

    def link_dumps(self, form: str) -> list[DumpFile]:
        """Return the dumps of links to other data in a format, by path; each kind has a graph of its own."""
        listed = [(f, f.links) for _, f in sorted(self._files.items()) if f.links and f.links.format == form]
        return [
            DumpFile(
                self.file(file.path),
                Dump(format=links.format, compression=links.compression, holds=DumpScope.LINKS),
                file.triples or 0,
            )
            for file, links in listed
        ]

    def other_graphs(self) -> dict[str, SharedGraph]:
        """Return the files that are loaded in addition to the dumps, each with its graph."""
        return {path: graph for path, graph in OTHER_GRAPHS.items() if path != WITHDRAWN or self.has(path)}

    def has(self, path: str) -> bool:
        """Return whether the manifest lists a file."""
        return path in self._files

    def sha256(self, path: str) -> str | None:
        """Return the SHA-256 that the manifest lists for a file; None if it lists no such file."""
        return self._files[path].sha256 if path in self._files else None

    @property
    def loaded_files(self) -> list[str]:
        """The paths of the files that a store is loaded from: the N-Quads and the other graphs."""
        dumps = [(path, file.dump or file.links) for path, file in sorted(self._files.items())]
        return [*(path for path, dump in dumps if dump and dump.format == "nq"), *self.other_graphs()]

    def check_files(self, paths: Iterable[str] | None = None, progress: Progress = silent) -> None:
        """Compare files, by default all of them, with the manifest; raise CheckFailed if one differs."""
        files = [self._entry(path) for path in (self._files if paths is None else paths)]
        done, total = 0, sum(file.bytes for file in files)
        try:
            for file in files:
                self._check_digest(file, self._check_size(file))
                done += file.bytes
                progress("checksums", done, total)
        finally:
            if self._digests:
                self._digests.save()

    def file(self, path: str) -> Path:
        """Return the path of a file that the manifest lists, if it is the one that was published."""
        self.check_files([path])
        return self.folder / path

    def _entry(self, path: str) -> File:
        """Return what the manifest lists of a file; raise CheckFailed if it lists none in the release."""
        listed, pure = self._files.get(path), PurePosixPath(path)
        if listed is None:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected a file {quote(path)}, found none")
        if pure.is_absolute() or ".." in pure.parts:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected files of the release, found {quote(path)}")
        return listed

    def _check_size(self, file: File) -> Path:
        place = self.folder / file.path
        found = place.stat().st_size if place.is_file() else None
        if found != file.bytes:
            size = "no file" if found is None else f"{found} bytes"
            raise CheckFailed(
                f"{place}: expected the {file.bytes} bytes that the manifest lists, found {size}"
            )
        return place

    def _check_digest(self, file: File, place: Path) -> None:
        if self._digests is None:
            return
        try:
            found = self._digests.digest(file.path)
        except OSError as error:
            raise NotReadOrWritten.from_os(error, place) from None
        if found != file.sha256:
            raise CheckFailed(
                f"{place}: expected the file that was published, found another one of the same size: its "
                "SHA-256 is not that of the manifest; get the release again, or use it as it is with --trust"
            )
