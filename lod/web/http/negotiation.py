"""Proactive negotiation (RFC 9110, section 12): which of what is offered a client would rather have."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from starlette.requests import Request

LONGEST = 4096
"""How many characters a header of preferences may have."""
MOST = 100
"""How many preferences it may state."""

_PARAMETERS = r'((?:\s*+;\s*+[^\s=;,"]++(?:\s*+=\s*+(?:"(?:[^"\\]|\\.)*+"|[^\s;,"]*+))?+)*+)'
_PREFERENCE = re.compile(r"\s*+([^\s;,\"]++)" + _PARAMETERS + r"\s*+(?:,|$)")
"""Possessive throughout: what is no preference is not read in each way in which blanks can be shared out."""
_JUNK = re.compile(r"[^,]*(?:,|$)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_Q = re.compile(r";\s*q\s*=\s*([^\s;,]*)", re.IGNORECASE)
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


class TooMuch(ValueError):
    """A header of preferences is longer than anybody's who means it."""


class _Preference(NamedTuple):
    wanted: str
    weight: float


def header(request: Request, name: str) -> str:
    """Give a header that is a list: the lines in which it came are one, joined by commas (section 5.3)."""
    return ", ".join(filter(None, request.headers.getlist(name)))


@lru_cache(1024)
def best(accept: str, offered: Sequence[str]) -> str | None:
    """Give the media type that is wanted most, of those offered, the server's favourite first; or None.

    A preference that names a type counts before one for `text/*`, that before `*/*`; parameters such as a
    profile are not looked at; what is no preference is passed over. Raise TooMuch if the header is too long.
    """
    preferences = list(_preferences(accept)) if accept.strip() else [_Preference("*/*", 1)]
    ranked = [(*_wanted(media, preferences), -place, media) for place, media in enumerate(offered)]
    weight, _, _, media = max(ranked)
    return media if weight > 0 else None


@lru_cache(1024)
def language(accept: str, offered: Sequence[str]) -> str:
    """Give the language that is wanted most, of those offered; the first if none is: better than nothing."""
    preferences = list(_preferences(accept))
    weights = [(_language_weight(each, preferences), -place) for place, each in enumerate(offered)]
    return offered[-max(weights)[1]]


@lru_cache(1024)
def takes_gzip(accept: str) -> bool:
    """Say whether a body compressed with gzip may be sent."""
    weights = {each.wanted: each.weight for each in _preferences(accept)}
    return weights.get("gzip", weights.get("*", 0)) > 0


def _preferences(header: str) -> Iterator[_Preference]:
    if len(header) > LONGEST or header.count(",") >= MOST:
        raise TooMuch(f"expected at most {LONGEST} characters and {MOST} preferences, found more")
    place = 0
    while place < len(header):
        found = _PREFERENCE.match(header, place)
        if found:
            weight = _Q.search(_QUOTED.sub("", found[2]))
            if not weight or _WEIGHT.fullmatch(weight[1]):
                yield _Preference(found[1].lower(), float(weight[1]) if weight else 1)
        else:
            found = _JUNK.match(header, place)
        place = max(found.end() if found else 0, place + 1)


def _wanted(media: str, preferences: Sequence[_Preference]) -> tuple[float, int]:
    """Give the weight of a media type, and how exactly it was named."""
    for exactness, named in ((2, media), (1, media.partition("/")[0] + "/*"), (0, "*/*")):
        weights = [each.weight for each in preferences if each.wanted == named]
        if weights:
            return max(weights), exactness
    return 0, 0


def _language_weight(offered: str, preferences: Sequence[_Preference]) -> float:
    named = [p.weight for p in preferences if p.wanted == offered or p.wanted.startswith(f"{offered}-")]
    named = named or [p.weight for p in preferences if p.wanted == "*"]
    return max(named, default=0)
