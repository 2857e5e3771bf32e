"""The chain of an output folder: an entry for each time that another release became the current one.

The entries lie beside the releases, outside their digests, and stay when releases are removed. What a release
was is in none of them once a correction may have redacted it: the deltas before are then removed, which their
entries tell.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from lod.changes import ReleaseDifference, as_json
from lod.delta.records import DeltaHead, read_records
from lod.delta.write import write_delta
from lod.errors import CheckFailed, LodError, quote
from lod.release import MANIFEST, RELEASES, Release, current_release, digest, predecessor
from lod.release.draft import BUSY
from lod.versioned_dir import CURRENT, VersionedDirectory, replace_file, sync, sync_folders

CHANGES = "changes"
"""The subfolder of an output folder with the chain."""
_ENTRY, _DELTA, _LIST = "entry.json", "delta", "changes.jsonl"


class ChainEntry(msgspec.Struct, frozen=True, kw_only=True):
    """How one release followed another: their names, the SHA-256 of their manifests and of the entry's files.

    A `rollback` made a release current again. `delta` is None if there is none: the release before was no
    longer there, or had no N-Quads; or `redacted_by` names a release with a correction that may have redacted
    what was said.
    """

    number: int
    rollback: bool
    before: str
    before_manifest: str | None
    after: str
    after_manifest: str
    delta: str | None
    changes: str
    redacted_by: str | None = None

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.number:06}-{self.after}"


def record_current(out: Path) -> ChainEntry | None:
    """Add an entry if the current release of an output folder is not the last of its chain; return it.

    The first release has none. What a run that was killed has left out is added by the next one. Raise Busy
    if another process works there, CheckFailed if the current release is damaged.
    """
    with VersionedDirectory.locked(out, RELEASES, BUSY, allow_files=True) as directory:
        entries, current = read_chain(out), current_release(out)
        last = entries[-1].after if entries else None
        if current is None or last == current:
            return None
        name = last or predecessor(out, current)
        if name is None:
            return None
        before, after = _comparable(out / RELEASES / name), Release(out / CURRENT)
        staging = directory.staging / CHANGES
        staging.mkdir()
        hidden = _write_changes(staging / _LIST, before, after)
        if before:
            write_delta(before, after, staging / _DELTA)
        entry = ChainEntry(
            number=len(entries) + 1,
            rollback=any(current in (each.before, each.after) for each in entries),
            before=name,
            before_manifest=digest(before.folder / MANIFEST) if before else None,
            after=current,
            after_manifest=digest(after.folder / MANIFEST),
            delta=digest(staging / _DELTA) if before else None,
            changes=digest(staging / _LIST),
        )
        if hidden:
            for each in entries:
                _redact(out, each, current, hidden)
        replace_file(staging / _ENTRY, _encoded(entry))
        (out / CHANGES).mkdir(exist_ok=True)
        sync_folders(staging)
        staging.rename(out / CHANGES / entry.folder)
        sync(out / CHANGES)
    return entry


def _comparable(path: Path) -> Release | None:
    """Return the release before; None if it is no longer there or not whole, or has nothing to compare."""
    try:
        release = Release(path)
        release.check_files()
        release.dumps("nq")
    except LodError:
        return None
    return release


def read_chain(out: Path) -> list[ChainEntry]:
    """Return the entries of an output folder, oldest first; raise CheckFailed if one cannot be read."""
    entries = list[ChainEntry]()
    for path in sorted((out / CHANGES).glob(f"*/{_ENTRY}")):
        try:
            entries.append(msgspec.json.decode(path.read_bytes(), type=ChainEntry))
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            found = quote(str(error), 100)
            raise CheckFailed(f"{path}: expected an entry of the chain, found {found}") from None
    return entries


def check_chain(out: Path) -> Iterator[str]:
    """Yield what is wrong with the chain of an output folder: a gap, an altered file, a wrong delta."""
    last: ChainEntry | None = None
    for number, entry in enumerate(read_chain(out), 1):
        place = out / CHANGES / entry.folder
        if entry.number != number:
            yield f"{place}: expected entry {number} of the chain, found {entry.number}"
        if last and (entry.before, entry.before_manifest or last.after_manifest) != (
            last.after,
            last.after_manifest,
        ):
            yield f"{place}: expected an entry after release {last.after}, found one after {entry.before}"
        yield from _check_files(place, entry)
        yield from _check_release(out, entry)
        last = entry
    if last and last.after != (current := current_release(out)):
        yield f"{out / CHANGES}: expected the current release {current} at the end, found {last.after}"


def _check_files(place: Path, entry: ChainEntry) -> Iterator[str]:
    for name, expected in ((_LIST, entry.changes), (_DELTA, entry.delta)):
        found = digest(place / name) if (place / name).is_file() else None
        if found != expected:
            yield f"{place / name}: expected the SHA-256 {expected} of the entry, found {found or 'no file'}"
    if entry.delta and (place / _DELTA).is_file():
        try:
            records = read_records(place / _DELTA)
            head = next(records, None)
            deque(records, maxlen=0)  # to its end, which must be there
        except LodError as error:
            yield str(error)
            return
        expected_head = DeltaHead(
            before=entry.before,
            before_manifest=entry.before_manifest or "",
            after=entry.after,
            after_manifest=entry.after_manifest,
        )
        if head != expected_head:
            told = f"from {entry.before} to {entry.after}"
            yield f"{place / _DELTA}: expected a delta {told}, found one of other releases"


def _check_release(out: Path, entry: ChainEntry) -> Iterator[str]:
    manifest = out / RELEASES / entry.after / MANIFEST
    if manifest.is_file() and digest(manifest) != entry.after_manifest:
        yield f"{manifest}: expected the manifest of the chain, found another one"


def _write_changes(path: Path, before: Release | None, after: Release) -> set[str]:
    """Write what has happened, and return the questions of which something is hidden."""
    hidden = set[str]()
    with path.open("w", encoding="utf-8") as lines:
        for change in ReleaseDifference(before, after).changes() if before else ():
            entry = as_json(change)
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
            if any(edit.get("hidden") for edit in entry.get("corrected", ())):
                hidden.add(change.iri)
    sync(path)
    return hidden


def _redact(out: Path, entry: ChainEntry, release: str, questions: set[str]) -> None:
    """Remove from an entry what a release may have redacted: its delta, and words of these questions."""
    place = out / CHANGES / entry.folder
    told = (json.loads(line) for line in (place / _LIST).read_text(encoding="utf-8").splitlines())
    replace_file(place / _LIST, "".join(_lines(told, questions)).encode())
    (place / _DELTA).unlink(missing_ok=True)
    rest = structs.replace(entry, delta=None, changes=digest(place / _LIST), redacted_by=release)
    replace_file(place / _ENTRY, _encoded(rest))


def _lines(changes: Iterable[dict[str, Any]], questions: set[str]) -> Iterator[str]:
    for change in changes:
        if change.get("question") in questions:
            change.pop("corrected", None)
        yield json.dumps(change, ensure_ascii=False) + "\n"


def _encoded(entry: ChainEntry) -> bytes:
    return msgspec.json.format(msgspec.json.encode(entry), indent=1) + b"\n"
