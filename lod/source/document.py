"""A document as received: its name, its bytes, its digest, and the text that these bytes are."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from lod.errors import BadValue
from lod.model import Source

MAX_BYTES = 32 * 2**20
"""The size that no single page or file of a question comes near: the limit of what is read."""

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NONCHARACTERS = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_REFUSED = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffd\ud800-\udfff{_NONCHARACTERS}]"
)
_STACKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{33}"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Document:
    """A document, under the name that it has in the place it came from."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def source(self) -> Source:
        """What a record keeps of this document."""
        return Source(digest=self.digest, name=self.name)

    def text(self) -> str:
        """Decode strictly: UTF-8, or UTF-16 with its mark; lines end in LF, accents are composed (NFC).

        Raise BadValue naming the byte or the character that cannot be read or published.
        """
        text = self._decoded().replace("\r\n", "\n").replace("\r", "\n")
        if bad := unpublishable(text):
            raise BadValue("text without control characters", _place(text, text.index(bad)))
        if stacked := _STACKED.search(text):
            raise BadValue("at most 32 marks on a letter", _place(text, stacked.start()))
        if not text.strip():
            raise BadValue("a text", "an empty document")
        return unicodedata.normalize("NFC", text)

    def _decoded(self) -> str:
        encoding = next((name for mark, name in _BOMS.items() if self.data.startswith(mark)), "utf-8")
        try:
            return self.data.decode(encoding)
        except UnicodeDecodeError as error:
            byte = f"the byte 0x{self.data[error.start]:02X} at offset {error.start}"
            raise BadValue(f"text in {encoding.removesuffix('-sig').upper()}", byte) from None


def unpublishable(text: str) -> str | None:
    """Give the first character that no format of RDF can carry, or that only faulty conversions leave."""
    bad = _REFUSED.search(text)
    return bad[0] if bad else None


def invisible(text: str) -> str | None:
    """Name the first character that is kept but that nobody sees: bidirectional marks, zero widths."""
    hidden = _INVISIBLE.search(text)
    return _place(text, hidden.start()) if hidden else None


def _place(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"U+{ord(text[offset]):04X} at line {line}"
