"""Sentences for people about a query that is not valid SPARQL: what is wrong, where, and what to add.

The engine reports the place of an error and the rules of its grammar that would have matched there. The rules
are of no use to readers, and hide the most frequent cause: a prefix that is not declared.
"""

import re

from lod import context
from lod.errors import quote
from lod.query import read_only

_PREFIXED_NAME = re.compile(r"(?<![\w.<-])(?P<prefix>[\w.-]*):(?P<local>[\w.:%/\\-]*)")
_PLACE = re.compile(r"error at (\d+):(\d+)")
_NAMESPACES = {"rdfs": "http://www.w3.org/2000/01/rdf-schema#", "void": "http://rdfs.org/ns/void#"}
"""Namespaces in the data and in queries that the published context does not name."""
_MAX_PREFIXES = 3
"""How many prefixes a sentence names."""
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_CAUSES = {
    "IRI parsing failed": "an IRI is not valid, or is relative without BASE",
    "language tag parsing failed": "a language tag is not valid",
    "The SELECT contains a variable that is unbound": "SELECT has a variable that is not in GROUP BY",
    "The SELECT contains an expression with a variable that is unbound": (
        "SELECT has an expression with a variable that is not in GROUP BY"
    ),
    "Duplicated variable name in SELECT": "SELECT has the same variable twice",
    "The SELECT overrides an existing variable": "AS names a variable that has a value already",
    "SELECT * is not authorized with GROUP BY": "SELECT * is not allowed with GROUP BY or an aggregate",
}
"""What the engine says of errors that are not of the grammar, and what we say."""


def explain(query: str, message: str) -> str:
    """Return what is wrong with a query that the engine refused with a message."""
    string = read_only.unclosed_string(query)
    if string is not None:
        return f"the string that begins in {_line(query, string)} has no end there"
    declared = read_only.prefixes(read_only.strip(query, keep="<"))
    stripped = read_only.strip(query)
    return (
        _undeclared_prefixes(stripped, {*declared, "_"})
        or _unbalanced_bracket(stripped)
        or _cause(message)
        or _place(message)
    )


def _undeclared_prefixes(stripped: str, declared: set[str]) -> str | None:
    used = {match["prefix"]: match for match in _PREFIXED_NAME.finditer(stripped)}
    missing = [prefix for prefix in used if prefix not in declared][:_MAX_PREFIXES]
    bare = next((used[each][0] for each in missing if used[each]["local"].startswith("//")), None)
    if bare:
        return f"the IRI {quote(bare)} has no angle brackets around it"
    if not missing:
        return None
    namespaces = {**_NAMESPACES, **context.published().prefixes}
    names = " and ".join(f"{prefix}:" for prefix in missing)
    is_not = f"prefix {names} is not" if len(missing) == 1 else f"prefixes {names} are not"
    lines = " ".join(f"PREFIX {prefix}: <{namespaces.get(prefix, 'its namespace')}>" for prefix in missing)
    return f"the {is_not} declared; add {lines}"


def _unbalanced_bracket(stripped: str) -> str | None:
    opened = list[tuple[str, int]]()
    for match in re.finditer(r"[][(){}]", stripped):
        bracket = match[0]
        if bracket not in _BRACKETS:
            opened.append((bracket, match.start()))
        elif opened and opened[-1][0] == _BRACKETS[bracket]:
            opened.pop()
        else:
            return f"the bracket {bracket} in {_line(stripped, match.start())} closes none that is open"
    if not opened:
        return None
    return f"the bracket {opened[-1][0]} in {_line(stripped, opened[-1][1])} is not closed"


def _line(text: str, offset: int) -> str:
    return f"line {text.count(chr(10), 0, offset) + 1}"


def _cause(message: str) -> str | None:
    return next((ours for theirs, ours in _CAUSES.items() if theirs in message), None)


def _place(message: str) -> str:
    place = _PLACE.search(message)
    if place is None:
        return "the engine could not read it"
    return f"the error is in line {place[1]}, at column {place[2]} or before it"
