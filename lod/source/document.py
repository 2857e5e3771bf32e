"""A document as received: its name, bytes and digest, and the text that its bytes encode."""

import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import IO

from lod.errors import BadValue
from lod.model import Source

MAX_BYTES = 32 * 2**20
"""The largest document that is read whole; no page or file of a single question comes near."""

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODING_DECLARATION = re.compile(
    rb"""<\?xml\b[^<>]{0,200}?\bencoding=["']([\w-]{1,40})|<meta\b[^<>]{0,200}?\bcharset=["']?([\w-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096
_ENCODINGS = {"iso-8859-1": "windows-1252", "iso-8859-15": "iso-8859-15", "windows-1252": "windows-1252"}
"""Declared encodings that are accepted; browsers, too, read ISO-8859-1 as Windows-1252."""
_UNPUBLISHABLE = frozenset(
    chr(code)
    for codes in (
        *(range(0x09), range(0x0B, 0x20), range(0x7F, 0x85), range(0x86, 0xA0)),
        *(range(0xD800, 0xE000), range(0xFDD0, 0xFDF0), [0xFFFD]),
        *(range(plane << 16 | 0xFFFE, (plane + 1) << 16) for plane in range(17)),
    )
    for code in codes
)
"""Controls, surrogates, noncharacters: not allowed in RDF, or left only by faulty conversions."""

_PUBLISHABLE_ASCII = bytes(code for code in range(0x80) if chr(code) not in _UNPUBLISHABLE)
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_MARK, _STACKED_MARKS = re.compile(f"[{_MARKS}]"), re.compile(f"[{_MARKS}]{{33}}")
PLAIN = re.compile("[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u202f-\u205e\u20ac\u2190-\u22ff]*")
"""The letters and signs of French texts: all visible, none combining and none to be composed."""
_RECENT_PLAIN_TEXTS = deque[str](maxlen=16)
"""Texts that were found plain recently: the same ones are checked again."""

_MIN_REMEMBERED = 200
"""The shortest text worth remembering, in characters."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Document:
    """A document, its name in the source it came from, and the day that the archive or the name gives it."""

    name: str
    data: bytes
    dated: date | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def source(self) -> Source:
        """The reference to this document that records keep."""
        return Source(digest=self.digest, name=self.name, dated=self.dated)

    def text(self) -> str:
        """Decode the bytes strictly, as UTF-8, UTF-16 with its mark, or a declared Western encoding.

        Lines end in LF and accents are composed (NFC).

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
        for mark, mark_encoding in _BOMS.items():
            if self.data.startswith(mark):
                return mark_encoding
        start = self.data[:_DECLARATION_BYTES].lstrip()
        declared = _ENCODING_DECLARATION.search(start) if start.startswith(b"<") else None
        name = (declared[1] or declared[2]).decode().lower() if declared else ""
        encoding = _ENCODINGS.get(name, "utf-8")
        if encoding != "utf-8" and _is_utf_8(self.data):
            raise BadValue(f"text in {name}, as is declared", "text in UTF-8")
        return encoding


def _is_utf_8(data: bytes) -> bool:
    """Return whether bytes beyond ASCII are UTF-8, which no text in another encoding is by chance."""
    try:
        return not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        return False


@dataclass(frozen=True, slots=True)
class LargeDocument:
    """A document too large to be a single question, read as a stream; its bytes have been checked once."""

    name: str
    digest: str
    size: int
    start: bytes
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    dated: date | None = None

    @property
    def source(self) -> Source:
        """The reference to this document that records keep."""
        return Source(digest=self.digest, name=self.name, alone=False, dated=self.dated)


def normalize(text: str, within: str = "") -> str:
    """Return a text with its accents composed (NFC).

    The check is skipped if the text is made of the characters of `within`, and of other plain ones, and that
    is plain. Raise BadValue for characters that no format of RDF can carry or that only faulty conversions
    and attacks leave.
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
    """Return whether a quick check finds nothing unusual in a text; if not, check each character."""
    if text.isascii():
        return not text.encode().translate(None, _PUBLISHABLE_ASCII)
    if text in _RECENT_PLAIN_TEXTS:
        return True
    plain = PLAIN.fullmatch(text) is not None
    if plain:
        _RECENT_PLAIN_TEXTS.append(text)
    return plain


def all_plain(texts: list[str]) -> bool:
    """Return whether all texts are plain, in a single check."""
    plain = is_plain("".join(texts))
    if plain:
        _RECENT_PLAIN_TEXTS.extend(
            [text for text in texts if len(text) > _MIN_REMEMBERED and not text.isascii()]
        )
    return plain


def first_invisible(text: str) -> str | None:
    """Return the first character that cannot be seen (bidirectional marks, zero widths), or None."""
    hidden = None if is_plain(text) else _INVISIBLE.search(text)
    return _describe_character(text, hidden.start()) if hidden else None


def _describe_character(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"U+{ord(text[offset]):04X} at line {line}"
