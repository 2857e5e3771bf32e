"""Where the files of a build came from: addresses, and when the bytes of each document were first fetched.

A release lists its documents as they were first fetched. What a server generates anew each night with the
same content changes nothing in it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from lod.errors import CheckFailed, quote
from lod.release import SOURCES, Draft, Release


class FetchedDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the list of documents: a file, or a member of an archive, and when it was first fetched.

    Its bytes are identified by their size and checksum: CRC-32 for a member, SHA-256 for a file.
    """

    document: str
    address: str
    bytes: int
    crc32: str | None = None
    sha256: str | None = None
    first_fetched: datetime

    @property
    def content(self) -> tuple[int, str | None]:
        """What identifies its bytes, whenever they were fetched."""
        return self.bytes, self.crc32 or self.sha256


Origins = Mapping[Path, tuple[FetchedDocument, ...]]
"""The documents in each file that was fetched."""


def write_sources(draft: Draft, origins: Origins) -> None:
    """Write the list of the documents that were fetched, if any were."""
    if origins:
        draft.write(SOURCES, "".join(source_lines(origins)))


def source_lines(origins: Origins) -> Iterator[str]:
    """Yield the list of documents, one JSON object on each line, in the order of their names."""
    encode = msgspec.json.Encoder().encode
    documents = (document for documents in origins.values() for document in documents)
    for document in sorted(documents, key=lambda each: (each.document, each.address)):
        yield encode(document).decode() + "\n"


def fetched_documents(release: Release) -> list[FetchedDocument] | None:
    """Return the documents that a release lists as fetched; None if it has no list.

    Raise CheckFailed if the list is damaged.
    """
    if not release.has(SOURCES):
        return None
    path = release.file(SOURCES)
    decode = msgspec.json.Decoder(FetchedDocument).decode
    try:
        with path.open("rb") as stream:
            return [decode(line) for line in stream]
    except msgspec.DecodeError as error:
        raise CheckFailed(f"{path}: expected a list of documents, found {quote(str(error), 100)}") from None
