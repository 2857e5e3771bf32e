"""A delta written: only what the next release adds is in it, and where the rest is."""

from pathlib import Path
from typing import IO

from lod.compression import Compression, open_decompressed, part_sizes
from lod.delta.lines import steps
from lod.delta.records import Add, ChangedFile, DeltaHead, DeltaWriter
from lod.release import MANIFEST, Release, digest

_BINARY = (".parquet", ".xlsx")
"""The endings of files whose bytes all differ if anything in them does."""


def write_delta(before: Release, after: Release, path: Path) -> None:
    """Write what makes a release of the one before it; raise CheckFailed if one of them is damaged."""
    writer = DeltaWriter(path)
    writer.write(
        DeltaHead(
            before=before.manifest.release,
            before_manifest=digest(before.folder / MANIFEST),
            after=after.manifest.release,
            after_manifest=digest(after.folder / MANIFEST),
        )
    )
    _write_file(writer, before, after, MANIFEST)
    for file in after.manifest.files:
        if before.sha256(file.path) != file.sha256:
            after.check_files([file.path])
            _write_file(writer, before, after, file.path)
    writer.finish()


def _write_file(writer: DeltaWriter, before: Release, after: Release, path: str) -> None:
    place, old = after.folder / path, before.folder / path
    how = Compression.of_path(place)
    parts = part_sizes(place, how) if how is not Compression.NONE else []
    if parts is None or place.suffix in _BINARY or not (path == MANIFEST or before.has(path)):
        writer.write(ChangedFile(path=path))
        with place.open("rb") as new:
            _write_whole(writer, new)
        return
    if path != MANIFEST:
        before.check_files([path])
    writer.write(ChangedFile(path=path, old=path, compression=str(how), parts=tuple(parts)))
    with open_decompressed(old, how) as lines, open_decompressed(place, how) as new:
        for step in steps(lines, new):
            writer.write(step)


def _write_whole(writer: DeltaWriter, new: IO[bytes]) -> None:
    while block := new.read(2**20):
        writer.write(Add(block))
