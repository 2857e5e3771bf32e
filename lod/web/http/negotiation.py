"""Proactive content negotiation (RFC 9110, section 12): the best of what is available for a client."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from starlette.requests import Request

MAX_LENGTH = 4096
"""The characters of a header of preferences."""
MAX_PREFERENCES = 100

NOT_ACCEPTABLE = "none of the media types in Accept is available; these are"
"""The beginning of the list in an answer with status 406."""

_PARAMETERS = r'((?:\s*+;\s*+[^\s=;,"]++(?:\s*+=\s*+(?:"(?:[^"\\]|\\.)*+"|[^\s;,"]*+))?+)*+)'
_PREFERENCE = re.compile(r"\s*+([^\s;,\"]++)" + _PARAMETERS + r"\s*+(?:,|$)")
"""Possessive throughout, so that a malformed preference with many blanks takes no exponential time."""
_MALFORMED = re.compile(r"[^,]*(?:,|$)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_Q = re.compile(r";\s*q\s*=\s*([^\s;,]*)", re.IGNORECASE)
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


class HeaderTooLong(ValueError):
    """A header of preferences is longer than any client needs."""


class _Preference(NamedTuple):
    name: str
    weight: float


def list_header(request: Request, name: str) -> str:
    """Return a header that is a list, its lines joined by commas (section 5.3)."""
    return ", ".join(filter(None, request.headers.getlist(name)))


@lru_cache(1024)
def best_media_type(accept: str, available: Sequence[str]) -> str | None:
    """Return the best of the available media types, which are in the server's order of preference, or None.

    A preference for a type precedes one for `text/*`, and that one for `*/*`. Parameters such as a profile
    and malformed preferences are ignored. Raise HeaderTooLong if the header is too long.
    """
    preferences = list(_preferences(accept)) if accept.strip() else [_Preference("*/*", 1)]
    ranked = [(*_media_type_weight(each, preferences), -rank, each) for rank, each in enumerate(available)]
    weight, _, _, media_type = max(ranked)
    return media_type if weight > 0 else None


@lru_cache(1024)
def best_language(accept: str, available: Sequence[str]) -> str:
    """Return the best of the available languages; if none is acceptable, the first."""
    preferences = list(_preferences(accept))
    weights = [(_language_weight(each, preferences), -rank) for rank, each in enumerate(available)]
    return available[-max(weights)[1]]


@lru_cache(1024)
def accepts_gzip(accept: str) -> bool:
    """Return whether a client accepts a body that is compressed with gzip."""
    weights = {each.name: each.weight for each in _preferences(accept)}
    return weights.get("gzip", weights.get("*", 0)) > 0


def _preferences(header: str) -> Iterator[_Preference]:
    if len(header) > MAX_LENGTH or header.count(",") >= MAX_PREFERENCES:
        raise HeaderTooLong(
            f"too long a list of preferences; at most {MAX_LENGTH} characters and {MAX_PREFERENCES} "
            "preferences are allowed"
        )
    position = 0
    while position < len(header):
        match = _PREFERENCE.match(header, position)
        if match:
            weight = _Q.search(_QUOTED.sub("", match[2]))
            if not weight or _WEIGHT.fullmatch(weight[1]):
                yield _Preference(match[1].lower(), float(weight[1]) if weight else 1)
        else:
            match = _MALFORMED.match(header, position)
        position = max(match.end() if match else 0, position + 1)


def _media_type_weight(media_type: str, preferences: Sequence[_Preference]) -> tuple[float, int]:
    """Return the weight of a media type, and how specific the preference for it is."""
    for specificity, name in ((2, media_type), (1, media_type.partition("/")[0] + "/*"), (0, "*/*")):
        weights = [each.weight for each in preferences if each.name == name]
        if weights:
            return max(weights), specificity
    return 0, 0


def _language_weight(language: str, preferences: Sequence[_Preference]) -> float:
    weights = [p.weight for p in preferences if p.name == language or p.name.startswith(f"{language}-")]
    weights = weights or [p.weight for p in preferences if p.name == "*"]
    return max(weights, default=0)
