"""What a query may not do: write, call other servers, be nested so deeply that a parser breaks."""

import itertools
import re

from lod.errors import Misused, shown

DEEPEST = 100
"""How many brackets may be open at once; engines recurse for each, and some crash at a few thousand."""

READING = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")

_STRING = (
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n\r]|\\.)*"|'
    r"'(?:[^'\\\n\r]|\\.)*'"
)
_ELSE = r"|\#[^\n\r]*|[?$]\w+"
_STRICT = re.compile(rf'{_STRING}|<[^<>"{{}}|^`\x00-\x20]*>{_ELSE}', re.DOTALL)
_LENIENT = re.compile(rf"{_STRING}|<[^<>\x00-\x20]*>{_ELSE}", re.DOTALL)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U00([0-9A-Fa-f]{6})")
_NAME = re.compile(r"\b(?!\w*service)[a-z][\w-]*:(?:\w[\w.-]*)?", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:BASE|PREFIX\s+[\w.-]*:)(?=\s)", re.IGNORECASE)
_WORD = re.compile(r"\s*([A-Za-z]+)")


def form(text: str, *, allow_service: bool = False) -> str:
    """Give the form of a query, such as SELECT; raise Misused if it does not merely read.

    Engines differ in when they undo Unicode escapes and in what they take for an IRI: a query is refused if
    under any of these readings it has what is not allowed.
    """
    readings = [
        pattern.sub(" ", each)
        for pattern, each in itertools.product((_STRICT, _LENIENT), (text, _unescaped(text)))
    ]
    for bare in readings:
        _check_depth(bare)
        if not allow_service and "service" in _NAME.sub(" ", bare).lower():
            raise Misused("expected a query that calls no other server, found SERVICE: say --allow-service")
    return _first_word(readings[0])


def names_its_graphs(text: str) -> bool:
    """Say whether a query has FROM: then it asks what it names, otherwise the union of all graphs."""
    return bool(re.search(r"\bFROM\b", _NAME.sub(" ", _STRICT.sub(" ", text)), re.IGNORECASE))


def prefixes(text: str) -> dict[str, str]:
    """Give the prefixes that a query declares, as name and IRI."""
    return dict(re.findall(r"\bPREFIX\s+([\w.-]+):\s*<([^<>\s]*)>", text, re.IGNORECASE))


def _check_depth(bare: str) -> None:
    depth = deepest = 0
    for bracket in re.findall(r"[][(){}]", bare):
        depth += 1 if bracket in "[({" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise Misused(f"expected at most {DEEPEST} brackets within each other, found {deepest}")


def _first_word(bare: str) -> str:
    rest = bare
    while found := _PROLOGUE.match(rest):
        rest = rest[found.end() :]
    found = _WORD.match(rest)
    word = found[1].upper() if found else ""
    if word not in READING:
        raise Misused(f"expected a query that reads ({', '.join(READING)}), found {shown(rest.strip(), 30)}")
    return word


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = int(found[1] or found[2], 16)
        return chr(code) if code <= 0x10FFFF else found[0]

    return _ESCAPED.sub(character, text)
