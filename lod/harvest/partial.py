"""The part of a file that has arrived, kept beside the mirror's files until it is whole."""

import re
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from lod.errors import SourceFailed
from lod.harvest.client import HttpAnswer, Interrupted
from lod.harvest.mirror import now
from lod.versioned_dir import sync

FOLDER = ".partial"

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})")


class PartialNote(Struct, frozen=True, kw_only=True):
    """Of which version of which file a part is, by what the server said when it began to send it."""

    address: str
    fetched: datetime
    etag: str | None = None
    last_modified: str | None = None
    length: int | None = None

    @classmethod
    def of_answer(cls, address: str, answer: HttpAnswer) -> "PartialNote":
        """Return the note for a file that begins to arrive."""
        return cls(
            address=address,
            fetched=now(),
            etag=answer.header("ETag") or None,
            last_modified=answer.header("Last-Modified") or None,
            length=answer.length,
        )

    @property
    def validator(self) -> str | None:
        """What tells the server which version the rest must be of (RFC 9110: no weak ETag)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class PartialFile:
    """A file that is arriving, with a note beside it. Without the note, or a way to go on, it is removed."""

    def __init__(self, mirror: Path, path: str, address: str) -> None:
        name = path.replace("/", "-")
        self.path = mirror / FOLDER / f"{name}.part"
        self._note_path = self.path.with_suffix(".json")
        self._address = address
        self.was_resumed = False
        self.note = self._read_note()
        if not self.size or not self.note or not (self.note.validator or self.is_complete):
            self.discard()

    def _read_note(self) -> PartialNote | None:
        try:
            note = msgspec.json.decode(self._note_path.read_bytes(), type=PartialNote)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return note if note.address == self._address else None

    @property
    def size(self) -> int:
        """The number of bytes that have arrived."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def is_complete(self) -> bool:
        """Whether as many bytes have arrived as the server promised."""
        return self.note is not None and self.note.length is not None and self.size == self.note.length

    def discard(self) -> None:
        """Remove what has arrived: first the bytes, so that no note is beside those of another version."""
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)
        self.note = None

    def move(self, place: Path) -> None:
        """Put the file, which is whole, in its place, in one step that outlasts a power cut."""
        sync(self.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(place)
        sync(place.parent)
        self.discard()

    def request_headers(self) -> dict[str, str]:
        """Return the header of the request for the rest."""
        if not self.note or not self.note.validator:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.note.validator}

    def require_note(self) -> PartialNote:
        """Return the note of a file that has begun to arrive."""
        if self.note is None:
            raise SourceFailed("expected the whole file, found a part that was not asked for (206)")
        return self.note

    def begin(self, answer: HttpAnswer) -> None:
        """Begin anew with an answer that has the whole file."""
        self.discard()
        self.was_resumed = False
        self.note = PartialNote.of_answer(self._address, answer)
        self.path.parent.mkdir(exist_ok=True)
        self._note_path.write_bytes(msgspec.json.encode(self.note))

    def go_on(self, answer: HttpAnswer) -> None:
        """Check that an answer has the rest of the same version; raise Interrupted if it does not."""
        note = self.require_note()
        match = _CONTENT_RANGE.fullmatch(answer.header("Content-Range"))
        begins, length = (int(match[1]), int(match[2])) if match else (None, None)
        promised = note.length if note.length is not None else length
        latest = PartialNote.of_answer(self._address, answer)
        is_same = latest.etag in {None, note.etag} and (latest.last_modified in {None, note.last_modified})
        if begins != self.size or length != promised or not is_same:
            self.discard()
            raise Interrupted("the file changed while it was downloaded; run again to begin anew")
        self.note = structs.replace(note, length=length)
        self.was_resumed = True
