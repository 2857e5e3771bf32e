"""One file brought into a mirror: asked for, resumed, checked, put in place, or left as it is."""

import contextlib
import enum
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from msgspec import Struct, structs, to_builtins

from lod.errors import BadValue, SourceFailed, quote
from lod.harvest.client import GO_ON, Deadline, HttpAnswer, HttpClient, Interrupted
from lod.harvest.members import MemberChanges, compare, mirrored
from lod.harvest.mirror import Mirror, MirroredFile, now
from lod.harvest.partial import PartialFile
from lod.harvest.sources import SourceAddress
from lod.progress import Progress

SHRINK_LIMIT = 0.1
"""The part of its bytes or members by which an archive may shrink."""

_MEGABYTE = 10**6
_KIB = 2**10
_PROGRESS_BYTES = 2**20

Inspect = Callable[[Path, Deadline], list[zipfile.ZipInfo] | None]
"""Returns the members of a downloaded archive, None for any other file; raises BadValue if it is unsound."""


class DownloadTarget(Struct, frozen=True, kw_only=True):
    """What to download: where to, from where, how large it may be, how it begins, how it is checked."""

    name: str
    path: str
    address: SourceAddress
    max_bytes: int
    signature: bytes
    inspect: Inspect


class HarvestState(enum.StrEnum):
    """What became of a source."""

    NEW = "new"
    CHANGED = "changed"
    REGENERATED = "regenerated"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    FAILED = "failed"


class HarvestOutcome(Struct, frozen=True, kw_only=True):
    """What became of one source, in numbers and in a sentence."""

    source: str
    address: str
    state: HarvestState
    path: str | None = None
    size: int | None = None
    members: MemberChanges | None = None
    reason: str | None = None

    def __str__(self) -> str:
        match self.state:
            case HarvestState.FAILED | HarvestState.ABSENT:
                return f"{self.source}: {self.reason} ({self.address})"
            case HarvestState.UNCHANGED:
                return f"{self.source}: not changed"
            case HarvestState.REGENERATED:
                return f"{self.source}: regenerated, with the same content"
        members, size = self.members, self.size or 0
        amount = f"{size / 1e6:.1f} MB" if size >= _MEGABYTE else f"{-(-size // 1000)} kB"
        counts = f", {members.total} members" if members else ""
        if members and self.state is HarvestState.CHANGED:
            counts += f": {members.added} new, {members.changed} changed, {members.removed} gone"
        return f"{self.source}: {self.state}, {amount}{counts}"

    def as_json(self) -> dict[str, Any]:
        """Return the object for programs."""
        return cast("dict[str, Any]", to_builtins(self))


class Download:
    """The work for one target."""

    def __init__(self, mirror: Mirror, target: DownloadTarget, *, allow_shrink: bool = False) -> None:
        self._mirror = mirror
        self._target = target
        self._allow_shrink = allow_shrink
        self._known = mirror.entries.get(target.path)

    def run(self, client: HttpClient, deadline: Deadline, progress: Progress) -> HarvestOutcome:
        """Bring the file up to date; raise SourceFailed if it cannot be had whole and sound."""
        partial = PartialFile(self._mirror.folder, self._target.path, self._target.address.url)
        finished = self._finish(partial, deadline)
        while True:
            size = partial.size
            try:
                for attempt in client.attempts(deadline):
                    with attempt:
                        same = self._fetch(client, partial, deadline, progress)
                        outcome = self._confirm(same) if same else self._place(partial, deadline)
            except Interrupted:
                # what brings the file nearer to its end does not count as a failure
                if not partial.request_headers() or partial.size <= size:
                    raise
            else:
                return finished if finished and outcome.state is HarvestState.UNCHANGED else outcome

    def _finish(self, partial: PartialFile, deadline: Deadline) -> HarvestOutcome | None:
        """Put in place what arrived whole before a run was killed; return None if there is nothing sound."""
        with contextlib.suppress(SourceFailed):
            return self._place(partial, deadline) if partial.is_complete else None
        return None

    def _fetch(
        self, client: HttpClient, partial: PartialFile, deadline: Deadline, progress: Progress
    ) -> MirroredFile | None:
        """Download the file or the rest of it; return the file of the mirror if the server has no other."""
        sound = self._mirror.sound_entry(self._target.path)
        rest = partial.request_headers()
        is_known = sound is not None and sound.address == self._target.address.url and not rest
        headers = sound.validators() if sound and is_known else rest
        with client.get(self._target.address, headers, deadline) as answer:
            match answer.status:
                case 304 if is_known:
                    return sound
                case 200:
                    partial.begin(answer)
                case 206:
                    partial.go_on(answer)
                case 416 if partial.size:
                    partial.discard()
                    raise Interrupted("the server does not go on with the file; run again to begin anew")
                case _:
                    raise SourceFailed(f"expected the file, found the unexpected answer {answer.status}")
            self._receive(answer, partial, progress)
        return None

    def _receive(self, answer: HttpAnswer, partial: PartialFile, progress: Progress) -> None:
        length = partial.note.length if partial.note else None
        size, reported = partial.size, 0
        self._check_size(partial, length or 0)
        with partial.path.open("ab") as file:
            for chunk in answer.chunks():
                if not size and not self._target.signature.startswith(chunk[: len(self._target.signature)]):
                    partial.discard()
                    raise SourceFailed(f"expected a zip, found {quote(answer.media_type or 'other data')}")
                file.write(chunk)
                file.flush()  # so that a run that is killed loses nothing
                size += len(chunk)
                self._check_size(partial, size)
                if size - reported >= _PROGRESS_BYTES:
                    reported = size
                    progress(f"{self._target.name}, KiB", size // _KIB, max(length or 0, size) // _KIB)
        progress(f"{self._target.name}, KiB", size // _KIB, size // _KIB)
        if length is not None and size != length:
            raise Interrupted(f"the answer was cut after {size} of {length} bytes; {GO_ON}")

    def _check_size(self, partial: PartialFile, size: int) -> None:
        limit = self._target.max_bytes
        if size > limit:
            partial.discard()
            raise SourceFailed(f"expected at most {limit} bytes, found more")

    def _confirm(self, sound: MirroredFile) -> HarvestOutcome:
        """Note that the server has no other bytes than the mirror."""
        self._mirror.record(self._target.path, structs.replace(sound, last_fetched=now()))
        return self._outcome(HarvestState.UNCHANGED, sound, None)

    def _place(self, partial: PartialFile, deadline: Deadline) -> HarvestOutcome:
        """Check a file that has arrived and put it in its place; a bad one is removed."""
        try:
            entry = self._inspected(partial, deadline)
        except SourceFailed:
            partial.discard()
            raise
        before = self._known.members if self._known and self._known.members else {}
        changes = compare(before, entry.members) if entry.members is not None else None
        state = self._state(entry, changes)
        self._mirror.record(self._target.path, entry)
        if entry.members is not None:
            self._mirror.save()
        partial.move(self._mirror.folder / self._target.path)
        self._known = entry
        return self._outcome(state, entry, changes)

    def _inspected(self, partial: PartialFile, deadline: Deadline) -> MirroredFile:
        note = partial.require_note()
        try:
            members = self._target.inspect(partial.path, deadline)
        except BadValue as error:
            kind = Interrupted if partial.was_resumed else SourceFailed
            raise kind(str(error)) from None
        with partial.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        known = self._known
        is_same = known is not None and known.sha256 == sha256
        self._refuse_to_shrink(partial.size, members)
        before = known.members if known and known.members else {}
        return MirroredFile(
            address=note.address,
            first_fetched=known.first_fetched if known and is_same else note.fetched,
            last_fetched=note.fetched,
            last_modified=note.last_modified,
            etag=note.etag,
            sha256=sha256,
            size=partial.size,
            members=mirrored(members, before, note.fetched) if members is not None else None,
        )

    def _refuse_to_shrink(self, size: int, members: list[zipfile.ZipInfo] | None) -> None:
        known = self._known
        if self._allow_shrink or members is None or known is None or known.members is None:
            return
        for what, before, after in (
            ("members", len(known.members), len(members)),
            ("bytes", known.size, size),
        ):
            if after < before * (1 - SHRINK_LIMIT):
                raise SourceFailed(
                    f"expected at least about {before} {what} as before, found {after}; the old file stays; "
                    "use --allow-shrink if that is intended"
                )

    def _state(self, entry: MirroredFile, changes: MemberChanges | None) -> HarvestState:
        if self._known is None:
            return HarvestState.NEW
        is_same = not changes if changes is not None else entry.sha256 == self._known.sha256
        return HarvestState.REGENERATED if is_same else HarvestState.CHANGED

    def _outcome(
        self, state: HarvestState, entry: MirroredFile, members: MemberChanges | None
    ) -> HarvestOutcome:
        return HarvestOutcome(
            source=self._target.name,
            address=entry.address,
            state=state,
            path=self._target.path,
            size=entry.size,
            members=members,
        )
