"""A document as received: its name, bytes and digest, and the text that its bytes encode."""

import codecs
import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import IO, NamedTuple

from lod.errors import BadValue, Misused, quote
from lod.model import Source

MAX_BYTES = 32 * 2**20
"""The largest document that is read whole; no page or file of a single question comes near."""

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODING_DECLARATION = re.compile(
    rb"""<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*["']([\w:.-]{1,40})"""
    rb"""|<meta\b[^<>]{0,200}?\bcharset\s*=\s*["']?([\w:.-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096
_LATIN_1_LABELS = (
    "ascii",
    "cp1252",
    "iso-8859-1",
    "iso8859-1",
    "iso_8859-1",
    "l1",
    "latin1",
    "us-ascii",
    "windows-1252",
    "x-cp1252",
)
_LATIN_9_LABELS = ("iso-8859-15", "iso8859-15", "iso_8859-15", "l9", "latin-9")
_HTML_ENCODING = "windows-1252"
"""The encoding of HTML that declares none and is not UTF-8: the default of the HTML standard."""
_ENCODINGS = dict.fromkeys(_LATIN_1_LABELS, _HTML_ENCODING) | dict.fromkeys(_LATIN_9_LABELS, "iso-8859-15")
"""Declared encodings that are accepted; browsers, too, read ISO-8859-1 as Windows-1252."""
_NOT_HTML = re.compile(rb"(?:<\?xml\b|<question)", re.IGNORECASE)
"""The start of an official XML document, whose default encoding is UTF-8."""
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


class DecodedText(NamedTuple):
    """The text of a document, and the encoding that was assumed because nothing declared one."""

    text: str
    assumed_encoding: str | None = None


def parse_encoding(name: str) -> str:
    """Return the name of an encoding in which ASCII is ASCII; raise Misused for any other."""
    ascii_bytes = bytes(range(0x80))
    try:
        found = codecs.lookup(name).name
        if ascii_bytes.decode(found) == ascii_bytes.decode("ascii"):
            return found
    except (LookupError, UnicodeError, ValueError):
        pass
    raise Misused(f"--encoding must be one such as windows-1252 or iso-8859-15, not {quote(name)}")


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

    def text(self, encoding: str | None = None) -> str:
        """Return the decoded text, whatever encoding was assumed."""
        return self.decode(encoding).text

    def decode(self, encoding: str | None = None) -> DecodedText:
        """Decode the bytes strictly, as UTF-8, UTF-16 with its mark, or a Western encoding.

        `encoding` is that of documents that are not UTF-8, whatever they declare; without it, HTML that
        declares none is Windows-1252. Lines end in LF and accents are composed (NFC).

        Raise BadValue naming the byte or the character that cannot be read or published.
        """
        text, assumed = self._decode(encoding)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            raise BadValue("a text", "an empty document")
        return DecodedText(normalize(text), assumed)

    def _decode(self, encoding: str | None) -> DecodedText:
        for mark, mark_encoding in _BOMS.items():
            if self.data.startswith(mark):
                return DecodedText(self._decode_as(mark_encoding))
        declared = self._declared_encoding()
        known = _ENCODINGS.get(declared)
        try:
            text = self.data.decode()
        except UnicodeDecodeError:
            assumed = _HTML_ENCODING if not declared and self._is_html() else None
            used = encoding or known or assumed or "utf-8"
            return DecodedText(self._decode_as(used), None if encoding or known else assumed)
        if known and not self.data.isascii():  # no text in another encoding is UTF-8 by chance
            raise BadValue(f"text in {declared}, as is declared", "text in UTF-8")
        return DecodedText(text)

    def _decode_as(self, encoding: str) -> str:
        try:
            return self.data.decode(encoding)
        except UnicodeDecodeError as error:
            byte = f"the byte 0x{self.data[error.start]:02X} at offset {error.start}"
            other = "if it is in another encoding, name that with --encoding"
            raise BadValue(f"text in {encoding.removesuffix('-sig').upper()}", f"{byte}; {other}") from None

    def _declared_encoding(self) -> str:
        start = self.data[:_DECLARATION_BYTES].lstrip()
        declared = _ENCODING_DECLARATION.search(start) if start.startswith(b"<") else None
        return (declared[1] or declared[2]).decode("ascii", "replace").lower() if declared else ""

    def _is_html(self) -> bool:
        start = self.data[:_DECLARATION_BYTES].lstrip()
        return start.startswith(b"<") and not _NOT_HTML.match(start)


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
