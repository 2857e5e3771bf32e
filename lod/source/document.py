"""A document as received: its name, its bytes, its digest, and the text that these bytes are."""

import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

from lod.errors import BadValue
from lod.model import Source

MAX_BYTES = 32 * 2**20
"""The size that no single page or file of a question comes near: the limit of what is read."""

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODING_DECLARATION = re.compile(
    rb"""<\?xml\b[^<>]{0,200}?\bencoding=["']([\w-]{1,40})|<meta\b[^<>]{0,200}?\bcharset=["']?([\w-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096
_ENCODINGS = {"iso-8859-1": "windows-1252", "iso-8859-15": "iso-8859-15", "windows-1252": "windows-1252"}
"""Declared encodings that are honoured; browsers, too, read the first one as Windows has it."""
_UNPUBLISHABLE = frozenset(
    chr(code)
    for codes in (
        *(range(0x09), range(0x0B, 0x20), range(0x7F, 0x85), range(0x86, 0xA0)),
        *(range(0xD800, 0xE000), range(0xFDD0, 0xFDF0), [0xFFFD]),
        *(range(plane << 16 | 0xFFFE, (plane + 1) << 16) for plane in range(17)),
    )
    for code in codes
)
"""What no format of RDF can carry, or what only faulty conversions leave: controls, halves, noncharacters."""

_PUBLISHABLE_ASCII = bytes(code for code in range(0x80) if chr(code) not in _UNPUBLISHABLE)
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_MARK, _STACKED_MARKS = re.compile(f"[{_MARKS}]"), re.compile(f"[{_MARKS}]{{33}}")
PLAIN = re.compile("[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u202f-\u205e\u20ac\u2190-\u22ff]*")
"""The letters and signs of French texts: all are seen, none is a mark on another or is composed of two."""
_RECENT_PLAIN_TEXTS = deque[str](maxlen=16)
"""Texts that were looked at last: the same ones are asked about again."""

_MIN_REMEMBERED = 200
"""Letters of a text that is worth remembering."""

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
        """Decode strictly: UTF-8, UTF-16 with its mark, or one of Western Europe that XML or HTML declares.

        Lines end in LF, accents are composed (NFC).

        Raise BadValue naming the byte or the character that cannot be read or published.
        """
        text = self._decode()
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            raise BadValue("a text", "an empty document")
        return normalize(text)

    def _decode(self) -> str:
        encoding = self._detect_encoding()
        try:
            return self.data.decode(encoding)
        except UnicodeDecodeError as error:
            byte = f"the byte 0x{self.data[error.start]:02X} at offset {error.start}"
            raise BadValue(f"text in {encoding.removesuffix('-sig').upper()}", byte) from None

    def _detect_encoding(self) -> str:
        for mark, name in _BOMS.items():
            if self.data.startswith(mark):
                return name
        start = self.data[:_DECLARATION_BYTES].lstrip()
        declared = _ENCODING_DECLARATION.search(start) if start.startswith(b"<") else None
        named = (declared[1] or declared[2]).decode().lower() if declared else ""
        encoding = _ENCODINGS.get(named, "utf-8")
        if encoding != "utf-8" and _is_utf_8(self.data):
            raise BadValue(f"text in {named}, as is declared", "text in UTF-8")
        return encoding


def _is_utf_8(data: bytes) -> bool:
    """Say whether bytes that are not all ASCII are UTF-8, which no text in another encoding is by chance."""
    try:
        return not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        return False


@dataclass(frozen=True, slots=True)
class LargeDocument:
    """A document too large to be one question, which is read as a stream; its bytes have been seen once."""

    name: str
    digest: str
    size: int
    start: bytes
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    @property
    def source(self) -> Source:
        """What records keep of this document."""
        return Source(digest=self.digest, name=self.name, alone=False)


def normalize(text: str, within: str = "") -> str:
    """Give a text with its accents composed (NFC).

    It is known to be plain if one is that it is within: made of its characters, and of others that are plain.
    Raise BadValue for what no format of RDF can carry, or only faulty conversions and attacks leave.
    """
    if within and is_plain(within):
        if not text.isascii():
            _RECENT_PLAIN_TEXTS.append(text)
        return text
    if is_plain(text):
        return text
    characters = set(text)  # far fewer than the text has
    if bad := characters & _UNPUBLISHABLE:
        raise BadValue(
            "text without control characters", _describe_character(text, min(map(text.index, bad)))
        )
    if _MARK.search("".join(characters)) and (stacked := _STACKED_MARKS.search(text)):
        raise BadValue("at most 32 marks on a letter", _describe_character(text, stacked.start()))
    return unicodedata.normalize("NFC", text)


def is_plain(text: str) -> bool:
    """Say, at once, whether there is nothing odd in a text; if not, its characters are to be looked at."""
    if text.isascii():
        return not text.encode().translate(None, _PUBLISHABLE_ASCII)
    if text in _RECENT_PLAIN_TEXTS:
        return True
    plain = PLAIN.fullmatch(text) is not None
    if plain:
        _RECENT_PLAIN_TEXTS.append(text)
    return plain


def all_plain(texts: list[str]) -> bool:
    """Say the same of many texts, at once."""
    plain = is_plain("".join(texts))
    if plain:
        _RECENT_PLAIN_TEXTS.extend(
            [text for text in texts if len(text) > _MIN_REMEMBERED and not text.isascii()]
        )
    return plain


def first_invisible(text: str) -> str | None:
    """Name the first character that is kept but that nobody sees: bidirectional marks, zero widths."""
    hidden = None if is_plain(text) else _INVISIBLE.search(text)
    return _describe_character(text, hidden.start()) if hidden else None


def _describe_character(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"U+{ord(text[offset]):04X} at line {line}"
