"""Checks on the text of a query before an engine sees it: read-only, no federation, no deep nesting.

No SPARQL grammar is parsed: comments and strings are removed, and the rest is searched for keywords. Every
check takes time proportional to the length of the query, whatever is in it.
"""

import itertools
import re
from urllib.parse import urljoin

from lod.errors import Misused, quote

MAX_DEPTH = 100
"""How many brackets may be open at once; engines recurse for each, and some crash at a few thousand."""

GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
"""The query forms that return a graph; the others return rows or a truth value."""
QUERY_FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")

_STRING = (
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n\r]|\\.)*"|'
    r"'(?:[^'\\\n\r]|\\.)*'"
)
_OPEN = r"""|(?P<open>"(?:[^"\\\n\r]|\\.)*+|'(?:[^'\\\n\r]|\\.)*+)"""
"""A string without an end on its line: kept, and matched once rather than from every quote in it."""
_ELSE = _OPEN + r"|\#[^\n\r]*|[?$]\w+"
_STRICT = re.compile(rf'{_STRING}|<[^<>"{{}}|^`\x00-\x20]*>{_ELSE}', re.DOTALL)
_LENIENT = re.compile(rf"{_STRING}|<[^<>\x00-\x20]*>{_ELSE}", re.DOTALL)
_FROM = re.compile(
    r"\bFROM\b\s*(?:NAMED\b\s*)?(?:<(?P<iri>[^<>\s]*)>|(?P<prefix>[\w.-]*):(?P<local>[\w.-]*))"
    r"|<[^<>\s]*>|(?<![\w.-])[\w.-]*:[\w.-]*",
    re.IGNORECASE,
)
_UNICODE_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U00([0-9A-Fa-f]{6})")
_PREFIXED_NAME = re.compile(r"(?<![\w-])-?(?!\w*service)[a-z][\w-]*:(?:\w[\w.-]*)?", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:BASE|PREFIX\s+[\w.-]*:)(?=\s)", re.IGNORECASE)
_WORDS = re.compile(r"(?:[A-Za-z]+ ?)+")


class IsUpdate(Misused):
    """The text is an update, not a query."""


class CallsOut(Misused):
    """The query would call another server."""


def check(text: str, *, allow_service: bool = False) -> str:
    """Return the form of a query, such as SELECT; raise Misused if the query is not read-only.

    Engines differ in when they decode Unicode escapes and in what they accept as an IRI: a query is refused
    if any of these readings contains what is not allowed.
    """
    readings = [
        _strip(pattern, each)
        for pattern, each in itertools.product((_STRICT, _LENIENT), (text, _unescape(text)))
    ]
    for reading in readings:
        _check_depth(reading)
        if not allow_service and "service" in _PREFIXED_NAME.sub(" ", reading).lower():
            raise CallsOut("SERVICE is not allowed: a query may not call other servers")
    return _query_form(readings[0])


def names_its_graphs(text: str) -> bool:
    """Return whether a query has FROM; if not, it is about the union of all graphs."""
    stripped = _PREFIXED_NAME.sub(" ", _strip(_STRICT, text))
    return bool(re.search(r"\bFROM\b", stripped, re.IGNORECASE))


def graphs(text: str) -> list[str]:
    """Return the IRIs after FROM and FROM NAMED, except prefixed names whose prefix is not declared."""
    stripped = _strip(_STRICT, text, keep="<")
    namespaces = prefixes(stripped)
    base = (re.findall(r"\bBASE\s*<([^<>\s]*)>", stripped, re.IGNORECASE) or [""])[-1]
    iris = []
    for match in _FROM.finditer(stripped):
        if match["iri"] is not None:
            iris.append(urljoin(base, match["iri"]))
        elif match["prefix"] in namespaces:
            iris.append(namespaces[match["prefix"]] + match["local"])
    return iris


def prefixes(text: str) -> dict[str, str]:
    """Return the namespaces that a query declares, by prefix."""
    return dict(re.findall(r"\bPREFIX\s+([\w.-]*):\s*<([^<>\s]*)>", text, re.IGNORECASE))


def strip(text: str, keep: str = "") -> str:
    """Return a query with blanks in place of strings, comments, variables and IRIs; its lines stay lines.

    Those that begin with a character of `keep` stay, and so does a string without an end.
    """
    return _strip(_STRICT, text, keep)


def unclosed_string(text: str) -> int | None:
    """Return where a string begins that has no end on its line; None if there is none."""
    return next((match.start() for match in _STRICT.finditer(text) if match["open"]), None)


def _strip(pattern: re.Pattern[str], text: str, keep: str = "") -> str:
    def replacement(match: re.Match[str]) -> str:
        if match["open"] or match[0][0] in keep:
            return match[0]
        return " " + "\n" * match[0].count("\n")

    return pattern.sub(replacement, text)


def _check_depth(stripped: str) -> None:
    depth = deepest = 0
    for bracket in re.findall(r"[][(){}]", stripped):
        depth += 1 if bracket in "[({" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise Misused(f"the query is nested {deepest} brackets deep; at most {MAX_DEPTH} are allowed")


def _query_form(stripped: str) -> str:
    rest = stripped
    while match := _PROLOGUE.match(rest):
        rest = rest[match.end() :]
    rest = " ".join(rest.split())
    words = match[0] if (match := _WORDS.match(rest)) else ""
    form = words.partition(" ")[0].upper()
    if form in QUERY_FORMS:
        return form
    if form in _UPDATES:
        raise IsUpdate(f"updates are not allowed, the data is read-only: found {quote(words.strip(), 30)}")
    found = quote(rest, 30) if rest else "nothing"
    raise Misused(f"expected a query that begins with {', '.join(QUERY_FORMS)}, found {found}")


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _UNICODE_ESCAPE.sub(character, text)
