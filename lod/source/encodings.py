"""Texts that a faulty conversion spoilt: UTF-8 read as Windows-1252, and references escaped twice.

A repair must be certain: the whole text must have been spoilt in that way, so that the way back is exact.
"""

import html
import re

from lod.errors import quote
from lod.finding import Finding
from lod.source.marked_text import Observation

_TRAILING = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SPOILT = re.compile(f"[ÂÃÅÎ][{_TRAILING}]|â€[{_TRAILING}]?|Ã$")
_LEADING = ("Ã", "â€", "Â", "Å")
_REFERENCE = r"(?:[A-Za-z]{2,8}[0-9]{0,2}|#[0-9]{2,5}|#[xX][0-9a-fA-F]{2,5});"
_ESCAPED_TWICE = re.compile(f"&amp;(?={_REFERENCE})", re.IGNORECASE)
_LEFT_REFERENCE = re.compile(f"&{_REFERENCE}")
_ANY_AMPERSAND = re.compile(r"&(?:amp;|#38;|#x26;)?", re.IGNORECASE)
_MARKUP = frozenset("&<>\"'")


def may_be_spoilt(fragment: str) -> bool:
    """Return whether a quick check finds references or signs of mojibake in a fragment."""
    return "&" in fragment or (not fragment.isascii() and any(sign in fragment for sign in _LEADING))


def repair(fragment: str) -> tuple[str, list[Observation]]:
    """Return a fragment as it was before a faulty conversion, and what was repaired; in doubt, unchanged."""
    found = list[Observation]()
    spoilt = find_mojibake(fragment)
    if spoilt and (repaired := _without_mojibake(fragment)) is not None:
        found.append(_garbled("accents in their own encoding", f"{quote(spoilt, 30)}: the text was repaired"))
        fragment = repaired
    if "&amp;" in fragment and (reference := _certain_reference(fragment)):
        found.append(_garbled("references escaped once", f"{quote(reference)}: the text was repaired"))
        fragment = _ESCAPED_TWICE.sub("&", fragment)
    return fragment, found


def doubts(plain: str) -> list[Observation]:
    """Return what is spoilt in a plain text that is published as it came."""
    found = list[Observation]()
    if spoilt := find_mojibake(plain):
        found.append(_garbled("accents in their own encoding", f"{quote(spoilt, 30)}, published as it came"))
    if "&" in plain and (reference := find_reference(plain)):
        found.append(_garbled("references escaped once", f"{quote(reference)}, published as it came"))
    return found


def _garbled(expected: str, found: str) -> Observation:
    return Observation(expected, found, Finding.TEXT_GARBLED)


def find_mojibake(text: str) -> str | None:
    """Return the first sign that UTF-8 was read as Windows-1252, such as « Ã© », or None."""
    if text.isascii() or not any(sign in text for sign in _LEADING):
        return None
    spoilt = _SPOILT.search(text)
    return text[spoilt.start() : spoilt.end() + 10].partition("\n")[0] if spoilt else None


def find_reference(text: str) -> str | None:
    """Return the first reference that is left in a plain text, such as « &eacute; », or None."""
    return next((ref[0] for ref in _LEFT_REFERENCE.finditer(text) if html.unescape(ref[0]) != ref[0]), None)


def _without_mojibake(text: str) -> str | None:
    """Return a text read in its own encoding; None if not all of it was read in the wrong one."""
    try:
        return text.encode("windows-1252").decode("utf-8")
    except UnicodeError:
        return None


def _certain_reference(fragment: str) -> str | None:
    """Return a reference to a letter that is escaped twice, if each ampersand of a fragment is."""
    twice = [fragment[start.end() - 1 : start.end() + 12] for start in _ESCAPED_TWICE.finditer(fragment)]
    if len(twice) != len(_ANY_AMPERSAND.findall(fragment)):
        return None
    references = [_LEFT_REFERENCE.match("&" + found[1:]) for found in twice]
    return next((r[0] for r in references if r and html.unescape(r[0]) not in (r[0], *_MARKUP)), None)
