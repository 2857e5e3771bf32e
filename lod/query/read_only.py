"""What a query may not do: write, call other servers, be nested so deeply that a parser breaks."""

import itertools
import re
from urllib.parse import urljoin

from lod.errors import Misused, quote

DEEPEST = 100
"""How many brackets may be open at once; engines recurse for each, and some crash at a few thousand."""

READING = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
_WRITING = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")

_STRING = (
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n\r]|\\.)*"|'
    r"'(?:[^'\\\n\r]|\\.)*'"
)
_OPEN = r"""|(?P<open>"(?:[^"\\\n\r]|\\.)*+|'(?:[^'\\\n\r]|\\.)*+)"""
"""A string that its line does not close: kept, but not read again from every quote in it."""
_ELSE = _OPEN + r"|\#[^\n\r]*|[?$]\w+"
_STRICT = re.compile(rf'{_STRING}|<[^<>"{{}}|^`\x00-\x20]*>{_ELSE}', re.DOTALL)
_LENIENT = re.compile(rf"{_STRING}|<[^<>\x00-\x20]*>{_ELSE}", re.DOTALL)
_FROM = re.compile(
    r"\bFROM\b\s*(?:NAMED\b\s*)?(?:<(?P<iri>[^<>\s]*)>|(?P<prefix>[\w.-]*):(?P<local>[\w.-]*))"
    r"|<[^<>\s]*>|(?<![\w.-])[\w.-]*:[\w.-]*",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U00([0-9A-Fa-f]{6})")
_NAME = re.compile(r"(?<![\w-])-?(?!\w*service)[a-z][\w-]*:(?:\w[\w.-]*)?", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:BASE|PREFIX\s+[\w.-]*:)(?=\s)", re.IGNORECASE)
_WORDS = re.compile(r"(?:[A-Za-z]+ ?)+")


class Writes(Misused):
    """It is no query, but an update."""


class CallsOut(Misused):
    """The query would call another server."""


def check(text: str, *, allow_service: bool = False) -> str:
    """Give the form of a query, such as SELECT; raise Misused if it does not merely read.

    Engines differ in when they undo Unicode escapes and in what they take for an IRI: a query is refused if
    under any of these readings it has what is not allowed.
    """
    readings = [
        _bare(pattern, each)
        for pattern, each in itertools.product((_STRICT, _LENIENT), (text, _unescaped(text)))
    ]
    for bare in readings:
        _check_depth(bare)
        if not allow_service and "service" in _NAME.sub(" ", bare).lower():
            raise CallsOut("expected a query that calls no other server, found SERVICE")
    return _first_word(readings[0])


def names_its_graphs(text: str) -> bool:
    """Say whether a query has FROM: then it asks what it names, otherwise the union of all graphs."""
    return bool(re.search(r"\bFROM\b", _NAME.sub(" ", _bare(_STRICT, text)), re.IGNORECASE))


def graphs(text: str) -> list[str]:
    """Give the IRIs that follow FROM and FROM NAMED, as far as the query says what they stand for."""
    bare = _bare(_STRICT, text, keep="<")
    names = prefixes(bare)
    base = (re.findall(r"\bBASE\s*<([^<>\s]*)>", bare, re.IGNORECASE) or [""])[-1]
    found = []
    for graph in _FROM.finditer(bare):
        if graph["iri"] is not None:
            found.append(urljoin(base, graph["iri"]))
        elif graph["prefix"] in names:
            found.append(names[graph["prefix"]] + graph["local"])
    return found


def prefixes(text: str) -> dict[str, str]:
    """Give the prefixes that a query declares, as name and IRI."""
    return dict(re.findall(r"\bPREFIX\s+([\w.-]+):\s*<([^<>\s]*)>", text, re.IGNORECASE))


def _bare(pattern: re.Pattern[str], text: str, keep: str = "") -> str:
    def left(found: re.Match[str]) -> str:
        return found[0] if found["open"] or found[0][0] in keep else " "

    return pattern.sub(left, text)


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
    rest = " ".join(rest.split())
    words = found[0] if (found := _WORDS.match(rest)) else ""
    word = words.partition(" ")[0].upper()
    if word in READING:
        return word
    expected = f"expected a query that reads ({', '.join(READING)}), found"
    if word in _WRITING:
        raise Writes(f"{expected} the update {quote(words.strip(), 30)}")
    raise Misused(f"{expected} {quote(rest, 30) if rest else 'nothing'}")


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = int(found[1] or found[2], 16)
        return chr(code) if code <= 0x10FFFF else found[0]

    return _ESCAPED.sub(character, text)
