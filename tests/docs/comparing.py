"""Output as a document prints it, compared with what a command prints, apart from what is volatile."""

import json
import re

VOLATILE = [
    (re.compile(r"\b\d{4}-\d\d-\d\d-[0-9a-f]{12}\b"), "RELEASE"),  # changes with the data and the version
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"(?i)^(date|last-modified|server|etag|connection|keep-alive): .*$"), r"\1: VALUE"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s|seconds)\b"), "TIME"),
]
"""What may differ from one run to the next, and what it is taken for."""

_ANY_LINES = ("...", "…")
_VOLATILE_KEYS = {"bytes", "sha256"}
"""The keys of JSON whose values depend on the libraries that compress."""


def agrees(printed: str, found: str) -> bool:
    """Return whether a document prints what was found, with `...` for any lines, `…` for any characters."""
    pattern = "".join(map(_line, _steady(printed)))
    return bool(re.fullmatch(pattern, "".join(f"{line}\n" for line in _steady(found))))


def is_excerpt(part: str, whole: str) -> bool:
    """Return whether a text is part of another, whatever the white space, with `…` for what is left out."""
    words = [".*?".join(map(re.escape, word.split("…"))) for word in part.split()]
    return bool(re.search(r"\s+".join(words).replace(r"\s+.*?\s+", r"\s.*?\s"), whole, re.DOTALL))


def is_json_excerpt(part: str, whole: str) -> bool:
    """Return whether an object of JSON stands somewhere in another, with "…" for any value."""
    wanted = json.loads(part)
    return any(_alike(wanted, value) for value in _values(json.loads(whole)))


def _steady(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    for pattern, name in VOLATILE:
        lines = [pattern.sub(name, line) for line in lines]
    return lines


def _line(line: str) -> str:
    if line.strip() in _ANY_LINES:
        return r"(?:.*\n)*?"
    return ".*?".join(map(re.escape, line.split("…"))) + r"\n"


def _values(value: object) -> list[object]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(found for each in inner for found in _values(each))]


def _alike(wanted: object, found: object) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() <= found.keys() and all(
            key in _VOLATILE_KEYS or _alike(value, found[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_alike, wanted, found))
    return wanted in ("…", found)
