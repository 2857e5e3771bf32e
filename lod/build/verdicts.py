"""Which documents the shapes had nothing to say about, so that a daily build checks only what has changed."""

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from lod.errors import NotReadOrWritten

_SIZE = 16


class Verdicts:
    """Digests of documents that conformed, by these shapes and this engine; of others nothing is known."""

    def __init__(self, file: Path | None = None, fingerprint: str = "") -> None:
        self._mark = digest(fingerprint.encode())
        data = _read(file) if file else b""
        whole = data[:_SIZE] == self._mark and len(data) % _SIZE == 0
        places = range(_SIZE, len(data), _SIZE) if whole else ()
        self._sound = {data[place : place + _SIZE] for place in places}

    def knows(self, key: bytes) -> bool:
        """Say whether a document is known to be sound."""
        return key in self._sound

    @staticmethod
    def key(ntriples: bytes, beside: Iterable[bytes]) -> bytes:
        """Give the digest of a document and of the digests of all that is looked at beside it."""
        return digest(b"".join([ntriples, *sorted(beside)]))

    def write(self, file: Path, sound: Iterable[bytes]) -> None:
        """Keep these for the next build, and no others; raise NotReadOrWritten if the disk fails."""
        try:
            fresh = file.with_name(f"{file.name}.new")
            fresh.write_bytes(b"".join([self._mark, *sorted(set(sound))]))
            fresh.replace(file)
        except OSError as error:
            raise NotReadOrWritten(f"{file}: {error.strerror}") from None


def digest(data: bytes) -> bytes:
    """Give the digest of bytes."""
    return hashlib.sha256(data).digest()[:_SIZE]


def _read(file: Path) -> bytes:
    """Give what is known; a process that cannot read it, on another machine perhaps, knows nothing."""
    with contextlib.suppress(OSError):
        return file.read_bytes()
    return b""
