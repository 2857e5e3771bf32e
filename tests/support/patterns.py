"""Regular expressions a step wider or narrower than a given one: what a table of values must tell apart."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"(\^|\$|\[[^]]*\]|[()|]|[^\[\]()|^$?*+{}]+?)([?*+]|\{\d+\})?(?=[\[()|^$]|[^?*+{]|$)")
_QUANTIFIERS = {"?": ("", "*"), "*": ("", "?", "+"), "+": ("", "*", "{2,}")}
_RANGES = {
    "1-9": ("0-9", "2-9", "1-8"),
    "0-9": ("0-9A-Z", "1-9", "0-8"),
    "a-f": ("a-g", "a-e", "b-f"),
    "AB": ("A", "B", "ABC"),
    ".": (".~",),
}


def neighbours(pattern: str) -> Iterator[str]:
    """Yield patterns that differ in one anchor, class, quantifier, alternative or literal."""
    tokens = list(_TOKEN.finditer(pattern))
    assert "".join(token[0] for token in tokens) == pattern
    for token in tokens:
        for other in _changed(token[1], token[2] or ""):
            yield pattern[: token.start()] + other + pattern[token.end() :]
    for run in re.finditer(r"(?<![\[\w-])[\w/#-]+(?![\w\]?*+{-])", pattern):
        yield f"{pattern[: run.start()]}({run[0]})?{pattern[run.end() :]}"
    yield from _fewer_alternatives(pattern)


def _changed(atom: str, quantifier: str) -> Iterator[str]:
    if atom in "^$":
        yield ""
    elif atom.startswith("["):
        for part in re.findall(r"\w-\w|[A-Z]+|[.]", atom):
            yield from (atom.replace(part, other) + quantifier for other in _RANGES[part])
    elif atom not in "()|":
        yield "." + quantifier
    for other in _QUANTIFIERS.get(quantifier, ()):
        yield atom + other
    if quantifier.startswith("{"):
        count = int(quantifier[1:-1])
        yield from (f"{atom}{{{near}}}" for near in (count - 1, count + 1, f"{count},"))


def _fewer_alternatives(pattern: str) -> Iterator[str]:
    for group in re.finditer(r"\(([^()]*\|[^()]*)\)", pattern):
        alternatives = group[1].split("|")
        for left_out in alternatives:
            kept = "|".join(each for each in alternatives if each != left_out)
            yield f"{pattern[: group.start()]}({kept}){pattern[group.end() :]}"
    whole = re.split(r"\|(?![^(]*\))", pattern)
    for left_out in whole if len(whole) > 1 else ():
        yield "|".join(each for each in whole if each != left_out)
