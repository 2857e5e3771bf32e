"""A published release as programs find it: its files by the manifest, its dumps by format, decompressed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from lod import compression
from lod.errors import CheckFailed, quote
from lod.release.manifest import MANIFEST, WITHDRAWN, Dump, File, load

PLACES = "lieux"
"""The graph of the dumps whose triples are among the concepts as well."""

BESIDE = {"concepts.ttl": "concepts", "ontology.ttl": "ontologie", WITHDRAWN: "retraits"}
"""The files that are loaded beside the dumps, and the names of their graphs."""


class DumpFile(NamedTuple):
    """A dump in its place: what it is, and how many triples it has."""

    path: Path
    dump: Dump
    triples: int

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        """Open it to read its plain bytes; raise CheckFailed where it turns out to be damaged."""
        with compression.opened(self.path, self.dump.compression) as stream:
            yield stream

    def lines(self) -> Iterator[bytes]:
        """Read its plain lines, each with its end; raise CheckFailed where it turns out to be damaged."""
        with self.stream() as stream:
            yield from stream


class Release:
    """A release that was published: always one and the same, even if another becomes the current one.

    Raise CheckFailed if the folder holds no release, or if a file that is asked for is not there whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.manifest = load(self.folder)
        self._files = {file.path: file for file in self.manifest.files}

    @property
    def place(self) -> Path | None:
        """The folder that `lod build` has put it into, if so: where what is made of it may lie."""
        return self.folder.parent.parent if self.folder.parent.name == "releases" else None

    def dumps(self, form: str) -> list[DumpFile]:
        """Give the dumps of a format (`ttl`, `jsonld`, `nt`, `nq`), by the order of the IRIs in them.

        Together they hold all questions and what these share, each triple once; concepts are in a file apart.
        """
        listed = [(f, f.dump) for _, f in sorted(self._files.items()) if f.dump and f.dump.format == form]
        if not listed:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected dumps as {quote(form)}, found none")
        return [DumpFile(self.file(file.path), dump, file.triples or 0) for file, dump in listed]

    def beside(self) -> dict[str, str]:
        """Give the files that are loaded beside the dumps, and the names of their graphs."""
        return {path: graph for path, graph in BESIDE.items() if path != WITHDRAWN or self.has(path)}

    def has(self, path: str) -> bool:
        """Say whether the manifest lists a file."""
        return path in self._files

    def sha256(self, path: str) -> str | None:
        """Give the SHA-256 that the manifest lists for a file; None if it lists no such file."""
        return self._files[path].sha256 if path in self._files else None

    def file(self, path: str) -> Path:
        """Give the place of a file that the manifest lists, if it is there with as many bytes."""
        listed, pure = self._files.get(path), PurePosixPath(path)
        if listed is None:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected a file {quote(path)}, found none")
        if pure.is_absolute() or ".." in pure.parts:
            raise CheckFailed(f"{self.folder / MANIFEST}: expected files of the release, found {quote(path)}")
        return _whole(self.folder / path, listed)


def _whole(place: Path, listed: File) -> Path:
    found = place.stat().st_size if place.is_file() else None
    if found != listed.bytes:
        size = "no file" if found is None else f"{found} bytes"
        raise CheckFailed(f"{place}: expected the {listed.bytes} bytes that the manifest lists, found {size}")
    return place
